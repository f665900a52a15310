"""A meeting of which only a day, a month or a year is known is noted as it is known.

Nothing follows from it: no invitation, no letter, nothing in a calendar. Who came and
what was said can be recorded of it as of any other meeting.
"""

from __future__ import annotations

from datetime import date

from domain.calendar import to_local
from domain.draft import Draft
from domain.errors import CalendarExhausted, DomainError
from domain.meeting_held_facts import MeetingNoted, NoteMeetingHeld
from domain.steps import known_step


class MeetingNotHeldYet(DomainError):
    """The date {date} lies in the future, so nobody can have met then. Plan the meeting (schedule_meeting), or see to the date."""  # noqa: E501 (the docstring is the message)


def note_meeting(draft: Draft, command: NoteMeetingHeld) -> None:
    """Note that a meeting was held. Its id is one that no other meeting has."""
    if command.step is not None:
        known_step(draft.state, command.step)
    if command.held.first > _today(draft):
        raise MeetingNotHeldYet(date=command.held.date)
    members = {name: getattr(command, name) for name in MeetingNoted.model_fields}
    draft.happen(MeetingNoted(**members))


def _today(draft: Draft) -> date:
    try:
        return to_local(draft.state.calendar, draft.by.at).date()
    except CalendarExhausted:
        return draft.by.at.date()
