"""The windows of a dialogue stand still while its organisation has suspended them.

A suspension holds beside a pause of the dialogue's own: neither ends the other, and the
windows run on, each with the time it had left, once nothing holds them any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from domain.draft import Draft
from domain.errors import NothingToDo
from domain.state import Dialogue
from domain.suspension_facts import (
    DialogueSuspended,
    LiftSuspension,
    SuspendDialogue,
    SuspensionCommand,
    SuspensionLifted,
    WindowLeft,
    WindowResumed,
)
from domain.terms import remaining
from domain.windows import close_overdue

_MILLISECOND: Final = timedelta(milliseconds=1)


def obey(draft: Draft, command: SuspensionCommand) -> None:
    """Obey a command of this area."""
    match command:
        case SuspendDialogue():
            _suspend(draft, command)
        case LiftSuspension():
            _lift(draft, command)


def left(state: Dialogue, now: datetime) -> tuple[WindowLeft, ...]:
    """Give what is left of each open window; nothing where they stand still already."""
    return tuple(
        WindowLeft(
            window=name,
            run=run.run,
            left_ms=-(-remaining(run.closes, now) // _MILLISECOND),
        )
        for name, run in state.running_windows().items()
    )


def resumed(state: Dialogue, now: datetime) -> tuple[WindowResumed, ...]:
    """Give when each window closes that stood still: later by the whole pause.

    To the microsecond, closing and reminders alike.
    """
    if state.paused_at is None:
        return ()
    pause = now - state.paused_at
    return tuple(
        WindowResumed(
            window=name,
            run=run.run,
            closes=_later(run.closes, pause),
            reminders=tuple(_later(moment, pause) for moment in run.reminders),
        )
        for name, run in state.open_windows().items()
    )


def _later(moment: datetime, pause: timedelta) -> datetime:
    """Move a moment, as far as there are years to move it to."""
    try:
        return moment + pause
    except OverflowError:
        return datetime.max.replace(tzinfo=moment.tzinfo)


def _suspend(draft: Draft, command: SuspendDialogue) -> None:
    if command.suspension in draft.state.suspended:
        raise NothingToDo(because="this suspension holds here already")
    close_overdue(draft, draft.state.open_windows())
    windows = left(draft.state, draft.by.at)
    draft.happen(DialogueSuspended(suspension=command.suspension, windows=windows))


def _lift(draft: Draft, command: LiftSuspension) -> None:
    state = draft.state
    if command.suspension not in state.suspended:
        raise NothingToDo(because="this suspension does not hold here")
    last = state.suspended == (command.suspension,) and not state.paused_too
    windows = resumed(state, draft.by.at) if last else ()
    draft.happen(SuspensionLifted(suspension=command.suspension, windows=windows))
