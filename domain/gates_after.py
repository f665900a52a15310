"""What a gate that was held leaves in the state; a part of `evolve`."""

from __future__ import annotations

from domain import thresholds
from domain.events import Event
from domain.gates_facts import GateEvent, GatePassed, GateState
from domain.state import Dialogue


def after(state: Dialogue, data: GateEvent, event: Event) -> Dialogue:
    """Keep what came of a gate when it was last held, by the title it got at first."""
    before = state.gates.get(data.gate)
    last = GateState(
        round=data.round,
        kind=data.kind,
        title=data.title or (before.title if before else None),
        threshold=data.threshold,
        counts=data.counts,
        passed=isinstance(data, GatePassed),
        seq=event.seq,
    )
    return state.but(gates=state.gates | {data.gate: last})


def recounted(state: Dialogue, seq: int, member: str, value: int) -> Dialogue:
    """Correct a count of the gate that event ``seq`` recorded, if it is the last.

    Where the counts now say another thing than was recorded, the gate is in doubt: a
    person holds it again, or returns to its step. Nothing passes or fails unseen.
    """
    found = next((name for name, g in state.gates.items() if g.seq == seq), None)
    if found is None:
        return state
    gate = state.gates[found]
    counts = gate.counts.model_copy(update={member: value})
    changed = gate.model_copy(update={"counts": counts, "doubted": True})
    fits = not thresholds.contradiction(gate.threshold, counts)
    if fits and not thresholds.missing(gate.threshold, counts):
        differs = thresholds.reached(gate.threshold, counts) != gate.passed
        changed = changed.model_copy(update={"doubted": differs})
    return state.but(gates=state.gates | {found: changed})
