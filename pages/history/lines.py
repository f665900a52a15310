"""Events as lines of a history: in words, and with what vouches for each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from desk.browsing import Browsed
from desk.in_words.events import PRIVATE, SENTENCES, told, who
from desk.overview import Overview
from language.speaking import _
from pages.ways import dialogue_path

_PLACE: Final = re.compile(r"\{[a-z_]+\}")


class Line(NamedTuple):
    """One event: ``place`` is that in the log, None while it has none."""

    seq: int
    text: str
    type: str
    at: datetime
    who: str
    actor: str
    href: str
    place: int | None
    private: tuple[str, ...]
    """What its private fields are called."""


def line(
    view: Overview, seq: int, members: Mapping[str, Any], place: int | None
) -> Line:
    """Tell an event as a line."""
    return Line(
        seq=seq,
        text=sentence(view, members),
        type=members["type"],
        at=datetime.fromisoformat(members["at"]),
        who=who(view, members),
        actor=members["actor"]["id"],
        href=dialogue_path(view.stream, "history", str(seq)),
        place=place,
        private=tuple(map(field_name, members["private"])),
    )


def lines(view: Overview, events: Iterable[Browsed]) -> list[Line]:
    """Tell events as lines, in the order they come in."""
    return [line(view, one.seq, one.members, one.leaf_index) for one in events]


def sentence(view: Overview, members: Mapping[str, Any]) -> str:
    """Tell what happened; of what can't be told in words only what it is called.

    A record may hold what no program of ours would have written, and whoever looks for
    that is here.
    """
    try:
        return told(view, members)
    except (LookupError, TypeError, ValueError, AttributeError):
        return str(members["type"])


def field_name(pointer: str) -> str:
    """Say what a private field is called."""
    name = pointer.removeprefix("/")
    return _(PRIVATE[name]) if name in PRIVATE else name


def type_name(type: str) -> str:
    """Say what a type of event tells, with dots for what differs each time."""
    words = SENTENCES.get(type)
    if words is None:
        return type
    text = _PLACE.sub("…", _(words)).rstrip(".")
    return f"{text} ({type})"


def choices_of(counts: Sequence[Any]) -> tuple[list[tuple[str, str]], list[str]]:
    """Give types to choose from with how often each is there, and who acted."""
    types: dict[str, int] = {}
    actors: dict[str, int] = {}
    for each in counts:
        types[each.type] = types.get(each.type, 0) + each.number
        actors[each.actor] = actors.get(each.actor, 0) + each.number
    named = [(type, f"{type_name(type)}: {types[type]}") for type in types]
    most = sorted(actors, key=lambda one: (-actors[one], one))
    return sorted(named, key=lambda one: one[1].casefold()), most
