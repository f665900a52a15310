"""The history of a dialogue, page by page, chosen by what somebody looks for.

Who looked is on record before the answer is there, as with every read of the past.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from desk import reads
from desk.correcting import Correction, read
from desk.desk import Desk
from desk.moments import read_instant
from domain.state import Dialogue
from storage.browsing import EVER, Browsed, Choice, Kind, Place, chosen
from storage.browsing import kinds as fetch_kinds

__all__ = [
    "Browsed",
    "Kind",
    "Leaf",
    "Looked",
    "Since",
    "Wanted",
    "kinds",
    "look",
    "since_then",
]

PAGE: Final = 50
"""How many events come at once."""

_MOST: Final = 1_000
"""So many corrections and erasures are looked through for what they say of one."""


class Wanted(NamedTuple):
    """What somebody looks for in a history: None leaves nothing out."""

    types: tuple[str, ...] = ()
    actor: str | None = None
    step: str | None = None
    window: str | None = None
    round: int | None = None
    """Of the step; without one, of whichever step is in such a round."""
    day: date | None = None
    """By the dialogue's own clock and zone."""

    @property
    def told(self) -> dict[str, Any]:
        """What was asked for, as the log of reads has it."""
        every = {
            "type": list(self.types),
            "actor": self.actor,
            "step": self.step,
            "window": self.window,
            "round": self.round,
            "day": self.day.isoformat() if self.day else None,
        }
        return {name: value for name, value in every.items() if value}

    def choice(self, state: Dialogue) -> Choice:
        """Say which events these are in a dialogue, whose rounds lie where they lie."""
        return Choice(
            types=self.types or None,
            actor=self.actor,
            places=self._places(state),
            window=self.window,
            since=None if self.day is None else _begins(self.day, state.zone),
            until=(
                None
                if self.day is None
                else _begins(self.day + timedelta(days=1), state.zone)
            ),
        )

    def _places(self, state: Dialogue) -> list[Place] | None:
        if self.round is None:
            return None if self.step is None else [Place(self.step)]
        steps = [self.step] if self.step else [*state.steps]
        found = [rounds_of(state, step) for step in steps]
        return [places[self.round - 1] for places in found if len(places) >= self.round]


def _begins(day: date, zone: str) -> datetime:
    return read_instant(day.isoformat(), zone, end_of_day=False)


def rounds_of(state: Dialogue, step: str) -> list[Place]:
    """Give where in the stream each round of a step lies, in order.

    What was done in a step before it was begun belongs to its first round.
    """
    rounds = state.steps.get(step, ())
    firsts = [1, *(each.since for each in rounds[1:])]
    lasts = [*(each.since - 1 for each in rounds[1:]), EVER]
    return [
        Place(step, first, last)
        for _round, first, last in zip(rounds, firsts, lasts, strict=False)
    ]


class Leaf(NamedTuple):
    """Where to go on: behind an event, or before it; neither is the beginning."""

    after: int | None = None
    before: int | None = None


class Looked(NamedTuple):
    """A page of a history; ``older`` and ``newer`` say whether there is more."""

    events: Sequence[Browsed]
    older: bool
    newer: bool


async def look(
    desk: Desk, state: Dialogue, stream: str, wanted: Wanted, at: Leaf, *, by: str
) -> Looked:
    """Give a page of a history, newest first; the read is logged in ``by``'s name."""
    upwards = at.after is not None
    found = await chosen(
        desk.pool,
        stream,
        wanted.choice(state),
        after=at.after,
        before=at.before,
        newest=not upwards,
        limit=PAGE + 1,
    )
    more, page = len(found) > PAGE, list(found[:PAGE])
    if upwards:
        page.reverse()
    await reads.note(desk, by, "list", stream, wanted.told, rows=len(page))
    if upwards:
        return Looked(page, older=True, newer=more)
    return Looked(page, older=more, newer=at.before is not None)


async def kinds(desk: Desk, stream: str) -> tuple[Kind, ...]:
    """Give what types of events a history has, and by whom."""
    return await fetch_kinds(desk.pool, stream)


class Since(NamedTuple):
    """What later events say of one: its corrections, and which fields are gone."""

    corrections: list[Correction]
    erased: dict[str, int]
    """The private fields that were erased: JSON pointer → seq of the erasure."""


async def since_then(desk: Desk, stream: str, seq: int) -> Since:
    """Give what later events say of event ``seq``."""
    about = Choice(types=("fact_corrected", "personal_data_erased"))
    found = await chosen(desk.pool, stream, about, after=seq, limit=_MOST)
    read_ones = [read(one.seq, one.members) for one in found]
    erased = {
        str(pointer): one.seq
        for one in reversed(found)
        if one.members["type"] == "personal_data_erased"
        for place, pointer in one.members["data"]["paths"]
        if place == seq
    }
    return Since([one for one in read_ones if one and one.seq == seq], erased)
