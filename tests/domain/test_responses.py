"""Whether a response is late is decided by when it came, and not by its sender."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.commands import OpenWindow, RecordResponse, StartStep
from domain.events import ResponseRecorded
from tests.domain.story import (
    ANNE,
    BRAM,
    DIRECTOR,
    Story,
    brief_done,
    given,
    has,
)

DRAFT = "invite.draft"
MICROSECOND = timedelta(microseconds=1)


def draft_open() -> Story:
    """Begin a story in which the panel is asked about the draft."""
    story = brief_done(given())
    return story.and_(StartStep(step="invite"), OpenWindow(window=DRAFT))


def respond(who: str, at: datetime) -> RecordResponse:
    """Give the command that records a response that was received at a moment."""
    return RecordResponse(window=DRAFT, respondent=who, received_at=at)


def test_nobody_makes_themselves_in_time_afterwards() -> None:
    """Once the window is closed, who does not run the process is not taken at a word.

    Until then they are: an outage that holds up the closing makes nobody late.
    """
    story = draft_open()
    closes = story.run(DRAFT).closes
    before = closes - MICROSECOND
    story.at(closes + timedelta(hours=9)).when(respond("k-1", at=before), by=ANNE)
    story.then(has(ResponseRecorded, late=False, received_at=before))
    story.clock_strikes().when(respond("k-2", at=before), by=BRAM)
    story.then(has(ResponseRecorded, late=True, received_at=story.now))
    story.when(respond("k-2", at=before), by=DIRECTOR)
    story.then(has(ResponseRecorded, late=False, received_at=before))


def test_nobody_responds_to_an_earlier_opening_by_themselves() -> None:
    """Their response counts in the opening of the moment, if there is one."""
    story = draft_open()
    earlier = story.now
    story.window_ends(DRAFT).later(days=1).and_(OpenWindow(window=DRAFT))
    story.when(respond("k-1", at=earlier), by=ANNE)
    story.then(has(ResponseRecorded, run=2, late=False, received_at=story.now))
