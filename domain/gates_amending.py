"""A gate that was held stays in the plan, and goes on taking what it took.

Else a change of the plan would be a way round a vote that was lost.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import JsonValue, TypeAdapter, ValidationError

from domain.errors import DomainError
from domain.method_gates import Gate
from domain.state import Dialogue

_GATES = TypeAdapter[tuple[Gate, ...]](tuple[Gate, ...])


class GateStays(DomainError):
    """Gate {gate} was held, so it stays in the plan with the kind and threshold it has. Change its title or its role, or add another gate."""  # noqa: E501 (the docstring is the message)


def gates_that_stay(state: Dialogue, step: str, told: JsonValue) -> Iterator[GateStays]:
    """Give a refusal for each gate that was held and is not in a new list as it was."""
    wanted = {gate.id: gate for gate in _read(told)}
    for gate in state.plan.steps[step].gates:
        name, new = f"{step}.{gate.id}", wanted.get(gate.id)
        takes = (gate.kind, gate.threshold)
        if name in state.gates and (new is None or (new.kind, new.threshold) != takes):
            yield GateStays(gate=name)


def _read(told: JsonValue) -> tuple[Gate, ...]:
    """Read a list of gates; what is none, the plan's own checks refuse."""
    try:
        return _GATES.validate_python(told)
    except ValidationError:
        return ()
