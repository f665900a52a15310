"""The time axis of a page of dialogues: a picture laid out to the last coordinate.

A template only writes it down. What it shows stands in a table beside it as well, and
shape and word tell what colour tells. Each dialogue has a clock of its own, so each row
has its own now. What overlaps in a dialogue lies below one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from desk.courses import Course
from desk.overseen import Seen
from pages.portfolio.asked import SPANS

WIDTH: Final = 960
HEAD: Final = 26
"""Where the first row begins, under the months."""

_TITLE: Final = 26
"""Units of a row that its title takes; phases come under it, and then windows."""
_PHASE: Final = 15
_WINDOW: Final = 7
_GAP: Final = 3
_END: Final = 8
_LEAST: Final = 3
"""Units that what is very short is wide."""
_ROOM: Final = 13
"""Units that a digit in a bar takes."""
_MONTH: Final = 60
"""Units that the name of a month takes."""
_CHARACTERS: Final = 96
_DAY: Final = timedelta(days=1)
_MONTHS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
_TICKS: Final = 12

When = tuple[datetime, datetime]


class Bar(NamedTuple):
    """A stretch of time: where, how it is drawn, what it says. A date has no width."""

    x: float
    y: int
    width: float
    height: int
    kind: str
    label: str
    says: str


class Line(NamedTuple):
    """A dialogue's row: where it begins and ends, its title, its bars, and its now."""

    y: int
    end: int
    title: str
    bars: tuple[Bar, ...]
    now: float | None


class Tick(NamedTuple):
    """The first of a month; ``named`` where there is room for its name."""

    x: float
    at: datetime
    named: bool


class Axis(NamedTuple):
    """A picture: its size, what stands along its top, and a row for each dialogue."""

    height: int
    ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    begins: datetime
    ends: datetime


class Spoken(NamedTuple):
    """What the bars of one dialogue say, in its order: phases, windows and dates."""

    phases: Sequence[str]
    windows: Sequence[str]
    dates: Sequence[str]


class _Piece(NamedTuple):
    """What is to be drawn as a bar, before it has a place."""

    when: When
    kind: str
    label: str
    says: str


def draw(
    seen: Sequence[Seen],
    courses: Sequence[Course],
    spoken: Sequence[Spoken],
    span: str | None = None,
) -> Axis:
    """Lay out dialogues in time; ``span`` is a name of `SPANS`, None for all of it."""
    scale = _scale(seen, courses, span)
    lines: list[Line] = []
    y = HEAD
    for one, course, words in zip(seen, courses, spoken, strict=True):
        lines.append(_line(y, one, course, words, scale))
        y = lines[-1].end
    return Axis(y + 1, tuple(_ticks(scale)), tuple(lines), scale.begins, scale.ends)


class _Scale(NamedTuple):
    begins: datetime
    ends: datetime

    def x(self, moment: datetime) -> float:
        """Give where a moment is; what is outside is at the edge."""
        part = (moment - self.begins) / (self.ends - self.begins)
        return round(WIDTH * min(1.0, max(0.0, part)), 1)

    def has(self, moment: datetime) -> bool:
        """Whether a moment is in the picture."""
        return self.begins <= moment <= self.ends

    def touches(self, when: When) -> bool:
        """Whether anything of a stretch is in the picture."""
        return when[1] >= self.begins and when[0] <= self.ends


def _scale(seen: Sequence[Seen], courses: Sequence[Course], span: str | None) -> _Scale:
    nows = [one.now for one in seen] or [datetime.now(UTC)]
    around = SPANS.get(span or "")
    if around is not None:
        before, after = around
        return _Scale(min(nows) - before * _DAY, max(nows) + after * _DAY)
    moments = [*nows, *_moments(courses)]
    begins, ends = min(moments), max(moments)
    room = max((ends - begins) / 40, _DAY)
    return _Scale(begins - room, ends + room)


def _moments(courses: Iterable[Course]) -> Iterator[datetime]:
    for course in courses:
        for stretch in course.stretches:
            yield stretch.begins
            yield stretch.ends or stretch.begins
        for opening in course.openings:
            yield from (opening.opens, opening.closes)
        yield from (day.ends for day in course.days)


def _line(y: int, one: Seen, course: Course, words: Spoken, scale: _Scale) -> Line:
    top = y + _TITLE
    phases, middle = _lanes(_phases(one, course, words.phases), top, _PHASE, scale)
    windows, end = _lanes(_windows(course, words.windows), middle, _WINDOW, scale)
    title = one.row.title
    short = title if len(title) <= _CHARACTERS else f"{title[: _CHARACTERS - 1]}…"
    end = max(end, top + _PHASE) + _END
    dates = _dates(top, course, words.dates, scale)
    now = scale.x(one.now) if scale.has(one.now) else None
    return Line(y, end, short, (*phases, *windows, *dates), now)


def _phases(one: Seen, course: Course, says: Sequence[str]) -> Iterator[_Piece]:
    for stretch, text in zip(course.stretches, says, strict=True):
        ends = stretch.ends or max(one.now, stretch.begins)
        kind = "again" if stretch.round > 1 else "phase"
        kind += "" if stretch.ends else " live"
        yield _Piece((stretch.begins, ends), kind, str(stretch.number), text)


def _windows(course: Course, says: Sequence[str]) -> Iterator[_Piece]:
    for opening, text in zip(course.openings, says, strict=True):
        ends = max(opening.opens, opening.closes)
        yield _Piece((opening.opens, ends), f"window {opening.status}", "", text)


def _lanes(
    pieces: Iterable[_Piece], y: int, height: int, scale: _Scale
) -> tuple[list[Bar], int]:
    """Lay pieces out in as few lanes as they take; give where the last one ends."""
    free: list[float] = []
    bars: list[Bar] = []
    visible = (piece for piece in pieces if scale.touches(piece.when))
    for piece in sorted(visible, key=lambda piece: piece.when):
        x, width = _place(piece.when, scale)
        lane = next((n for n, until in enumerate(free) if until <= x), len(free))
        free[lane : lane + 1] = [x + width]
        label = piece.label if width >= _ROOM * len(piece.label) else ""
        where = y + lane * (height + _GAP)
        bars.append(Bar(x, where, width, height, piece.kind, label, piece.says))
    return bars, y + len(free) * (height + _GAP)


def _place(when: When, scale: _Scale) -> tuple[float, float]:
    """Give where a stretch begins, and how wide it is."""
    x = scale.x(when[0])
    width = max(_LEAST, round(scale.x(when[1]) - x, 1))
    return min(x, WIDTH - width), width


def _dates(y: int, course: Course, says: Sequence[str], scale: _Scale) -> Iterator[Bar]:
    for each, text in zip(course.days, says, strict=True):
        if scale.has(each.ends):
            yield Bar(scale.x(each.ends), y + 1, 0, 0, "date", "", text)


def _ticks(scale: _Scale) -> Iterator[Tick]:
    months = (scale.ends - scale.begins) / (30 * _DAY)
    every = next((n for n in _MONTHS if months / n <= _TICKS), _MONTHS[-1])
    first = scale.begins.year * 12 + scale.begins.month
    last = scale.ends.year * 12 + scale.ends.month
    for number in range(first, last):
        if number % every == 0:
            year, month = divmod(number, 12)
            at = datetime(year, month + 1, 1, tzinfo=UTC)
            x = scale.x(at)
            yield Tick(x, at, x <= WIDTH - _MONTH)
