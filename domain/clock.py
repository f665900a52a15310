"""The demo clock is a stated pair of starts and a speed, nothing more.

A dialogue lasts months; a demonstration lasts seconds. Its clock maps real moments
to moments of the dialogue by integer arithmetic on microseconds, so the same real
moment gives the same dialogue time on every machine and in every replay. With the
default speed and equal starts it is the identity.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pydantic import Field

from domain.facts import Fact, Instant

REAL_DAY_MS = 86_400_000
THE_END = datetime(9999, 12, 30, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Clock(Fact):
    """When it was `real_start` in the world, it was `start` in the dialogue.

    `day_ms` is the number of real milliseconds in a day of the dialogue: an
    integer, since canonical JSON knows no other numbers; at least one second.
    """

    real_start: Instant
    start: Instant
    day_ms: int = Field(default=REAL_DAY_MS, ge=1_000)


def to_dialogue_time(clock: Clock, real: datetime) -> datetime:
    """Give the dialogue's time (UTC) at a real moment, rounded down.

    A later real moment never gives an earlier dialogue time. It stands still at
    `THE_END`, where the calendar of the computer ends too: at a day a second that
    is some months from now.
    """
    passed = (real - clock.real_start) // _MICROSECOND
    span = passed * REAL_DAY_MS // clock.day_ms
    room = (THE_END - clock.start) // _MICROSECOND
    return clock.start + min(span, room) * _MICROSECOND


def to_real(clock: Clock, moment: datetime) -> datetime:
    """Give the first real moment (UTC) at which the dialogue's time is `moment`.

    Rounded up, so that the dialogue's time there is never before `moment`.
    """
    return clock.real_start + _real_span(clock, moment - clock.start)


def real_wait(clock: Clock, now: datetime, until: datetime) -> timedelta:
    """Give how long to wait for real, from dialogue time `now`, to reach `until`.

    Zero when `until` has come; rounded up to a microsecond otherwise, so that
    whoever waits it out does not wake too early.
    """
    return max(timedelta(0), _real_span(clock, until - now))


def _real_span(clock: Clock, span: timedelta) -> timedelta:
    rounded_up = -(-(span // _MICROSECOND) * clock.day_ms // REAL_DAY_MS)
    return rounded_up * _MICROSECOND
