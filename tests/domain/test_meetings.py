"""People are asked to a meeting, hear of every change, and see afterwards what came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from domain.commands import (
    ArchiveDialogue,
    AssignRole,
    CancelDialogue,
    CompleteDialogue,
    ReleaseRole,
    RetryEffect,
    RevisitStep,
)
from domain.effects import MessageOvertaken
from domain.entries import entries
from domain.errors import (
    CalendarExhausted,
    DialogueIncomplete,
    NotEntitled,
    NothingToDo,
    UnknownRole,
    UnknownStep,
)
from domain.events import (
    CompensationPlanned,
    DialogueCancelled,
    EffectFailed,
    RoleAssigned,
    StepRevisited,
)
from domain.meeting_facts import (
    AttendanceRecorded,
    CancelMeeting,
    ChangeMeeting,
    Invite,
    MeetingCancelled,
    MeetingChanged,
    MeetingCommand,
    MeetingScheduled,
    MeetingVoided,
    MinutesRecorded,
    PeopleInvited,
    PeopleUninvited,
    RecordAttendance,
    RecordMinutes,
    ScheduleMeeting,
    Uninvite,
)
from domain.meetings import (
    MeetingBegun,
    MeetingKnown,
    MeetingNotBegun,
    MeetingOff,
    MeetingTimes,
    NotInvitedToMeeting,
    TooManyMeetings,
    UnknownMeeting,
)
from domain.meetings_ahead import TooManyForMeeting, TooManyInAll
from domain.notices import Enclosed, Told
from domain.people_register_facts import HandOverRole, RoleHandedOver
from domain.progress import needs_attention
from domain.revisit import preview_revisit
from domain.state import Effect
from tests.domain.story import (
    ANNE,
    FACILITATOR,
    SAID,
    START,
    Story,
    all_done,
    brief_done,
    given,
    has,
    nothing,
    start,
)

BEGINS = datetime(2026, 12, 10, 18, 30, tzinfo=UTC)
"""A Thursday evening, 19:30 in Amsterdam."""
ENDS = BEGINS + timedelta(hours=2)
DIGEST = "ab" * 32


def evening(**changes: Any) -> ScheduleMeeting:  # noqa: ANN401 (any member)
    """An evening for the panel."""
    told: dict[str, Any] = {
        "meeting": "evening",
        "title": "A first evening",
        "begins": BEGINS,
        "ends": ENDS,
        "place": SAID,
        "roles": ("panel",),
    }
    return ScheduleMeeting(**(told | changes))


def owed(story: Story) -> list[Effect]:
    """The letters that are owed."""
    return list(story.state.effects.values())


def planned(**changes: Any) -> Story:  # noqa: ANN401 (any member)
    """The evening is planned, and the invitations have gone out."""
    return given(evening(**changes)).mail_goes_out()


def held() -> Story:
    """The evening has been."""
    return planned().at(ENDS)


# Planning and inviting.


def test_whoever_holds_a_role_and_every_guest_is_invited_once() -> None:
    """Holders and guests together, each of them once, by id."""
    story = given(evening(roles=("panel", "client"), guests=("s-1", "k-1")))
    story.then(has(MeetingScheduled, invited=("k-1", "k-2", "c-1", "s-1")))
    (letter,) = owed(story)
    assert letter.notice == "meeting_invited"
    assert letter.recipients == ("k-1", "k-2", "c-1", "s-1")


def test_the_invitation_says_when_in_public_and_where_from_the_vault() -> None:
    """Of what is private the letter only says where it lies."""
    story = given(evening(programme=SAID, capacity=40))
    (letter,) = owed(story)
    assert letter.about is not None
    assert letter.about.heading == "A first evening"
    assert letter.about.facts == (Told(name="capacity", value="40"),)
    seq = story.state.version
    assert letter.about.enclosed == (
        Enclosed(name="place", place=(seq, "/place")),
        Enclosed(name="programme", place=(seq, "/programme")),
    )
    invitation = letter.about.invitation
    assert invitation is not None
    assert (invitation.begins, invitation.ends) == (BEGINS, ENDS)
    assert (invitation.sequence, invitation.cancelled) == (0, False)


def test_an_open_meeting_invites_nobody_by_name() -> None:
    """No roles and no guests: it is planned, and no letter goes out."""
    story = given(evening(roles=()))
    story.then(has(MeetingScheduled, invited=()))
    assert owed(story) == []


def test_a_meeting_that_was_held_already_is_only_noted() -> None:
    """What is over can be put on record, and nobody is invited to the past."""
    was = START - timedelta(days=3)
    story = given(evening(begins=was, ends=was + timedelta(hours=2)))
    story.then(MeetingScheduled)
    assert owed(story) == []


@pytest.mark.parametrize(
    ("changes", "refusal", "words"),
    [
        ({"ends": BEGINS}, MeetingTimes, "after it begins"),
        ({"ends": BEGINS + timedelta(days=32)}, MeetingTimes, "31 days"),
        ({"step": "nowhere"}, UnknownStep, "brief"),
        ({"roles": ("speaker",)}, UnknownRole, "panel"),
        ({"guests": tuple(f"{n:0>60}" for n in range(300))}, TooManyForMeeting, "open"),
    ],
)
def test_a_meeting_that_can_not_be(
    changes: dict[str, Any], refusal: type[Any], words: str
) -> None:
    """Times that can't be, parts that do not exist, and too many for one event."""
    given().when(evening(**changes)).then_refused(refusal, words)


