"""Meetings are planned, changed, called off and held; who was invited hears of each.

Only a meeting that is still to come can change. What came of one that was held, who
was there and what was said, is recorded afterwards, and again where it was wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, assert_never

from domain.calendar import to_local
from domain.draft import Draft
from domain.errors import DomainError, NothingToDo, UnknownRole
from domain.meeting_facts import (
    AttendanceRecorded,
    CancelMeeting,
    ChangeMeeting,
    Invite,
    Meeting,
    MeetingCancelled,
    MeetingChanged,
    MeetingCommand,
    MeetingScheduled,
    MinutesRecorded,
    PeopleInvited,
    PeopleUninvited,
    RecordAttendance,
    RecordMinutes,
    ScheduleMeeting,
    Uninvite,
)
from domain.meeting_held_facts import NoteMeetingHeld
from domain.meetings_ahead import UnknownMeeting, check_room, check_size, to_come
from domain.meetings_noted import note_meeting
from domain.people_register import unreached
from domain.state import Dialogue
from domain.steps import known_step, listed
from domain.windows import write_instant

LONGEST: Final = timedelta(days=31)
"""How long one meeting may last; a longer gathering is several."""

MOST_AHEAD: Final = 100
"""How many meetings may be still to come: an event that names all of them is small."""

_SAME: Final = ("title", "begins", "ends", "capacity")
"""What the state holds of a meeting, so that a change to the same is seen."""


class MeetingKnown(DomainError):
    """There is a meeting {meeting} already. Change it (change_meeting), or give the new one another id."""  # noqa: E501 (the docstring is the message)


class MeetingTimes(DomainError):
    """A meeting can't be from {begins} to {ends}: {because}."""


class MeetingBegun(DomainError):
    """Meeting {meeting} began at {begins}; only one that is still to come can be changed or called off. Record who came (record_attendance) and what was said (record_minutes)."""  # noqa: E501 (idem)


class MeetingNotBegun(DomainError):
    """Meeting {meeting} begins at {begins}. Who came, and what was said, can be recorded from then on."""  # noqa: E501 (idem)


class MeetingOff(DomainError):
    """Meeting {meeting} is off: it was {status}. Plan a new one (schedule_meeting)."""


class TooManyMeetings(DomainError):
    """There are {limit} meetings still to come already. Plan those that are far away later."""  # noqa: E501 (idem)


class NotInvitedToMeeting(DomainError):
    """These were not invited to meeting {meeting}: {who}."""


def obey(draft: Draft, command: MeetingCommand) -> None:
    """Let happen what a command about meetings asks for, or raise why not."""
    match command:
        case ScheduleMeeting():
            schedule_meeting(draft, command)
        case ChangeMeeting():
            change_meeting(draft, command)
        case CancelMeeting():
            cancel_meeting(draft, command)
        case Invite():
            invite(draft, command)
        case Uninvite():
            uninvite(draft, command)
        case RecordAttendance():
            record_attendance(draft, command)
        case RecordMinutes():
            record_minutes(draft, command)
        case NoteMeetingHeld():
            _check_new(draft.state, command.meeting)
            note_meeting(draft, command)
        case _:
            assert_never(command)


def _check_new(state: Dialogue, name: str) -> None:
    if name in state.meetings:
        raise MeetingKnown(meeting=name)


def schedule_meeting(draft: Draft, command: ScheduleMeeting) -> None:
    """Plan a meeting; whoever holds one of its roles, and every guest, is invited."""
    state = draft.state
    _check_new(state, command.meeting)
    if command.step is not None:
        known_step(state, command.step)
    _check_times(state, command.begins, command.ends)
    if len(to_come(state, draft.by.at)) >= MOST_AHEAD:
        raise TooManyMeetings(limit=MOST_AHEAD)
    people = (*_holders(state, command.roles), *command.guests)
    invited = tuple(dict.fromkeys(people))
    check_room(state, draft.by.at, command.meeting, invited)
    kept = {"meeting", "title", "step", "begins", "ends", "format", "roles"}
    private = {"place", "online", "programme"}
    draft.happen(
        MeetingScheduled(
            **_members(command, kept | private | {"capacity"}),
            zone=state.zone,
            invited=invited,
            unreached=len(unreached(state)),
        )
    )


def _members(command: MeetingCommand, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(command, name) for name in names}


def _check_times(state: Dialogue, begins: datetime, ends: datetime) -> None:
    told = {"begins": write_instant(begins), "ends": write_instant(ends)}
    if ends <= begins:
        raise MeetingTimes(**told, because="it has to end after it begins")
    if ends - begins > LONGEST:
        because = f"it may last {LONGEST.days} days at most; plan several meetings"
        raise MeetingTimes(**told, because=because)
    for moment in (begins, ends):
        to_local(state.calendar, moment)  # a meeting is where the calendar reaches


def _holders(state: Dialogue, roles: Iterable[str]) -> tuple[str, ...]:
    known = [role.id for role in state.plan.roles]
    for role in roles:
        if role not in known:
            raise UnknownRole(role=role, known=", ".join(known))
    return tuple(who for role in roles for who in state.holders(role))


