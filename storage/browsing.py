"""The events of one stream as somebody pages through them, chosen by what they say.

Sealed or not: who looks at a history sees what is on record, and of each event whether
it has its place in the log yet. Nothing here is checked; what is shown is what stands.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from psycopg.rows import class_row

from storage.pool import Source, connection
from storage.statements import statement

EVER: Final = 2**62
"""Later than any event: the end of what has not ended."""


class Place(NamedTuple):
    """A step, in the part of the stream in which one of its rounds lay."""

    step: str
    first: int = 1
    last: int = EVER


class Choice(NamedTuple):
    """Which events: None leaves nothing out."""

    types: Sequence[str] | None = None
    actor: str | None = None
    places: Sequence[Place] | None = None
    window: str | None = None
    """With the audience or without: then for all audiences of it."""
    since: datetime | None = None
    until: datetime | None = None
    """Exclusive."""


class Browsed(NamedTuple):
    """One event on record, with its place in the log; None: it is not sealed yet."""

    seq: int
    hash: str
    body: bytes
    recorded_at: datetime
    leaf_index: int | None
    sealed_at: datetime | None

    @property
    def members(self) -> dict[str, Any]:
        """The members of the event, as in ``docs/audit-format.md``."""
        return json.loads(self.body)


class Kind(NamedTuple):
    """How many events of a type somebody made."""

    type: str
    actor: str
    number: int


async def chosen(
    source: Source,
    stream: str,
    choice: Choice,
    *,
    after: int | None = None,
    before: int | None = None,
    newest: bool = False,
    limit: int,
) -> tuple[Browsed, ...]:
    """Return a page of the chosen events, by seq, between two seqs that are not in it.

    With ``newest`` from the end backwards.
    """
    oldest, latest = (
        statement("browsing", "oldest_first"),
        statement("browsing", "newest_first"),
    )
    query = statement("browsing", "chosen") + b"\n" + (latest if newest else oldest)
    places = choice.places
    where = {
        "stream": stream,
        "types": list(choice.types) if choice.types else None,
        "actor": choice.actor,
        "window": choice.window,
        "since": choice.since,
        "until": choice.until,
        "steps": None if places is None else [each.step for each in places],
        "firsts": None if places is None else [each.first for each in places],
        "lasts": None if places is None else [each.last for each in places],
        "after": after,
        "before": before,
        "limit": limit,
    }
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Browsed))
        await cursor.execute(query, where)
        return tuple(await cursor.fetchall())


async def kinds(source: Source, stream: str) -> tuple[Kind, ...]:
    """Return what types of events a stream has, and by whom."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Kind))
        await cursor.execute(statement("browsing", "kinds"), {"stream": stream})
        return tuple(await cursor.fetchall())
