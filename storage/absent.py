"""What the vault does not have is named on record, by an event of the same stream.

The append notes in its own transaction which private fields came without a value, and
an erasure which ones it destroyed. The workflow of a dialogue names them; until it did,
they wait here, so that nothing that happens to the workflow loses them.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import NamedTuple

from evidence.event import event_id
from storage.pool import Source, connection
from storage.statements import statement


class Unnamed(NamedTuple):
    """Fields without a value that no event names yet, and the cause of that event."""

    cause: str
    """The whole cause, ``polder:missing:12``."""
    paths: tuple[tuple[int, str], ...]
    """Event and JSON pointer, rising."""


async def unnamed(source: Source, stream: str) -> tuple[Unnamed, ...]:
    """Return what still has to be named in a stream, in the order of the fields."""
    async with connection(source) as conn:
        cursor = await conn.execute(
            statement("absent", "of_stream"), {"stream": stream}
        )
        rows = await cursor.fetchall()
        causes = [
            Unnamed(cause, tuple((row[0], row[1]) for row in those))
            for cause, those in groupby(rows, lambda row: str(row[2]))
        ]
        first = [uuid.UUID(event_id(stream, each.cause, 0)) for each in causes]
        cursor = await conn.execute(statement("absent", "on_record"), {"ids": first})
        named = {row[0] for row in await cursor.fetchall()}
    left = (each for each, id_ in zip(causes, first, strict=True) if id_ not in named)
    return tuple(sorted(left, key=lambda each: each.paths))


async def streams(source: Source, older_than: timedelta) -> Sequence[str]:
    """Return the streams in which something waits to be named for longer than this."""
    async with connection(source) as conn:
        where = {"older_than": older_than}
        cursor = await conn.execute(statement("absent", "streams"), where)
        return [str(row[0]) for row in await cursor.fetchall()]
