"""A moment is read as people write it, on the dialogue's own wall clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desk.errors import DeskError
from desk.moments import Moment, read_instant, read_moment

ZONE = "Europe/Amsterdam"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("14", Moment(seq=14)),
        ("checkpoint:120", Moment(size=120)),
        ("2026-12-04T14:00", Moment(at=datetime(2026, 12, 4, 13, tzinfo=UTC))),
        ("2026-12-04T14:00Z", Moment(at=datetime(2026, 12, 4, 14, tzinfo=UTC))),
        ("2026-07-04 14:00", Moment(at=datetime(2026, 7, 4, 12, tzinfo=UTC))),
        (
            "2026-12-04",
            Moment(at=datetime(2026, 12, 4, 22, 59, 59, 999999, tzinfo=UTC)),
        ),
    ],
)
def test_a_moment_is_a_place_a_checkpoint_or_a_time(text: str, moment: Moment) -> None:
    """A day counts to its end; what is told again is the same moment anywhere."""
    assert read_moment(text, ZONE) == moment
    assert read_moment(moment.told, "America/New_York") == moment


@pytest.mark.parametrize(
    "text",
    ["", "gisteren", "checkpoint:", "-1", "2026-13-01", "٣", "9999-12-31T23:59-05:00"],
)
def test_anything_else_is_no_moment(text: str) -> None:
    """Refused, with what would be one."""
    with pytest.raises(DeskError, match="is no moment"):
        read_moment(text, ZONE)


def test_a_period_goes_from_the_beginning_of_a_day_to_the_end_of_another() -> None:
    """As people mean it."""
    first = read_instant("2026-12-04", "UTC", end_of_day=False)
    last = read_instant("2026-12-04", "UTC", end_of_day=True)
    assert first == datetime(2026, 12, 4, tzinfo=UTC)
    assert (last - first).total_seconds() == pytest.approx(86_400)
