"""Days and moments as a process director reads them, on the dialogue's wall clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from language import mark
from language.speaking import _

if TYPE_CHECKING:
    from desk.overview import Due

_WEEKDAYS: Final = (
    mark("Mon"),
    mark("Tue"),
    mark("Wed"),
    mark("Thu"),
    mark("Fri"),
    mark("Sat"),
    mark("Sun"),
)
_MONTHS: Final = (
    mark("Jan"),
    mark("Feb"),
    mark("Mar"),
    mark("Apr"),
    mark("May"),
    mark("Jun"),
    mark("Jul"),
    mark("Aug"),
    mark("Sep"),
    mark("Oct"),
    mark("Nov"),
    mark("Dec"),
)


def short_day(when: date) -> str:
    """Write a day: ``Fri 4 Dec 2026``."""
    return _("{weekday} {day} {month} {year}").format(
        weekday=_(_WEEKDAYS[when.weekday()]),
        day=when.day,
        month=_(_MONTHS[when.month - 1]),
        year=when.year,
    )


def moment(when: datetime) -> str:
    """Write a moment: ``Fri 4 Dec 2026 14:05``."""
    return _("{day} {hour:02}:{minute:02}").format(
        day=short_day(when), hour=when.hour, minute=when.minute
    )


def last_moment(closes: datetime) -> str:
    """Write until when something is open that closes at ``closes``, exclusive."""
    if closes.time() == time():
        last = short_day(closes.date() - timedelta(days=1))
        return _("up to {day}, 24:00").format(day=last)
    return _("until {moment}").format(moment=moment(closes))


def due_in(due: Due) -> str:
    """Write how long is left and until when."""
    until = last_moment(due.closes)
    if due.working_days < 0:
        return _("time is over ({until})").format(until=until)
    if due.working_days == 0:
        return _("last working day ({until})").format(until=until)
    if due.working_days == 1:
        return _("1 working day left ({until})").format(until=until)
    return _("{n} working days left ({until})").format(n=due.working_days, until=until)


def days_away(days: int) -> str:
    """Write how far away a day is: negative is past."""
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days == -1:
        return _("yesterday")
    if days < 0:
        return _("{n} days ago").format(n=-days)
    return _("in {n} days").format(n=days)


def moment_span(begins: datetime, ends: datetime) -> str:
    """Write from when until when: ``Thu 10 Dec 2026 19:30-21:30``."""
    if begins.date() != ends.date():
        return f"{moment(begins)} - {moment(ends)}"
    return _("{begins}-{hour:02}:{minute:02}").format(
        begins=moment(begins), hour=ends.hour, minute=ends.minute
    )
