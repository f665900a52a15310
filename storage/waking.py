"""Which subscriptions may have something to do, for whoever wakes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from storage.pool import Source, connection
from storage.statements import statement

KEPT: Final = timedelta(days=30)
"""How long attempts are kept."""


async def new_since(source: Source, start: int, stop: int) -> list[str]:
    """Return the organisations of which something was sealed in between."""
    async with connection(source) as conn:
        where = {"start": start, "stop": stop}
        rows = await conn.execute(statement("deliveries", "new_since"), where)
        return [row[0] for row in await rows.fetchall()]


async def to_wake(
    source: Source, organisations: list[str] | None, size: int, ours: Iterable[str]
) -> list[str]:
    """Return the subscriptions that may have something to do.

    Of these organisations, or of all; ``ours`` are those that this process delivers to.
    """
    where = {"organisations": organisations, "size": size, "ours": list(ours)}
    async with connection(source) as conn:
        rows = await conn.execute(statement("deliveries", "to_wake"), where)
        return [row[0] for row in await rows.fetchall()]


async def forget_attempts(source: Source, older_than: timedelta = KEPT) -> int:
    """Remove attempts of long ago; return how many."""
    async with connection(source) as conn:
        where = {"older_than": older_than}
        cursor = await conn.execute(statement("deliveries", "forget_attempts"), where)
        return cursor.rowcount
