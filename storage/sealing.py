"""The sealer gives every event on record its place in the log, and signs the whole.

One transaction at a time, under a lock: leaves, tiles and checkpoint are there together
or not at all, so that a sealer that was killed leaves nothing behind and the next one
goes on. It never signs a log that does not continue what was signed before.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Final, NamedTuple

import psycopg
from psycopg.pq import TransactionStatus

from domain.logkeys import KEY_CHANGED, LogKeyChanged
from evidence.census import CENSUS_TAKEN, LOG_STREAM, census_data
from evidence.chain import Finding
from evidence.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from evidence.note import VerifierKey, parse_note
from storage import log
from storage.errors import BadLogKey, LogDamaged, MayNotSeal, NoCensus
from storage.log import Edge, Stored
from storage.logkey import LogKey
from storage.ownlog import events
from storage.pool import Connection, Source, connection
from storage.proofs import heads_at
from storage.statements import statement
from storage.unsealed import BATCH, Horizon, Position, Reader
from storage.voice import Voice

_THOROUGH: Final = 300.0
"""Seconds between two looks at every stream; in between only what came since."""


class Sealed(NamedTuple):
    """A checkpoint that was made, and what was left out of it."""

    size: int
    root: bytes
    note: bytes
    published: bool
    left_out: tuple[Finding, ...]
    """The first fault of each stream that the log does not go on with."""
    added: int
    """How many leaves this call added."""


class _Turn(NamedTuple):
    sealed: Sealed | None
    more: Position | None
    """Where to go on, or None where there is nothing more."""
    horizon: Horizon


async def seal(source: Source, key: LogKey, *, publish: bool = False) -> Sealed | None:
    """Seal all that is on record; ``publish`` ends the log in a census.

    Returns the last checkpoint made, or None where there was nothing new. May be
    called by many at once. ``source`` may have any role whose user is in
    ``polder_sealer``. Raises ``MayNotSeal``, ``LogDamaged``, ``BadLogKey`` and
    ``Unavailable``; ``NoCensus`` when all is sealed and can't be published.
    """
    return await Sealer(key).seal(source, publish=publish)


class Sealer:
    """Somebody who seals again and again, and remembers how far all was seen."""

    def __init__(self, key: LogKey, *, batch: int = BATCH) -> None:
        """Know nothing yet: the first time is thorough. ``key`` may be replaced."""
        self.key = key
        self._batch = batch
        self._seen: Position | None = None
        self._thorough = 0.0

    async def seal(self, source: Source, *, publish: bool = False) -> Sealed | None:
        """Seal what is new: see ``seal``. Cheap where nothing is."""
        async with connection(source) as conn:
            try:
                if not publish and await self._nothing(conn):
                    return None
                return await self._all(conn, publish=publish)
            except psycopg.errors.InsufficientPrivilege as error:
                raise MayNotSeal(f"{error}: grant polder_sealer") from error
            except NoCensus:
                raise
            except LogDamaged as error:
                await _note_damage(conn, error)
                raise

    async def _nothing(self, conn: Connection) -> bool:
        if self._seen is None or monotonic() - self._thorough > _THOROUGH:
            return False
        query = statement("sealing", "anything")
        row = await (await conn.execute(query, self._seen._asdict())).fetchone()
        another_life, came = row or (True, True)
        if another_life:
            self._seen = None
        return not came and not another_life

    async def _all(self, conn: Connection, *, publish: bool) -> Sealed | None:
        rested = monotonic() - self._thorough > _THOROUGH
        thorough = publish or rested or self._seen is None
        after = None if thorough else self._seen
        left_out: dict[str, Finding] = {}
        made: Sealed | None = None
        added = 0
        while True:
            async with _as_sealer(conn):
                turn = await self._turn(conn, after, left_out, publish=publish)
            # At this point these leaves and their checkpoint are committed. If we
            # crash here, the next sealer finds the rest by itself.
            if turn.sealed is not None:
                added += turn.sealed.added
                made = turn.sealed._replace(added=added)
            if turn.more is None:
                break
            after = turn.more
        self._seen = Position(turn.horizon.db_epoch, turn.horizon.xmin)
        if thorough:
            self._thorough = monotonic()
        if publish and (made is None or not made.published):
            fault = left_out.get(LOG_STREAM)
            problem = fault.detail if fault else "it is blocked"
            raise NoCensus(f"{LOG_STREAM} takes no census: {problem}")
        return made

    async def _turn(
        self,
        conn: Connection,
        after: Position | None,
        left_out: dict[str, Finding],
        *,
        publish: bool,
    ) -> _Turn:
        reader = Reader(conn, left_out)
        horizon = await _horizon(conn)
        edge, last = await log.load(conn)
        self._check_key(last)
        if after is None:
            await _headless(conn, reader)
            after = await _oldest(conn)
        more = None
        if after is not None:
            more = await reader.read(after, horizon, self._batch)
        size = edge.size
        await log.add_leaves(conn, edge, reader.leaves)
        published = publish and more is None
        if published or (reader.leaves and self._is_other(last)):
            published &= await self._speak(
                conn, edge, reader, horizon, last, census=published
            )
        for fault in left_out.values():
            await _note_fault(conn, fault)
        if edge.size == size:
            return _Turn(None, more, horizon)
        note = self._sign(edge)
        key_id = self.key.vkey.id
        await log.add_checkpoint(conn, edge, note, key_id, published=published)
        faults = tuple(left_out.values())
        added = edge.size - size
        made = Sealed(edge.size, edge.root(), note, published, faults, added)
        return _Turn(made, more, horizon)

    def _sign(self, edge: Edge) -> bytes:
        checkpoint = Checkpoint(self.key.vkey.name, edge.size, edge.root())
        return sign_checkpoint(checkpoint, self.key.private)

    def _check_key(self, last: Stored | None) -> None:
        if last is None:
            return
        name = self.key.vkey.name
        origin = parse_checkpoint(parse_note(last.note).text).origin
        if origin != name:
            raise BadLogKey(f"the key is that of {name}, and the log is {origin}")
        if last.key_id not in [key.id for key in self.key.vkeys]:
            # Signed by a key that came later, or that this file has never heard of.
            told = last.key_id.hex()
            raise BadLogKey(f"the last checkpoint is signed by another key, {told}")

    def _is_other(self, last: Stored | None) -> bool:
        return last is not None and last.key_id != self.key.vkey.id

    async def _speak(
        self,
        conn: Connection,
        edge: Edge,
        reader: Reader,
        horizon: Horizon,
        last: Stored | None,
        *,
        census: bool,
    ) -> bool:
        """Add what the sealer itself has to say; false where the log's stream is bad.

        Others that write it wait, so that nothing comes between.
        """
        reader.leaves.clear()
        await conn.execute(statement("sealing", "hold"))
        chain = await reader.chain(LOG_STREAM)
        await log.add_leaves(conn, edge, reader.leaves)
        if chain is None:
            return False
        voice = Voice(conn, edge, chain, horizon.db_epoch)
        try:
            if last is not None and self._is_other(last):
                await self._announce(voice, last)
            if census:
                heads = await heads_at(conn, edge.size)
                cause = f"polder:census:{edge.size}"
                await voice.say(CENSUS_TAKEN, census_data(edge.size, heads), cause)
        except NoCensus:
            # It is blocked: what others recorded has its place all the same.
            return False
        return True

    async def _announce(self, voice: Voice, last: Stored) -> None:
        new = str(self.key.vkey)
        told = await events(voice.conn, LOG_STREAM, [KEY_CHANGED])
        if any(event.data["new"] == new for event in told):
            return
        old = next(key for key in self.key.older if key.id == last.key_id)
        told = LogKeyChanged(old=str(old), new=new)
        data = told.model_dump(mode="json")
        await voice.say(KEY_CHANGED, data, key_cause(self.key.vkey))


def key_cause(new: VerifierKey) -> str:
    """Return the cause by which a new key is told of, once only."""
    return f"polder:key:{new.id.hex()}"


@asynccontextmanager
async def _as_sealer(conn: Connection) -> AsyncGenerator[None]:
    """One transaction in the sealer's role, with no other sealer about."""
    async with conn.transaction():
        cursor = await conn.execute(statement("sealing", "as_sealer"))
        row = await cursor.fetchone()
        await conn.execute(statement("sealing", "wait_for_others"))
        yield
        before = {"role": row[0] if row else None}
        await conn.execute(statement("sealing", "as_before"), before)


