"""What would help where a meeting needs somebody: its title, its day, one command."""

from __future__ import annotations

from datetime import date

from domain.calendar import to_local
from domain.errors import CalendarExhausted
from domain.need import Need
from domain.state import Dialogue

_PREFIX = "meeting_"


def title_of(state: Dialogue, need: Need) -> str | None:
    """Give the title of the meeting that a need is about."""
    meeting = state.meetings.get(need.target)
    return meeting.title if meeting and need.kind.startswith(_PREFIX) else None


def help_for(
    state: Dialogue, need: Need
) -> tuple[str, dict[str, str | tuple[str, ...]]] | None:
    """Give the kind and the body of a command that helps; empty is to be filled in."""
    meeting = state.meetings.get(need.target)
    if meeting is None:
        return None
    match need.kind:
        case "meeting_unreached":
            again = {"meeting": need.target, "who": (",".join(meeting.missed),)}
            return "invite", again
        case "meeting_unrecorded" if meeting.invited:
            return "record_attendance", {"meeting": need.target, "present": ("@all",)}
        case "meeting_unrecorded":
            return "record_attendance", {"meeting": need.target, "others": ""}
        case _:
            return None


def day_of(state: Dialogue, need: Need) -> date | None:
    """Give the day on which the meeting begins that a need is about."""
    meeting = state.meetings.get(need.target)
    if meeting is None or not need.kind.startswith(_PREFIX):
        return None
    try:
        return to_local(state.calendar, meeting.begins).date()
    except CalendarExhausted:
        return meeting.begins.date()
