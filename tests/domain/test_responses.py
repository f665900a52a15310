"""Whether a response is late is decided by when it came, and not by its sender."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import get_args

import pytest
from pydantic import ValidationError

from domain.commands import OpenWindow, RecordResponse, StartStep
from domain.events import ResponseRecorded, to_data
from domain.window_facts import (
    Channel,
    GatheredResponse,
    LateResponseUsed,
    RecordResponses,
    ResponsesGathered,
    UseLateResponse,
)
from tests.domain.asking import draft_asked
from tests.domain.story import (
    ANNE,
    BRAM,
    DIRECTOR,
    SAID,
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


@pytest.mark.parametrize("channel", get_args(Channel))
def test_a_response_says_how_it_came(channel: Channel) -> None:
    """By post or told by telephone: it counts the same, and how it came is known."""
    told = RecordResponse(window=DRAFT, respondent="k-1", channel=channel)
    draft_open().when(told).then(has(ResponseRecorded, channel=channel, late=False))


def test_a_response_that_does_not_say_how_it_came_is_written_as_before() -> None:
    """What nobody said is not made up: the event has no such member."""
    story = draft_open().when(RecordResponse(window=DRAFT, respondent="k-1"))
    story.then(has(ResponseRecorded, channel=None))
    data, _ = to_data(story.new[0])
    assert "channel" not in data
    with pytest.raises(ValidationError):
        RecordResponse.model_validate(
            {"window": DRAFT, "respondent": "k-1", "channel": "pigeon"}
        )


def test_many_at_once_keep_each_their_own_channel() -> None:
    """A heap of letters and forms that goes in one command is told apart."""
    ways: dict[str, Channel] = {"s-1": "post", "s-2": "web"}
    each = tuple(
        GatheredResponse(submission=name, respondent=name, channel=way)
        for name, way in ways.items()
    )
    story = given(StartStep(step="brief"))
    story.when(RecordResponses(window="brief.ideas", responses=each))
    story.then(
        has(ResponsesGathered, count=2),
        has(ResponseRecorded, channel="post"),
        has(ResponseRecorded, channel="web"),
    )


def test_a_late_response_that_is_used_says_how_it_came() -> None:
    """Also one that the rules had refused."""
    story = draft_asked("refuse").window_ends(DRAFT).later(hours=1)
    used = UseLateResponse(
        window=DRAFT, respondent="k-2", response=SAID, channel="telephone", reason=SAID
    )
    story.when(used).then(
        has(ResponseRecorded, late=True, channel="telephone"), LateResponseUsed
    )
