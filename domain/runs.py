"""Runs: what happens to feedback windows, opening by opening.

A part of `evolve`: these functions follow events, and decide nothing.
"""

from __future__ import annotations

from typing import Any

from domain.audiences import audiences_of, whole_window
from domain.events import (
    AudienceReminded,
    Event,
    ResponseRecorded,
    WindowOpened,
)
from domain.method import LIST
from domain.numbers import with_number
from domain.state import Dialogue, WindowRun
from domain.suspension_facts import (
    DialogueSuspended,
    SuspensionLifted,
    WindowResumed,
)
from domain.window_facts import AudienceInvited, LateResponseUsed


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
        responded=_kept(state, data),
        seq=event.seq,
    )
    runs = (*state.windows.get(data.window, ()), run)
    after = state.but(windows=state.windows | {data.window: runs})
    asked_apart = data.audience == LIST
    return _asked_elsewhere(after, data.window, data.invited) if asked_apart else after


def _kept(state: Dialogue, data: WindowOpened) -> tuple[str, ...]:
    """Give who has responded already, where a window that was held opens again."""
    if data.because is None:
        return ()
    before = state.windows[data.window][-1].responded
    return tuple(who for who in before if who in data.invited)


def invited(state: Dialogue, data: AudienceInvited) -> Dialogue:
    """Add people to a list that is asked."""
    run = state.windows[data.window][-1]
    known = tuple(who for who in run.invited if who not in data.who)
    back = tuple(who for who in run.released if who not in data.who)
    changes = {"invited": (*known, *data.who), "released": back}
    after = run_changed(state, data.window, **changes)
    return _asked_elsewhere(after, data.window, data.who)


def _asked_elsewhere(state: Dialogue, window: str, people: tuple[str, ...]) -> Dialogue:
    """Expect no response from these people any more where they were asked before."""
    live = state.open_windows()
    for name in audiences_of(state, whole_window(window)):
        run = live.get(name)
        left = () if run is None else tuple(p for p in people if p in run.present)
        if run is not None and name != window and left:
            released = (*run.released, *left)
            state = run_changed(state, name, released=released)
    return state


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
    if data.late:
        number = data.number or state.received(data.window) + 1
        changes["late_ones"] = with_number(run.late_ones, number)
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


def late_used(state: Dialogue, data: LateResponseUsed) -> Dialogue:
    """Note that a late response counts all the same."""
    run = next(r for r in state.windows[data.window] if r.run == data.run)
    used = with_number(run.used, data.number)
    return that_run_changed(state, data.window, data.run, used=used)


def suspension_changed(
    state: Dialogue, data: DialogueSuspended | SuspensionLifted, event: Event
) -> Dialogue:
    """Stop the windows for a suspension, or let them go on once nothing holds them."""
    if isinstance(data, DialogueSuspended):
        by_itself = state.status == "paused" and not state.suspended
        return state.but(
            status="paused",
            paused_at=state.paused_at or event.at,
            paused_too=state.paused_too or by_itself,
            suspended=(*state.suspended, data.suspension),
        )
    left = tuple(each for each in state.suspended if each != data.suspension)
    if left or state.paused_too:
        # A pause of its own is all that holds it once the last suspension is gone.
        return state.but(suspended=left, paused_too=state.paused_too and bool(left))
    for each in data.windows:
        state = resumed(state, each)
    return state.but(status="running", paused_at=None, suspended=())
