"""A dossier at the end of its term goes whole; of it stay its name, head and hashes.

The database takes it away in one transaction with the event that says so, and only
where that event names its head, its term is over, nothing holds it and each of its
events has a leaf in the log. Closed runs in Temporal go after that, as often as it
takes.
"""

from __future__ import annotations

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
    """Return every dossier that was destroyed, by its name."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Destroyed))
        await cursor.execute(statement("erasing", "destroyed"))
        return {found.stream: found for found in await cursor.fetchall()}