def test_a_meeting_is_where_the_calendar_reaches() -> None:
    """Beyond the dialogue's calendar nobody can say what time it is there."""
    far = BEGINS.replace(year=2060)
    late = evening(begins=far, ends=far + timedelta(hours=1))
    given().when(late).then_refused(CalendarExhausted)


def test_there_is_an_end_to_what_can_be_called_off_at_once() -> None:
    """So many people in so many meetings: one act must be able to tell them all."""
    crowd = tuple(f"{n:0>40}" for n in range(300))
    story = given()
    for number in range(10):
        story.and_(evening(meeting=f"m-{number}", roles=(), guests=crowd))
    one_more = evening(meeting="more", roles=(), guests=crowd)
    story.when(one_more).then_refused(TooManyInAll)
    story.and_(evening(roles=("panel",)))
    for number in range(20, 109):
        story.and_(evening(meeting=f"m-{number}", roles=()))
    one_more = evening(meeting="more", roles=())
    story.when(one_more).then_refused(TooManyMeetings, "100")


def test_who_joins_does_not_make_a_meeting_too_large() -> None:
    """People come and go in a role; those who left are still told of it."""
    crowd = tuple(f"{n:0>60}" for n in range(222))
    story = given(evening(guests=crowd))
    joins = AssignRole(role="panel", actor="9" * 60)
    story.when(joins).then_refused(TooManyForMeeting)


def test_an_id_is_for_one_meeting_for_life() -> None:
    """Also after it was called off: calendars know it by that id."""
    story = planned().when(evening()).then_refused(MeetingKnown, "change_meeting")
    story.and_(CancelMeeting(meeting="evening", reason=SAID))
    story.when(evening()).then_refused(MeetingKnown)


def test_only_who_steers_plans_a_meeting() -> None:
    """A member of the panel does not."""
    given().when(evening(), by=ANNE).then_refused(NotEntitled)


# Changing.


def test_a_change_counts_up_and_everybody_invited_hears_of_it() -> None:
    """The sequence rises by one; the letter has all of it as it is now."""
    story = planned()
    place = story.state.meetings["evening"].words["place"]
    later = BEGINS + timedelta(days=7)
    story.and_(
        ChangeMeeting(
            meeting="evening",
            begins=later,
            ends=later + timedelta(hours=2),
            message=SAID,
            reason=SAID,
        )
    )
    story.then(has(MeetingChanged, sequence=1, was=(BEGINS, ENDS), title=None))
    (letter,) = owed(story)
    assert letter.notice == "meeting_changed"
    assert letter.recipients == ("k-1", "k-2")
    assert letter.about is not None
    seq = story.state.version
    assert letter.about.enclosed == (
        Enclosed(name="place", place=(place, "/place")),
        Enclosed(name="message", place=(seq, "/message")),
    )
    assert letter.about.invitation is not None
    assert letter.about.invitation.begins == later
    assert letter.about.invitation.sequence == 1


