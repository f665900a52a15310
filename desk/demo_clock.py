"""The demo clock of a home: its dialogues run through days in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from desk.errors import DeskError
from domain.clock import REAL_DAY_MS
from language import mark

SHORTEST_DAY: Final = 1.0
"""Seconds; a clock that runs faster would set timers of less than the server's."""

_BAD_DAY: Final = mark(
    "POLDER_DAY is {told}: give the seconds that a day of the demo clock takes, at "
    "least 1."
)


class BadDay(DeskError):
    """`POLDER_DAY` is no number of seconds that a day can take."""


def day_ms(told: str) -> int:
    """Read `POLDER_DAY`: real seconds in a day of the demo clock, in milliseconds.

    Raises `BadDay`.
    """
    try:
        seconds = float(told)
    except ValueError:
        seconds = 0.0
    if not SHORTEST_DAY <= seconds <= REAL_DAY_MS / 1_000:
        raise BadDay(_BAD_DAY, told=told)
    return round(seconds * 1_000)


def demo_clock(milliseconds: int) -> Mapping[str, Any]:
    """Give the clock of a dialogue that starts now, as `start_dialogue` takes it."""
    now = datetime.now(UTC).isoformat()
    return {"real_start": now, "start": now, "day_ms": milliseconds}
