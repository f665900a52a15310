"""Feedback windows: open in [opens, closes), for one audience each.

The instant of closing is computed once, from the dialogue's own calendar, and stored
with the rule that gave it. From that instant on the window counts as closed, also
where the clock has not come round to closing it yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Final, Literal

from domain.commands import (
    CloseWindow,
    ExtendWindow,
    OpenWindow,
    RemindWindow,
    ShortenWindow,
)
from domain.draft import Draft
from domain.errors import (
    DialoguePaused,
    MayNotCloseEarly,
    NotEarlier,
    NothingToDo,
    OpenedTooOften,
    ReasonMissing,
    StepNotStarted,
    UnknownWindow,
    WindowNotOpen,
    WindowOpen,
)
from domain.events import (
    AudienceReminded,
    WindowClosed,
    WindowExtended,
    WindowOpened,
    WindowShortened,
)
from domain.facts import Private
from domain.method import CLOCK, PUBLIC, Window
from domain.rounds import step_of
from domain.state import Dialogue, WindowRun
from domain.terms import Duration, TermOver, closing, extend, reminder_instants

MOST_OPENINGS: Final = 20
"""How often a window opens in one round of its step; going back begins a new round."""


def known_window(state: Dialogue, window: str) -> Window:
    """Give a window of the plan, or say which there are."""
    if window not in state.plan.windows:
        known = ", ".join(state.plan.windows) or "none"
        raise UnknownWindow(window=window, known=known)
    return state.plan.windows[window]


def write_instant(moment: datetime) -> str:
    """Write an instant for a message: UTC, to the second."""
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def open_window(draft: Draft, command: OpenWindow) -> None:
    """Open a window by hand, again too; its step must be under way or complete."""
    window = known_window(draft.state, command.window)
    departs = command.duration is not None and command.duration != window.duration
    if departs and command.reason is None:
        raise ReasonMissing(because="this is not the duration that the method gives")
    close_overdue(draft, [command.window])
    run = draft.state.run(command.window)
    if run is not None and run.status == "open":
        raise WindowOpen(window=command.window, closes=write_instant(run.closes))
    step = step_of(command.window)
    current = draft.state.round(step)
    if current is None or current.status not in {"started", "completed"}:
        raise StepNotStarted(step=step)
    duration = command.duration or window.duration
    _open(draft, command.window, duration, command.reason)


def open_by_step(
    draft: Draft, on: Literal["step_started", "step_completed"], step: str
) -> None:
    """Open the windows that the method opens when this step starts or completes.

    A window whose own step is not under way stays for a person to open, and so does
    one that lasts until a day which has passed, or was opened too often.
    """
    for name, window in draft.state.plan.windows.items():
        if window.opens.on != on or window.opens.step != step:
            continue
        current = draft.state.round(step_of(name))
        run = draft.state.run(name)
        under_way = current and current.status in {"started", "completed"}
        if under_way and not (run and run.status == "open"):
            with suppress(TermOver, OpenedTooOften):
                _open(draft, name, window.duration, None)


def _open(draft: Draft, name: str, duration: Duration, reason: Private | None) -> None:
    state, now = draft.state, draft.by.at
    window = state.plan.windows[name]
    term = closing(state.calendar, now, duration)
    runs = state.windows.get(name, ())
    current = state.steps[step_of(name)][-1].number
    if sum(run.round == current for run in runs) >= MOST_OPENINGS:
        raise OpenedTooOften(window=name, limit=MOST_OPENINGS)
    draft.happen(
        WindowOpened(
            window=name,
            run=len(runs) + 1,
            round=current,
            audience=window.audience,
            invited=() if window.audience == PUBLIC else state.holders(window.audience),
            closes=term.closes,
            zone=state.zone,
            rule=term.rule,
            reminders=_reminders(state, window, term.closes, now),
            reason=reason,
        )
    )


def _reminders(
    state: Dialogue, window: Window, closes: datetime, now: datetime
) -> tuple[datetime, ...]:
    if window.audience == PUBLIC:
        return ()
    moments = reminder_instants(state.calendar, closes, window.reminders)
    return tuple(moment for moment in moments if moment > now)


def _running(draft: Draft, name: str) -> WindowRun:
    """Give the window's run if it is open now; a closing that is due counts as done."""
    known_window(draft.state, name)
    if draft.state.status == "paused":
        raise DialoguePaused
    run = draft.state.run(name)
    if run is None or run.status != "open" or run.closes <= draft.by.at:
        raise _not_open(name, run)
    return run


