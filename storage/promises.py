"""What was promised and is still to be kept, over all dialogues: from the lists."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from psycopg.rows import class_row

from storage.pool import Source, connection
from storage.statements import statement

MOST: Final = 1_000
"""How many are given at once: those that are due first."""


class PromiseRow(NamedTuple):
    """An agreement that is open; ``clock`` and ``zone`` are its dialogue's."""

    stream: str
    title: str
    id: str
    data: dict[str, Any]
    clock: dict[str, Any]
    zone: str


async def promises(
    source: Source, *, organisation: str | None = None, actor: str | None = None
) -> tuple[PromiseRow, ...]:
    """Return agreements that are open, those due first at the top; at most `MOST`.

    ``actor`` leaves those of dialogues in which this actor holds a role. An archived
    dialogue watches none any more.
    """
    where = {"organisation": organisation, "actor": actor, "limit": MOST}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(PromiseRow))
        await cursor.execute(statement("promises", "promises"), where)
        return tuple(await cursor.fetchall())
