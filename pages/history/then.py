"""A dialogue as it was, and two moments of it compared, in words."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any, Final, NamedTuple

from desk.difference import Change
from desk.in_words import properties
from desk.in_words.mood import Mood
from desk.in_words.places import told_path
from desk.in_words.standings import STANDING, STATUS, STATUS_MOOD, WINDOW
from desk.overview import Overview, seen
from desk.past import AsOf, Difference
from desk.titles import Titles
from language import mark
from language.speaking import _
from pages.ways import dialogue_path

_LONG: Final = 300
_KINDS: Final[Mapping[str, tuple[str, Mood]]] = {
    "added": (mark("came"), "good"),
    "removed": (mark("went"), "alarm"),
    "changed": (mark("changed"), "open"),
}


class Cited(NamedTuple):
    """The checkpoint that covers what is shown."""

    size: int
    origin: str
    root: str
    at: datetime
    published: bool


class Then(NamedTuple):
    """A dialogue as it was after one of its events."""

    seq: int
    hash: str
    at: datetime
    asked: str
    view: Overview
    status: str
    mood: Mood
    cited: Cited | None
    href: str
    """Where that event is proved."""

    @property
    def steps(self) -> Iterator[tuple[str, str, str, Mood, int, int, int]]:
        """Each step: number, title, how it stood, how many items were done, round."""
        for phase in self.view.phases:
            for step in phase.steps:
                word, mood = STANDING[step.status]
                told = (step.number, step.title, _(word), mood)
                yield (*told, step.done, step.total, step.round)

    @property
    def windows(self) -> Iterator[tuple[str, str, int, int, int]]:
        """Each window that was opened: title, how it stood, and what came in."""
        for one in self.view.windows:
            if one.run:
                word = _(WINDOW[one.status])
                yield one.title, word, one.on_time, one.late, len(one.silent)


class Differs(NamedTuple):
    """One property that differs, in words."""

    kind: str
    mood: Mood
    place: str
    """What it is a property of; empty for one of the dialogue as a whole."""
    name: str
    before: str
    after: str


def then(found: AsOf, lang: str) -> Then:
    """Tell how a dialogue was; titles in a language."""
    view = seen(found.stream, found.state, found.shown_at, lang)
    status = "suspended" if view.suspended else found.state.status
    return Then(
        seq=found.seq,
        hash=found.hash,
        at=found.at,
        asked=found.asked.told,
        view=view,
        status=_(STATUS[status]),
        mood=STATUS_MOOD[status],
        cited=cited(found),
        href=dialogue_path(found.stream, "history", str(found.seq)),
    )


def cited(found: AsOf) -> Cited | None:
    """Give the checkpoint that covers a moment; None: it is not sealed yet."""
    if found.covered is None:
        return None
    one = found.covered.checkpoint
    root = b64encode(one.root).decode()
    return Cited(one.size, one.origin, root, one.at, one.published)


def differing(found: Difference, lang: str) -> list[Differs]:
    """Tell what differs between two moments, property by property."""
    titles = Titles(found.after.state.plan, lang)
    return [
        _differs(change, found, titles)
        for change in found.changes
        if properties.matters(change)
    ]


def grouped(changes: list[Differs]) -> list[tuple[str, list[Differs]]]:
    """Put together what differs of one thing."""
    by_place = groupby(changes, key=lambda one: one.place)
    return [(place, list(ones)) for place, ones in by_place]


def _differs(change: Change, found: Difference, titles: Titles) -> Differs:
    word, mood = _KINDS[change.kind]
    place, _sign, name = told_path(titles, change).rpartition(" › ")
    return Differs(
        kind=_(word),
        mood=mood,
        place=place,
        name=name,
        before=_told(properties.value(change, change.before, found.after, titles)),
        after=_told(properties.value(change, change.after, found.after, titles)),
    )


def _told(value: Any) -> str:  # noqa: ANN401 (any JSON)
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"