def _known(state: Dialogue, name: str) -> Meeting:
    """Give a meeting that was not called off."""
    meeting = state.meetings.get(name)
    if meeting is None:
        known = listed(tuple(state.meetings)) or "none"
        raise UnknownMeeting(meeting=name, known=known)
    if meeting.status in {"cancelled", "voided"}:
        raise MeetingOff(meeting=name, status=meeting.status)
    return meeting


def _ahead(draft: Draft, name: str) -> Meeting:
    """Give a meeting that is still to come."""
    meeting = _known(draft.state, name)
    if meeting.status == "held" or meeting.begins <= draft.by.at:
        raise MeetingBegun(meeting=name, begins=write_instant(meeting.begins))
    return meeting


def _begun(draft: Draft, name: str) -> Meeting:
    meeting = _known(draft.state, name)
    if draft.by.at < meeting.begins:
        raise MeetingNotBegun(meeting=name, begins=write_instant(meeting.begins))
    return meeting


def change_meeting(draft: Draft, command: ChangeMeeting) -> None:
    """Change a meeting that is still to come, and let those invited know."""
    meeting = _ahead(draft, command.meeting)
    named = {n: getattr(command, n) for n in _SAME}
    new = {n: v for n, v in named.items() if v not in {None, getattr(meeting, n)}}
    private = {"place", "online", "programme", "message", "reason"}
    said = any(getattr(command, n) is not None for n in ("format", *private))
    if not new and not said and not command.without:
        raise NothingToDo(because="the meeting is so already")
    begins, ends = _times(draft, meeting, new)
    moved = (begins, ends) != (meeting.begins, meeting.ends)
    draft.happen(
        MeetingChanged(
            **_members(command, {"meeting", "format", "without"} | private),
            sequence=meeting.sequence + 1,
            title=new.get("title"),
            begins=new.get("begins"),
            ends=new.get("ends"),
            was=(meeting.begins, meeting.ends) if moved else None,
            capacity=new.get("capacity"),
        )
    )


def _times(
    draft: Draft, meeting: Meeting, new: dict[str, Any]
) -> tuple[datetime, datetime]:
    """Give begin and end as they will be; neither may lie in the past."""
    begins: datetime = new.get("begins", meeting.begins)
    ends: datetime = new.get("ends", meeting.ends)
    _check_times(draft.state, begins, ends)
    if begins <= draft.by.at:
        told = {"begins": write_instant(begins), "ends": write_instant(ends)}
        raise MeetingTimes(**told, because="it would have begun already")
    return begins, ends


def cancel_meeting(draft: Draft, command: CancelMeeting) -> None:
    """Call a meeting off that is still to come."""
    meeting = _ahead(draft, command.meeting)
    draft.happen(
        MeetingCancelled(
            meeting=command.meeting,
            sequence=meeting.sequence + 1,
            told=meeting.invited,
            message=command.message,
            reason=command.reason,
        )
    )


def call_off_all(draft: Draft) -> None:
    """Call off all meetings that are still to come: the dialogue is cancelled."""
    for name, meeting in to_come(draft.state, draft.by.at).items():
        draft.happen(
            MeetingCancelled(
                meeting=name,
                sequence=meeting.sequence + 1,
                told=meeting.invited,
                message=None,
                reason=None,
            )
        )


def invite(draft: Draft, command: Invite) -> None:
    """Invite people who were not invited, and those whom no message reached."""
    meeting = _ahead(draft, command.meeting)
    people = (*command.who, *_holders(draft.state, command.roles))
    new = tuple(
        who
        for who in dict.fromkeys(people)
        if who not in meeting.invited or who in meeting.missed
    )
    roles = tuple(role for role in command.roles if role not in meeting.roles)
    if not new and not roles:
        raise NothingToDo(because="all of them were invited")
    everybody = dict.fromkeys((*meeting.invited, *new))
    check_room(draft.state, draft.by.at, command.meeting, everybody)
    draft.happen(PeopleInvited(meeting=command.meeting, invited=new, roles=roles))


def uninvite(draft: Draft, command: Uninvite) -> None:
    """Take back the invitation of some; the others hear nothing of it."""
    meeting = _ahead(draft, command.meeting)
    strangers = tuple(who for who in command.who if who not in meeting.invited)
    if strangers:
        raise NotInvitedToMeeting(meeting=command.meeting, who=listed(strangers))
    draft.happen(
        PeopleUninvited(
            meeting=command.meeting,
            sequence=meeting.sequence + 1,
            uninvited=command.who,
            reason=command.reason,
        )
    )


def record_attendance(draft: Draft, command: RecordAttendance) -> None:
    """Record who came, once the meeting has begun."""
    _begun(draft, command.meeting)
    named = (*command.present, *command.absent)
    check_size(command.meeting, named)
    names = ("meeting", "present", "absent", "others")
    draft.happen(AttendanceRecorded(**_members(command, names)))


def record_minutes(draft: Draft, command: RecordMinutes) -> None:
    """Record the minutes, or a new version of them."""
    meeting = _begun(draft, command.meeting)
    names = ("meeting", "reference", "sha256", "minutes")
    version = meeting.minutes + 1
    draft.happen(MinutesRecorded(**_members(command, names), version=version))
