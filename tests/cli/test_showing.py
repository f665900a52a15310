"""A dialogue is shown on a page that is no wider than a screen."""

from __future__ import annotations

from io import StringIO

from cli.page import Page
from cli.showing import show_overview
from desk.overview import seen
from domain.commands import OpenWindow, StartStep
from tests.domain.story import STREAM, brief_done, given

WIDEST = 100


def test_who_is_silent_stands_under_the_windows() -> None:
    """Beside them it would make the table wider than most screens."""
    story = brief_done(given())
    story.and_(StartStep(step="invite"), OpenWindow(window="invite.draft"))
    out = StringIO()
    show_overview(Page(out), seen(STREAM, story.state, story.now, "nl"))
    lines = out.getvalue().splitlines()
    (told,) = [line for line in lines if "nog stil" in line]
    assert told.endswith("nog stil: k-1, k-2")
    (window,) = [line for line in lines if "0 op tijd, 0 te laat" in line]
    assert "24.00 uur" in window
    assert max(map(len, lines)) <= WIDEST
