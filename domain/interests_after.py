"""What the state keeps of interests after each event: whose they are, and the pairs.

A part of `evolve`: it follows events, and decides nothing.
"""

from __future__ import annotations

from typing import assert_never

from domain.events import Event
from domain.interest_facts import (
    InterestChanged,
    InterestEvent,
    InterestRecorded,
    InterestsRelated,
    InterestsUnrelated,
    InterestWithdrawn,
    RelationKind,
    pair,
)
from domain.state import Dialogue


def after(state: Dialogue, data: InterestEvent, _event: Event) -> Dialogue:
    """Give the state after an event about interests."""
    match data:
        case InterestRecorded():
            mine = {data.interest: data.stakeholder}
            return state.but(interests=state.interests | mine)
        case InterestChanged():
            return state
        case InterestWithdrawn():
            return _without(state, data)
        case InterestsRelated():
            name = pair(data.one, data.other)
            return state.but(relations=state.relations | {name: data.kind})
        case InterestsUnrelated():
            return state.but(relations=_less(state, {pair(data.one, data.other)}))
        case _:
            assert_never(data)


def _without(state: Dialogue, data: InterestWithdrawn) -> Dialogue:
    gone = {pair(data.interest, other) for other in data.unrelated}
    kept = {i: who for i, who in state.interests.items() if i != data.interest}
    return state.but(interests=kept, relations=_less(state, gone))


def _less(state: Dialogue, gone: set[str]) -> dict[str, RelationKind]:
    return {name: kind for name, kind in state.relations.items() if name not in gone}
