"""What the state keeps of windows and responses after each event.

A part of `evolve`: it follows events, and decides nothing.
"""

from __future__ import annotations

from typing import assert_never

from domain import runs
from domain.events import Event
from domain.opening_facts import (
    AudienceReminded,
    OpeningEvent,
    ResponseRecorded,
    WindowClosed,
    WindowExtended,
    WindowOpened,
    WindowShortened,
)
from domain.state import Dialogue
from domain.window_facts import (
    AudienceInvited,
    LateResponseUsed,
    ResponsesGathered,
    WindowEvent,
)


def after(state: Dialogue, data: OpeningEvent | WindowEvent, event: Event) -> Dialogue:
    """Give the state after what happened to a window, or a response in it."""
    match data:
        case WindowOpened():
            return runs.opened(state, data, event)
        case WindowExtended() | WindowShortened():
            return runs.run_changed(
                state,
                data.window,
                closes=data.closes,
                generation=data.generation,
                reminders=data.reminders,
            )
        case WindowClosed():
            closing = {"closes": event.at} if data.early else {}
            over = {"status": "closed", "reminders": ()}
            return runs.run_changed(state, data.window, **over, **closing)
        case AudienceReminded():
            return runs.reminded(state, data, event)
        case ResponseRecorded():
            return runs.responded(state, data)
        case AudienceInvited():
            return runs.invited(state, data)
        case LateResponseUsed():
            return runs.late_used(state, data)
        case ResponsesGathered():
            return state
        case _:
            assert_never(data)
