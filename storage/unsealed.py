"""What is on record and not in the log yet is read in order, and checked anew.

Events come in the order of their transactions, of which every one that can still
appear is later than the ``Horizon``. A transaction that began first may end last: then
a stream's events come in another order than they have, and what lies before is fetched
first. A stream with a fault is left out from there on, and holds up no other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final, NamedTuple

from evidence.chain import Chain, Finding
from evidence.event import ZERO_HASH
from storage.log import Leaf
from storage.pool import Connection
from storage.statements import statement
from storage.verify_quickly import Row, members_of

BATCH: Final = 5_000
"""How many events get their leaves in one transaction."""

_BEFORE: Final = 200
_BREATH: Final = 100


class Position(NamedTuple):
    """A place in the order of transactions; ``txid`` is an xid8 as text."""

    db_epoch: int
    txid: str
    stream: str = ""
    seq: int = 0


class Horizon(NamedTuple):
    """From here on transactions may still be under way."""

    db_epoch: int
    xmin: str


class _Row(NamedTuple):
    event: Row
    db_epoch: int
    txid: str


class Reader:
    """One batch: the leaves it found sound, and the streams it left out."""

    def __init__(self, conn: Connection, left_out: dict[str, Finding]) -> None:
        """Leave out what is in ``left_out``, and add to it."""
        self.leaves: list[Leaf] = []
        self.left_out = left_out
        self._conn = conn
        self._chains: dict[str, Chain] = {}

    async def read(
        self, after: Position, horizon: Horizon, most: int = BATCH
    ) -> Position | None:
        """Read up to ``most`` events; return where to go on, or None at the horizon."""
        rows = await _rows(
            self._conn,
            "unsealed",
            **after._asdict(),
            now=horizon.db_epoch,
            xmin=horizon.xmin,
            most=most,
        )
        await self._know(row.event.stream for row in rows)
        for number, row in enumerate(rows):
            if number % _BREATH == 0:
                # Whoever shares this thread has a turn.
                await asyncio.sleep(0)
            await self._reach(row)
        if len(rows) < most:
            return None
        last = rows[-1]
        return Position(last.db_epoch, last.txid, last.event.stream, last.event.seq)

    async def chain(self, stream: str) -> Chain | None:
        """Read a stream to its end, whose lock the caller holds; give its chain.

        None where it is left out.
        """
        await self._know([stream])
        while stream not in self.left_out and await self._follow(stream):
            pass
        return None if stream in self.left_out else self._chains[stream]

    def leave_out(self, found: Finding) -> None:
        """Leave a stream out; the first fault found in it is the one that counts."""
        self.left_out.setdefault(found.stream, found)

    async def _reach(self, row: _Row) -> None:
        stream, seq = row.event.stream, row.event.seq
        chain = self._chains[stream]
        while chain.seq + 1 < seq and stream not in self.left_out:
            if not await self._follow(stream):
                break
        if seq > chain.seq:
            self._take(row)

    async def _follow(self, stream: str) -> bool:
        seq = self._chains[stream].seq
        conn = self._conn
        rows = await _rows(conn, "following", stream=stream, seq=seq, most=_BEFORE)
        for row in rows:
            self._take(row)
        return bool(rows)

    def _take(self, row: _Row) -> None:
        event = row.event
        if event.stream in self.left_out:
            return
        chain = self._chains[event.stream]
        if event.seq != chain.seq + 1:
            detail = f"events {chain.seq + 1} to {event.seq - 1} are missing"
            self.leave_out(Finding(event.stream, chain.seq + 1, "gap", detail))
            return
        found = _follow(chain, event)
        if found:
            self.leave_out(found[0])
        else:
            leaf = Leaf(event.stream, event.seq, event.hash, row.db_epoch)
            self.leaves.append(leaf)

    async def _know(self, streams: Iterable[str]) -> None:
        """Begin the chains of streams where the log left them."""
        new = sorted(set(streams) - self._chains.keys())
        if not new:
            return
        query = statement("sealing", "sealed_heads")
        cursor = await self._conn.execute(query, {"streams": new})
        heads = {row[0]: (row[1], row[2]) for row in await cursor.fetchall()}
        for stream in new:
            seq, head = heads.get(stream, (0, ZERO_HASH))
            self._chains[stream] = Chain(stream, after_seq=seq, after=head)


def _follow(chain: Chain, event: Row) -> list[Finding]:
    members = members_of(event, chain.head, None)
    found: list[Finding] = []
    if members is None:
        found = chain.follow(event.body)
    else:
        chain.take(event.body, members)
    if chain.head != event.hash.hex():
        detail = "the column is not the bytes' hash"
        found.insert(0, Finding(event.stream, event.seq, "hash", detail))
    return found


async def _rows(conn: Connection, name: str, **where: object) -> list[_Row]:
    cursor = conn.cursor(binary=True)
    await cursor.execute(statement("sealing", name), where)
    rows = await cursor.fetchall()
    return [_Row(Row._make(row[:-2]), row[-2], row[-1]) for row in rows]
