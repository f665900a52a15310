"""The demo clock is a stated pair of starts and a speed, nothing more.

A dialogue lasts months; a demonstration lasts seconds. Its clock maps real moments
to moments of the dialogue by integer arithmetic on microseconds, so the same real
moment gives the same dialogue time on every machine and in every replay. With the
default speed and equal starts it is the identity.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from domain.calendar import FIRST_DAY, LAST_DAY, ONE_DAY
from domain.errors import DomainError
from domain.facts import Fact, Instant

REAL_DAY_MS = 86_400_000
FASTEST_DAY_MS = 10
"""A year passes in about four seconds then."""
THE_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
THE_END = datetime(9900, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class ClockUnfit(DomainError):
    """The clock can't be used: it must start in the real world when the dialogue does, to within a day. Leave it out for the real time."""  # noqa: E501 (the docstring is the message)


def _within_reach(value: datetime) -> datetime:
    # A day more on either side, where a zone's day may begin or end.
    if not FIRST_DAY - ONE_DAY <= value.date() <= LAST_DAY + ONE_DAY:
        message = "a clock starts between the years 1900 and 2999"
        raise ValueError(message)
    return value


_Start = Annotated[Instant, AfterValidator(_within_reach)]


class Clock(Fact):
    """When it was `real_start` in the world, it was `start` in the dialogue.

    `day_ms` is the number of real milliseconds in a day of the dialogue: an
    integer, since canonical JSON knows no other numbers, and no more than a real day
    has. Timers have seconds: where a day takes less than one, what the clock does
    comes up to a second's worth of days late, and never early.
    """

    real_start: _Start
    start: _Start
    day_ms: int = Field(default=REAL_DAY_MS, ge=FASTEST_DAY_MS, le=REAL_DAY_MS)


def to_dialogue_time(clock: Clock, real: datetime) -> datetime:
    """Give the dialogue's time (UTC) at a real moment, rounded down.

    A later real moment never gives an earlier dialogue time. It stands still at
    `THE_END`, near the last year that the computer's calendar has: at a day a second
    that is a month from now, at the fastest some hours. And it does not come before
    `THE_BEGINNING`.
    """
    passed = (real - clock.real_start) // _MICROSECOND
    span = passed * REAL_DAY_MS // clock.day_ms
    before = (THE_BEGINNING - clock.start) // _MICROSECOND
    room = (THE_END - clock.start) // _MICROSECOND
    return clock.start + max(before, min(span, room)) * _MICROSECOND


def to_real(clock: Clock, moment: datetime) -> datetime:
    """Give the first real moment (UTC) at which the dialogue's time is `moment`.

    Rounded up, so that the dialogue's time there is never before `moment`.
    """
    return clock.real_start + _real_span(clock, moment - clock.start)


def check_start(clock: Clock, now: datetime) -> None:
    """Raise `ClockUnfit` unless the clock started within a real day of ``now``.

    ``now`` is the clock's own reading.
    """
    if abs(_real_span(clock, now - clock.start)) > ONE_DAY:
        raise ClockUnfit


def real_wait(clock: Clock, now: datetime, until: datetime) -> timedelta:
    """Give how long to wait for real, from dialogue time `now`, to reach `until`.

    Zero when `until` has come; rounded up to a microsecond otherwise, so that
    whoever waits it out does not wake too early.
    """
    return max(timedelta(0), _real_span(clock, until - now))


def _real_span(clock: Clock, span: timedelta) -> timedelta:
    rounded_up = -(-(span // _MICROSECOND) * clock.day_ms // REAL_DAY_MS)
    return rounded_up * _MICROSECOND
