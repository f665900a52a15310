"""Meetings as people type them and look at them: by the clock on their own wall."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest

from cli.meetings import document, show
from cli.page import Page
from cli.showing import show_overview
from desk.entries import EntryRow
from desk.errors import DeskError
from desk.meeting_form import in_full
from desk.meetings import Meetings, seen
from desk.overview import seen as overview
from domain.entries import entries
from domain.happenings import Happened
from domain.meeting_facts import (
    CancelMeeting,
    ChangeMeeting,
    NoteMeetingHeld,
    RecordAttendance,
    RecordMinutes,
    ScheduleMeeting,
)
from domain.people_register_facts import RegisterStakeholder
from tests.domain.story import SAID, START, STREAM, Story, given

BEGINS = datetime(2026, 12, 10, 18, 30, tzinfo=UTC)
"""A Thursday evening, half past seven in Amsterdam."""

EVENING = ScheduleMeeting(
    meeting="evening",
    title="A first evening",
    begins=BEGINS,
    ends=BEGINS + timedelta(hours=2),
    place=SAID,
    roles=("panel",),
    format="world_cafe",
)


def planned() -> Story:
    """An evening at half past seven, two hours long."""
    return given(EVENING)


def typed(kind: str, story: Story, **body: Any) -> dict[str, Any]:  # noqa: ANN401
    """What becomes of what somebody typed."""
    return in_full(kind, body, story.state)


def test_a_moment_is_of_the_wall_clock_and_an_end_may_be_a_time() -> None:
    """Half past seven in Amsterdam, in winter and in summer."""
    story = given()
    told = {"begins": "2026-12-10T19:30", "ends": "21.30"}
    made = typed("schedule_meeting", story, meeting="a", **told)
    assert made["begins"] == "2026-12-10T18:30:00+00:00"
    assert made["ends"] == "2026-12-10T20:30:00+00:00"
    summer = typed("schedule_meeting", story, begins="2027-06-10 19:30", ends="9:30")
    assert summer["begins"] == "2027-06-10T17:30:00+00:00"
    assert summer["ends"] == "2027-06-10T07:30:00+00:00"


def test_a_meeting_that_moves_lasts_as_long_as_it_did() -> None:
    """Unless its end is named; a time alone is on the day that it has."""
    story = planned()
    moved = typed("change_meeting", story, meeting="evening", begins="2026-12-17T20:00")
    assert moved["begins"] == "2026-12-17T19:00:00+00:00"
    assert moved["ends"] == "2026-12-17T21:00:00+00:00"
    longer = typed("change_meeting", story, meeting="evening", ends="22:00")
    assert longer["ends"] == "2026-12-10T21:00:00+00:00"
    assert "begins" not in longer


@pytest.mark.parametrize("text", ["2026-12-10", "tomorrow", "25:00", "", "10-12-2026"])
def test_what_is_no_moment_is_said_to_be_none(text: str) -> None:
    """With an example of one that is."""
    with pytest.raises(DeskError, match="2026-12-10T19:30"):
        typed("schedule_meeting", given(), begins=text, ends="21:30")


def test_people_come_in_one_word_or_all_but_the_absent() -> None:
    """Commas separate; @all is everybody who was invited."""
    story = planned()
    asked = typed("invite", story, meeting="evening", who=["s-1,s-2", "s-3"])
    assert asked["who"] == ["s-1", "s-2", "s-3"]
    came = {"present": ["@all", "s-9"], "absent": ["k-2"]}
    made = typed("record_attendance", story, meeting="evening", **came)
    assert made["present"] == ["k-1", "s-9"]
    story.at(BEGINS).and_(RecordAttendance(meeting="evening", others=1))
    with pytest.raises(DeskError, match="@all"):
        typed("record_attendance", story, meeting="evening", present=["@all"])


def test_formats_and_roles_go_by_their_titles_too() -> None:
    """In Dutch and English; what is neither stays as it is."""
    story = given()
    made = typed("schedule_meeting", story, format="Wereldcafé", roles=["Panel", "x"])
    assert made["format"] == "world_cafe"
    assert made["roles"] == ["panel", "x"]
    own = typed("schedule_meeting", story, format="fishbowl")
    assert own["format"] == "fishbowl"


def test_other_commands_stay_as_they_are() -> None:
    """Members of the same name elsewhere are none of ours."""
    body = {"who": ["a,b"], "begins": "x"}
    assert typed("invite_to_window", given(), **body) == body


def looked_at(story: Story, texts: dict[str, str] | None = None) -> Meetings:
    """The meetings of a story, some texts opened."""
    found: dict[str, EntryRow] = {}
    for event in story.events:
        for entry in entries(event, story.state):
            if entry.kind == "meeting":
                row = found.get(entry.id, EntryRow(entry.id, event.seq, {}))
                data = {**row.data, **(entry.data or {}), **(texts or {})}
                found[entry.id] = row._replace(data=data)
    names = {"k-1": "An Jansen"}
    kept = found.values()
    return seen(STREAM, story.state, story.now, kept, names=names, lang="nl")


def shown(found: Meetings, *, whole: bool = False) -> str:
    """The page that people read."""
    out = StringIO()
    show(Page(out), found, whole=whole)
    return out.getvalue()


def past(story: Story) -> Story:
    """An evening that was held a while ago."""
    when = {"begins": START + timedelta(hours=1), "ends": START + timedelta(hours=2)}
    return story.and_(EVENING.model_copy(update={"meeting": "first", **when}))


def test_a_meeting_that_was_held_tells_who_came_and_what_was_said() -> None:
    """Names beside ids, where they were opened."""
    story = past(given()).later(hours=3)
    came = RecordAttendance(meeting="first", present=("k-1",), others=12)
    story.and_(came, RecordMinutes(meeting="first", reference="Z-17", minutes=SAID))
    found = looked_at(story, {"minutes": "Alle wensen liggen op tafel"})
    page = shown(found, whole=True)
    assert "gehouden" in page
    assert "kwamen: 13" in page
    assert "wereldcafé" in page
    assert "k-1  An Jansen" in page
    assert "Notulen, versie 1  Z-17" in page
    assert document(found.meetings[0])["minutes"] == {
        "version": 1,
        "reference": "Z-17",
        "sha256": None,
        "text": "Alle wensen liggen op tafel",
    }


def test_a_meeting_that_was_noted_tells_when_as_far_as_is_known() -> None:
    """A month stands among meetings with an hour, in the order of time."""
    when = Happened.model_validate("2017-10")
    story = past(given()).later(hours=3)
    story.and_(
        NoteMeetingHeld(
            meeting="old",
            title="Before us",
            held=when,
            times=3,
            came=80,
            place=SAID,
            source="Wijkkrant",
        )
    )
    found = looked_at(story, {"place": "Kinshasa"})
    assert [view.id for view in found.meetings] == ["old", "first"]
    page = shown(found, whole=True)
    assert "2017-10, 3 keer" in page
    assert "kwamen: 80" in page
    assert "Kinshasa" in page
    assert re.search(r"Bron +Wijkkrant", page)
    told = document(found.meetings[0])
    assert (told["begins"], told["ends"], told["times"]) == (None, None, 3)
    assert told["held"] == {"date": "2017-10", "precision": "month"}


def test_what_is_over_asks_who_came() -> None:
    """With the one command that says so."""
    page = shown(looked_at(past(given()).later(hours=3)))
    assert "geweest, nog niet vastgelegd" in page
    assert f"polder dialogue record-attendance {STREAM} first --present" in page


def test_what_was_called_off_stays_to_be_seen() -> None:
    """In its place in time, with what became of it."""
    story = planned().and_(CancelMeeting(meeting="evening", reason=SAID))
    (view,) = looked_at(past(story)).meetings[1:]
    assert (view.id, view.standing) == ("evening", "cancelled")
    assert view.invited == ("k-1", "k-2")


def test_who_was_not_reached_shows_while_a_meeting_is_planned() -> None:
    """Those affected but weak first."""
    story = given(
        RegisterStakeholder(stakeholder="shops", impact=1, influence=3),
        RegisterStakeholder(stakeholder="tenants", impact=3, influence=0),
    )
    assert "misschien niet aan tafel: tenants, shops." in shown(looked_at(story))


def test_whom_no_invitation_reached_shows_with_what_to_do() -> None:
    """Until one does."""
    story = planned()
    story.world(f"e{story.state.version}", missing=("k-2",))
    page = shown(looked_at(story))
    assert "uitnodiging niet bezorgd: 1" in page
    known = f"polder dialogue assign-role {STREAM} panel k-2 --address"
    assert known in page, "the invitation goes with the address"


def test_a_change_keeps_in_the_list_what_it_does_not_name() -> None:
    """And what it takes away is gone from it."""
    change = ChangeMeeting(meeting="evening", online=SAID, without=("place", "format"))
    (view,) = looked_at(planned().and_(change)).meetings
    assert (view.title, view.format) == ("A first evening", None)


def test_a_dialogue_shows_its_meetings_among_what_is_due() -> None:
    """As long as they are to come."""
    story = planned()
    out = StringIO()
    show_overview(Page(out), overview(STREAM, story.state, story.now, "nl"))
    line = next(each for each in out.getvalue().splitlines() if "A first" in each)
    assert line.split("  ")[1:] == [
        "A first evening",
        "do 10 dec 2026 19.30-21.30",
        "uitgenodigd: 2",
    ]
