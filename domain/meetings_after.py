"""What the state keeps of meetings after each event, and the letters it leads to.

A part of `evolve` and `react`: it follows events, and decides nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any, assert_never

from domain.events import CompensationCompleted, EffectCompleted, Event, RoleAssigned
from domain.meeting_facts import (
    AttendanceRecorded,
    Meeting,
    MeetingCancelled,
    MeetingChanged,
    MeetingEvent,
    MeetingNoted,
    MeetingScheduled,
    MeetingVoided,
    MinutesRecorded,
    PeopleInvited,
    PeopleUninvited,
)
from domain.meetings_ahead import TOLD, about
from domain.notices import MeetingNotice
from domain.people_register_facts import RoleHandedOver
from domain.state import Dialogue, Effect


def after(state: Dialogue, data: MeetingEvent, event: Event) -> Dialogue:
    """Give the state after an event about a meeting."""
    match data:
        case MeetingScheduled():
            return _with(state, data.meeting, _planned(data, event))
        case MeetingChanged():
            return _changed(state, data, event)
        case MeetingCancelled():
            return _over(state, data.meeting, "cancelled", sequence=data.sequence)
        case MeetingVoided():
            return _over(state, data.meeting, "voided", sequence=data.sequence)
        case PeopleInvited():
            meeting = state.meetings[data.meeting]
            roles = (*meeting.roles, *data.roles)
            return joined(state, data.meeting, data.invited, roles=roles)
        case PeopleUninvited():
            return _left(state, data)
        case AttendanceRecorded():
            return _over(state, data.meeting, "held")
        case MinutesRecorded():
            return _over(state, data.meeting, "held", minutes=data.version)
        case MeetingNoted():
            return _with(state, data.meeting, _noted(data, event))
        case _:
            assert_never(data)


def _with(state: Dialogue, name: str, meeting: Meeting) -> Dialogue:
    return state.but(meetings=state.meetings | {name: meeting})


def _planned(data: MeetingScheduled, event: Event) -> Meeting:
    return Meeting(
        title=data.title,
        begins=data.begins,
        ends=data.ends,
        seq=event.seq,
        step=data.step,
        roles=data.roles,
        invited=data.invited,
        words={name: event.seq for name in TOLD if getattr(data, name) is not None},
        capacity=data.capacity,
    )


def _noted(data: MeetingNoted, event: Event) -> Meeting:
    """Give what the state keeps of it: that it was held, and its widest bounds."""
    first = datetime.combine(data.held.first, time(), UTC)
    day = min(data.held.last, event.at.date())
    last = datetime.combine(day, time(), UTC) + timedelta(days=1)
    return Meeting(
        title=data.title,
        begins=min(first, event.at),
        ends=max(min(last, event.at), min(first, event.at)),
        seq=event.seq,
        status="held",
        step=data.step,
    )


def _changed(state: Dialogue, data: MeetingChanged, event: Event) -> Dialogue:
    meeting = state.meetings[data.meeting]
    members = ("title", "begins", "ends", "capacity")
    told = {name: getattr(data, name) for name in members}
    new = {name: value for name, value in told.items() if value is not None}
    words = {n: seq for n, seq in meeting.words.items() if n not in data.without}
    words |= {name: event.seq for name in TOLD if getattr(data, name) is not None}
    if "capacity" in data.without:
        new["capacity"] = None
    changed = meeting.but(**new, words=words, sequence=data.sequence)
    return _with(state, data.meeting, changed)


def _over(state: Dialogue, name: str, status: str, **changes: Any) -> Dialogue:  # noqa: ANN401
    """Let a meeting be over: nobody has to be told of it any more."""
    meeting = state.meetings[name]
    nobody: dict[str, Any] = {"invited": (), "missed": (), "roles": (), "words": {}}
    return _with(state, name, meeting.but(status=status, **nobody, **changes))


def joined(
    state: Dialogue,
    name: str,
    people: tuple[str, ...],
    **changes: Any,  # noqa: ANN401
) -> Dialogue:
    """Let people be among those invited to a meeting."""
    meeting = state.meetings[name]
    invited = tuple(dict.fromkeys((*meeting.invited, *people)))
    missed = tuple(who for who in meeting.missed if who not in people)
    return _with(state, name, meeting.but(invited=invited, missed=missed, **changes))


def _left(state: Dialogue, data: PeopleUninvited) -> Dialogue:
    meeting = state.meetings[data.meeting]
    kept = tuple(who for who in meeting.invited if who not in data.uninvited)
    missed = tuple(who for who in meeting.missed if who not in data.uninvited)
    changed = meeting.but(invited=kept, missed=missed, sequence=data.sequence)
    return _with(state, data.meeting, changed)


def told(state: Dialogue, data: EffectCompleted | CompensationCompleted) -> Dialogue:
    """Remember whom a letter about a meeting to come did not reach, until one does.

    To be called while the state still holds the effect.
    """
    if isinstance(data, CompensationCompleted):
        return state
    effect = state.effects[data.effect]
    invitation = effect.about.invitation if effect.about else None
    meeting = state.meetings.get(invitation.meeting) if invitation else None
    if invitation is None or meeting is None or not meeting.invited:
        return state
    missed = dict.fromkeys((*meeting.missed, *data.undeliverable))
    left = [who for who in missed if who in meeting.invited and who not in data.sent]
    return _with(state, invitation.meeting, meeting.but(missed=tuple(left)))


def letters(state: Dialogue, event: Event, data: MeetingEvent) -> tuple[Effect, ...]:
    """Give the letters that an event asks for, ``state`` being the one after it."""
    match data:
        case MeetingScheduled() if data.begins > event.at:
            return letter(state, event, data.meeting, "meeting_invited", data.invited)
        case MeetingCancelled():
            people = data.told
            return letter(state, event, data.meeting, "meeting_cancelled", people)
        case MeetingChanged():
            people = state.meetings[data.meeting].invited
            return letter(state, event, data.meeting, "meeting_changed", people)
        case PeopleInvited():
            return letter(state, event, data.meeting, "meeting_invited", data.invited)
        case PeopleUninvited():
            people = data.uninvited
            return letter(state, event, data.meeting, "meeting_uninvited", people)
        case _:
            return ()


def letter(
    state: Dialogue,
    event: Event,
    name: str,
    notice: MeetingNotice,
    people: tuple[str, ...],
    *,
    number: str = "",
) -> tuple[Effect, ...]:
    """Give the letter to these people about a meeting as it is now; none to nobody."""
    if not people:
        return ()
    off = notice in {"meeting_cancelled", "meeting_uninvited"}
    message = getattr(event.data, "message", None)
    what = about(
        name,
        state.meetings[name],
        cancelled=off,
        message=event.seq if message is not None else None,
    )
    effect = Effect(
        id=f"e{event.seq}{number}",
        notice=notice,
        target=name,
        recipients=people,
        about=what,
        seq=event.seq,
    )
    return (effect,)


def welcome(state: Dialogue, names: tuple[str, ...], who: str) -> Dialogue:
    """Let somebody who gets a role be among those invited to these meetings."""
    for name in names:
        state = joined(state, name, (who,))
    return state


def welcomed(
    state: Dialogue, event: Event, data: RoleAssigned | RoleHandedOver, who: str
) -> tuple[Effect, ...]:
    """Give the invitations for somebody who got a role, after those to windows."""
    first = len(data.invited_to) + 1
    invited = (
        letter(state, event, name, "meeting_invited", (who,), number=f"-{number}")
        for number, name in enumerate(data.meetings, first)
    )
    return tuple(effect for each in invited for effect in each)
