"""What a dialogue's past refers to in its plan: every trace has its part there."""

from __future__ import annotations

from collections.abc import Iterator

from domain.method import Method
from domain.state import Dialogue


def traces(state: Dialogue) -> Iterator[str]:
    """Give the full ids of steps begun, items marked in any round, windows opened."""
    for step, rounds in state.steps.items():
        yield step
        yield from dict.fromkeys(name for each in rounds for name in each.marks)
    yield from dict.fromkeys(".".join(w.split(".")[:2]) for w in state.windows)


def lost(state: Dialogue, plan: Method) -> tuple[str, ...]:
    """Give the traces whose part a plan does not have."""
    known = (plan.steps, plan.items, plan.sub_items, plan.windows)
    return tuple(
        name for name in traces(state) if not any(name in parts for parts in known)
    )