def test_why_it_changed_is_not_told_to_those_invited() -> None:
    """The reason is for the record; what they are to read is a message."""
    story = planned().and_(
        ChangeMeeting(meeting="evening", title="The evening", reason=SAID)
    )
    (letter,) = owed(story)
    assert letter.about is not None
    assert "reason" not in {enclosed.name for enclosed in letter.about.enclosed}


def test_what_a_meeting_no_longer_has_is_no_longer_told() -> None:
    """The hall is given up and it goes on online."""
    story = planned(capacity=40)
    story.and_(
        ChangeMeeting(meeting="evening", online=SAID, without=("place", "capacity"))
    )
    (letter,) = owed(story)
    assert letter.about is not None
    assert [enclosed.name for enclosed in letter.about.enclosed] == ["online"]
    assert letter.about.facts == ()


def test_a_change_to_the_same_is_no_change() -> None:
    """Nobody gets a letter about nothing."""
    same = ChangeMeeting(meeting="evening", title="A first evening", begins=BEGINS)
    planned().when(same).then_refused(NothingToDo)


def test_a_change_names_what_changes() -> None:
    """A message alone is none, and nothing is both changed and taken away."""
    with pytest.raises(ValidationError, match="name what changes"):
        ChangeMeeting(meeting="evening", message=SAID)
    with pytest.raises(ValidationError, match="either"):
        ChangeMeeting(meeting="evening", place=SAID, without=("place",))


def test_a_meeting_does_not_move_into_the_past() -> None:
    """Nor to an end before its begin."""
    story = planned().later(days=2)
    past = story.now - timedelta(days=1)
    story.when(ChangeMeeting(meeting="evening", begins=past))
    story.then_refused(MeetingTimes, "begun already")
    story.when(ChangeMeeting(meeting="evening", begins=ENDS))
    story.then_refused(MeetingTimes, "end after")


@pytest.mark.parametrize(
    "command",
    [
        ChangeMeeting(meeting="evening", title="Another"),
        CancelMeeting(meeting="evening", reason=SAID),
        Invite(meeting="evening", who=("s-9",)),
        Uninvite(meeting="evening", who=("k-1",)),
    ],
)
def test_once_it_began_there_is_nothing_to_change(command: MeetingCommand) -> None:
    """At the very instant at which it begins."""
    planned().at(BEGINS).when(command).then_refused(MeetingBegun, "record_attendance")


def test_an_unknown_meeting_is_refused_with_those_there_are() -> None:
    """The message names them."""
    story = planned().when(CancelMeeting(meeting="evning", reason=SAID))
    story.then_refused(UnknownMeeting, "evening")


# Calling off.


def test_calling_off_tells_all_who_were_invited() -> None:
    """Their calendars take it out: a higher sequence, cancelled."""
    story = planned()
    story.and_(CancelMeeting(meeting="evening", reason=SAID, message=SAID))
    story.then(has(MeetingCancelled, sequence=1, told=("k-1", "k-2")))
    (letter,) = owed(story)
    assert letter.notice == "meeting_cancelled"
    assert letter.recipients == ("k-1", "k-2")
    assert letter.about is not None
    assert letter.about.invitation is not None
    assert letter.about.invitation.cancelled
    assert letter.about.invitation.sequence == 1
    assert [e.name for e in letter.about.enclosed] == ["message"]


def test_what_was_called_off_stays_so() -> None:
    """It can't be changed, held, or called off twice."""
    story = planned().and_(CancelMeeting(meeting="evening", reason=SAID)).at(ENDS)
    for command in (
        CancelMeeting(meeting="evening", reason=SAID),
        ChangeMeeting(meeting="evening", title="Again"),
        RecordAttendance(meeting="evening", others=3),
        RecordMinutes(meeting="evening", reference="Z-1"),
    ):
        story.when(command).then_refused(MeetingOff, "cancelled", "schedule_meeting")


