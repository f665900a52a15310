"""What holds for every term: midnight, no day off, no less time, nothing guessed.

What the law gives for stated days is in `test_worked_dates.py`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from calendars import compile_calendar
from domain.calendar import BeforeCalendar, Calendar, is_working_day, to_local
from domain.errors import CalendarExhausted, NotLater
from domain.terms import (
    Duration,
    TermOver,
    closing,
    extend,
    last_day,
    remaining,
    reminder_instants,
)

Country = Literal["NL", "BE"]
if TYPE_CHECKING:
    from collections.abc import Callable

    Stated = Callable[[int], Duration]

ZONES: dict[Country, str] = {"NL": "Europe/Amsterdam", "BE": "Europe/Brussels"}


@cache
def calendar_of(country: Country, first_year: int = 2017, years: int = 16) -> Calendar:
    """Compile once for all tests."""
    return compile_calendar(country, ZONES[country], first_year, years)


def noon(country: Country, day: str) -> datetime:
    """Give noon of a local day, in UTC."""
    local = datetime.combine(date.fromisoformat(day), time(12))
    return local.replace(tzinfo=ZoneInfo(ZONES[country])).astimezone(UTC)


def at(text: str) -> datetime:
    """Read an instant."""
    return datetime.fromisoformat(text)


def days(amount: int) -> Duration:
    """State a term in calendar days."""
    return Duration(calendar_days=amount)


def working(amount: int) -> Duration:
    """State a term in working days."""
    return Duration(working_days=amount)


@pytest.mark.parametrize(
    ("last", "closes"),
    [
        ("2026-03-28", "2026-03-28T23:00:00Z"),
        ("2026-03-29", "2026-03-29T22:00:00Z"),
        ("2026-10-24", "2026-10-24T22:00:00Z"),
        ("2026-10-25", "2026-10-25T23:00:00Z"),
    ],
)
@pytest.mark.parametrize("country", ["NL", "BE"])
def test_days_of_23_and_25_hours(country: Country, last: str, closes: str) -> None:
    """On the days when the clock jumps a term still ends at local midnight."""
    duration = Duration(until=date.fromisoformat(last))
    term = closing(calendar_of(country), at("2026-03-01T12:00:00Z"), duration)
    assert term.closes == at(closes)


def test_the_opening_day_is_the_local_day() -> None:
    """What opens at 23:30 UTC in summer opens on the next day in Amsterdam."""
    term = closing(calendar_of("NL"), at("2026-06-30T23:30:00Z"), days(7))
    assert term.rule.counted_from == date(2026, 7, 1)
    assert term.last_day == date(2026, 7, 8)


def test_a_term_that_ends_before_its_opening_is_refused() -> None:
    """A named day before the opening is refused with the first day that can be."""
    duration = Duration(until=date(2026, 11, 20))
    with pytest.raises(TermOver, match="2026-11-21"):
        closing(calendar_of("NL"), noon("NL", "2026-11-21"), duration)


@pytest.mark.parametrize(
    "duration",
    [days(800), working(600), Duration(until=date(2028, 1, 1)), days(3_660)],
)
def test_a_term_beyond_the_calendar_is_refused(duration: Duration) -> None:
    """What the calendar does not reach is refused with what helps: to renew it."""
    calendar = calendar_of("NL", 2026, 2)
    with pytest.raises(CalendarExhausted, match=r"2027-12-31.*renew"):
        closing(calendar, noon("NL", "2026-11-21"), duration)


def test_a_term_may_run_on_past_the_calendar_only_by_refusal() -> None:
    """A last day that would roll beyond the calendar is refused, not guessed."""
    calendar = calendar_of("NL", 2027, 1)
    with pytest.raises(CalendarExhausted):
        # 31 December 2027 is a Friday: a working day, the last that is covered.
        closing(calendar, noon("NL", "2027-12-30"), days(2))
    end = closing(calendar, noon("NL", "2027-12-30"), days(1))
    assert end.closes == at("2027-12-31T23:00:00Z")


def test_an_opening_before_the_calendar_is_refused() -> None:
    """A calendar says where it begins to whoever asks for an earlier day."""
    with pytest.raises(BeforeCalendar, match="begins on 2027-01-01"):
        closing(calendar_of("NL", 2027, 1), noon("NL", "2026-11-21"), days(3))


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"working_days": 5, "calendar_days": 5},
        {"working_days": 0},
        {"calendar_days": -1},
        {"calendar_days": 3_661},
        {"weeks": 6},
        {"until": "2026-02-29"},
        {"calendar_days": 1.5},
    ],
)
def test_a_duration_says_exactly_one_thing(value: dict[str, object]) -> None:
    """Nothing, two things, less than a day or an unknown unit is no duration."""
    with pytest.raises(ValidationError):
        Duration.model_validate(value)


@pytest.mark.parametrize(
    "value", [{"working_days": 5}, {"calendar_days": 42}, {"until": "2028-02-29"}]
)
def test_a_duration_is_written_as_it_was_stated(value: dict[str, object]) -> None:
    """The JSON of a duration has the one member that was stated."""
    assert Duration.model_validate(value).model_dump(mode="json") == value


def test_extending_counts_from_the_current_last_day() -> None:
    """Fourteen days more than a term that ran on to Monday end on a Monday."""
    calendar = calendar_of("NL")
    term = closing(calendar, noon("NL", "2026-11-13"), days(42))
    longer = extend(calendar, term.closes, days(14))
    assert longer.rule.counted_from == date(2026, 12, 28)
    assert longer.last_day == date(2027, 1, 11)


def test_extending_to_an_earlier_or_the_same_day_is_refused() -> None:
    """An extension that gives no more time is refused."""
    calendar = calendar_of("NL")
    closes = at("2026-12-11T23:00:00Z")
    for day in (date(2026, 12, 10), date(2026, 12, 11)):
        with pytest.raises(NotLater):
            extend(calendar, closes, Duration(until=day))
    later = extend(calendar, closes, Duration(until=date(2026, 12, 12)))
    assert later.closes == at("2026-12-12T23:00:00Z")


def test_a_window_that_closes_during_a_day_can_be_extended_to_its_end() -> None:
    """After a pause the last day may be broken off; its own end is later."""
    closes = at("2026-12-11T14:00:00Z")
    term = extend(calendar_of("NL"), closes, Duration(until=date(2026, 12, 11)))
    assert term.closes == at("2026-12-11T23:00:00Z")


def test_the_last_day_is_the_day_of_the_last_moment() -> None:
    """Closing at local midnight belongs to the day that ends then."""
    calendar = calendar_of("NL")
    assert last_day(calendar, at("2026-12-11T23:00:00Z")) == date(2026, 12, 11)
    assert last_day(calendar, at("2026-12-11T23:00:00.000001Z")) == date(2026, 12, 12)


def test_reminders_come_at_nine_on_working_days() -> None:
    """Before Tuesday 7 April 2026 lie Easter Monday, a weekend and Good Friday."""
    moments = reminder_instants(
        calendar_of("NL"), at("2026-04-07T22:00:00Z"), [3, 1, 0, 3]
    )
    assert moments == (
        # Three working days before: Tuesday 31 March; one before: Thursday 2 April.
        at("2026-03-31T07:00:00Z"),
        at("2026-04-02T07:00:00Z"),
        at("2026-04-07T07:00:00Z"),
    )


def test_a_reminder_after_the_closing_is_left_out() -> None:
    """A window that closes at eight in the morning gets no reminder at nine."""
    moments = reminder_instants(calendar_of("NL"), at("2026-12-11T07:00:00Z"), [0, 1])
    assert moments == (at("2026-12-10T08:00:00Z"),)


def test_a_reminder_before_the_calendar_is_left_out() -> None:
    """Counting back beyond the calendar gives no reminder and no error."""
    calendar = calendar_of("NL", 2027, 1)
    moments = reminder_instants(calendar, at("2027-01-05T23:00:00Z"), [1, 30])
    assert moments == (at("2027-01-04T08:00:00Z"),)


COUNTRIES = st.sampled_from(list(ZONES))
OPENINGS = st.timedeltas(timedelta(days=1), timedelta(days=12 * 365)).map(
    lambda since: datetime(2017, 1, 1, tzinfo=UTC) + since
)
AMOUNTS = st.integers(1, 90)
STATED = st.sampled_from((days, working))


@given(COUNTRIES, OPENINGS, AMOUNTS, STATED)
def test_every_term_ends_at_local_midnight_after_its_opening(
    country: Country, opened: datetime, amount: int, state: Stated
) -> None:
    """It closes after its opening, at local midnight, and never on a day off."""
    calendar = calendar_of(country)

    term = closing(calendar, opened, state(amount))

    zone = ZoneInfo(calendar.zone)
    assert term.closes > opened
    assert term.closes.astimezone(zone).time() == time(0)
    assert is_working_day(calendar, term.last_day)
    assert last_day(calendar, term.closes) == term.last_day


@given(COUNTRIES, OPENINGS, AMOUNTS, AMOUNTS, STATED)
def test_more_days_never_give_less_time(
    country: Country, opened: datetime, one: int, other: int, state: Stated
) -> None:
    """Of two terms with the same opening the longer never ends first (to 90 days)."""
    calendar = calendar_of(country)
    shorter = closing(calendar, opened, state(min(one, other)))
    longer = closing(calendar, opened, state(max(one, other)))
    assert shorter.closes <= longer.closes


@given(OPENINGS, st.integers(91, 400))
def test_beyond_90_days_the_dutch_law_moves_nothing(
    opened: datetime, amount: int
) -> None:
    """A Dutch term of more than 90 days ends on the day counted (Atw art. 4)."""
    calendar = calendar_of("NL")
    term = closing(calendar, opened, days(amount))
    assert term.last_day == to_local(calendar, opened).date() + timedelta(days=amount)


@given(OPENINGS, AMOUNTS)
def test_a_dutch_term_holds_two_working_days(opened: datetime, amount: int) -> None:
    """A term of three days or more holds at least two working days (Atw art. 2)."""
    calendar = calendar_of("NL")
    term = closing(calendar, opened, days(amount))
    start = term.rule.counted_from
    inside = range(1, (term.last_day - start).days + 1)
    worked = sum(is_working_day(calendar, start + timedelta(days=n)) for n in inside)
    assert worked >= (2 if amount >= 3 else 1)


@given(COUNTRIES, OPENINGS, AMOUNTS, AMOUNTS, STATED)
def test_an_extension_gives_more_time(
    country: Country, opened: datetime, first: int, more: int, state: Stated
) -> None:
    """Extending always ends later, also when the closing lies inside a day."""
    calendar = calendar_of(country)
    closes = closing(calendar, opened, days(first)).closes + timedelta(hours=5)
    term = extend(calendar, closes, state(more))
    assert term.closes > closes


@given(OPENINGS, OPENINGS)
def test_what_is_left_of_a_window_is_never_less_than_nothing(
    closes: datetime, paused: datetime
) -> None:
    """What is left when paused is what was left, to the microsecond."""
    assert remaining(closes, paused) == max(closes - paused, timedelta(0))
