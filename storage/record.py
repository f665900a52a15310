"""There is one way into the record, and going it twice changes nothing.

``append`` is durable when it returns: its events are committed. It may be called
again with the same batch at any time, by anybody, also after its answer was lost;
the answer is then the same. It never waits for ever and never retries on its own
more than once. Two writers may call it at once: the lock of the stream's row puts
them in order, and the chain tells the second one that it is late.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, NamedTuple

import psycopg
from psycopg import AsyncConnection
from psycopg.pq import TransactionStatus
from psycopg.rows import class_row

from storage.batch import Batch, Entry, check, columns, rest
from storage.errors import (
    Unavailable,
    UnknownStream,
)
from storage.pool import Connection, Pool, Source, connection
from storage.projecting import NOTHING, Prepared, Projections, named
from storage.projection import is_dialogue
from storage.refusing import Verdict, refuse
from storage.statements import statement

_APPEND: Final = statement("record", "append")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the record holds of a batch: its last event, the same however often asked.

    ``missing`` names the private fields, by event and place, of which the vault had
    nothing: for these `personal_data_erased` is to follow. ``added`` is how many events
    this call wrote; it takes no part in comparison.
    """

    stream: str
    seq: int
    hash: str
    epoch: int
    missing: tuple[tuple[int, str], ...] = ()
    added: int = field(default=0, compare=False)


class Head(NamedTuple):
    """The head of a stream; ``blocked_by`` is the id of an incident."""

    stream: str
    epoch: int
    seq: int
    head: str
    blocked_by: str | None


class TakenOver(NamedTuple):
    """What a restore goes on with: its epoch, and the token of its first append."""

    epoch: int
    token: str


async def append(
    source: Source, batch: Batch, projections: Projections | None = None
) -> Receipt:
    """Add the events of ``batch`` to the record, or find that they are there.

    ``projections`` keeps the tables of schema ``read`` up in the same transaction;
    without it they are left as they are, for a rebuild. Vault rows of the events'
    commitments become recorded. One statement and one commit; three more statements
    where the batch brings contents. In a transaction of the caller's, events and
    incidents alike are durable when the caller commits. Raises an ``AppendRefused``
    (sending again does not help) or ``Unavailable`` (it does).
    """
    entries = check(batch)
    try:
        return await _append(source, batch, entries, projections)
    except Unavailable:
        if isinstance(source, AsyncConnection):
            raise
    # If the connection was lost we do not know whether the server committed. The
    # batch may be sent again for that very reason; once, on a connection that works.
    await _renew(source)
    return await _append(source, batch, entries, projections)


async def _renew(pool: Pool) -> None:
    try:
        await pool.check()
    except psycopg.OperationalError as error:
        raise Unavailable(str(error)) from error


async def _append(
    source: Source,
    batch: Batch,
    entries: tuple[Entry, ...],
    projections: Projections | None,
) -> Receipt:
    whole = columns(batch, entries)
    async with connection(source) as conn:
        verdict = await _offer(conn, batch, entries, projections)
        in_parts = verdict.outcome == "prefix"
        while verdict.outcome == "prefix":
            # A shorter batch with the same beginning came first: add what is left.
            # Each turn the head has moved on, so there are few.
            batch = rest(batch, entries, verdict.head_seq)
            entries = entries[-len(batch.events) :]
            verdict = await _offer(conn, batch, entries, projections)
        if in_parts and whole["commitments"]:
            cursor = await conn.execute(statement("record", "missing"), whole)
            row = await cursor.fetchone()
            verdict = verdict._replace(missing=row[0] if row else None)
    # At this point the outcome is committed, an incident too. If we crash here, the
    # sender asks again and gets the same answer.
    last = entries[-1]
    if verdict.outcome not in {"appended", "there"}:
        refuse(batch, verdict)
    added = len(entries) if verdict.outcome == "appended" else 0
    missing = tuple((int(seq), str(path)) for seq, path in verdict.missing or ())
    return Receipt(batch.stream, last.seq, last.hash, batch.epoch, missing, added)


async def _offer(
    conn: Connection,
    batch: Batch,
    entries: tuple[Entry, ...],
    projections: Projections | None,
) -> Verdict:
    prepared = NOTHING
    if projections is not None:
        prepared = await projections.prepare(conn, batch, entries)
    parameters = {**columns(batch, entries), **_rows(prepared)}
    try:
        verdict = await _execute(conn, batch, parameters)
    except psycopg.errors.UniqueViolation as error:
        return await _collision(conn, batch, entries, error)
    if projections is not None and verdict.outcome == "appended":
        await _follow(conn, projections, prepared, entries[-1])
    return verdict


