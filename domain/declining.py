"""A request to take part is turned down only of somebody who does not take part."""

from __future__ import annotations

from domain.audiences import audiences_of, known_window, whole_window
from domain.declining_facts import DeclineParticipation, ParticipationDeclined
from domain.draft import Draft
from domain.errors import DomainError
from domain.meetings_ahead import UnknownMeeting
from domain.method import PUBLIC
from domain.state import Dialogue
from domain.steps import listed


class TakesPartAlready(DomainError):
    """{who} takes part in {what} already. Take that back first (uninvite, release_role, release_stakeholder), or see to the id."""  # noqa: E501 (the docstring is the message)


class OpenToEverybody(DomainError):
    """Feedback window {window} asks the public: nobody needs to be let in."""


def decline_participation(draft: Draft, command: DeclineParticipation) -> None:
    """Note that somebody asked to take part and was not let in."""
    state, who = draft.state, command.who
    if command.window is not None:
        _check_window(state, command.window, who)
    elif command.meeting is not None:
        _check_meeting(state, command.meeting, who)
    elif who in state.stakeholders or any(who in each for each in state.roles.values()):
        raise TakesPartAlready(who=who, what="the dialogue")
    draft.happen(
        ParticipationDeclined(
            who=who,
            window=command.window,
            meeting=command.meeting,
            reason=command.reason,
        )
    )


def _check_window(state: Dialogue, window: str, who: str) -> None:
    if known_window(state, window).audience == PUBLIC:
        raise OpenToEverybody(window=window)
    live = state.open_windows()
    asked = {window} if window != whole_window(window) else audiences_of(state, window)
    for name in asked:
        if name in live and who in live[name].present:
            raise TakesPartAlready(who=who, what=name)


def _check_meeting(state: Dialogue, name: str, who: str) -> None:
    meeting = state.meetings.get(name)
    if meeting is None:
        known = listed(tuple(state.meetings)) or "none"
        raise UnknownMeeting(meeting=name, known=known)
    if who in meeting.invited:
        raise TakesPartAlready(who=who, what=name)
