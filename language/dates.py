"""A day and an end of time, in words.

A window is open until an instant that no longer belongs to it. Where that is
midnight, people count to the end of the day before: "up to and including Friday".
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from language import mark, translator

HOME_ZONE: Final = ZoneInfo("Europe/Amsterdam")
"""By whose wall clock moments are told where no dialogue has one."""

_WEEKDAYS: Final = (
    mark("Monday"),
    mark("Tuesday"),
    mark("Wednesday"),
    mark("Thursday"),
    mark("Friday"),
    mark("Saturday"),
    mark("Sunday"),
)
_MONTHS: Final = (
    mark("January"),
    mark("February"),
    mark("March"),
    mark("April"),
    mark("May"),
    mark("June"),
    mark("July"),
    mark("August"),
    mark("September"),
    mark("October"),
    mark("November"),
    mark("December"),
)


def day(lang: str, when: date) -> str:
    """Write a day with its weekday: ``Friday 4 December 2026``."""
    _ = translator(lang)
    return _("{weekday} {day} {month} {year}").format(
        weekday=_(_WEEKDAYS[when.weekday()]),
        day=when.day,
        month=_(_MONTHS[when.month - 1]),
        year=when.year,
    )


def month(lang: str, when: date) -> str:
    """Write a month: ``December 2026``."""
    name = translator(lang)(_MONTHS[when.month - 1])
    return f"{name} {when.year}"


def weekdays(lang: str) -> tuple[str, ...]:
    """Give the days of the week, from Monday on."""
    return tuple(map(translator(lang), _WEEKDAYS))


def until(lang: str, closes: datetime) -> str:
    """Write until when something is open that closes at ``closes``, exclusive.

    ``closes`` is local wall clock. Part of a minute is left off: nobody is told a
    moment at which it is too late.
    """
    _ = translator(lang)
    if closes.time() == time():
        last = day(lang, closes.date() - timedelta(days=1))
        return _("up to and including {day}, 24:00").format(day=last)
    return _("until {day}, {hour:02}:{minute:02}").format(
        day=day(lang, closes.date()), hour=closes.hour, minute=closes.minute
    )


def moment(lang: str, when: datetime) -> str:
    """Write a moment of local wall clock: ``Friday 4 December 2026, 09:05``."""
    _ = translator(lang)
    return _("{day}, {hour:02}:{minute:02}").format(
        day=day(lang, when.date()), hour=when.hour, minute=when.minute
    )


def span(lang: str, begins: datetime, ends: datetime) -> str:
    """Write from when until when something lasts, both of local wall clock.

    ``Thursday 10 December 2026, 19:30 to 21:30``; with both days where it ends on
    another one.
    """
    _ = translator(lang)
    if begins.date() != ends.date():
        return _("{begins} to {ends}").format(
            begins=moment(lang, begins), ends=moment(lang, ends)
        )
    return _("{day}, {hour:02}:{minute:02} to {end_hour:02}:{end_minute:02}").format(
        day=day(lang, begins.date()),
        hour=begins.hour,
        minute=begins.minute,
        end_hour=ends.hour,
        end_minute=ends.minute,
    )
