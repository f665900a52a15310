"""A meeting that was held is noted as precisely as it is known, and nothing follows."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from domain.commands import CancelDialogue
from domain.entries import entries
from domain.errors import NotEntitled, UnknownStep
from domain.events import to_data
from domain.happenings import Happened
from domain.meeting_facts import (
    CancelMeeting,
    MeetingNoted,
    MinutesRecorded,
    NoteMeetingHeld,
    RecordAttendance,
    RecordMinutes,
)
from domain.meetings import MeetingBegun, MeetingKnown
from domain.meetings_noted import MeetingNotHeldYet
from domain.progress import needs_attention
from tests.domain.story import ANNE, SAID, Story, given, has


def note(held: str = "2017-10", **more: Any) -> NoteMeetingHeld:  # noqa: ANN401
    """Give the command that notes the first information evening."""
    told: dict[str, Any] = {"meeting": "first", "title": "A first evening"}
    return NoteMeetingHeld(**told, held=Happened.model_validate(held), **more)


def row(story: Story) -> dict[str, Any]:
    """Give the row of the meeting that was noted, as lists have it."""
    found: dict[str, Any] = {}
    for event in story.events:
        for entry in entries(event, story.state):
            if (entry.kind, entry.id) == ("meeting", "first"):
                found |= entry.data or {}
    return found


@pytest.mark.parametrize("held", ["2017", "2017-10", "2017-10-03", "2020/2020-07"])
def test_a_meeting_is_noted_as_precisely_as_it_is_known(held: str) -> None:
    """A month stays a month: no hour is made up for it, and no day."""
    when = Happened.model_validate(held)
    story = given().when(note(held)).then(has(MeetingNoted, held=when))
    assert row(story)["held"] == when.model_dump(exclude_none=True)
    assert not {"begins", "ends"} & row(story).keys()


def test_nobody_is_invited_and_nothing_is_sent() -> None:
    """It is over: there is no letter, nothing in a calendar, nothing to see to."""
    story = given().when(note()).then(MeetingNoted)
    assert story.state.effects == {}
    assert story.state.meetings["first"].status == "held"
    needs = [n.kind for n in needs_attention(story.state, story.now)]
    assert not [kind for kind in needs if kind.startswith("meeting_")]


def test_it_says_how_many_came_and_how_often_they_met() -> None:
    """As far as the source says so; the list counts those who came as of others."""
    story = given(note("2020/2020-07", times=7, came=80, source="NU.nl", step="brief"))
    assert (row(story)["times"], row(story)["others"]) == (7, 80)
    assert (row(story)["source"], row(story)["step"]) == ("NU.nl", "brief")
    with pytest.raises(ValidationError):
        note(times=1)


def test_where_it_was_is_private() -> None:
    """A venue abroad can be said, without a day; its words lie in the vault."""
    story = given().when(note(place=SAID)).then(has(MeetingNoted, place=SAID))
    data, private = to_data(story.new[0])
    assert data["place"] is None
    assert private == {"/place": SAID.commitment}
    assert row(story)["place"]["private"] == "/place"


def test_what_came_of_it_is_recorded_as_of_any_meeting() -> None:
    """Who came, and the minutes, once they turn up."""
    story = given(note()).and_(RecordAttendance(meeting="first", others=12))
    story.when(RecordMinutes(meeting="first", reference="Z-1"))
    story.then(has(MinutesRecorded, version=1))
    assert (row(story)["others"], row(story)["reference"]) == (12, "Z-1")


def test_what_was_held_is_not_called_off() -> None:
    """Nor does it take the id of another meeting."""
    story = given(note())
    story.when(note("2018")).then_refused(MeetingKnown, "first")
    off = CancelMeeting(meeting="first", reason=SAID)
    story.when(off).then_refused(MeetingBegun)


def test_a_meeting_to_come_is_planned_and_not_noted() -> None:
    """Today can be noted; tomorrow can't. This month, this year can."""
    given().when(note("2026-11-22")).then_refused(MeetingNotHeldYet, "schedule_meeting")
    given().when(note("2026-11-21")).then(MeetingNoted)
    given().when(note("2026")).then(MeetingNoted)


def test_a_meeting_belongs_to_a_step_that_there_is() -> None:
    """As all meetings do that name one."""
    given().when(note(step="nowhere")).then_refused(UnknownStep)


def test_who_steers_notes_a_meeting() -> None:
    """A participant tells the director."""
    given().when(note(), by=ANNE).then_refused(NotEntitled)


def test_a_meeting_can_be_noted_after_the_dialogue_was_called_off() -> None:
    """What was so becomes known later; a dialogue that ended can still be told."""
    story = given(CancelDialogue(reason=SAID))
    story.when(note()).then(MeetingNoted)


@pytest.mark.parametrize("held", ["2016/9999", "2016/9999-12-31"])
def test_a_meeting_of_which_the_end_is_as_good_as_unknown_is_noted(held: str) -> None:
    """There is no day after the last one; nothing is counted from there."""
    story = given().when(note(held))
    story.then(MeetingNoted)
    assert story.state.meetings["first"].ends == story.now


@pytest.mark.parametrize(
    "held", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"]
)
def test_an_instant_that_no_clock_shows_is_no_date(held: str) -> None:
    """It is refused where it is read, like any other date that is none."""
    with pytest.raises(ValueError, match="between the years"):
        Happened.model_validate(held)