def _not_open(name: str, run: WindowRun | None) -> WindowNotOpen:
    if run is None:
        return WindowNotOpen(window=name, since="")
    since = {
        "open": f": its time ended at {write_instant(run.closes)}",
        "closed": f": it closed at {write_instant(run.closes)}",
        "voided": ": it was voided when the dialogue went back",
    }
    return WindowNotOpen(window=name, since=since[run.status])


def close_overdue(draft: Draft, names: Iterable[str]) -> None:
    """Close those of these windows whose time is over, before anything else happens."""
    for name, run in draft.state.running_windows().items():
        if name in names and run.closes <= draft.by.at:
            draft.happen(closed(name, run, early=False))


def extend_window(draft: Draft, command: ExtendWindow) -> None:
    """Let a window that is open close later."""
    run = _running(draft, command.window)
    state = draft.state
    term = extend(state.calendar, run.closes, command.duration)
    window = state.plan.windows[command.window]
    draft.happen(
        WindowExtended(
            window=command.window,
            run=run.run,
            generation=run.generation + 1,
            closes=term.closes,
            was=run.closes,
            rule=term.rule,
            reminders=_reminders(state, window, term.closes, draft.by.at),
            reason=command.reason,
        )
    )


def shorten_window(draft: Draft, command: ShortenWindow) -> None:
    """Let a window close sooner, where the method allows early closing."""
    run = _running(draft, command.window)
    state, window = draft.state, draft.state.plan.windows[command.window]
    if not window.may_close_early:
        raise MayNotCloseEarly(window=command.window, closes=write_instant(run.closes))
    term = closing(state.calendar, run.opened, command.duration)
    if not draft.by.at < term.closes < run.closes:
        raise NotEarlier(
            new=write_instant(term.closes), closes=write_instant(run.closes)
        )
    draft.happen(
        WindowShortened(
            window=command.window,
            run=run.run,
            generation=run.generation + 1,
            closes=term.closes,
            was=run.closes,
            rule=term.rule,
            reminders=_reminders(state, window, term.closes, draft.by.at),
            reason=command.reason,
        )
    )


def close_window(draft: Draft, command: CloseWindow) -> None:
    """Close a window whose time is over, or sooner where the method allows it.

    The clock comes this way too, with the generation it was set for.
    """
    window = known_window(draft.state, command.window)
    if draft.state.status == "paused":
        raise DialoguePaused
    run = draft.state.run(command.window)
    if run is None or run.status != "open":
        raise _not_open(command.window, run)
    if command.generation not in {None, run.generation}:
        raise NothingToDo(because="the window was extended or shortened meanwhile")
    early = draft.by.at < run.closes
    if early and (not window.may_close_early or draft.by.actor.role == CLOCK):
        raise MayNotCloseEarly(window=command.window, closes=write_instant(run.closes))
    if early and command.reason is None:
        raise ReasonMissing(because="the window closes before its time")
    draft.happen(closed(command.window, run, early=early, reason=command.reason))


def closed(
    name: str, run: WindowRun, *, early: bool, reason: Private | None = None
) -> WindowClosed:
    """Give the fact that a run of a window closed."""
    return WindowClosed(
        window=name,
        run=run.run,
        early=early,
        on_time=run.on_time,
        late=run.late,
        silent=len(run.silent),
        reason=reason,
    )


def remind_window(draft: Draft, command: RemindWindow) -> None:
    """Remind those invited who have not responded."""
    run = _running(draft, command.window)
    if command.generation not in {None, run.generation}:
        raise NothingToDo(because="the window was extended or shortened meanwhile")
    if not run.silent and draft.by.actor.role != CLOCK:
        public = run.audience == PUBLIC
        nobody = "the public has no addresses" if public else "nobody is silent"
        raise NothingToDo(because=nobody)
    draft.happen(
        AudienceReminded(window=command.window, run=run.run, silent=run.silent)
    )
