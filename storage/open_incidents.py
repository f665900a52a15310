"""An incident is open until an operator acted, and both are on record once.

`audit.append` and the sealer keep incidents as rows, in the transaction that refuses.
That one was found is an event of `polder:log`, written by the sealer, or here where no
sealer runs; and so is that it was closed, and how.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from psycopg.rows import class_row

from domain.incidents import (
    CLOSED,
    FOUND,
    OF_APPENDS,
    How,
    IncidentClosed,
    IncidentFound,
    Todo,
    cause_of,
    todo,
)
from evidence.canonical import JsonValue
from evidence.census import LOG_STREAM
from storage.ownlog import MACHINE, append
from storage.pool import Source, connection
from storage.statements import statement

MOST: Final = 1_000
"""How many incidents are listed at once."""


class Open(NamedTuple):
    """An incident that nobody closed. ``blocks``: its stream takes nothing more."""

    id: str
    stream: str
    kind: str
    detail: dict[str, Any]
    at: datetime
    blocks: bool

    @property
    def todo(self) -> Todo:
        """What an operator must do."""
        return todo(self.kind)


async def note(source: Source) -> int:
    """Put on record what was found since the last time; return how many there were."""
    async with connection(source) as conn:
        rows = await conn.execute(statement("open_incidents", "unnoted"))
        found = await rows.fetchall()
    for incident, stream, kind in found:
        await tell(source, stream, kind, incident)
    return len(found)


async def tell(source: Source, stream: str, kind: str, incident: str) -> None:
    """Put on record, once, that an incident was found, with what must be done.

    Raises an ``AppendRefused`` where the log's stream takes nothing.
    """
    data = IncidentFound.of(stream, kind, incident).model_dump(mode="json")
    await append(source, LOG_STREAM, FOUND, data, cause=cause_of(incident))


async def still_open(source: Source, stream: str | None = None) -> tuple[Open, ...]:
    """Return the incidents of a stream, or of all, that nobody closed; newest first."""
    where = {"stream": stream, "limit": MOST}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Open))
        await cursor.execute(statement("open_incidents", "open"), where)
        return tuple(await cursor.fetchall())


async def stream_of(source: Source, incident: str) -> str | None:
    """Return the stream of an incident, or None where there is no such incident."""
    async with connection(source) as conn:
        query = statement("open_incidents", "one")
        row = await (await conn.execute(query, {"id": incident})).fetchone()
    return None if row is None else str(row[0])


async def close(
    source: Source, incident: str, how: How, actor: Mapping[str, JsonValue] = MACHINE
) -> None:
    """Put on record that an operator acted on an incident, and how.

    The first time counts. Raises ``CauseTaken`` where it was closed in another way.
    """
    fact = IncidentClosed(incident=incident, how=how)
    data = fact.model_dump(mode="json")
    cause = cause_of(incident, closed=True)
    await append(source, LOG_STREAM, CLOSED, data, cause=cause, actor=actor)


async def close_all(
    source: Source, stream: str, how: How, actor: Mapping[str, JsonValue] = MACHINE
) -> int:
    """Close what appends to a stream found, now that it takes what is offered.

    What the sealer found stays open, and so does what still blocks the stream. Returns
    how many were closed.
    """
    found = [
        one
        for one in await still_open(source, stream)
        if one.kind in OF_APPENDS and not one.blocks
    ]
    if found:
        await note(source)
    for one in found:
        await close(source, one.id, how, actor)
    return len(found)
