"""What was denied to whom is kept: added to, and never with more than it takes to see.

There is no address and no body in it: a network of 256 addresses (or an IPv6 /48), the
template of the route, and the id of the token where there was a real one.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from storage.pool import Source, connection
from storage.statements import statement


class Denial(NamedTuple):
    """An attempt that was denied."""

    method: str
    route: str
    why: str
    token: str | None = None
    organisation: str | None = None
    network: str | None = None


class NotedDenial(NamedTuple):
    """A line of the log of what was denied."""

    id: int
    at: datetime
    token: str | None
    organisation: str | None
    method: str
    route: str
    why: str
    network: str | None


async def note(source: Source, denial: Denial) -> None:
    """Add a line."""
    async with connection(source) as conn:
        await conn.execute(statement("access", "note_denial"), denial._asdict())


async def denials(
    source: Source, organisation: str | None = None, limit: int = 200
) -> list[NotedDenial]:
    """Return what was denied, of one organisation or of all, newest first."""
    where = {"organisation": organisation, "limit": limit}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(NotedDenial))
        await cursor.execute(statement("access", "denials"), where)
        return await cursor.fetchall()
