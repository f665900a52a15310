"""What a scenario waits for, looked up in a dialogue's state."""

from __future__ import annotations

from domain.state import Dialogue
from examples.acts import Condition


def holds(state: Dialogue, condition: Condition) -> bool:
    """Whether a condition on the state holds, as the record has it."""
    compensations = state.compensations.values()
    if condition.closed is not None:
        run = state.run(condition.closed)
        return run is not None and run.status == "closed"
    if condition.open is not None:
        return condition.open in state.open_windows()
    if condition.compensations == "failed":
        return any(one.status == "failed" for one in compensations)
    if condition.compensations == "ended":
        return all(one.ended for one in compensations)
    return not state.effects
