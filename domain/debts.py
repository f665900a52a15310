"""Debts: what the world is owed, and what has to be undone.

A part of `evolve`: these functions follow events, and decide nothing.
"""

from __future__ import annotations

from typing import Any, Final

from domain.events import (
    CompensationCompleted,
    CompensationFailed,
    CompensationPlanned,
    CompensationStarted,
    CompensationWaived,
    EffectCompleted,
    EffectRetried,
    Event,
)
from domain.state import Compensation, Dialogue

_ENDED_KEPT: Final = 100
"""How many compensations that have ended the state still shows."""


def without_old(state: Dialogue) -> Dialogue:
    """Forget compensations that ended long ago; the record has them."""
    ended = [c.id for c in state.compensations.values() if c.ended]
    forgotten = set(ended[:-_ENDED_KEPT])
    kept = {i: c for i, c in state.compensations.items() if i not in forgotten}
    return state.but(compensations=kept)


def planned(state: Dialogue, data: CompensationPlanned) -> Dialogue:
    """Put a compensation in the queue."""
    planned = Compensation(
        id=data.compensation,
        act=data.act,
        step=data.step,
        undoes=data.undoes,
        undoes_seq=data.undoes_seq,
        run=data.run,
        recipients=data.recipients,
        of=data.of,
    )
    return state.but(compensations=state.compensations | {planned.id: planned})


def compensation_changed(
    state: Dialogue,
    data: CompensationStarted
    | CompensationCompleted
    | CompensationFailed
    | CompensationWaived,
) -> Dialogue:
    """Move a compensation on; what it asked of the world has ended or begins."""
    match data:
        case CompensationStarted():
            changes: dict[str, Any] = {"status": "started", "attempt": data.attempt}
        case CompensationCompleted():
            changes = {"status": "completed", "problem": None, "recipients": ()}
        case CompensationFailed():
            changes = {"status": "failed", "problem": data.problem}
        case CompensationWaived():
            changes = {"status": "waived", "recipients": ()}
    known = state.compensations[data.compensation].model_copy(update=changes)
    state = state.but(compensations=state.compensations | {data.compensation: known})
    return without_effect(state, data.compensation)


def told(state: Dialogue, data: EffectCompleted | CompensationCompleted) -> Dialogue:
    """Remember whom a message did not reach, until one does or they have no role."""
    missed = dict.fromkeys((*state.unreachable, *data.undeliverable))
    left = tuple(who for who in missed if who not in data.sent)
    return with_a_role(state.but(unreachable=left))


def with_a_role(state: Dialogue) -> Dialogue:
    """Forget that somebody was not reached who has no role any more.

    So there are never more of them than can hold a role.
    """
    holders = {who for each in state.roles.values() for who in each}
    open_ = state.harvest.open_agreements().values()
    holders |= {who for each in open_ for who in each.waiting}
    left = tuple(who for who in state.unreachable if who in holders)
    return state.but(unreachable=left)


def without_effect(state: Dialogue, effect: str) -> Dialogue:
    """Owe an effect no more."""
    kept = {key: value for key, value in state.effects.items() if key != effect}
    return state.but(effects=kept)


def effect_changed(state: Dialogue, effect: str, **changes: Any) -> Dialogue:  # noqa: ANN401
    """Change an effect that is owed."""
    known = state.effects[effect].model_copy(update=changes)
    return state.but(effects=state.effects | {effect: known})


def retried(state: Dialogue, data: EffectRetried, event: Event) -> Dialogue:
    """Owe a message once more, with the closing as it is by now."""
    effect = state.effects[data.effect]
    run = state.run(effect.target)
    closes = run.closes if run and run.run == effect.run else effect.closes
    again = {"status": "pending", "problem": None, "attempt": data.attempt}
    return effect_changed(state, data.effect, seq=event.seq, closes=closes, **again)
