"""The gates of a step, each on one line: what it is called, and how it stands."""

from __future__ import annotations

from typing import NamedTuple

from desk.titles import Titles
from domain.gates_standing import Standing, gates_of, standing
from domain.state import Dialogue


class GateLine(NamedTuple):
    """A gate of a step, and how it stands in its present round."""

    id: str
    title: str
    standing: Standing


def gate_lines(state: Dialogue, titles: Titles, step: str) -> tuple[GateLine, ...]:
    """Give the gates of a step, in the order of the plan."""
    return tuple(
        GateLine(gate, gate_title(state, titles, gate), standing(state, gate))
        for gate in gates_of(state, step)
    )


def gate_title(state: Dialogue, titles: Titles, gate: str) -> str:
    """Give the title of a gate of the plan, or of one that was added to it."""
    last = state.gates.get(gate)
    own = last.title if last and gate not in state.plan.gates else None
    return own or titles.gate(gate)
