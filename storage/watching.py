"""What tells whether the record is well: a row of its own, and how far the log is."""

from __future__ import annotations

from typing import Any, NamedTuple

from psycopg import AsyncCursor

from storage.pool import Source, connection
from storage.statements import statement


class Standing(NamedTuple):
    """How many dialogues have a status, and how many windows of theirs are open."""

    status: str
    dialogues: int
    open_windows: int


async def beat(source: Source) -> tuple[int, int]:
    """Write the canary's row and, once that is committed, read it back.

    What is read is at least what was written: others may sing at the same time.
    """
    async with connection(source) as conn:
        written = await _number(await conn.execute(statement("watching", "beat")))
        read = await _number(await conn.execute(statement("watching", "beats")))
    return written, read


async def check_readable(source: Source) -> None:
    """Read what every reader reads. Raises ``StorageError`` where that fails."""
    async with connection(source) as conn:
        await conn.execute(statement("watching", "readable"))


async def seal_delay(source: Source) -> float:
    """Return for how many seconds the oldest event waits for its place in the log."""
    async with connection(source) as conn:
        cursor = await conn.execute(statement("watching", "seal_delay"))
        row = await cursor.fetchone()
    return float(row[0]) if row and row[0] is not None else 0.0


async def standing(source: Source) -> tuple[Standing, ...]:
    """Return how many dialogues there are, by status."""
    async with connection(source) as conn:
        cursor = await conn.execute(statement("watching", "standing"))
        return tuple(Standing(*row) for row in await cursor.fetchall())


async def responses_waiting(source: Source) -> int:
    """Return how many responses no dialogue has taken in yet."""
    async with connection(source) as conn:
        return await _number(await conn.execute(statement("watching", "inbox")))


async def _number(cursor: AsyncCursor[Any]) -> int:
    row = await cursor.fetchone()
    return row[0] if row else 0
