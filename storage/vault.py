"""The vault keeps what people may ask to have destroyed; the record keeps commitments.

The desk puts a value in before it sends the command that commits to it, so that no
plain text ever travels through the process. A retry finds the same salt and so the
same commitment. A value is pending until its event is on record; what never gets
there is destroyed. Every value is encrypted with the key of the person it is about,
which lies elsewhere (`storage.keys`).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final, NamedTuple

from psycopg.rows import class_row

from evidence.canonical import JsonValue, parse
from storage.errors import PrivateValueDiffers
from storage.keys import Keys, organisation_of
from storage.pool import Pool, Source, connection
from storage.putting import PrivateField, made, put_together
from storage.statements import statement
from storage.values import Row, key_ids, plain_of

PENDING_FOR: Final = timedelta(days=1)
"""How long a value may wait for its event."""


class Opening(NamedTuple):
    """What opens a commitment: with it anyone can check what was said."""

    stream: str
    command_id: str
    path: str
    subject: str
    salt: bytes
    canonical: bytes
    """The canonical bytes of the value."""
    commitment: str
    seq: int
    """The event that first committed to it."""

    @property
    def value(self) -> JsonValue:
        """What was said."""
        return parse(self.canonical)


class Overdue(NamedTuple):
    """A stream with values that wait for an event too long."""

    stream: str
    lives: bool
    """Whether the record knows it as a dialogue that was not archived."""


async def put(
    source: Source,
    keys: Keys,
    stream: str,
    command_id: str,
    fields: Sequence[PrivateField],
    *,
    by: str | None = None,
) -> dict[str, str]:
    """Keep the private fields of one command; return a commitment for each path.

    ``by`` is who puts them, where a refusal is to take them away again (`destroy`).
    A repeated call gives the same commitments. Raises ``PrivateValueDiffers`` where
    the same command put another value or subject in the same place before, and
    ``NotCanonical`` for a value that has no canonical form. All or nothing: without
    the keys nothing is written (``KeysUnavailable``), and without the record
    (``Unavailable``) at most a key is made that encrypts nothing yet.
    """
    values = made(stream, command_id, fields)
    key_of = keys.held(organisation_of(stream), (one.spot.subject for one in values))
    async with key_of as held, connection(source) as conn, conn.transaction():
        (kept,) = await put_together(conn, held, stream, [values], by)
        if isinstance(kept, PrivateValueDiffers):
            raise kept
    return kept


async def destroy(
    source: Source, stream: str, command_id: str, *, by: str | None = None
) -> int:
    """Destroy the pending values of a command that was refused; return how many.

    With ``by`` only those that this sender put: under the same id somebody else may
    have put theirs. What is on record stays: that is for an erasure.
    """
    async with connection(source) as conn:
        key = {"stream": stream, "command_id": command_id, "put_by": by}
        return (await conn.execute(statement("vault", "destroy"), key)).rowcount


@asynccontextmanager
async def alone(pool: Pool) -> AsyncGenerator[bool]:
    """Tell whether we are the only ones to sweep, and hold others off meanwhile.

    Where the connection is lost the next one goes ahead: sweeping twice is no harm.
    """
    async with connection(pool) as conn:
        cursor = await conn.execute(statement("vault", "hold"))
        row = await cursor.fetchone()
        ours = row is not None and bool(row[0])
        try:
            yield ours
        finally:
            if ours:
                await conn.execute(statement("vault", "release"))


async def overdue(
    source: Source, older_than: timedelta = PENDING_FOR
) -> tuple[Overdue, ...]:
    """Return the streams with values that are pending for longer than this."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Overdue))
        await cursor.execute(statement("vault", "overdue"), {"older_than": older_than})
        return tuple(await cursor.fetchall())


async def sweep(
    source: Source, streams: Iterable[str], *, older_than: timedelta = PENDING_FOR
) -> int:
    """Destroy what is pending in these streams for longer; return how many values.

    It is for the caller to know that no event of these streams is still to come that
    commits to them: that their commands were refused, or never arrived.
    """
    async with connection(source) as conn:
        limits = {"older_than": older_than, "streams": list(streams)}
        return (await conn.execute(statement("vault", "sweep"), limits)).rowcount


async def openings(
    source: Source, keys: Keys, stream: str, *, skip_unreadable: bool = False
) -> tuple[Opening, ...]:
    """Return all recorded values of a stream, in order of event and path.

    Raises ``KeyMissing`` where a value has lost its key, and ``Unreadable`` where one
    was changed; with ``skip_unreadable`` such values are left out instead.
    """
    where = {"stream": stream}
    return await _opened(source, keys, "openings", where, skip=skip_unreadable)


async def openings_of(
    source: Source, keys: Keys, stream: str, commands: Iterable[str]
) -> tuple[Opening, ...]:
    """Return the recorded values that these commands put in, as far as they open."""
    where = {"stream": stream, "command_ids": list(commands)}
    return await _opened(source, keys, "openings_of", where, skip=True)


async def openings_about(
    source: Source, keys: Keys, stream: str, subject: str
) -> tuple[Opening, ...]:
    """Return the recorded values about one person, as far as they open."""
    where = {"stream": stream, "subject": subject}
    return await _opened(source, keys, "openings_about", where, skip=True)


async def _opened(
    source: Source,
    keys: Keys,
    name: str,
    where: Mapping[str, object],
    *,
    skip: bool,
) -> tuple[Opening, ...]:
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Row))
        await cursor.execute(statement("vault", name), where)
        rows = await cursor.fetchall()
    secret = await keys.get(key_ids(rows))
    with_plain = ((row, plain_of(row, secret, skip=skip)) for row in rows)
    return tuple(
        Opening(*row[:5], plain, row.commitment, row.seq or 0)
        for row, plain in with_plain
        if plain is not None
    )


async def pending(source: Source) -> int:
    """Return how many values wait for their event."""
    async with connection(source) as conn:
        row = await (await conn.execute(statement("vault", "pending"))).fetchone()
    return 0 if row is None else int(row[0])
