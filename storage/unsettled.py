"""Commands whose sender got no answer to the end: noted, to be asked after.

Whether such a command arrived is for Temporal to say, which knows it by its id and by
that of its body. Who has its id alone finds the other here.
"""

from __future__ import annotations

from typing import NamedTuple

from psycopg.rows import class_row

from storage.pool import Source, connection
from storage.statements import statement


class Unsettled(NamedTuple):
    """One body that came under a command's id, and who sent it."""

    digest: str
    actor: str


async def note(source: Source, stream: str, command: str, sent: Unsettled) -> None:
    """Note a command; once, however often it comes."""
    where = {"stream": stream, "command": command, **sent._asdict()}
    async with connection(source) as conn:
        await conn.execute(statement("unsettled", "note"), where)


async def noted(source: Source, stream: str, command: str) -> list[Unsettled]:
    """Give what came under a command's id without an answer, newest first."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Unsettled))
        where = {"stream": stream, "command": command}
        await cursor.execute(statement("unsettled", "noted"), where)
        return await cursor.fetchall()
