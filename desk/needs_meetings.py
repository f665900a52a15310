"""What of meetings needs somebody: its title, its day, and what would help."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from desk.history import Past
from domain.calendar import to_local
from domain.meetings_ahead import to_come
from domain.people_register import unreached
from domain.progress import Need
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
    return to_local(state.calendar, meeting.begins).date()


def waiting(
    state: Dialogue, past: Iterable[Past], seqs: Collection[int]
) -> tuple[str, ...]:
    """Give the stakeholders not reached yet, if these events planned a meeting."""
    new = (event.members for event in past if event.seq in seqs)
    planned = (each for each in new if each["type"] == "meeting_scheduled")
    ahead = any(each["at"] < each["data"]["begins"] for each in planned)
    return unreached(state) if ahead else ()


def ahead(state: Dialogue, now: datetime) -> list[tuple[str, datetime, datetime, int]]:
    """Give meetings to come: title, begin and end by the clock, how many asked."""
    meetings = sorted(to_come(state, now).values(), key=lambda m: (m.begins, m.seq))
    return [
        (
            meeting.title,
            to_local(state.calendar, meeting.begins),
            to_local(state.calendar, meeting.ends),
            len(meeting.invited),
        )
        for meeting in meetings
    ]
