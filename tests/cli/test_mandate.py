"""A mandate's period is told in days, and a day is that of the wall clock here."""

from __future__ import annotations

import pytest

from cli import speech
from cli.main import main
from cli.mandate import instant
from cli.settings import Usage


def test_a_period_runs_from_the_start_of_a_day_to_the_end_of_one() -> None:
    """In summer and in winter, also across the change between them."""
    assert instant("2026-03-29").isoformat() == "2026-03-29T00:00:00+01:00"
    assert instant("2026-03-29", end=True).isoformat() == "2026-03-30T00:00:00+02:00"
    assert instant("2026-12-31", end=True).isoformat() == "2027-01-01T00:00:00+01:00"


def test_an_instant_is_taken_as_it_is() -> None:
    """It has an offset, so that there is no doubt about it."""
    told = "2026-11-21T16:20:00+01:00"
    assert instant(told).isoformat() == told
    assert instant(told, end=True).isoformat() == told


@pytest.mark.parametrize("told", ["morgen", "2026-02-30", "2026-11-21T16:20", ""])
def test_what_is_neither_is_wrong_use(told: str) -> None:
    """With an example of either."""
    speech.choose(["--lang", "en"], {})
    with pytest.raises(Usage, match="2026-11-21T16:20:00"):
        instant(told)


def test_a_mandate_for_nothing_in_particular_is_wrong_use(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Silence is not everything: that has to be said."""
    give = ("mandate", "grant", "gemeente-waterdam", "--to", "p-1")
    assert main([*give, "--on-behalf-of", "College", "--command", "*"]) == 2
    assert "--dialogue" in capsys.readouterr().err
