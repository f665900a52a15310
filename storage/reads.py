"""Reading the record leaves a trace of its own: who, what, when, and how much.

It stands in a table beside the record, since reading is no event of a dialogue. The
database gives the moment, and takes nothing back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from storage.pool import Source, connection
from storage.statements import statement

PAGE: Final = 200
"""How many reads come at once."""


class Read(NamedTuple):
    """That somebody read something."""

    who: str
    """The opaque id of the reader."""
    what: str
    """The verb: ``as-of``, ``diff``, ``sample``, ``export``, ``exceptions``, ``pack``,
    ``show``, ``list``, ``prove``."""
    target: str
    """A stream, an organisation, or ``*`` for everything."""
    filters: Mapping[str, Any]
    size: int | None
    """The checkpoint within which was read."""
    rows: int
    """How many events the answer rests on."""
    opened: bool = False
    """Whether private texts were in the answer."""


class LoggedRead(NamedTuple):
    """A line of the log of reads."""

    id: int
    at: datetime
    who: str
    what: str
    target: str
    filters: dict[str, Any]
    size: int | None
    rows: int
    opened: bool


async def note(source: Source, read: Read) -> None:
    """Put a read on record; to be done before its answer is given."""
    async with connection(source) as conn:
        values = {**read._asdict(), "filters": Jsonb(dict(read.filters))}
        await conn.execute(statement("reads", "note"), values)


async def reads(
    source: Source,
    *,
    who: str | None = None,
    target: str | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> tuple[LoggedRead, ...]:
    """Return who read what, newest first, from before the line ``before``."""
    where = {"who": who, "target": target, "before": before, "limit": limit}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(LoggedRead))
        await cursor.execute(statement("reads", "reads"), where)
        return tuple(await cursor.fetchall())