def test_cancelling_the_dialogue_calls_off_what_was_still_to_come() -> None:
    """People do not come to a meeting of a dialogue that is no more."""
    story = held().and_(
        evening(
            meeting="second",
            begins=ENDS + timedelta(days=7),
            ends=ENDS + timedelta(days=7, hours=1),
        )
    )
    story.mail_goes_out().when(CancelDialogue(reason=SAID))
    story.then(has(MeetingCancelled, meeting="second"), DialogueCancelled)
    (letter,) = owed(story)
    assert (letter.notice, letter.recipients) == ("meeting_cancelled", ("k-1", "k-2"))


def test_nothing_is_archived_with_a_meeting_still_to_come() -> None:
    """Its people could not be told any more if it changed."""
    story = all_done()
    begins = story.now + timedelta(days=7)
    story.and_(evening(begins=begins, ends=begins + timedelta(hours=1)))
    story.and_(CompleteDialogue()).mail_goes_out()
    story.when(ArchiveDialogue()).then_refused(DialogueIncomplete, "evening")
    story.and_(CancelMeeting(meeting="evening", reason=SAID)).mail_goes_out()
    story.and_(ArchiveDialogue())


# Inviting more, and fewer.


def test_whoever_gets_the_role_later_is_invited_too() -> None:
    """A new member of the panel hears of the meetings still to come, and no others."""
    story = planned().and_(evening(meeting="for-others", roles=("client",)))
    story.mail_goes_out()
    story.and_(AssignRole(role="panel", actor="k-9", address=SAID))
    story.then(has(RoleAssigned, meetings=("evening",)))
    (letter,) = owed(story)
    assert (letter.notice, letter.recipients) == ("meeting_invited", ("k-9",))
    assert story.state.meetings["evening"].invited == ("k-1", "k-2", "k-9")


def test_who_takes_a_role_over_is_invited_and_who_gave_it_stays_so() -> None:
    """One act; the one before had it in their calendar and may still come."""
    story = planned()
    passes = HandOverRole(role="panel", actor="k-2", successor="k-9", note=SAID)
    story.and_(passes).then(has(RoleHandedOver, meetings=("evening",)))
    (letter,) = owed(story)
    assert (letter.notice, letter.recipients) == ("meeting_invited", ("k-9",))
    assert story.state.meetings["evening"].invited == ("k-1", "k-2", "k-9")


def test_who_loses_the_role_still_hears_when_the_meeting_is_called_off() -> None:
    """They had it in their calendar."""
    story = planned().and_(ReleaseRole(role="panel", actor="k-2"))
    story.and_(CancelMeeting(meeting="evening", reason=SAID))
    assert owed(story)[0].recipients == ("k-1", "k-2")


def test_a_new_address_brings_the_invitation_once_more() -> None:
    """What went to the old one may never have arrived."""
    story = planned().and_(AssignRole(role="panel", actor="k-1", address=SAID))
    story.then(has(RoleAssigned, meetings=("evening",)))
    assert owed(story)[0].recipients == ("k-1",)


def test_more_people_are_invited_by_id_or_by_role() -> None:
    """Only those who were not invited get a letter."""
    story = planned()
    story.and_(Invite(meeting="evening", who=("s-1", "k-1"), roles=("client",)))
    story.then(has(PeopleInvited, invited=("s-1", "c-1"), roles=("client",)))
    assert owed(story)[0].recipients == ("s-1", "c-1")
    again = Invite(meeting="evening", who=("s-1",))
    story.when(again).then_refused(NothingToDo)


def test_whom_no_message_reached_can_be_invited_again() -> None:
    """Until one does, it shows that they do not know of it."""
    story = given(evening())
    story.world(owed(story)[0].id, missing=("k-2",))
    now = story.now
    assert ("meeting_unreached", "evening") in needs_attention(story.state, now)
    story.and_(Invite(meeting="evening", who=("k-2",)))
    assert owed(story)[0].recipients == ("k-2",)
    story.mail_goes_out()
    assert ("meeting_unreached", "evening") not in needs_attention(story.state, now)


