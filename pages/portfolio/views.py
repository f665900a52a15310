"""The portfolio as its page shows it: counts as filters, lines, and time in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from desk.courses import Course
from desk.in_words.moments import days_away, short_day
from desk.in_words.mood import Mood
from desk.in_words.standings import STATUS, STATUS_MOOD, WINDOW
from desk.overseeing import Choice, Found
from desk.overseen import Seen
from language import mark
from language.speaking import _
from pages.portfolio.asked import Asked
from pages.portfolio.axis import Spoken
from pages.ways import dialogue_path

MOST: Final = 8
"""How many phases, windows and dates of one dialogue are told in time: the last."""

ORDERS: Final = (
    ("deadline", mark("Next date first")),
    ("-deadline", mark("Last date first")),
    ("-attention", mark("Most attention first")),
    ("attention", mark("Least attention first")),
    ("title", mark("Title, from A to Z")),
    ("-title", mark("Title, from Z to A")),
    ("phase", mark("Method and phase")),
    ("-phase", mark("Method and phase, backwards")),
    ("-updated", mark("Latest change first")),
    ("updated", mark("Oldest change first")),
    ("-started", mark("Latest start first")),
    ("started", mark("Oldest start first")),
)
"""In which orders the list can come, and what each is called."""

_KINDS: Final = {
    "window": mark("window “{what}” closes"),
    "reminder": mark("reminder of window “{what}”"),
    "date": mark("the date for “{what}”"),
}


class Chip(NamedTuple):
    """A filter to choose with one press; ``total`` is how many dialogues it gives."""

    title: str
    total: int
    address: str
    here: bool


class Sums(NamedTuple):
    """Numbers over all dialogues that fit."""

    attention: int
    overdue: int
    open_windows: int


class Offers(NamedTuple):
    """What can be chosen to filter by, as pairs of a value and its words."""

    methods: Sequence[tuple[str, str]]
    phases: Sequence[tuple[str, str]]
    roles: list[tuple[str, str]]
    orders: Sequence[tuple[str, str]]


class Row(NamedTuple):
    """One dialogue of the list, in words."""

    title: str
    href: str
    name: str
    lang: str
    status: str
    mood: Mood
    method: str
    phase: str
    step: str | None
    due: str
    due_what: str
    due_day: str
    late: bool
    asks: int
    overdue: int
    today: str


class Told(NamedTuple):
    """A line of the table beside the time axis; ``ends`` is empty while it goes on."""

    what: str
    lang: str
    begins: str
    ends: str
    standing: str


class Timed(NamedTuple):
    """What is told in time of one dialogue; ``left`` is how much more there was."""

    title: str
    href: str
    told: tuple[Told, ...]
    left: int


def statuses(found: Found, asked: Asked) -> tuple[Chip, ...]:
    """Give the statuses that dialogues have, to filter by."""
    here = asked.selection.status
    every = Chip(
        _("All"), sum(found.statuses.values()), asked.address(status=None), here is None
    )
    each = (
        Chip(
            _(text),
            found.statuses.get(status, 0),
            asked.address(status=status),
            here == status,
        )
        for status, text in STATUS.items()
        if status in found.statuses or status == here
    )
    return (every, *each)


def sums(found: Found) -> Sums:
    """Add up what all dialogues that fit ask."""
    return Sums(
        found.total(lambda each: each.attention),
        found.total(lambda each: each.overdue),
        found.total(lambda each: each.open_windows),
    )


def offers(found: Found) -> Offers:
    """Give what can be chosen, each with how many dialogues it would give."""
    return Offers(
        _counted(found.methods),
        _counted(found.phases),
        [*found.roles],
        [(order, _(text)) for order, text in ORDERS],
    )


def known(found: Found) -> frozenset[str]:
    """Give the phases that can be chosen."""
    return frozenset(one.value for one in found.phases)


def _counted(choices: Iterable[Choice]) -> list[tuple[str, str]]:
    return [(one.value, f"{one.title} ({one.dialogues})") for one in choices]


def month(at: datetime) -> str:
    """Write a month, short: what stands along the time axis."""
    return short_day(at.date()).split(" ", 2)[-1]


def rows(found: Found) -> tuple[Row, ...]:
    """Give the lines of the list."""
    return tuple(map(_row, found.lines))


def _row(line: Seen) -> Row:
    row = line.row
    what = _KINDS.get(row.kind or "")
    return Row(
        title=row.title,
        href=dialogue_path(row.stream),
        name=row.stream.partition(":")[2],
        lang=line.lang,
        status=_(STATUS.get(row.status, row.status)),
        mood=STATUS_MOOD.get(row.status, "plain"),
        method=line.method,
        phase=line.phase,
        step=line.step,
        due=short_day(line.due) if line.due else "",
        due_what=_(what).format(what=line.due_what) if what else "",
        due_day=days_away(line.days) if line.days is not None else "",
        late=(line.days or 0) < 0,
        asks=row.attention,
        overdue=row.overdue,
        today=_today(row.stream),
    )


def _today(stream: str) -> str:
    return f"/today?who=all&dialogue={stream.partition(':')[2]}"


def shortened(courses: Iterable[Course]) -> tuple[Course, ...]:
    """Leave what is told in time of each dialogue: the last of much."""
    return tuple(
        Course(one.stretches[-MOST:], one.openings[-MOST:], one.days[:MOST])
        for one in courses
    )


def spoken(seen: Sequence[Seen], courses: Sequence[Course]) -> tuple[Spoken, ...]:
    """Say what each bar of the picture is."""
    return tuple(
        Spoken(
            list(map(_in_a_line, _phases(one, course))),
            list(map(_in_a_line, _windows(one, course))),
            list(map(_in_a_line, _dates(one, course))),
        )
        for one, course in zip(seen, courses, strict=True)
    )


def _in_a_line(told: Told) -> str:
    days = f"{told.begins} – {told.ends}" if told.begins else told.ends
    return f"{told.what}: {days.rstrip('– ')} ({told.standing})"


def timed(
    seen: Sequence[Seen], whole: Sequence[Course], shown: Sequence[Course]
) -> tuple[Timed, ...]:
    """Give in words what the picture shows."""
    return tuple(
        Timed(
            one.row.title,
            dialogue_path(one.row.stream),
            (*_phases(one, course), *_windows(one, course), *_dates(one, course)),
            sum(map(len, every)) - sum(map(len, course)),
        )
        for one, every, course in zip(seen, whole, shown, strict=True)
    )


def _phases(one: Seen, course: Course) -> list[Told]:
    return [
        Told(
            _("Phase {number}: {title}").format(number=s.number, title=s.title)
            + (f" ({_('again')})" if s.round > 1 else ""),
            one.lang,
            _on(one, s.begins),
            _on(one, s.ends) if s.ends else "",
            _("done") if s.ends else _("under way"),
        )
        for s in course.stretches
    ]


def _windows(one: Seen, course: Course) -> list[Told]:
    return [
        Told(
            _("Window: {title}").format(title=o.title),
            one.lang,
            _on(one, o.opens),
            _last(one, o.closes),
            _(WINDOW[o.status]),
        )
        for o in course.openings
    ]


def _dates(one: Seen, course: Course) -> list[Told]:
    return [
        Told(
            _("Date: {title}").format(title=d.title),
            one.lang,
            "",
            _last(one, d.ends),
            _("has passed") if d.ends <= one.now else _("to come"),
        )
        for d in course.days
    ]


def _on(one: Seen, moment: datetime) -> str:
    return short_day(one.local(moment).date())


def _last(one: Seen, ends: datetime) -> str:
    """Give the last day of what ends at a moment that no longer belongs to it."""
    return _on(one, ends - timedelta(microseconds=1))
