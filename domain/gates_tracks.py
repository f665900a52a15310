"""A gate that was left to the tracks passes in one of them, or can still."""

from __future__ import annotations

from domain.gates_standing import standing
from domain.plan_copies import copy_of
from domain.state import Dialogue
from domain.steps import is_done


def gates_lost(state: Dialogue, original: str, stopping: str) -> tuple[str, ...]:
    """Give the gates of a step that pass nowhere once the track ``stopping`` has ended.

    As their ids within the step.
    """
    others = [
        copy_of(original, name)
        for name, track in state.tracks.items()
        if name != stopping and copy_of(original, name) in track.steps
    ]
    gates = state.plan.steps[copy_of(original, stopping)].gates
    return tuple(
        gate.id
        for gate in gates
        if not any(_may_pass(state, step, gate.id) for step in others)
    )


def _may_pass(state: Dialogue, step: str, gate: str) -> bool:
    return not is_done(state, step) or standing(state, f"{step}.{gate}") == "passed"
