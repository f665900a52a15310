"""The demo clock runs by whole microseconds, never backwards, and can be read back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.clock import (
    FASTEST_DAY_MS,
    REAL_DAY_MS,
    THE_BEGINNING,
    THE_END,
    Clock,
    ClockUnfit,
    check_start,
    real_wait,
    to_dialogue_time,
    to_real,
)

REAL_START = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
START = datetime(2019, 3, 1, 8, 30, tzinfo=UTC)

MOMENTS = st.timedeltas(timedelta(0), timedelta(hours=1)).map(
    lambda since: REAL_START + since
)
SPEEDS = st.integers(FASTEST_DAY_MS, REAL_DAY_MS)


@given(MOMENTS)
def test_at_full_length_and_equal_starts_it_is_the_identity(real: datetime) -> None:
    """A clock whose day is a day and that starts when it starts changes nothing."""
    clock = Clock(real_start=REAL_START, start=REAL_START)
    assert to_dialogue_time(clock, real) == real == to_real(clock, real)


def test_a_day_passes_in_a_second() -> None:
    """With a day of 1,000 ms, 42 real seconds are six weeks."""
    clock = Clock(real_start=REAL_START, start=START, day_ms=1_000)
    later = REAL_START + timedelta(seconds=42)
    assert to_dialogue_time(clock, later) == START + timedelta(days=42)
    assert to_real(clock, START + timedelta(days=42)) == later
    assert real_wait(clock, START, START + timedelta(days=42)) == later - REAL_START


@given(SPEEDS, MOMENTS, MOMENTS)
def test_it_never_runs_backwards(day_ms: int, one: datetime, other: datetime) -> None:
    """A later real moment never gives an earlier dialogue time."""
    clock = Clock(real_start=REAL_START, start=START, day_ms=day_ms)
    earlier, later = sorted((one, other))
    assert to_dialogue_time(clock, earlier) <= to_dialogue_time(clock, later)


@given(SPEEDS, st.timedeltas(timedelta(0), timedelta(days=3_650)))
def test_a_dialogue_time_is_reached_at_its_real_moment_and_not_before(
    day_ms: int, span: timedelta
) -> None:
    """`to_real` gives the first microsecond at which that time has come."""
    clock = Clock(real_start=REAL_START, start=START, day_ms=day_ms)
    real = to_real(clock, START + span)
    assert to_dialogue_time(clock, real) >= START + span
    before = real - timedelta(microseconds=1)
    assert to_dialogue_time(clock, before) < START + span


@given(SPEEDS, MOMENTS, st.timedeltas(timedelta(0), timedelta(days=3_650)))
def test_who_waits_it_out_does_not_wake_too_early(
    day_ms: int, real: datetime, span: timedelta
) -> None:
    """After the real wait the dialogue's time is there."""
    clock = Clock(real_start=REAL_START, start=START, day_ms=day_ms)
    now = to_dialogue_time(clock, real)
    wait = real_wait(clock, now, now + span)
    assert to_dialogue_time(clock, real + wait) >= now + span


def test_what_has_come_needs_no_waiting() -> None:
    """A moment in the past is waited for no time at all."""
    clock = Clock(real_start=REAL_START, start=START, day_ms=1_000)
    assert real_wait(clock, START, START - timedelta(days=1)) == timedelta(0)


@pytest.mark.parametrize("day_ms", [9, 0, -1, 1_000.5, REAL_DAY_MS + 1, 2**53 - 1])
def test_a_day_lasts_at_least_ten_milliseconds_and_at_most_a_day(day_ms: float) -> None:
    """A fraction of a millisecond is refused too."""
    with pytest.raises(ValidationError):
        Clock.model_validate(
            {"real_start": REAL_START, "start": START, "day_ms": day_ms}
        )


def test_a_clock_that_runs_out_of_years_stands_still() -> None:
    """A fast clock that is left running for a year stops, and fails nothing."""
    start = datetime(2026, 11, 21, tzinfo=UTC)
    clock = Clock(real_start=start, start=start, day_ms=1_000)
    late = to_dialogue_time(clock, start + timedelta(days=365))

    assert late == to_dialogue_time(clock, start + timedelta(days=366))
    assert late == THE_END


@pytest.mark.parametrize("member", ["real_start", "start"])
@pytest.mark.parametrize("year", [1, 999, 1899, 3001, 9999])
def test_a_clock_starts_in_a_year_that_calendars_have(member: str, year: int) -> None:
    """So that no sum of a moment and a span leaves the years there are."""
    told = {"real_start": START, "start": START, member: START.replace(year)}
    with pytest.raises(ValidationError, match="1900"):
        Clock.model_validate(told)


ANY_START = st.integers(1900, 2999).map(START.replace)
ANY_MOMENT = st.datetimes(timezones=st.just(UTC))


@given(st.sampled_from([1_000, 60_000, REAL_DAY_MS]), ANY_START, ANY_START, ANY_MOMENT)
def test_every_clock_can_be_read_at_every_moment(
    day_ms: int, real_start: datetime, start: datetime, real: datetime
) -> None:
    """Also years before it starts, and a dialogue can only start near its start."""
    clock = Clock(real_start=real_start, start=start, day_ms=day_ms)
    now = to_dialogue_time(clock, real)
    assert THE_BEGINNING <= now <= THE_END
    real_wait(clock, now, THE_END)
    if abs(real - real_start) > timedelta(days=1, seconds=1):
        with pytest.raises(ClockUnfit):
            check_start(clock, now)
    elif abs(real - real_start) < timedelta(days=1):
        check_start(clock, now)
