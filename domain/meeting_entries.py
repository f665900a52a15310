"""What people look up of meetings: when, for whom, who came, and what was said."""

from __future__ import annotations

from typing import Any

from domain.entry import Entry, place, said
from domain.events import AnyEvent, Event, RoleAssigned
from domain.meeting_facts import (
    AttendanceRecorded,
    MeetingCancelled,
    MeetingChanged,
    MeetingNoted,
    MeetingScheduled,
    MeetingVoided,
    MinutesRecorded,
    PeopleInvited,
    PeopleUninvited,
)
from domain.state import Dialogue

_CHANGED = ("title", "begins", "ends", "format", "capacity")
_WORDS = ("place", "online", "programme")


def entries_of(data: AnyEvent, event: Event, after: Dialogue) -> tuple[Entry, ...]:
    """Give rows of kind ``meeting``, named by the meeting's id."""
    match data:
        case MeetingScheduled():
            rest = {"status": "planned", "sequence": 0, **said(event)}
            return (Entry("meeting", str(rest.pop("meeting")), rest),)
        case MeetingNoted():
            told = said(event)
            others = {"others": told.pop("came")} if "came" in told else {}
            rest = {"status": "held", "sequence": 0, **told, **others}
            return (Entry("meeting", str(rest.pop("meeting")), rest),)
        case MeetingChanged():
            away = dict.fromkeys(data.without)
            told = said(event, *_CHANGED, *_WORDS, "sequence")
            return (Entry("meeting", data.meeting, {**away, **told}),)
        case MeetingCancelled():
            told = said(event, "sequence", "reason", "message")
            return (Entry("meeting", data.meeting, {"status": "cancelled", **told}),)
        case MeetingVoided():
            told = {"status": "voided", **said(event, "sequence", "by")}
            return (Entry("meeting", data.meeting, told),)
        case PeopleInvited() | PeopleUninvited():
            return (_invited(after, data.meeting),)
        case RoleAssigned():
            return tuple(_invited(after, name) for name in data.meetings)
        case AttendanceRecorded() | MinutesRecorded():
            return (Entry("meeting", data.meeting, _held(data, event)),)
        case _:
            return ()


def _invited(after: Dialogue, name: str) -> Entry:
    meeting = after.meetings[name]
    people = {"invited": list(meeting.invited), "roles": list(meeting.roles)}
    return Entry("meeting", name, {**people, "sequence": meeting.sequence})


def _held(data: AttendanceRecorded | MinutesRecorded, event: Event) -> dict[str, Any]:
    if isinstance(data, AttendanceRecorded):
        return {"status": "held", **said(event, "present", "absent", "others")}
    told: dict[str, Any] = {
        "status": "held",
        "version": data.version,
        "reference": data.reference,
        "sha256": data.sha256,
    }
    if data.minutes is not None:
        told["minutes"] = place(event, "minutes")
    return told
