"""Runs: what happens to feedback windows, opening by opening.

A part of `evolve`: these functions follow events, and decide nothing.
"""

from __future__ import annotations

from typing import Any

from domain.events import (
    AudienceReminded,
    Event,
    ResponseRecorded,
    WindowOpened,
    WindowResumed,
)
from domain.state import Dialogue, WindowRun


def run_changed(state: Dialogue, window: str, **changes: Any) -> Dialogue:  # noqa: ANN401
    """Change the current run of a window."""
    runs = state.windows[window]
    current = runs[-1].model_copy(update=changes)
    return state.but(windows=state.windows | {window: (*runs[:-1], current)})


def opened(state: Dialogue, data: WindowOpened, event: Event) -> Dialogue:
    """Begin a run of a window."""
    run = WindowRun(
        run=data.run,
        round=data.round,
        status="open",
        audience=data.audience,
        invited=data.invited,
        opened=event.at,
        closes=data.closes,
        reminders=data.reminders,
        seq=event.seq,
    )
    runs = (*state.windows.get(data.window, ()), run)
    return state.but(windows=state.windows | {data.window: runs})


def that_run_changed(
    state: Dialogue,
    window: str,
    run: int,
    **changes: Any,  # noqa: ANN401 (any member)
) -> Dialogue:
    """Change the run with this number, which need not be the last."""
    runs = tuple(
        each.model_copy(update=changes) if each.run == run else each
        for each in state.windows[window]
    )
    return state.but(windows=state.windows | {window: runs})


def reminded(state: Dialogue, data: AudienceReminded, event: Event) -> Dialogue:
    """Drop the reminders that have come."""
    run = state.windows[data.window][-1]
    ahead = tuple(moment for moment in run.reminders if moment > event.at)
    return run_changed(state, data.window, reminders=ahead)


def responded(state: Dialogue, data: ResponseRecorded) -> Dialogue:
    """Count a response in the run it was received in."""
    run = next(r for r in state.windows[data.window] if r.run == data.run)
    changes: dict[str, Any] = {"on_time": run.on_time + (not data.late)}
    changes["late"] = run.late + data.late
    if data.respondent in run.invited and data.respondent not in run.responded:
        changes["responded"] = (*run.responded, data.respondent)
    return that_run_changed(state, data.window, data.run, **changes)


def resumed(state: Dialogue, resumed: WindowResumed) -> Dialogue:
    """Let a window run on after a pause."""
    run = state.windows[resumed.window][-1]
    return run_changed(
        state,
        resumed.window,
        closes=resumed.closes,
        reminders=resumed.reminders,
        generation=run.generation + 1,
    )
