"""What a dialogue's past refers to in its plan: every trace has its part there."""

from __future__ import annotations

from collections.abc import Iterator

from domain.method import Method
from domain.plan_copies import copy_of
from domain.state import Dialogue


def traces(state: Dialogue) -> Iterator[str]:
    """Give the full ids of steps begun, items marked in any round, windows opened.

    And of steps that are confidential: what will be said in them is for their readers,
    so they keep the name under which that was promised.
    """
    yield from (step for step in state.confidential if step in state.plan.steps)
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


def originals(state: Dialogue) -> dict[str, str]:
    """Give the step that each copy in a track was copied from, by the copy."""
    return {
        copy: copy.removesuffix(copy_of("", name))
        for name, track in state.tracks.items()
        for copy in track.steps
    }


def left_to_tracks(state: Dialogue) -> frozenset[str]:
    """Give the steps that are left out for good, as far as a return can tell.

    Those that run in tracks only, and what was not done in a track that stopped.
    """
    stopped = (t.steps for t in state.tracks.values() if t.status == "stopped")
    steps = {*originals(state).values(), *(step for each in stopped for step in each)}
    current = ((step, state.round(step)) for step in steps)
    return frozenset(step for step, r in current if r and r.status == "skipped")
