"""The windows of a dialogue stand still while its organisation has suspended them.

A suspension holds beside a pause of the dialogue's own: neither ends the other, and the
windows run on, each with what it had left, once nothing holds them any more.

After a pause that is the time, to the microsecond. A suspension counts in days, as the
one in Flanders did in 2020: each day that it touched is given back whole, and the last
day is a working day. So a change of the clock in between takes an hour from nobody, and
a window ends with its day. One that counts in working days has as many of those left.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from domain.audiences import known_window
from domain.calendar import ONE_DAY, to_local
from domain.draft import Draft
from domain.errors import CalendarExhausted, NothingToDo
from domain.state import Dialogue, WindowRun
from domain.suspension_facts import (
    DialogueSuspended,
    LiftSuspension,
    SuspendDialogue,
    SuspensionCommand,
    SuspensionLifted,
    WindowLeft,
    WindowResumed,
)
from domain.terms import later_by_days, remaining, with_working_days
from domain.windows import close_overdue, reminders_of

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


def resumed_by_days(state: Dialogue, now: datetime) -> tuple[WindowResumed, ...]:
    """Give when each window closes that stood still, in whole days.

    Where the calendar does not reach it is the time, as after a pause.
    """
    if state.paused_at is None:
        return ()
    try:
        since, until = (to_local(state.calendar, t) for t in (state.paused_at, now))
        days = -(-(until.replace(tzinfo=None) - since.replace(tzinfo=None)) // ONE_DAY)
        stood = _Stood(since.date(), days)
        return tuple(
            _run_on(state, name, run, stood, now)
            for name, run in state.open_windows().items()
        )
    except CalendarExhausted:
        return resumed(state, now)


class _Stood(NamedTuple):
    """Since which day windows stood still, and for how many."""

    since: date
    days: int


def _run_on(
    state: Dialogue, name: str, run: WindowRun, stood: _Stood, now: datetime
) -> WindowResumed:
    closes = _closing(state, name, run.closes, stood) if stood.days else run.closes
    reminders = reminders_of(state, known_window(state, name), closes, now)
    return WindowResumed(window=name, run=run.run, closes=closes, reminders=reminders)


def _closing(state: Dialogue, name: str, closes: datetime, stood: _Stood) -> datetime:
    """Give the closing after as many days; of working days none is lost either."""
    later = later_by_days(state.calendar, closes, stood.days)
    if known_window(state, name).duration.kind != "working_days":
        return later
    return max(later, with_working_days(state.calendar, closes, *stood))


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
    windows = resumed_by_days(state, draft.by.at) if last else ()
    draft.happen(SuspensionLifted(suspension=command.suspension, windows=windows))
