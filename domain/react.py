"""react: what the world must do now, as data.

A message goes out for a window that opens, is extended, shortened, resumed or closed,
to the silent when they are reminded, and for each compensation. Who gets it is fixed
here, by opaque id; only the activity that sends it learns an address.
"""

from __future__ import annotations

from domain import harvest_react, meetings_after
from domain.events import (
    AudienceReminded,
    CompensationStarted,
    DialogueResumed,
    Event,
    RoleAssigned,
    WindowClosed,
    WindowExtended,
    WindowOpened,
    WindowShortened,
)
from domain.harvest_facts import HarvestEvent
from domain.ledger_facts import AnswersToldAgain, ResponseAnswered
from domain.ledger_react import answer_given, given_again
from domain.meeting_facts import MeetingEvent
from domain.notices import NoticeKind
from domain.people_register_facts import RoleHandedOver
from domain.state import Dialogue, Effect
from domain.suspension_facts import SuspensionLifted
from domain.window_facts import AudienceInvited


def react(state: Dialogue, event: Event) -> tuple[Effect, ...]:
    """Give the effects that ``event`` asks for, ``state`` being the one after it."""
    if isinstance(event.data, HarvestEvent):
        return harvest_react.react(state, event.data, event)
    if isinstance(event.data, MeetingEvent):
        return meetings_after.letters(state, event, event.data)
    match event.data:
        case WindowOpened() as data:
            return _notice(state, event, "window_opened", data.window)
        case WindowExtended() as data:
            return _notice(state, event, "window_extended", data.window)
        case WindowShortened() as data:
            return _notice(state, event, "window_shortened", data.window)
        case WindowClosed() as data:
            return _notice(state, event, "window_closed", data.window)
        case AudienceReminded() as data:
            return _notice(state, event, "window_reminder", data.window, data.silent)
        case DialogueResumed() | SuspensionLifted() as data:
            return _resumed(state, event, data)
        case AudienceInvited() as data:
            return _notice(state, event, "window_opened", data.window, data.who)
        case RoleAssigned() as data:
            invited = meetings_after.welcomed(state, event, data, data.actor)
            return (*_welcome(state, event, data.actor, data.invited_to), *invited)
        case RoleHandedOver() as data:
            who = data.successor
            invited = meetings_after.welcomed(state, event, data, who)
            return (*_welcome(state, event, who, data.invited_to), *invited)
        case ResponseAnswered() as data:
            return answer_given(event, data)
        case AnswersToldAgain() as data:
            return given_again(state, event, data)
        case CompensationStarted() as data:
            return (_compensating(state, event, data),)
        case _:
            return ()


def _notice(
    state: Dialogue,
    event: Event,
    notice: NoticeKind,
    window: str,
    recipients: tuple[str, ...] | None = None,
) -> tuple[Effect, ...]:
    run = state.windows[window][-1]
    told = run.present if recipients is None else recipients
    if not told:
        return ()
    effect = Effect(
        id=f"e{event.seq}",
        notice=notice,
        target=window,
        run=run.run,
        recipients=told,
        closes=run.closes,
        seq=event.seq,
    )
    return (effect,)


def _resumed(
    state: Dialogue, event: Event, data: DialogueResumed | SuspensionLifted
) -> tuple[Effect, ...]:
    """Tell all who were invited until when the windows run on."""
    return tuple(
        Effect(
            id=f"e{event.seq}-{number}",
            notice="window_resumed",
            target=resumed.window,
            run=resumed.run,
            recipients=state.windows[resumed.window][-1].present,
            closes=resumed.closes,
            seq=event.seq,
        )
        for number, resumed in enumerate(data.windows, 1)
        if state.windows[resumed.window][-1].present
    )


def _welcome(
    state: Dialogue, event: Event, who: str, invited_to: tuple[str, ...]
) -> tuple[Effect, ...]:
    """Tell somebody who gets a role which windows are open for it."""
    return tuple(
        Effect(
            id=f"e{event.seq}-{number}",
            notice="window_opened",
            target=window,
            run=state.windows[window][-1].run,
            recipients=(who,),
            closes=state.windows[window][-1].closes,
            seq=event.seq,
        )
        for number, window in enumerate(invited_to, 1)
    )


def _compensating(state: Dialogue, event: Event, data: CompensationStarted) -> Effect:
    compensation = state.compensations[data.compensation]
    return Effect(
        id=compensation.id,
        notice=compensation.act,
        target=compensation.undoes,
        run=compensation.run,
        recipients=compensation.recipients,
        compensation=compensation.id,
        about=compensation.of,
        attempt=data.attempt,
        seq=event.seq,
    )
