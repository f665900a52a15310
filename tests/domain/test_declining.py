"""Somebody who asked to take part and was turned down is on record, with why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from domain.audiences import UnknownWindow
from domain.commands import OpenWindow, StartStep
from domain.declining import OpenToEverybody, TakesPartAlready
from domain.declining_facts import DeclineParticipation, ParticipationDeclined
from domain.entries import entries
from domain.errors import NotEntitled
from domain.events import to_data
from domain.meeting_facts import ScheduleMeeting
from domain.meetings_ahead import UnknownMeeting
from domain.people_register_facts import RegisterStakeholder
from domain.window_facts import InviteToWindow
from tests.domain.answering import DRAFT, IDEAS
from tests.domain.story import ANNE, SAID, START, Story, brief_done, given, has


def decline(who: str = "b-7", **what: Any) -> DeclineParticipation:  # noqa: ANN401
    """Give the command that turns somebody down."""
    return DeclineParticipation(who=who, reason=SAID, **what)


def draft_open() -> Story:
    """Begin a story in which the panel is asked about the draft."""
    story = brief_done(given())
    return story.and_(StartStep(step="invite"), OpenWindow(window=DRAFT))


def test_who_asked_for_more_time_and_did_not_get_it_is_on_record() -> None:
    """As some were let in on request in the United Kingdom in 2022, and others not."""
    story = draft_open().when(decline(window=DRAFT))
    story.then(has(ParticipationDeclined, who="b-7", window=DRAFT, meeting=None))
    (row,) = [
        entry.data
        for entry in entries(story.new[0], story.state)
        if entry.kind == "declined"
    ]
    assert row is not None
    assert (row["who"], row["window"]) == ("b-7", DRAFT)
    assert row["reason"]["private"] == "/reason"


def test_why_is_private_and_nobody_is_sent_word() -> None:
    """The reason lies in the vault; whoever turned them down tells them."""
    story = given().when(decline())
    story.then(ParticipationDeclined)
    data, private = to_data(story.new[0])
    assert data["reason"] is None
    assert private == {"/reason": SAID.commitment}
    assert story.state.effects == {}


def test_who_takes_part_is_not_turned_down() -> None:
    """In the window, in a meeting, or in the dialogue."""
    story = draft_open()
    story.when(decline("k-1", window=DRAFT)).then_refused(TakesPartAlready)
    story.when(decline("k-1")).then_refused(TakesPartAlready, "release_role")
    story.and_(RegisterStakeholder(stakeholder="s-1"))
    story.when(decline("s-1")).then_refused(TakesPartAlready)
    begins = START.replace(month=12)
    story.and_(
        ScheduleMeeting(
            meeting="e",
            title="E",
            guests=("b-7",),
            begins=begins,
            ends=begins + timedelta(hours=2),
        )
    )
    story.when(decline(meeting="e")).then_refused(TakesPartAlready, "uninvite")
    story.when(decline("b-8", meeting="e")).then(ParticipationDeclined)


def test_who_was_turned_down_can_still_be_let_in() -> None:
    """And then takes part as all others do; both are on record."""
    story = draft_open().and_(decline(window=DRAFT))
    let_in = InviteToWindow(window=DRAFT, audience="later", who=("b-7",), reason=SAID)
    story.and_(let_in)
    again = decline(window=DRAFT)
    story.when(again).then_refused(TakesPartAlready, f"{DRAFT}.later")


def test_what_the_public_is_asked_nobody_has_to_be_let_in_to() -> None:
    """There is nothing to turn down."""
    given().when(decline(window=IDEAS)).then_refused(OpenToEverybody)


def test_a_request_is_about_one_thing_that_there_is() -> None:
    """A window, a meeting, or the dialogue as a whole."""
    given().when(decline(window="invite.nothing")).then_refused(UnknownWindow)
    given().when(decline(meeting="never")).then_refused(UnknownMeeting)
    with pytest.raises(ValidationError, match="not both"):
        decline(window=DRAFT, meeting="e")


def test_who_steers_turns_down() -> None:
    """A participant does not."""
    given().when(decline(), by=ANNE).then_refused(NotEntitled)
