"""What the state keeps of steps and their items after each event.

A part of `evolve`: it follows events, and decides nothing.
"""

from __future__ import annotations

from typing import assert_never

from domain import rounds
from domain.events import Event
from domain.state import Dialogue
from domain.step_facts import (
    ItemsCompleted,
    ItemsReconfirmed,
    ItemsReopened,
    ItemsWaived,
    StepCompleted,
    StepEvent,
    StepSkipped,
    StepStarted,
)


def after(state: Dialogue, data: StepEvent, event: Event) -> Dialogue:
    """Give the state after work on a step or its items."""
    match data:
        case ItemsCompleted():
            return rounds.marked(state, data.items, "completed", event)
        case ItemsWaived():
            return rounds.marked(state, data.items, "waived", event)
        case ItemsReconfirmed():
            return rounds.reconfirmed(state, data.items, event)
        case ItemsReopened():
            return rounds.unmarked(state, data.items)
        case StepStarted() | StepCompleted() | StepSkipped():
            return rounds.step_changed(state, data, event)
        case _:
            assert_never(data)
