"""A compiled calendar answers as the zone's own rules do, gaps and overlaps too."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from calendars import compile_calendar
from domain.calendar import Calendar, end_of_day, to_instant, to_local
from domain.errors import CalendarExhausted

AMSTERDAM, BRUSSELS = "Europe/Amsterdam", "Europe/Brussels"
STRANGE = (
    "Africa/Casablanca",
    "America/Havana",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "UTC",
)


@cache
def calendar_in(zone: str) -> Calendar:
    """Compile once for all tests; 2010 to 2027, when Samoa skipped a day."""
    return compile_calendar("NL", zone, 2010, 18)


@cache
def rules_of(zone: str) -> ZoneInfo:
    """Read the zone's rules from the package that calendars are compiled from."""
    with files("tzdata").joinpath("zoneinfo", *zone.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, zone)


def at(text: str) -> datetime:
    """Read an instant."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("zone", [AMSTERDAM, BRUSSELS])
def test_a_time_that_the_clock_skips_is_the_moment_of_the_jump(zone: str) -> None:
    """Half past two on 29 March 2026 does not exist: it is the jump at 01:00 UTC."""
    calendar, day = calendar_in(zone), date(2026, 3, 29)
    jump = at("2026-03-29T01:00:00Z")
    assert to_instant(calendar, day, time(1, 59)) == jump - timedelta(minutes=1)
    assert to_instant(calendar, day, time(2, 0)) == jump
    assert to_instant(calendar, day, time(2, 30)) == jump
    assert to_instant(calendar, day, time(3, 0)) == jump
    assert to_local(calendar, jump).time() == time(3, 0)


@pytest.mark.parametrize("zone", [AMSTERDAM, BRUSSELS])
def test_a_time_that_comes_twice_is_its_first_moment(zone: str) -> None:
    """Half past two on 25 October 2026 comes at 00:30 and at 01:30 UTC: the first."""
    calendar, day = calendar_in(zone), date(2026, 10, 25)
    assert to_instant(calendar, day, time(2, 30)) == at("2026-10-25T00:30:00Z")
    assert to_instant(calendar, day, time(3, 0)) == at("2026-10-25T02:00:00Z")
    for moment in ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"):
        assert to_local(calendar, at(moment)).time() == time(2, 30)


def test_a_day_without_midnight_starts_at_the_jump() -> None:
    """In Beirut clocks jump from 00:00 to 01:00: the day starts at that moment."""
    calendar = calendar_in("Asia/Beirut")
    assert to_instant(calendar, date(2026, 3, 29)) == at("2026-03-28T22:00:00Z")
    assert end_of_day(calendar, date(2026, 3, 28)) == at("2026-03-28T22:00:00Z")


def test_a_day_with_two_midnights_starts_at_the_first() -> None:
    """In Havana clocks go back from 01:00 to 00:00: the day starts before that."""
    calendar = calendar_in("America/Havana")
    assert to_instant(calendar, date(2024, 11, 3)) == at("2024-11-03T04:00:00Z")


def test_a_day_that_never_was_is_empty() -> None:
    """Samoa had no 30 December 2011: it starts and ends at the same moment."""
    calendar, day = calendar_in("Pacific/Apia"), date(2011, 12, 30)
    assert to_instant(calendar, day) == end_of_day(calendar, day)


@pytest.mark.parametrize("zone", [AMSTERDAM, "America/Havana", "Pacific/Apia"])
def test_the_covered_days_have_hard_edges(zone: str) -> None:
    """The first and the last moment are covered, the moments beside them are not."""
    calendar, step = calendar_in(zone), timedelta(microseconds=1)
    first = to_instant(calendar, calendar.first)
    end = end_of_day(calendar, calendar.last)
    assert to_local(calendar, first).date() == calendar.first
    assert to_local(calendar, end - step).date() == calendar.last
    for moment in (first - step, end):
        with pytest.raises(CalendarExhausted):
            to_local(calendar, moment)
    for day in (calendar.first - timedelta(1), calendar.last + timedelta(2)):
        with pytest.raises(CalendarExhausted):
            to_instant(calendar, day)


def test_a_moment_without_an_offset_is_refused() -> None:
    """A bare local time is no instant."""
    with pytest.raises(ValueError, match="offset"):
        to_local(calendar_in("UTC"), datetime(2026, 11, 21))  # noqa: DTZ001 (on purpose)


MOMENTS = st.timedeltas(timedelta(days=2), timedelta(days=18 * 365)).map(
    lambda since: datetime(2010, 1, 1, tzinfo=UTC) + since
)


@given(st.sampled_from((AMSTERDAM, BRUSSELS, *STRANGE)), MOMENTS)
def test_local_time_agrees_with_the_zone(zone: str, moment: datetime) -> None:
    """At any moment the compiled calendar shows the wall clock of the zone's rules."""
    expected = moment.astimezone(rules_of(zone))
    local = to_local(calendar_in(zone), moment)
    assert local.replace(tzinfo=None) == expected.replace(tzinfo=None)
    assert local.utcoffset() == expected.utcoffset()


@given(st.sampled_from((AMSTERDAM, BRUSSELS, *STRANGE)), MOMENTS)
def test_a_wall_clock_reading_leads_back_to_its_first_moment(
    zone: str, moment: datetime
) -> None:
    """From a moment to the clock and back is the same moment, or its earlier twin."""
    calendar = calendar_in(zone)
    local = to_local(calendar, moment)
    back = to_instant(calendar, local.date(), local.time())
    assert back <= moment
    assert to_local(calendar, back).replace(tzinfo=None) == local.replace(tzinfo=None)


@pytest.mark.parametrize(
    "change",
    [
        {"last": "2009-12-31"},
        {"non_working": ["2026-05-05", "2026-01-01"]},
        {"non_working": ["2026-05-05", "2026-05-05"]},
        {"id": "nl"},
        {"surprise": 1},
        {"offset": 86_400},
    ],
)
def test_a_calendar_out_of_order_is_refused(change: dict[str, object]) -> None:
    """Data that could mislead the search in it is no calendar."""
    data = calendar_in(AMSTERDAM).model_dump(mode="json") | change
    with pytest.raises(ValidationError):
        Calendar.model_validate(data)


def test_transitions_out_of_order_are_refused() -> None:
    """Jumps must rise."""
    data = calendar_in(AMSTERDAM).model_dump(mode="json")
    data["transitions"] = data["transitions"][::-1]
    with pytest.raises(ValidationError, match="transitions"):
        Calendar.model_validate(data)


@pytest.mark.parametrize(
    "changes",
    [
        {"first": "1899-12-31", "last": "1910-12-31"},
        {"first": "2990-01-01", "last": "3000-01-01"},
        {"last": "9999-12-31"},
        {"first": "0001-01-01"},
        {"last": "2046-01-01"},
    ],
    ids=str,
)
def test_a_calendar_lies_in_years_that_can_be_counted_with(
    changes: dict[str, str],
) -> None:
    """It covers twenty years at most, so no sum of days leaves the years there are."""
    known = compile_calendar("NL", AMSTERDAM, 2026).model_dump(mode="json")
    Calendar.model_validate(known | {"last": "2045-12-31"})
    with pytest.raises(ValidationError):
        Calendar.model_validate(known | changes)


def test_no_moment_is_too_far_away_to_have_a_local_day() -> None:
    """The first and the last that there are lie outside, as any other."""
    calendar = calendar_in(AMSTERDAM)
    for moment in (at("0001-01-01T00:00:00Z"), at("9999-12-31T23:59:59.999999Z")):
        with pytest.raises(CalendarExhausted):
            to_local(calendar, moment)