def test_an_invitation_taken_back_is_told_to_that_one_alone() -> None:
    """The others hear nothing; that calendar takes the meeting out."""
    story = planned().and_(Uninvite(meeting="evening", who=("k-2",)))
    story.then(has(PeopleUninvited, uninvited=("k-2",), sequence=1))
    (letter,) = owed(story)
    assert (letter.notice, letter.recipients) == ("meeting_uninvited", ("k-2",))
    assert letter.about is not None
    assert letter.about.invitation is not None
    assert letter.about.invitation.cancelled
    story.when(Uninvite(meeting="evening", who=("k-2",)))
    story.then_refused(NotInvitedToMeeting, "k-2")


def test_an_invitation_that_failed_and_is_outdated_is_not_sent_again() -> None:
    """What it says is no longer so; the letter about the change has it right."""
    story = given(evening())
    first = owed(story)[0].id
    story.world(first, succeeds=False).then(EffectFailed)
    story.and_(ChangeMeeting(meeting="evening", title="The evening"))
    story.when(RetryEffect(effect=first)).then_refused(MessageOvertaken, "changed")


# Afterwards.


def test_who_came_is_recorded_once_it_began_and_corrected_after() -> None:
    """By id and by count; the last record holds."""
    story = planned().when(RecordAttendance(meeting="evening", present=("k-1",)))
    story.then_refused(MeetingNotBegun)
    story.at(BEGINS)
    first = RecordAttendance(meeting="evening", present=("k-1",), absent=("k-2",))
    story.and_(first).then(AttendanceRecorded)
    second = RecordAttendance(meeting="evening", present=("k-1", "k-2"), others=12)
    story.and_(second).then(has(AttendanceRecorded, others=12))


def test_nobody_is_both_present_and_absent() -> None:
    """Nor twice in one list."""
    with pytest.raises(ValidationError, match="both"):
        RecordAttendance(meeting="evening", present=("k-1",), absent=("k-1",))
    with pytest.raises(ValidationError, match="once"):
        RecordAttendance(meeting="evening", present=("k-1", "k-1"))


def test_minutes_have_versions() -> None:
    """A second record is a new version, and the first stays on record."""
    minutes = RecordMinutes(meeting="evening", reference="Z-1", sha256=DIGEST)
    story = planned().when(minutes).then_refused(MeetingNotBegun).at(ENDS)
    story.and_(minutes).then(has(MinutesRecorded, version=1, sha256=DIGEST))
    story.and_(minutes).then(has(MinutesRecorded, version=2))


def test_whoever_completes_items_may_record_what_came_of_a_meeting() -> None:
    """A facilitator takes notes; planning is for whoever steers."""
    story = held()
    story.and_(RecordAttendance(meeting="evening", others=5), by=FACILITATOR)
    story.and_(RecordMinutes(meeting="evening", reference="Z-1"), by=FACILITATOR)
    cancel = CancelMeeting(meeting="evening", reason=SAID)
    story.when(cancel, by=FACILITATOR).then_refused(NotEntitled)


def test_a_meeting_that_is_over_waits_to_be_recorded() -> None:
    """It comes up a week before, and stays until somebody says how it went."""
    story = planned()

    def shown() -> list[str]:
        needs = needs_attention(story.state, story.now)
        return [need.kind for need in needs if need.target == "evening"]

    assert shown() == []
    story.at(BEGINS - timedelta(days=6))
    assert shown() == ["meeting_soon"]
    story.at(BEGINS)
    assert shown() == []
    story.at(ENDS)
    assert shown() == ["meeting_unrecorded"]
    story.and_(RecordAttendance(meeting="evening", others=20))
    assert shown() == []


def test_the_state_forgets_people_once_a_meeting_was_held() -> None:
    """What nobody has to be told any more is on record, and not in the state."""
    story = held().and_(RecordAttendance(meeting="evening", present=("k-1",)))
    left = story.state.meetings["evening"].model_dump(mode="json")
    assert left.keys() == {"title", "begins", "ends", "seq", "status"}


# Going back.


