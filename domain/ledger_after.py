"""The ledger after an event: a part of `evolve`, which follows and decides nothing."""

from __future__ import annotations

from typing import Any, Final, assert_never

from domain.events import Event
from domain.ledger_facts import (
    AnswerOutcome,
    Group,
    Ledger,
    LedgerEvent,
    ResponseAnswered,
    ResponsesCarried,
    ResponsesGrouped,
    ResponsesLeftUnanswered,
    ResponsesUngrouped,
)
from domain.response_numbers import bits_of, written
from domain.state import Dialogue, Effect

_FIELD: Final[dict[AnswerOutcome, str]] = {
    "adopted": "adopted",
    "partly": "partly",
    "not": "rejected",
}


def after(state: Dialogue, data: LedgerEvent, event: Event) -> Dialogue:
    """Give the state after an event about the ledger."""
    del event
    ledger = state.ledgers.get(data.window, Ledger())
    bits = bits_of(data.numbers)
    match data:
        case ResponsesGrouped():
            known = ledger.groups.get(data.group)
            members = bits | (known.numbers if known else 0)
            group = Group(because=data.because, numbers=members)
            return _with(state, data.window, ledger, groups={data.group: group})
        case ResponsesUngrouped():
            rest = ledger.groups[data.group].numbers & ~bits
            group = ledger.groups[data.group].model_copy(update={"numbers": rest})
            return _with(state, data.window, ledger, groups={data.group: group})
        case ResponseAnswered():
            return _answered(_overtaken(state, data.window, bits), data, ledger, bits)
        case ResponsesLeftUnanswered():
            return _with(state, data.window, ledger, left=ledger.left | bits)
        case ResponsesCarried():
            return _carried(state, data, ledger, bits)
        case _:
            assert_never(data)


def _answered(
    state: Dialogue, data: ResponseAnswered, ledger: Ledger, bits: int
) -> Dialogue:
    changes: dict[str, Any] = {"left": ledger.left & ~bits}
    if data.group is not None:
        group = ledger.groups[data.group].model_copy(update={"outcome": data.outcome})
        return _with(state, data.window, ledger, groups={data.group: group}, **changes)
    changes |= {name: getattr(ledger, name) & ~bits for name in _FIELD.values()}
    changes[_FIELD[data.outcome]] |= bits
    return _with(state, data.window, ledger, **changes)


def _carried(
    state: Dialogue, data: ResponsesCarried, ledger: Ledger, bits: int
) -> Dialogue:
    """Open what was carried anew; a group that was carried whole waits as a group."""
    changes: dict[str, Any] = {
        name: getattr(ledger, name) & ~bits for name in (*_FIELD.values(), "left")
    }
    changes["carried"] = ledger.carried | bits
    groups: dict[str, Group] = {}
    for name, group in ledger.groups.items():
        rest = group.numbers & ~bits
        if group.outcome is not None and rest != group.numbers:
            kept = {"numbers": rest} if rest else {"outcome": None}
            groups[name] = group.model_copy(update=kept)
    return _with(state, data.window, ledger, groups=groups, **changes)


def _with(
    state: Dialogue,
    window: str,
    ledger: Ledger,
    *,
    groups: dict[str, Group] | None = None,
    **changes: Any,  # noqa: ANN401 (any member)
) -> Dialogue:
    """Change a window's ledger; a group that is empty is none."""
    if groups:
        every = ledger.groups | groups
        changes["groups"] = {name: g for name, g in every.items() if g.numbers}
    changed = ledger.model_copy(update=changes)
    return state.but(ledgers=state.ledgers | {window: changed})


def _overtaken(state: Dialogue, window: str, bits: int) -> Dialogue:
    """Owe no message that failed to those who get another answer now."""
    kept: dict[str, Effect] = {}
    for name, effect in state.effects.items():
        mine = effect.status == "failed" and effect.target == window
        if not mine or effect.responses is None:
            kept[name] = effect
        elif rest := bits_of(effect.responses) & ~bits:
            kept[name] = effect.model_copy(update={"responses": written(rest)})
    return state if kept == state.effects else state.but(effects=kept)


def voided(state: Dialogue, window: str) -> Dialogue:
    """Note that all responses so far came in rounds that no longer stand."""
    count = state.received(window)
    ledger = state.ledgers.get(window, Ledger())
    if not count:
        return state
    return _with(state, window, ledger, earlier=count, carried=0)
