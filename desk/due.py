"""When something falls due, by the calendar of a dialogue alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from domain.calendar import ONE_DAY, Calendar, is_working_day, to_local
from domain.errors import CalendarExhausted
from domain.terms import last_day


class Due(NamedTuple):
    """When something closes, on the dialogue's own wall clock."""

    closes: datetime
    """Local, exclusive."""
    last_day: date
    working_days: int
    """Working days after today up to and including the last day; -1 when it is over."""


def local_in(calendar: Calendar, moment: datetime) -> datetime:
    """Give a moment on the calendar's wall clock; UTC where it ends."""
    try:
        return to_local(calendar, moment)
    except CalendarExhausted:
        return moment


def due_in(calendar: Calendar, closes: datetime, now: datetime) -> Due:
    """Say when something closes, counted from ``now``; both are moments in UTC."""
    try:
        end = last_day(calendar, closes)
        left = _working_days(calendar, to_local(calendar, now).date(), end)
        return Due(local_in(calendar, closes), end, -1 if now >= closes else left)
    except CalendarExhausted:
        return Due(closes, closes.date(), max(-1, (closes - now).days))


def _working_days(calendar: Calendar, today: date, end: date) -> int:
    days = (today + n * ONE_DAY for n in range(1, (end - today).days + 1))
    return sum(is_working_day(calendar, day) for day in days)
