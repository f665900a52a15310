"""Feedback windows: open in [opens, closes), for one audience each.

The instant of closing is computed once, from the dialogue's own calendar, and stored
with the rule that gave it. From that instant on the window counts as closed, also
where the clock has not come round to closing it yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from domain.audiences import chosen, known_window, running
from domain.commands import (
    CloseWindow,
    ExtendWindow,
    RemindWindow,
    ShortenWindow,
)
from domain.draft import Draft
from domain.errors import (
    MayNotCloseEarly,
    NotEarlier,
    NothingToDo,
    ReasonMissing,
    WindowNotOpen,
)
from domain.events import (
    AudienceReminded,
    WindowClosed,
    WindowExtended,
    WindowShortened,
)
from domain.facts import Private
from domain.method import CLOCK, PUBLIC, Window
from domain.standing_still import check_moving
from domain.state import Dialogue, WindowRun
from domain.terms import Term, closing, extend, reminder_instants


def write_instant(moment: datetime) -> str:
    """Write an instant for a message: UTC, to the second."""
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def reminders_of(
    state: Dialogue, window: Window, closes: datetime, now: datetime
) -> tuple[datetime, ...]:
    """Give the reminders of a closing that are still to come; none for the public."""
    if window.audience == PUBLIC:
        return ()
    moments = reminder_instants(state.calendar, closes, window.reminders)
    return tuple(moment for moment in moments if moment > now)


def _running(draft: Draft, name: str) -> WindowRun:
    """Give the window's run if it is open now; a closing that is due counts as done."""
    known_window(draft.state, name)
    check_moving(draft.state)
    run = draft.state.run(name)
    if run is None or run.status != "open" or run.closes <= draft.by.at:
        raise not_open(name, run)
    return run


def not_open(name: str, run: WindowRun | None) -> WindowNotOpen:
    """Give the refusal of what takes an open window, with what became of this one."""
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


def _meant(draft: Draft, command: CloseWindow | RemindWindow) -> tuple[str, ...]:
    """Give the audiences that are meant: the clock means one, by its closing."""
    if command.generation is not None:
        known_window(draft.state, command.window)
        return (command.window,)
    names = chosen(draft.state, command.window, command.audience)
    return running(draft.state, names)


def extend_window(draft: Draft, command: ExtendWindow) -> None:
    """Let a window that is open close later, for one audience or for all."""
    state = draft.state
    names = running(state, chosen(state, command.window, command.audience))
    for name in names:
        run = _running(draft, name)
        term = extend(state.calendar, run.closes, command.duration)
        moved = _moved(draft, name, run, term)
        draft.happen(WindowExtended(**moved, reason=command.reason))


def shorten_window(draft: Draft, command: ShortenWindow) -> None:
    """Let a window close sooner, where the method allows early closing."""
    state = draft.state
    names = running(state, chosen(state, command.window, command.audience))
    for name in names:
        run, window = _running(draft, name), known_window(state, name)
        if not window.may_close_early:
            raise MayNotCloseEarly(window=name, closes=write_instant(run.closes))
        term = closing(state.calendar, run.opened, command.duration)
        if not draft.by.at < term.closes < run.closes:
            raise NotEarlier(
                new=write_instant(term.closes), closes=write_instant(run.closes)
            )
        moved = _moved(draft, name, run, term)
        draft.happen(WindowShortened(**moved, reason=command.reason))


def _moved(draft: Draft, name: str, run: WindowRun, term: Term) -> dict[str, Any]:
    """Give how a run stands that closes at another instant from now on."""
    window = known_window(draft.state, name)
    return {
        "window": name,
        "run": run.run,
        "generation": run.generation + 1,
        "closes": term.closes,
        "was": run.closes,
        "rule": term.rule,
        "reminders": reminders_of(draft.state, window, term.closes, draft.by.at),
    }


def close_window(draft: Draft, command: CloseWindow) -> None:
    """Close a window whose time is over, or sooner where the method allows it.

    The clock comes this way too, with the generation it was set for.
    """
    names = _meant(draft, command)
    check_moving(draft.state)
    for name in names:
        _close(draft, name, command)


def _close(draft: Draft, name: str, command: CloseWindow) -> None:
    window, run = known_window(draft.state, name), draft.state.run(name)
    if run is None or run.status != "open":
        raise not_open(name, run)
    if command.generation not in {None, run.generation}:
        raise NothingToDo(because="the window was extended or shortened meanwhile")
    early = draft.by.at < run.closes
    if early and (not window.may_close_early or draft.by.actor.role == CLOCK):
        raise MayNotCloseEarly(window=name, closes=write_instant(run.closes))
    if early and command.reason is None:
        raise ReasonMissing(because="the window closes before its time")
    draft.happen(closed(name, run, early=early, reason=command.reason))


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
    runs = {name: _running(draft, name) for name in _meant(draft, command)}
    for run in runs.values():
        if command.generation not in {None, run.generation}:
            raise NothingToDo(because="the window was extended or shortened meanwhile")
    clock = draft.by.actor.role == CLOCK
    asked = {name: run for name, run in runs.items() if run.silent or clock}
    if not asked:
        public = all(run.audience == PUBLIC for run in runs.values())
        nobody = "the public has no addresses" if public else "nobody is silent"
        raise NothingToDo(because=nobody)
    for name, run in asked.items():
        draft.happen(AudienceReminded(window=name, run=run.run, silent=run.silent))