def going_back() -> Story:
    """The brief is done; a meeting of it was held, and one is still to come."""
    story = brief_done(nothing().and_(start()))
    first = story.now + timedelta(days=1)
    hour = timedelta(hours=1)
    of_brief = {"step": "brief", "roles": ("panel",)}
    story.and_(
        evening(meeting="held", begins=first, ends=first + hour, **of_brief),
        evening(begins=first + 7 * 24 * hour, ends=first + 169 * hour, **of_brief),
        evening(meeting="apart", roles=("client",)),
    )
    return story.mail_goes_out().at(first + hour)


def test_going_back_calls_off_what_is_still_to_come_and_keeps_what_was_held() -> None:
    """Meetings of voided steps are withdrawn; a meeting of no step stands."""
    story = going_back().when(RevisitStep(step="brief", reason=SAID))
    kinds = [type(event.data) for event in story.new]
    assert kinds[0] is StepRevisited
    voided = [e.data for e in story.new if isinstance(e.data, MeetingVoided)]
    assert [(v.meeting, v.sequence, v.by) for v in voided] == [("evening", 1, "brief")]
    status = {name: m.status for name, m in story.state.meetings.items()}
    assert status == {"held": "planned", "evening": "voided", "apart": "planned"}


def test_the_withdrawal_of_a_meeting_is_a_compensation_like_any_other() -> None:
    """Its people hear of it, and their calendars take it out."""
    story = going_back().and_(RevisitStep(step="brief", reason=SAID))
    plans = [e.data for e in story.new if isinstance(e.data, CompensationPlanned)]
    mine = [p for p in plans if p.of is not None]
    assert [(p.act, p.undoes, p.recipients) for p in mine] == [
        ("withdraw_invitation", "evening", ("k-1", "k-2"))
    ]
    letter = next(e for e in owed(story) if e.about is not None)
    assert letter.notice == "withdraw_invitation"
    assert letter.about is not None
    assert letter.about.invitation is not None
    assert letter.about.invitation.cancelled
    assert letter.about.invitation.sequence == 1
    story.mail_goes_out()
    assert all(c.ended for c in story.state.compensations.values())


def test_what_going_back_does_to_meetings_is_known_before() -> None:
    """The preview names them, and whom they tell, and changes nothing."""
    story = going_back()
    found = preview_revisit(story.state, "brief", story.now)
    assert found["meetings"] == [{"meeting": "evening", "title": "A first evening"}]
    assert {"k-1", "k-2"} <= set(found["tells"])


def test_an_open_meeting_of_a_voided_step_no_longer_holds_either() -> None:
    """Nobody was invited by name, so nobody is told; it is off all the same."""
    story = brief_done(nothing().and_(start()))
    ahead = story.now + timedelta(days=9)
    of_brief = {"begins": ahead, "ends": ahead + timedelta(hours=1), "step": "brief"}
    story.and_(evening(roles=(), **of_brief))
    story.and_(RevisitStep(step="brief", reason=SAID))
    assert story.state.meetings["evening"].status == "voided"
    plans = [e.data for e in story.new if isinstance(e.data, CompensationPlanned)]
    assert all(plan.of is None for plan in plans)


# What is looked up.


def rows(story: Story) -> dict[str, dict[str, Any]]:
    """The rows of meetings after a story."""
    found: dict[str, dict[str, Any]] = {}
    for event in story.events:
        for entry in entries(event, story.state):
            if entry.kind == "meeting":
                found[entry.id] = found.get(entry.id, {}) | (entry.data or {})
    return found


def test_a_row_of_a_meeting_tells_all_that_came_of_it() -> None:
    """Where it was and what was said are places in the vault, never text."""
    story = planned().and_(ChangeMeeting(meeting="evening", title="The evening"))
    story.at(ENDS).and_(
        RecordAttendance(meeting="evening", present=("k-1",), others=3),
        RecordMinutes(meeting="evening", reference="Z-1", minutes=SAID),
    )
    row = rows(story)["evening"]
    assert row["title"] == "The evening"
    assert (row["status"], row["sequence"]) == ("held", 1)
    assert (row["present"], row["others"]) == (["k-1"], 3)
    assert row["place"]["private"] == "/place"
    assert row["minutes"] == {"private": "/minutes", "seq": story.state.version}
    assert SAID.commitment not in str(row)
