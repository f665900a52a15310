"""Responses: each counts once, in the opening of the window it was received in.

What decides whether a response is late is when it was received, not when it was
processed or when the closing itself was carried out. So an outage makes nobody late,
and a window that was opened again takes nothing from its first opening.

Who runs the process, or a system, says when that was. Anybody else is taken at their
word only while the opening they mean is not closed: else to be late would be a choice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from domain.clock import REAL_DAY_MS
from domain.commands import RecordResponse
from domain.draft import Draft
from domain.errors import (
    LateResponse,
    NotEntitled,
    NotInvited,
    ReceivedInFuture,
    WindowNotOpen,
    WindowNotYetOpen,
    WindowVoid,
)
from domain.events import ResponseRecorded
from domain.method import PUBLIC
from domain.rights import may_steer
from domain.state import WindowRun
from domain.windows import known_window, write_instant

_SKEW: Final = timedelta(minutes=1)
"""How far ahead a desk's clock may run, in real time."""


def record_response(draft: Draft, command: RecordResponse) -> None:
    """Record a response: on time, late and marked, or refused by the method's rule."""
    window = known_window(draft.state, command.window)
    received = _received(draft, command)
    run = _run_at(draft, command.window, received)
    if run.status == "voided":
        raise WindowVoid(window=command.window)
    _check_respondent(draft, command, run)
    paused = run.status == "open" and draft.state.paused_at is not None
    late = received >= run.closes and not paused
    if late and window.late == "refuse":
        raise LateResponse(window=command.window, closed=write_instant(run.closes))
    draft.happen(
        ResponseRecorded(
            window=command.window,
            run=run.run,
            respondent=command.respondent,
            late=late,
            received_at=received,
            response=command.response,
            reference=command.reference,
            number=draft.state.received(command.window) + 1,
        )
    )


def _received(draft: Draft, command: RecordResponse) -> datetime:
    received = command.received_at or draft.by.at
    skew = _SKEW * REAL_DAY_MS / draft.state.clock.day_ms
    if received - draft.by.at > skew:
        raise ReceivedInFuture(received_at=write_instant(received))
    trusted = may_steer(draft.state, draft.by.actor)
    return received if trusted or _stands(draft, command, received) else draft.by.at


def _stands(draft: Draft, command: RecordResponse, received: datetime) -> bool:
    """Whether the opening it was received in is not closed, on time or by an outage."""
    run = draft.state.run(command.window)
    return run is not None and run.status == "open" and run.opened <= received


def _run_at(draft: Draft, window: str, received: datetime) -> WindowRun:
    """Give the opening that a response belongs to: the last that had begun by then."""
    runs = draft.state.windows.get(window, ())
    if not runs:
        raise WindowNotOpen(window=window, since="")
    begun = [run for run in runs if run.opened <= received]
    if not begun:
        raise WindowNotYetOpen(window=window)
    return begun[-1]


def _check_respondent(draft: Draft, command: RecordResponse, run: WindowRun) -> None:
    actor = draft.by.actor
    if not may_steer(draft.state, actor) and actor.id != command.respondent:
        raise NotEntitled(role=actor.role, entitled="the respondent in person")
    invited = {*run.present, *draft.state.holders(run.audience)}
    if run.audience != PUBLIC and command.respondent not in invited:
        raise NotInvited(window=command.window, audience=run.audience)
