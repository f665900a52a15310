"""Meetings to come, and who is not reached yet when one is planned."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from desk.history import Past
from domain.calendar import to_local
from domain.meetings_ahead import to_come
from domain.people_register import unreached
from domain.state import Dialogue


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
