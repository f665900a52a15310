"""What the state keeps of what the world is owed after each event.

A part of `evolve`: it follows events, and decides nothing.
"""

from __future__ import annotations

from typing import assert_never

from domain import debts, ledger_after, meetings_after
from domain.effect_facts import (
    EffectCompleted,
    EffectEvent,
    EffectFailed,
    EffectRetried,
    EffectWaived,
)
from domain.events import Event
from domain.state import Dialogue


def after(state: Dialogue, data: EffectEvent, event: Event) -> Dialogue:
    """Give the state after what came of an effect."""
    match data:
        case EffectCompleted():
            heard = meetings_after.told(debts.told(state, data), data)
            answered = ledger_after.told(heard, data)
            return debts.without_effect(answered, data.effect)
        case EffectWaived():
            return debts.without_effect(state, data.effect)
        case EffectFailed():
            return debts.effect_changed(
                state, data.effect, status="failed", problem=data.problem
            )
        case EffectRetried():
            return debts.retried(state, data, event)
        case _:
            assert_never(data)
