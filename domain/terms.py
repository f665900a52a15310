"""A deadline is computed once, by pure rules, and remembers the rule that gave it.

A term begins to count on the day after its opening and lasts to the end of its
last day in the dialogue's zone. Its closing is exclusive: what arrives at that
moment is late. How a country's law moves the last day is data in the calendar
(`domain.calendar.TermLaw`); the two laws are explained in `calendars/law.py`.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import (
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from domain.calendar import (
    ONE_DAY,
    Calendar,
    end_of_day,
    is_working_day,
    require_covered,
    to_instant,
    to_local,
)
from domain.errors import DomainError, NotLater
from domain.facts import Fact, Instant

if TYPE_CHECKING:
    from collections.abc import Iterable

REMINDER_HOUR = time(9)
_INSTANT_BEFORE = timedelta(microseconds=1)

Days = Annotated[int, Field(ge=1, le=3_660)]
"""A number of days; no calendar reaches further than ten years."""

Kind = Literal["working_days", "calendar_days", "until"]


class TermOver(DomainError):
    """The term would be over on {last_day}, before it begins. Name a last day from {begins} on."""  # noqa: E501 (the docstring is the message)


class Duration(Fact):
    """How long: working days, calendar days, or until a day. Exactly one of them."""

    model_config = ConfigDict(
        json_schema_extra={"minProperties": 1, "maxProperties": 1},
    )

    working_days: Days | None = None
    calendar_days: Days | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        given = (self.working_days, self.calendar_days, self.until)
        if sum(value is not None for value in given) != 1:
            message = "give exactly one of working_days, calendar_days and until"
            raise ValueError(message)
        return self

    @model_serializer(mode="wrap")
    def _without_nulls(
        self, handler: SerializerFunctionWrapHandler
    ) -> dict[str, object]:
        return {name: v for name, v in handler(self).items() if v is not None}

    @property
    def kind(self) -> Kind:
        """Which of the three it is."""
        if self.until is not None:
            return "until"
        return "calendar_days" if self.working_days is None else "working_days"

    @property
    def amount(self) -> int | None:
        """The number of days; null for a term until a day."""
        return self.calendar_days if self.working_days is None else self.working_days


class Rule(Fact):
    """Why a term ends when it ends: enough to compute it again by hand.

    Counting starts on the day after `counted_from`. `rolled_from` is the day on
    which the term would have ended, had the law not moved it. `law` is the code
    of the provision that decided (null where a day was named).
    """

    kind: Kind
    amount: int | None
    counted_from: date
    last_day: date
    rolled_from: date | None
    calendar: str
    zone: str
    law: str | None


class Term(Fact):
    """A computed deadline: open until `closes` (UTC, exclusive)."""

    closes: Instant
    last_day: date
    rule: Rule


def closing(calendar: Calendar, opened_at: datetime, duration: Duration) -> Term:
    """Give the closing of a window that opens at `opened_at` (UTC).

    Raises `TermOver` for a last day before the day of opening, `CalendarExhausted`
    where the calendar does not reach.
    """
    opening_day = to_local(calendar, opened_at).date()
    if duration.until is not None and duration.until < opening_day:
        raise TermOver(
            last_day=duration.until.isoformat(), begins=opening_day.isoformat()
        )
    return _counted(calendar, opening_day, duration)


def extend(calendar: Calendar, closes: datetime, duration: Duration) -> Term:
    """Give the later closing of a window that now closes at `closes` (UTC).

    Days are counted from the current last day, after any rolling: nobody who was
    promised that day gets less. Raises `NotLater` for a named day whose end is no
    later than `closes`, `CalendarExhausted` where the calendar does not reach.
    """
    term = _counted(calendar, last_day(calendar, closes), duration)
    if term.closes <= closes:
        raise NotLater(new=term.closes.isoformat(), closes=closes.isoformat())
    return term


def last_day(calendar: Calendar, closes: datetime) -> date:
    """Give the local day of the last moment before `closes` (UTC)."""
    return to_local(calendar, closes - _INSTANT_BEFORE).date()


def later_by_days(calendar: Calendar, closes: datetime, days: int) -> datetime:
    """Give the closing of a window that stood still for so many days.

    The days that were left are left after it, and the last one is a working day, as
    the law has it. Raises `CalendarExhausted` where the calendar does not reach.
    """
    counted = last_day(calendar, closes) + days * ONE_DAY
    require_covered(calendar, counted)
    return end_of_day(calendar, _this_or_next_working_day(calendar, counted))


def with_working_days(
    calendar: Calendar, closes: datetime, since: date, days: int
) -> datetime:
    """Give the closing with the working days that were left when a window stood still.

    It stood still on ``since``, a day that is given back whole, and for so many days.
    Raises `CalendarExhausted` where the calendar does not reach.
    """
    last = last_day(calendar, closes)
    left = sum(
        is_working_day(calendar, since + n * ONE_DAY)
        for n in range((last - since).days + 1)
    )
    day = since + (days - 1) * ONE_DAY
    while left > 0:
        day += ONE_DAY
        require_covered(calendar, day)
        left -= is_working_day(calendar, day)
    return end_of_day(calendar, day)


def remaining(closes: datetime, now: datetime) -> timedelta:
    """Give what is left of a window when it is paused: never below zero."""
    return max(closes - now, timedelta(0))


def reminder_instants(
    calendar: Calendar, closes: datetime, days_before: Iterable[int]
) -> tuple[datetime, ...]:
    """Give the moments (UTC, rising) to remind those who have not answered.

    For each n: 09:00 local time on the n-th working day before the last day; for
    n = 0 on the last day itself. A moment at or after `closes` is left out, and so
    is one before the calendar begins. Those before the opening are the caller's to
    drop, since a reminder in the past reminds nobody.
    """
    end = last_day(calendar, closes)
    days = (_working_days_before(calendar, end, n) for n in set(days_before))
    moments = (to_instant(calendar, day, REMINDER_HOUR) for day in days if day)
    return tuple(sorted(moment for moment in moments if moment < closes))


def _counted(calendar: Calendar, start: date, duration: Duration) -> Term:
    if duration.until is not None:
        return _term(calendar, start, duration, duration.until, law=None)
    if duration.working_days is not None:
        end = _after_working_days(calendar, start, duration.working_days)
        return _term(calendar, start, duration, end, law=calendar.law.counting)
    return _calendar_term(calendar, start, duration)


def _calendar_term(calendar: Calendar, start: date, duration: Duration) -> Term:
    law, amount = calendar.law, duration.calendar_days or 0
    counted = start + amount * ONE_DAY
    require_covered(calendar, counted)
    if law.exempt is not None and amount > law.exempt_above:
        return _term(calendar, start, duration, counted, law=law.exempt)
    end = _this_or_next_working_day(calendar, counted)
    if law.minimum is not None and amount >= law.minimum_from:
        enough = _after_working_days(calendar, start, law.minimum_days)
        if enough > end:
            return _term(
                calendar, start, duration, enough, law=law.minimum, counted=counted
            )
    return _term(calendar, start, duration, end, law=law.rolling, counted=counted)


def _term(
    calendar: Calendar,
    start: date,
    duration: Duration,
    end: date,
    *,
    law: str | None,
    counted: date | None = None,
) -> Term:
    rule = Rule(
        kind=duration.kind,
        amount=duration.amount,
        counted_from=start,
        last_day=end,
        rolled_from=None if counted == end else counted,
        calendar=calendar.id,
        zone=calendar.zone,
        law=law,
    )
    return Term(closes=end_of_day(calendar, end), last_day=end, rule=rule)


def _after_working_days(calendar: Calendar, start: date, amount: int) -> date:
    day = start
    for _ in range(amount):
        day = _this_or_next_working_day(calendar, day + ONE_DAY)
    return day


def _this_or_next_working_day(calendar: Calendar, day: date) -> date:
    while not is_working_day(calendar, day):
        day += ONE_DAY
    return day


def _working_days_before(calendar: Calendar, end: date, amount: int) -> date | None:
    day = end
    while amount > 0:
        day -= ONE_DAY
        if day < calendar.first:
            return None
        amount -= is_working_day(calendar, day)
    return day
