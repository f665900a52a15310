"""A calendar is compiled once, as data, and travels with the dialogue.

It holds what a deadline depends on: the days on which nobody has to work, the
instants at which the zone's clock jumps, and how the law counts a term. Nothing
here looks at the machine's clock, its zone files or a library of holidays, so an
update of those cannot move a deadline that was already promised. `calendars/`
compiles it; the command `renew_calendar` replaces it.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from typing import Self

from pydantic import Field, model_validator

from domain.errors import CalendarExhausted
from domain.facts import Fact, Instant

ONE_DAY = timedelta(days=1)
MIDNIGHT = time(0)
SATURDAY = 5
FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2999, 12, 31)
"""Between which days calendars lie: no sum of days leaves the years there are."""

MOST_YEARS = 20
"""How many years one calendar covers at most."""


class BeforeCalendar(CalendarExhausted):
    """The dialogue's calendar {calendar} begins on {first}. Renew it first (renew_calendar)."""  # noqa: E501 (the docstring is the message)


class Transition(Fact):
    """From `at` on, local time is UTC plus `offset` seconds."""

    at: Instant
    offset: int = Field(gt=-86_400, lt=86_400)


class TermLaw(Fact):
    """How one country's law ends a term, as numbers and references.

    `counting`, `rolling`, `minimum` and `exempt` are reference codes such as
    `NL:Atw:1` (law and article); the code that decided a term goes into its rule.
    """

    counting: str
    """Names the days that are no working days."""
    rolling: str
    """Moves the end of a term in calendar days to the next working day."""
    minimum: str | None = None
    """Grants a term of `minimum_from` days at least `minimum_days` working days."""
    minimum_from: int = Field(default=0, ge=0)
    minimum_days: int = Field(default=0, ge=0)
    exempt: str | None = None
    """Leaves a term of more than `exempt_above` days as it was counted."""
    exempt_above: int = Field(default=0, ge=0)


class Calendar(Fact):
    """Working days, clock jumps and term law of one country in one zone.

    `first` and `last` are the days it covers, both included. Saturdays and Sundays
    are no working days and are not listed in `non_working`. `offset` is the number
    of seconds that local time is ahead of UTC when `first` begins.
    """

    id: str = Field(pattern=r"^[A-Z]{2}$")
    zone: str = Field(min_length=1)
    first: date = Field(ge=FIRST_DAY)
    last: date = Field(le=LAST_DAY)
    non_working: tuple[date, ...]
    offset: int = Field(gt=-86_400, lt=86_400)
    transitions: tuple[Transition, ...] = Field(max_length=200)
    law: TermLaw
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.last < self.first:
            message = "last lies before first"
            raise ValueError(message)
        if self.last.year - self.first.year >= MOST_YEARS:
            message = f"a calendar covers at most {MOST_YEARS} years"
            raise ValueError(message)
        if any(b <= a for a, b in pairwise(self.non_working)):
            message = "non_working must rise, without repeats"
            raise ValueError(message)
        if any(b.at <= a.at for a, b in pairwise(self.transitions)):
            message = "transitions must rise, without repeats"
            raise ValueError(message)
        return self


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Whether `day` is neither Saturday, Sunday nor a holiday of the calendar.

    Raises `CalendarExhausted` for a day that the calendar does not cover.
    """
    require_covered(calendar, day)
    if day.weekday() >= SATURDAY:
        return False
    place = bisect_left(calendar.non_working, day)
    return calendar.non_working[place : place + 1] != (day,)


def to_local(calendar: Calendar, instant: datetime) -> datetime:
    """Give the moment as the zone's wall clock shows it, with its offset.

    `.date()` of the answer is the local day. Raises `CalendarExhausted` outside
    the days covered, ValueError for a moment without an offset.
    """
    if instant.tzinfo is None:
        message = "an instant needs an offset"
        raise ValueError(message)
    if not calendar.first.year - 1 <= instant.year <= calendar.last.year + 1:
        require_covered(calendar, instant.date())  # too far to have a local time
    offset = calendar.offset
    for transition in calendar.transitions:
        if instant < transition.at:
            break
        offset = transition.offset
    local = instant.astimezone(timezone(timedelta(seconds=offset)))
    require_covered(calendar, local.date())
    return local


def to_instant(calendar: Calendar, day: date, at: time = MIDNIGHT) -> datetime:
    """Give the UTC moment at which the zone's wall clock shows `day` and `at`.

    Where the clock jumps over that time, the moment of the jump; where it shows
    that time twice, the first of the two. So midnight is always the start of the
    day, and one day ends exactly where the next begins. The day after `last` still
    has a start. Raises `CalendarExhausted` beyond that.
    """
    if day - ONE_DAY != calendar.last:
        require_covered(calendar, day)
    wall = datetime.combine(day, at.replace(tzinfo=None), tzinfo=UTC)
    moment = wall - timedelta(seconds=calendar.offset)
    for transition in calendar.transitions:
        if moment < transition.at:
            break
        moment = max(transition.at, wall - timedelta(seconds=transition.offset))
    return moment


def end_of_day(calendar: Calendar, day: date) -> datetime:
    """Give the first UTC moment after the local day: 24:00, the next day's start."""
    require_covered(calendar, day)
    return to_instant(calendar, day + ONE_DAY)


def require_covered(calendar: Calendar, day: date) -> None:
    """Raise `CalendarExhausted` unless the calendar covers the day."""
    if day < calendar.first:
        raise BeforeCalendar(calendar=calendar.id, first=calendar.first.isoformat())
    if day > calendar.last:
        raise CalendarExhausted(calendar=calendar.id, until=calendar.last.isoformat())