async def _horizon(conn: Connection) -> Horizon:
    row = await (await conn.execute(statement("sealing", "horizon"))).fetchone()
    assert row is not None  # noqa: S101 - the installation has one row
    return Horizon(*row)


async def _oldest(conn: Connection) -> Position | None:
    row = await (await conn.execute(statement("sealing", "oldest"))).fetchone()
    return None if row is None else Position(*row)


async def _headless(conn: Connection, reader: Reader) -> None:
    cursor = await conn.execute(statement("sealing", "headless"))
    for stream, seq in await cursor.fetchall():
        detail = "the last event is not the one that was appended last"
        reader.leave_out(Finding(stream, seq, "head", detail))


async def _note_fault(conn: Connection, fault: Finding) -> None:
    # What names the incident must be the same however often it is found.
    detail = {"seq": fault.seq, "check": fault.check}
    told = {"stream": fault.stream, "detail": json.dumps(detail)}
    await conn.execute(statement("sealing", "note_not_sealed"), told)


async def _note_damage(conn: Connection, error: LogDamaged) -> None:
    if conn.info.transaction_status == TransactionStatus.IDLE:
        detail = json.dumps({"check": "log", "problem": str(error)})
        async with _as_sealer(conn):
            told = {"stream": LOG_STREAM, "detail": detail}
            await conn.execute(statement("sealing", "note_not_sealed"), told)
