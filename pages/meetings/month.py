"""Meetings in a month: a table with a row for each week, from Monday on."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, NamedTuple

from desk.meetings import MeetingView
from desk.overview import Overview
from domain.audiences import whole_window
from pages.ways import dialogue_path

_FIRST: Final = date(1900, 1, 1)
_LAST: Final = date(2199, 12, 31)


class OnDay(NamedTuple):
    """Something on a day: a meeting, or the last day of a window."""

    title: str
    href: str
    time: str
    off: bool


class Day(NamedTuple):
    """A day; ``beside``: of the month before or after."""

    date: date
    beside: bool
    today: bool
    free: bool
    what: tuple[OnDay, ...]


class Month(NamedTuple):
    """A month with its weeks, and the months beside it."""

    first: date
    weeks: tuple[tuple[Day, ...], ...]
    before: str
    after: str
    size: int


def asked(told: str | None, today: date) -> date:
    """Give the first day of the month that an address asks for, or of this one."""
    try:
        found = date.fromisoformat(f"{told}-01")
    except ValueError:
        return today.replace(day=1)
    return found if _FIRST <= found <= _LAST else today.replace(day=1)


def month(view: Overview, meetings: Iterable[MeetingView], first: date) -> Month:
    """Lay meetings and the last days of windows out in a month."""
    found: dict[date, list[OnDay]] = {}
    for meeting in meetings:
        if meeting.held is None:
            time = f"{meeting.begins:%H:%M}"
            href = dialogue_path(view.stream, "meetings", meeting.id)
            off = meeting.standing in {"cancelled", "voided"}
            on = OnDay(meeting.title, href, time, off)
            found.setdefault(meeting.begins.date(), []).append(on)
    for window in view.windows:
        if window.due is not None and window.status == "open":
            href = dialogue_path(view.stream, "windows", whole_window(window.id))
            on = OnDay(window.title, href, "", off=False)
            found.setdefault(window.due.last_day, []).append(on)
    weeks = tuple(
        tuple(_day(view, each, first, found) for each in week)
        for week in Weeks().monthdatescalendar(first.year, first.month)
    )
    return Month(
        first,
        weeks,
        f"{first - timedelta(days=1):%Y-%m}",
        f"{first + timedelta(days=31):%Y-%m}",
        sum(len(on) for each, on in found.items() if _same(each, first)),
    )


def _same(one: date, other: date) -> bool:
    return (one.year, one.month) == (other.year, other.month)


def _day(
    view: Overview, each: date, first: date, found: dict[date, list[OnDay]]
) -> Day:
    what = sorted(found.get(each, ()), key=lambda on: on.time)
    return Day(
        each,
        not _same(each, first),
        each == view.now.date(),
        each.weekday() > 4 or each in view.state.calendar.non_working,  # noqa: PLR2004 (Friday)
        tuple(what),
    )
