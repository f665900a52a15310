"""How the gates of a step stand: which let it pass, which hold it, which are in doubt.

A gate is held in a round of its step. Going back begins a new round, in which it has to
be held again: who agreed to the old plan has not agreed to the new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from domain.errors import DomainError
from domain.gates_facts import GateState
from domain.method import Step
from domain.state import Dialogue

Standing = Literal["not_held", "failed", "passed", "in_doubt"]


class StepHeldByGate(DomainError):
    """Step {step} does not pass before its gates do: {gates}. Hold them (record_gate); a gate can't be waived, nor its step skipped."""  # noqa: E501 (the docstring is the message)


def gates_of(state: Dialogue, step: str) -> tuple[str, ...]:
    """Give the full ids of a step's gates: those of the plan, then those added."""
    known = state.plan.steps.get(step)
    planned = [f"{step}.{gate.id}" for gate in (known.gates if known else ())]
    added = (name for name in state.gates if name.startswith(f"{step}."))
    return tuple(dict.fromkeys((*planned, *added)))


def held(state: Dialogue, gate: str) -> GateState | None:
    """Give what came of a gate in the present round of its step; none if not held."""
    last = state.gates.get(gate)
    current = state.round(gate.partition(".")[0])
    if last is None or current is None or last.round != current.number:
        return None
    return None if current.status == "voided" else last


def standing(state: Dialogue, gate: str) -> Standing:
    """Say how a gate stands in the present round of its step."""
    last = held(state, gate)
    if last is None:
        return "not_held"
    if last.doubted:
        return "in_doubt"
    return "passed" if last.passed else "failed"


def holding(state: Dialogue, step: Step) -> tuple[str, ...]:
    """Give the gates that keep a step from passing.

    A gate that the method does not have holds the step only once it failed, or is in
    doubt.
    """
    planned = {f"{step.id}.{gate.id}" for gate in step.gates}
    return tuple(
        gate
        for gate in gates_of(state, step.id)
        if (how := standing(state, gate)) != "passed"
        and (gate in planned or how != "not_held")
    )


def check_passed(state: Dialogue, step: Step) -> None:
    """Raise `StepHeldByGate` where a gate keeps a step from passing."""
    waiting = holding(state, step)
    if waiting:
        raise StepHeldByGate(step=step.id, gates=", ".join(waiting))


def passed_in(state: Dialogue, step: str) -> tuple[str, ...]:
    """Give the gates of a step that let it pass, and that a return asks for again."""
    every = gates_of(state, step)
    return tuple(gate for gate in every if standing(state, gate) == "passed")


def in_doubt(state: Dialogue) -> Iterator[str]:
    """Give the gates whose corrected counts say another thing than was recorded."""
    for gate in sorted(state.gates):
        if standing(state, gate) == "in_doubt":
            yield gate
