"""A dossier at the end of its term goes whole; of it stay its name, head and hashes.

The database takes it away in one transaction with the event that says so, and only
where that event names its head, its term is over, nothing holds it and each of its
events has a leaf in the log. Closed runs in Temporal go after that, as often as it
takes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from storage.pool import Connection, Source, connection
from storage.statements import statement


class Destroyed(NamedTuple):
    """A dossier that was destroyed: its head, and the event that says so."""

    stream: str
    seq: int
    head: str
    house: str
    told_by: int


async def archived_at(source: Source, stream: str) -> datetime | None:
    """Return when a dialogue was archived, in real time; None where it was not."""
    async with connection(source) as conn:
        query = statement("erasing", "archived_at")
        row = await (await conn.execute(query, {"stream": stream})).fetchone()
    return None if row is None else row[0]


async def unsealed(source: Source, stream: str) -> int:
    """Return how many events of a stream have no leaf in the log."""
    async with connection(source) as conn:
        query = statement("erasing", "unsealed")
        row = await (await conn.execute(query, {"stream": stream})).fetchone()
    return 0 if row is None else int(row[0])


async def subjects(source: Source, stream: str) -> Mapping[str, int]:
    """Return whom the values of a stream are about, and how many there are."""
    async with connection(source) as conn:
        query = statement("erasing", "subjects")
        cursor = await conn.execute(query, {"stream": stream})
        return {row[0]: int(row[1]) for row in await cursor.fetchall()}


async def destroy(conn: Connection, stream: str) -> bool:
    """Take a dossier away, in the caller's transaction; False where it is gone.

    Raises ``psycopg.errors.ObjectNotInPrerequisiteState`` or
    ``InsufficientPrivilege`` where it may not go.
    """
    query = statement("erasing", "destroy")
    row = await (await conn.execute(query, {"stream": stream})).fetchone()
    return row is not None and bool(row[0])


async def unfinished(source: Source) -> tuple[str, ...]:
    """Return dossiers that are gone, and whose closed runs in Temporal may not be."""
    async with connection(source) as conn:
        query = statement("erasing", "destructions")
        cursor = await conn.execute(query, {"stream": None})
        return tuple(row[0] for row in await cursor.fetchall())


async def finish(source: Source, stream: str) -> None:
    """Note that its closed runs are gone as well."""
    async with connection(source) as conn:
        query = statement("erasing", "finish_destruction")
        await conn.execute(query, {"stream": stream})


async def destroyed(source: Source) -> Mapping[str, Destroyed]:
    """Return every dossier that was destroyed, by its name.

    As organisations say of their own; what can't be read says nothing.
    """
    async with connection(source) as conn:
        rows = await (await conn.execute(statement("erasing", "destroyed"))).fetchall()
    found = (_read(house, told_by, body) for house, told_by, body in rows)
    return {one.stream: one for one in found if one is not None}


def _read(house: str, told_by: int, body: bytes) -> Destroyed | None:
    try:
        data = json.loads(body)["data"]
        found = Destroyed(data["stream"], data["seq"], data["hash"], house, told_by)
        ours = found.stream.partition(":")[0] == house.partition(":")[2]
    except (LookupError, TypeError, ValueError, AttributeError):
        return None
    return found if ours else None


class Rest(NamedTuple):
    """What is left of a dossier: its head, the leaf of its last event, its events."""

    seq: int
    head: str
    leaf: str | None
    events: int


async def what_is_left(source: Source, stream: str) -> Rest | None:
    """Return what the record has of a dossier; None where it never was."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Rest))
        query = statement("erasing", "what_is_left")
        await cursor.execute(query, {"stream": stream})
        return await cursor.fetchone()
