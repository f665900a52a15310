"""What needs somebody, as the page shows it: a line each, with its one next act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Final, NamedTuple

from desk.ahead import Coming
from desk.in_words.moments import days_away, due_in
from desk.in_words.mood import Mood
from desk.in_words.standings import task_in_words
from desk.tasks import Task
from desk.today import Today
from domain.audiences import whole_window
from language import mark
from language.dates import day
from language.speaking import _, lang
from pages.today.groups import BY_NAME, CALM, GROUPS, Group, group_of
from pages.ways import Way, dialogue_path, way_of_need

_FIRST: Final = 6
"""How many silent people are named on a line."""


class Act(NamedTuple):
    """An act that takes no more than a button: a command, its one member, its words.

    ``role`` is the one to act in, where they have to say so.
    """

    kind: str
    member: str
    target: str
    label: str
    role: str | None = None


DONE_AT_ONCE: Final[Mapping[str, tuple[str, str]]] = {
    "retry_compensation": ("compensation", mark("Try again")),
    "retry_effect": ("effect", mark("Send again")),
    "tell_answers_again": ("window", mark("Send the answers again")),
    "remind_window": ("window", mark("Remind them")),
    "remind_agreement": ("agreement", mark("Remind them of it")),
}
"""What can be done from this page: it asks for nothing more, and does no harm twice."""


_NOTHING: Final = mark("Nothing is urgent.")
_ONE: Final = mark("One thing needs you.")
_MANY: Final = mark("{n} things need you.")
_LATE_ONE: Final = mark("One of them went wrong or is late.")
_LATE: Final = mark("{n} of them went wrong or are late.")

_COMING: Final[Mapping[str, str]] = {
    "window": mark("Window “{what}” closes"),
    "date": mark("The date for “{what}”"),
    "meeting": mark("Meeting “{what}”"),
}


class Later(NamedTuple):
    """Something that comes after this week: what, in which dialogue, and when."""

    text: str
    title: str
    href: str
    day: date
    away: str


class Line(NamedTuple):
    """One thing that needs somebody: what, in which dialogue, until when, what to do.

    ``way`` is where it is seen to; ``act`` is what is done here, with one button.
    """

    stream: str
    text: str
    mood: Mood
    title: str
    href: str
    when: str
    day: date | datetime | None
    silent: tuple[str, ...]
    more: int
    way: Way
    act: Act | None

    @property
    def name(self) -> str:
        """Name what the act is about, for who hears the act alone."""
        return f"{self.title}: {self.text}"


class Section(NamedTuple):
    """A group with its lines on this page; ``total`` is how many there are in all."""

    group: Group
    total: int
    lines: tuple[Line, ...]


class Chip(NamedTuple):
    """A filter that can be chosen: a group, or None for all of them."""

    name: str | None
    title: str
    total: int
    here: bool


def sections(found: Today) -> tuple[Section, ...]:
    """Give the lines of a page in their groups."""
    grouped = groupby(found.tasks, lambda task: group_of(task.kind))
    return tuple(
        Section(group, group.count(found.counts), tuple(map(_line, tasks)))
        for group, tasks in grouped
    )


def chips(counts: Mapping[str, int], here: Group | None) -> tuple[Chip, ...]:
    """Give the groups that there is something in, and the one that is looked at."""
    every = Chip(None, mark("Everything"), sum(counts.values()), here is None)
    groups = (
        Chip(group.name, group.title, count, group == here)
        for group in GROUPS
        if (count := group.count(counts)) or group == here
    )
    return (every, *groups)


def _line(task: Task) -> Line:
    text, mood = task_in_words(task)
    return Line(
        task.stream,
        text,
        mood,
        task.dialogue,
        dialogue_path(task.stream),
        _when(task),
        task.due.closes if task.due else task.date,
        task.silent[:_FIRST],
        max(0, len(task.silent) - _FIRST),
        way_of_need(task.stream, task.kind, task.target, task.advice),
        _act(task),
    )


def _when(task: Task) -> str:
    if task.due:
        return due_in(task.due)
    return days_away(task.days) if task.days is not None else ""


def _act(task: Task) -> Act | None:
    advice = task.advice
    known = DONE_AT_ONCE.get(advice.kind) if advice else None
    if advice is None or known is None:
        return None
    member, label = known
    return Act(advice.kind, member, str(advice.body[member]), label, task.role)


def summed_up(counts: Mapping[str, int], today: date) -> str:
    """Say in a sentence what day it is and how much needs somebody."""
    urgent = sum(g.count(counts) for g in GROUPS if g.name not in CALM)
    late = BY_NAME["late"].count(counts) + BY_NAME["failed"].count(counts)
    text = _NOTHING if not urgent else _ONE if urgent == 1 else _MANY
    told = [_("It is {day}.").format(day=day(lang(), today)), _(text).format(n=urgent)]
    if late and urgent > 1:
        told.append(_(_LATE_ONE if late == 1 else _LATE).format(n=late))
    return " ".join(told)


def to_come(found: Iterable[Coming]) -> tuple[Later, ...]:
    """Give what comes after this week."""
    return tuple(
        Later(
            _(_COMING[one.kind]).format(what=one.what),
            one.dialogue,
            dialogue_path(one.stream, *_place(one)),
            one.day,
            days_away(one.days),
        )
        for one in found
    )


def _place(one: Coming) -> tuple[str, ...]:
    if one.kind == "window":
        return ("windows", whole_window(one.target))
    return ("meetings",) if one.kind == "meeting" else ("life",)