def _rows(prepared: Prepared) -> dict[str, str | None]:
    rows = prepared.rows
    return {
        "dialogue": rows.dialogue if rows else None,
        "deadlines": rows.deadlines if rows else None,
        "parts": rows.parts if rows else None,
        "entries": rows.entries if rows else None,
        "needs": rows.needs if rows else None,
    }


async def _follow(
    conn: Connection, projections: Projections, prepared: Prepared, last: Entry
) -> None:
    # At this point the events are on record. If we crash here, what is not projected
    # yet is folded from the record by the next append to this stream.
    stream = str(last.members["stream"])
    if prepared.folded is not None:
        projections.keep(prepared)
    elif prepared.problem is not None:
        await projections.note_failure(conn, last, prepared.problem)
    elif is_dialogue(stream):
        # Another writer moved the head between our reading and our appending.
        try:
            await projections.repair(conn, stream, last.hash)
        except psycopg.Error:
            raise
        except Exception as error:  # noqa: BLE001 - the events are on record all the same
            await projections.note_failure(conn, last, named(error))


async def _execute(
    conn: Connection, batch: Batch, parameters: dict[str, object]
) -> Verdict:
    async with conn.cursor(row_factory=class_row(Verdict)) as cursor:
        if batch.contents or conn.info.transaction_status != TransactionStatus.IDLE:
            # In a transaction of the caller's this is a savepoint: a collision must
            # leave it usable, or its incident could not be recorded.
            async with conn.transaction():
                if batch.contents:
                    await _put_contents(cursor, batch)
                await cursor.execute(_APPEND, parameters)
        else:
            await cursor.execute(_APPEND, parameters)
        verdict = await cursor.fetchone()
    assert verdict is not None  # noqa: S101 - a function without SETOF gives one row
    return verdict


async def _put_contents(cursor: psycopg.AsyncCursor[Any], batch: Batch) -> None:
    contents = batch.contents
    await cursor.execute(
        statement("record", "put_contents"),
        {
            "hashes": [bytes.fromhex(digest) for digest in contents],
            "kinds": [content.kind for content in contents.values()],
            "bodies": [content.body for content in contents.values()],
        },
    )


async def _collision(
    conn: Connection,
    batch: Batch,
    entries: tuple[Entry, ...],
    error: psycopg.errors.UniqueViolation,
) -> Verdict:
    # The chain fits, yet an event id is taken by another event: two causes in one.
    detail = {
        "constraint": error.diag.constraint_name,
        "after_seq": batch.after_seq,
        "offered": entries[0].hash,
    }
    parameters = {"stream": batch.stream, "detail": json.dumps(detail)}
    cursor = await conn.execute(statement("record", "note_collision"), parameters)
    row = await cursor.fetchone()
    incident = None if row is None else row[0]
    return Verdict("forked", batch.after_seq, batch.after_hash, incident)


async def head(source: Source, stream: str) -> Head | None:
    """Return the head of a stream, or None where there is no such stream."""
    async with (
        connection(source) as conn,
        conn.cursor(row_factory=class_row(Head)) as cursor,
    ):
        await cursor.execute(statement("record", "head"), {"stream": stream})
        return await cursor.fetchone()


@asynccontextmanager
async def alone(pool: Pool, stream: str) -> AsyncGenerator[None]:
    """Hold off others who would restore this dialogue at the same moment.

    Two that raise the epoch one after the other leave a workflow that was superseded
    before it began. Where the connection is lost the next one goes ahead.
    """
    where = {"stream": stream}
    async with connection(pool) as conn:
        await conn.execute(statement("record", "hold"), where)
        try:
            yield
        finally:
            await conn.execute(statement("record", "release"), where)


async def take_over(source: Source, held: Head) -> TakenOver:
    """Raise the epoch of a stream and lift its block: the first act of a restore.

    From here on every earlier writer is told ``Superseded``, and so is everyone who
    does not bring the token until somebody did. Raises ``UnknownStream`` where the
    head is no longer ``held``.
    """
    token = secrets.token_hex(32)
    where = {"stream": held.stream, "head": held.head}
    proof = {"token": sha256(token.encode()).digest()}
    async with connection(source) as conn:
        cursor = await conn.execute(statement("record", "take_over"), where | proof)
        row = await cursor.fetchone()
    if row is None or row[0] is None:
        raise UnknownStream(f"{held.stream} no longer ends in event {held.seq}")
    return TakenOver(int(row[0]), token)
