"""Who gave which response is on record, and looked up where an answer is sent."""

from __future__ import annotations

from collections.abc import Iterable

from storage.pool import Source, connection
from storage.statements import statement


async def respondents(
    source: Source, stream: str, window: str, numbers: Iterable[int]
) -> dict[int, str]:
    """Return the opaque id of who gave each of these responses to a window.

    A number that no response has is not in the answer.
    """
    wanted = {"stream": stream, "window": window, "numbers": list(numbers)}
    async with connection(source) as conn:
        cursor = await conn.execute(statement("respondents", "respondents"), wanted)
        return dict(await cursor.fetchall())
