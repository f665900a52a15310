"""One stream is checked in one pass: event by event, then as a whole."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import timedelta
from typing import Any, Final

import psycopg
from psycopg.rows import dict_row

from domain.clock import REAL_DAY_MS
from evidence.chain import Chain, Finding
from evidence.event import event_id, parse_instant
from storage.errors import UnknownContent
from storage.keys import Keys
from storage.pool import Connection
from storage.projecting import Projections
from storage.projection import Folded, fold, hashes_in, is_dialogue, lay_out
from storage.rebuild import differences
from storage.statements import statement
from storage.verify_openings import Openings

_MARGIN: Final = timedelta(seconds=10)
"""By how much two servers' clocks, or a share's start, may be apart."""

AFTER_THE_END: Final = frozenset(
    {"command_refused", "dialogue_restored", "personal_data_erased"}
)
"""What may still happen in a dialogue that was archived."""


class StreamCheck:
    """The check of one stream. Bytes first; what repeats them is compared with them."""

    def __init__(
        self,
        stream: str,
        shelf: Projections,
        keys: Keys | None,
        *,
        projections: bool = True,
    ) -> None:
        """Begin before the first event. ``keys``: those of the vault, to look there."""
        self.stream = stream
        self.drift = timedelta()
        self._shelf = shelf
        self._keys = keys
        self._chain = Chain(stream)
        self._positions: Counter[str] = Counter()
        self._private = Openings(stream)
        self._folded: Folded | None = None
        self._foldable = projections and is_dialogue(stream)
        self._demo_clock = False
        self._archived = False
        self._restored: set[int] = set()

    async def follow(self, conn: Connection, row: Mapping[str, Any]) -> list[Finding]:
        """Check the next row of audit.event; return what is wrong with it."""
        found = list(self._place(row["seq"]))
        found += self._chain.follow(bytes(row["body"]))
        if self._chain.head != row["hash"]:
            found.append(self._finding("hash", "the column is not the bytes' hash"))
        members = self._chain.members
        if members is None:
            self._foldable = False
            return found
        found += self._columns(row, members)
        found += self._identity(members)
        found += self._notes(row, members)
        found += await self._fold(conn, members)
        return found

    async def finish(self, conn: Connection) -> list[Finding]:
        """Check what concerns the whole stream: its head, vault and projection."""
        found = list(await self._head(conn))
        if self._keys is not None:
            found += await self._openings(conn, self._keys)
        if self._foldable and self._folded is not None:
            found += await self._projection(conn, self._folded)
        return found

    async def _projection(self, conn: Connection, folded: Folded) -> list[Finding]:
        try:
            _, rows = lay_out(folded)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            detail = f"could not be laid out: {type(error).__name__}"
            return [self._finding("fold", detail)]
        return [
            Finding(
                self.stream,
                None,
                "projection",
                f"{name} is not what the events make it",
            )
            for name in await differences(conn, self.stream, rows)
        ]

    def _finding(self, check: str, detail: str) -> Finding:
        return Finding(self.stream, self._chain.seq, check, detail)

    def _place(self, seq: int) -> Iterator[Finding]:
        expected = self._chain.seq + 1
        if seq != expected:
            detail = f"events {expected} to {seq - 1} are missing"
            yield Finding(self.stream, expected, "gap", detail)
            self._chain.seq = seq - 1
            self._foldable = False

    def _columns(
        self, row: Mapping[str, Any], members: Mapping[str, Any]
    ) -> Iterator[Finding]:
        said = {
            "event_id": members["id"],
            "prev": members["prev"],
            "type": members["type"],
            "at": parse_instant(members["at"]),
            "cause": members["cause"],
            "actor_id": members["actor"]["id"],
            "actor_role": members["actor"]["role"],
        }
        for name, value in said.items():
            if row[name] != value:
                yield self._finding("column", f"{name} is not what the bytes say")

    def _identity(self, members: Mapping[str, Any]) -> Iterator[Finding]:
        cause = members["cause"]
        if members["id"] != event_id(self.stream, cause, self._positions[cause]):
            yield self._finding("id", "the id does not follow from the cause")
        self._positions[cause] += 1

    def _notes(
        self, row: Mapping[str, Any], members: Mapping[str, Any]
    ) -> list[Finding]:
        try:
            self._private.note(members)
            self._note_drift(row, members)
            return list(self._life(members))
        except (LookupError, TypeError, ValueError, AttributeError):
            return [self._finding("fold", "its data is not what its type asks for")]

    def _note_drift(self, row: Mapping[str, Any], members: Mapping[str, Any]) -> None:
        if members["type"] == "dialogue_started":
            clock = members["data"]["clock"]
            real = (clock["real_start"], REAL_DAY_MS)
            self._demo_clock = (clock["start"], clock["day_ms"]) != real
        if not self._demo_clock:
            late = row["recorded_at"] - parse_instant(members["at"])
            self.drift = max(self.drift, late)

    async def _fold(
        self, conn: Connection, members: Mapping[str, Any]
    ) -> list[Finding]:
        if not self._foldable:
            return []
        try:
            contents = await self._shelf.load(conn, set(hashes_in([members])))
            entry = (members, self._chain.head)
            self._folded = fold(self.stream, self._folded, [entry], contents)
        except UnknownContent as error:
            self._foldable = False
            return [self._finding("content", str(error))]
        except psycopg.Error:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            self._foldable = False
            detail = f"could not be folded: {type(error).__name__}"
            return [self._finding("fold", detail)]
        return []

    async def _head(self, conn: Connection) -> Iterator[Finding]:
        where = {"stream": self.stream}
        row = await (await conn.execute(statement("verify", "head"), where)).fetchone()
        if row is None:
            detail = "the stream is not in audit.stream"
            return iter([Finding(self.stream, None, "head", detail)])
        return self._compare_head(*row)

    def _compare_head(
        self, seq: int, head: str, epoch: int, token: bytes | None
    ) -> Iterator[Finding]:
        if (seq, head) != (self._chain.seq, self._chain.head):
            yield self._finding(
                "head", f"the head is said to be event {seq}, {head[:12]}…"
            )
        # The first epoch is 1. A restore that still has to append says nothing yet.
        if epoch > 1 and token is None and epoch not in self._restored:
            yield self._finding("epoch", f"no event says that a restore began {epoch}")

    def _life(self, members: Mapping[str, Any]) -> Iterator[Finding]:
        kind = members["type"]
        if self._archived and kind not in AFTER_THE_END:
            yield self._finding("archived", f"{kind} after the dialogue was archived")
        self._archived |= kind == "dialogue_archived"
        if kind == "dialogue_restored":
            self._restored.add(members["data"]["epoch"])

    async def _openings(self, conn: Connection, keys: Keys) -> list[Finding]:
        async with conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(statement("verify", "vault"), {"stream": self.stream})
            rows = await cursor.fetchall()
        ids = {row["key_id"] for row in rows if row["key_id"] is not None}
        secret = await keys.get(ids)
        lately = await _destroyed_meanwhile(conn, keys, ids - secret.keys())
        return list(self._private.check(rows, secret, lately))


async def _destroyed_meanwhile(
    conn: Connection, keys: Keys, missing: AbstractSet[uuid.UUID]
) -> AbstractSet[uuid.UUID]:
    """Give the keys that went since this snapshot was taken.

    Their values went before them: the snapshot alone still has those.
    """
    if not missing:
        return missing
    row = await (await conn.execute(statement("verify", "age"))).fetchone()
    age: timedelta = row[0] if row else timedelta()
    return await keys.gone(missing, age + _MARGIN)
