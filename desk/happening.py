"""Sealed events of an organisation's dialogues, in the log's order, page by page.

Only what a checkpoint covers is given, and what follows an event is everything that
follows it: a place in the log is gapless, which no number that a database hands out is.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Final, NamedTuple

from desk.desk import Desk
from desk.gone import no_dialogue
from domain.facts import written
from storage.past import Filters, Scope, SealedEvent, checkpoint, selected
from storage.record import head

PAGE: Final = 200
"""How many events are read at once."""


class Happened(NamedTuple):
    """An event that has its place in the log. ``body`` holds its canonical bytes."""

    leaf: int
    dialogue: str
    seq: int
    type: str
    at: str
    """UTC, microseconds, ``Z``: the event's own moment."""
    hash: str
    body: bytes
    recorded_at: datetime


class Wanted(NamedTuple):
    """Which events of an organisation's dialogues; None and empty: all of them."""

    organisation: str
    dialogue: str | None = None
    types: Collection[str] = ()
    since: datetime | None = None
    """Inclusive; a moment of the events' own."""

    def takes(self, event: Happened) -> bool:
        """Say whether an event of this organisation is one of these."""
        return (
            self.dialogue in {None, event.dialogue}
            and (not self.types or event.type in self.types)
            and (self.since is None or event.at >= written(self.since.astimezone(UTC)))
        )


class Page(NamedTuple):
    """Some events in order; ``after`` is the leaf to go on after."""

    events: list[Happened]
    after: int
    more: bool
    """Whether there is more."""


async def page(desk: Desk, wanted: Wanted, after: int = -1, most: int = PAGE) -> Page:
    """Read events behind a leaf, as far as the log is sealed.

    Raises `NotFound` for a dialogue that is not there.
    """
    await check(desk, wanted)
    return await read(desk, wanted, after, await size(desk), most)


async def check(desk: Desk, wanted: Wanted) -> None:
    """Raise `NotFound` unless the dialogue that is wanted is there."""
    stream = wanted.dialogue
    if stream is not None and await head(desk.pool, stream) is None:
        raise await no_dialogue(desk.pool, stream)


async def size(desk: Desk) -> int:
    """Give how many leaves the log has, under its newest checkpoint."""
    last = await checkpoint(desk.pool)
    return 0 if last is None else last.size


async def read(
    desk: Desk, wanted: Wanted, after: int, sealed: int, most: int = PAGE
) -> Page:
    """Read events behind a leaf, within the log's first ``sealed`` leaves."""
    scope = Scope(wanted.dialogue, None if wanted.dialogue else wanted.organisation)
    filters = Filters(types=tuple(wanted.types), since=wanted.since, dialogues=True)
    asked = most + 1  # One more, so that nobody is sent on to a page without events.
    rows = await selected(desk.pool, sealed, scope, filters, after=after, limit=asked)
    more = len(rows) > most
    last = rows[most - 1].leaf_index if more else max(after, sealed - 1)
    return Page([*map(_happened, rows[:most])], last, more)


def _happened(row: SealedEvent) -> Happened:
    told = row.members
    return Happened(
        leaf=row.leaf_index,
        dialogue=row.stream,
        seq=row.seq,
        type=told["type"],
        at=told["at"],
        hash=row.hash,
        body=row.body,
        recorded_at=row.recorded_at,
    )
