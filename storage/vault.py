"""The vault keeps what people may ask to have destroyed; the record keeps commitments.

The desk puts a value in before it sends the command that commits to it, so that no
plain text ever travels through the process. A retry finds the same salt and so the
same commitment. A value is pending until its event is on record; what never gets
there is destroyed.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final, NamedTuple

from psycopg.rows import class_row, dict_row

from evidence.canonical import JsonValue, canonical, parse
from evidence.event import SALT_BYTES, commitment
from storage.errors import PrivateValueDiffers
from storage.pool import Pool, Source, connection
from storage.statements import statement

PENDING_FOR: Final = timedelta(days=1)
"""How long a value may wait for its event."""


class PrivateField(NamedTuple):
    """A private field of a command: where it stands, whom it is about, what it says."""

    path: str
    """JSON pointer in the event's data, such as ``/reason``."""
    subject: str
    """Opaque id of the person it is about, or from whom it comes."""
    value: JsonValue


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


class Contact(NamedTuple):
    """Name and address of a person, as last recorded; None where there is none."""

    subject: str
    name: str | None
    address: str | None


async def put(
    source: Source, stream: str, command_id: str, fields: Sequence[PrivateField]
) -> dict[str, str]:
    """Keep the private fields of one command; return a commitment for each path.

    A repeated call gives the same commitments. Raises ``PrivateValueDiffers`` where
    the same command put another value or subject in the same place before, and
    ``NotCanonical`` for a value that has no canonical form. All or nothing.
    """
    rows = [_row(stream, command_id, field) for field in fields]
    async with connection(source) as conn, conn.transaction():
        async with conn.cursor(row_factory=dict_row) as cursor:
            await cursor.executemany(statement("vault", "put"), rows)
            key = {"stream": stream, "command_id": command_id}
            await cursor.execute(statement("vault", "of_command"), key)
            held = {row["path"]: row for row in await cursor.fetchall()}
        for row in rows:
            _check_same(held[str(row["path"])], row)
    return {field.path: held[field.path]["commitment"].hex() for field in fields}


def _row(stream: str, command_id: str, field: PrivateField) -> dict[str, object]:
    salt = secrets.token_bytes(SALT_BYTES)
    made = commitment(
        salt=salt, stream=stream, subject=field.subject, value=field.value
    )
    return {
        "stream": stream,
        "command_id": command_id,
        "path": field.path,
        "subject": field.subject,
        "salt": salt,
        "value": canonical(field.value),
        "commitment": bytes.fromhex(made),
    }


def _check_same(held: Mapping[str, Any], wanted: Mapping[str, object]) -> None:
    if (held["subject"], held["value"]) != (wanted["subject"], wanted["value"]):
        raise PrivateValueDiffers(
            f"command {wanted['command_id']} of {wanted['stream']} already put another"
            f" value at {wanted['path']}: use a new command id"
        )


async def destroy(source: Source, stream: str, command_id: str) -> int:
    """Destroy the pending values of a command that was refused; return how many.

    What is on record stays: that is for an erasure.
    """
    async with connection(source) as conn:
        key = {"stream": stream, "command_id": command_id}
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


async def openings(source: Source, stream: str) -> tuple[Opening, ...]:
    """Return all recorded values of a stream, in order of event and path."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Opening))
        await cursor.execute(statement("vault", "openings"), {"stream": stream})
        return tuple(await cursor.fetchall())


async def contacts(
    source: Source, stream: str, subjects: Iterable[str]
) -> dict[str, Contact]:
    """Return name and address of people in a dialogue, as recorded last.

    Whoever has neither is not in the answer.
    """
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(_Latest))
        wanted = {"stream": stream, "subjects": list(subjects)}
        await cursor.execute(statement("vault", "contacts"), wanted)
        found: dict[str, dict[str, str]] = {}
        for latest in await cursor.fetchall():
            value = parse(latest.value)
            if isinstance(value, str):
                found.setdefault(latest.subject, {})[latest.path] = value
    return {
        subject: Contact(subject, paths.get("/name"), paths.get("/address"))
        for subject, paths in found.items()
    }


class _Latest(NamedTuple):
    subject: str
    path: str
    value: bytes


async def pending(source: Source) -> int:
    """Return how many values wait for their event."""
    async with connection(source) as conn:
        row = await (await conn.execute(statement("vault", "pending"))).fetchone()
    return 0 if row is None else int(row[0])
