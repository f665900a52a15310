"""What the state keeps after going back to a step, and of what has to be undone.

A part of `evolve`: it follows events, and decides nothing.
"""

from __future__ import annotations

from typing import assert_never

from domain import debts, harvest_after, ledger_after, plan_after, rounds, runs
from domain.events import Event
from domain.revisit_facts import (
    CompensationCompleted,
    CompensationFailed,
    CompensationPlanned,
    CompensationStarted,
    CompensationWaived,
    RevisitEvent,
    StepRevisited,
    StepVoided,
    WindowVoided,
)
from domain.state import Dialogue


def after(state: Dialogue, data: RevisitEvent, event: Event) -> Dialogue:
    """Give the state after an event of going back."""
    match data:
        case StepRevisited():
            return _revisited(state, data, event)
        case StepVoided():
            reopened = plan_after.reopened(state, data.step)
            return rounds.new_round(reopened, data.step, "voided", event)
        case WindowVoided():
            void = {"status": "voided", "reminders": ()}
            state = ledger_after.voided(state, data.window)
            return runs.that_run_changed(state, data.window, data.run, **void)
        case CompensationPlanned():
            return debts.planned(state, data)
        case CompensationCompleted():
            return debts.compensation_changed(debts.told(state, data), data)
        case CompensationStarted() | CompensationFailed() | CompensationWaived():
            return debts.compensation_changed(state, data)
        case _:
            assert_never(data)


def _revisited(state: Dialogue, data: StepRevisited, event: Event) -> Dialogue:
    kept = harvest_after.revisited(state, data)
    kept = plan_after.reopened(kept, data.step)
    running = debts.without_old(kept).but(status="running")
    return rounds.new_round(running, data.step, "started", event)
