"""The parts of a plan and their places: found, altered, and put where they belong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from domain.method import Method, Step


class Named(Protocol):
    """A part that has an id of its own among its like."""

    @property
    def id(self) -> str:
        """The part's id."""
        ...


Part = TypeVar("Part", bound=Named)


def placed(
    parts: tuple[Part, ...], new: Part, after: str | None, before: str | None
) -> tuple[Part, ...]:
    """Give the parts with one more, after or before another, or else at the end."""
    names = [part.id for part in parts]
    where = len(parts)
    if after in names:
        where = names.index(after) + 1
    elif before in names:
        where = names.index(before)
    return (*parts[:where], new, *parts[where:])


def each_step(plan: Method, alter: Callable[[Step], Step]) -> Method:
    """Give the plan with every step altered."""
    phases = tuple(
        phase.model_copy(update={"steps": tuple(alter(step) for step in phase.steps)})
        for phase in plan.phases
    )
    return plan.model_copy(update={"phases": phases})


def one_step(plan: Method, name: str, alter: Callable[[Step], Step]) -> Method:
    """Give the plan with one step altered. Raises ``LookupError`` without that step."""
    if name not in plan.steps:
        raise LookupError(name)
    return each_step(plan, lambda step: alter(step) if step.id == name else step)


def needing(step: Step, needs: Iterable[str]) -> Step:
    """Give a step that builds on these steps, each named once, and not on itself."""
    own = tuple(need for need in dict.fromkeys(needs) if need != step.id)
    return step.model_copy(update={"needs": own})
