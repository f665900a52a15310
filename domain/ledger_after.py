"""The ledger after an event: a part of `evolve`, which follows and decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, assert_never

from domain.effect_facts import EffectCompleted
from domain.events import Event
from domain.ledger_facts import (
    AnswerOutcome,
    AnswersToldAgain,
    Group,
    Ledger,
    LedgerEvent,
    ResponseAnswered,
    ResponsesCarried,
    ResponsesGrouped,
    ResponsesLeftUnanswered,
    ResponsesUngrouped,
    Untold,
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
            owed = _overtaken(state, data.window, bits)
            return _answered(owed, data, ledger, event.seq)
        case ResponsesLeftUnanswered():
            return _with(state, data.window, ledger, left=ledger.left | bits)
        case ResponsesCarried():
            return _carried(state, data, ledger, bits)
        case AnswersToldAgain():
            return state  # those they reach are told when the letters are out
        case _:
            assert_never(data)


def _answered(
    state: Dialogue, data: ResponseAnswered, ledger: Ledger, seq: int
) -> Dialogue:
    bits = bits_of(data.numbers)
    changes: dict[str, Any] = {"left": ledger.left & ~bits}
    if data.group is not None:
        group = ledger.groups[data.group]
        before = str(group.answer)
        changes["untold"] = {n: u for n, u in ledger.untold.items() if n != before}
        said = {"outcome": data.outcome, "answer": seq}
        groups = {data.group: group.model_copy(update=said)}
        return _with(state, data.window, ledger, groups=groups, **changes)
    changes |= {name: getattr(ledger, name) & ~bits for name in _FIELD.values()}
    changes[_FIELD[data.outcome]] |= bits
    changes["untold"] = _without(ledger.untold, bits)
    return _with(state, data.window, ledger, **changes)


def _carried(
    state: Dialogue, data: ResponsesCarried, ledger: Ledger, bits: int
) -> Dialogue:
    """Open what was carried anew; a group that was carried whole waits as a group."""
    changes: dict[str, Any] = {
        name: getattr(ledger, name) & ~bits for name in (*_FIELD.values(), "left")
    }
    changes["carried"] = ledger.carried | bits
    changes["untold"] = _without(ledger.untold, bits)
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


def told(state: Dialogue, data: EffectCompleted) -> Dialogue:
    """Remember whom an answer did not reach, until it does or another takes its place.

    What it said is what the message says that brought it.
    """
    effect = state.effects.get(data.effect)
    if data.window is None or data.answer is None or effect is None:
        return state
    ledger, seq = state.ledgers.get(data.window, Ledger()), str(data.answer)
    heard = bits_of(data.told) if data.told else 0
    missed = bits_of(data.untold) if data.untold else 0
    known = ledger.untold.get(seq)
    left = (known.numbers if known else 0) & ~heard
    left |= missed & ~_overtaken_by(state, ledger, data.window, data.answer)
    facts = {
        told.name: told.value for told in (effect.about.facts if effect.about else ())
    }
    new = Untold.model_validate(
        {
            "numbers": left,
            "outcome": facts["answer"],
            "reference": facts.get("reference"),
        }
    )
    untold = ledger.untold | {seq: new}
    return _with(state, data.window, ledger, untold=_without(untold, 0))


def _overtaken_by(state: Dialogue, ledger: Ledger, window: str, seq: int) -> int:
    """Give the responses for which another answer is on its way in the place of one.

    The answers to two groups stand beside each other.
    """
    of_groups = {group.answer for group in ledger.groups.values()}
    bits = 0
    for each in state.effects.values():
        if each.target == window and each.responses and each.about:
            later = each.about.enclosed[0].place[0]
            if later > seq and not {seq, later} <= of_groups:
                bits |= bits_of(each.responses)
    return bits


def _without(untold: Mapping[str, Untold], bits: int) -> dict[str, Untold]:
    """Take responses out of those that were not told; none is no entry."""
    left = {
        seq: each.model_copy(update={"numbers": each.numbers & ~bits})
        for seq, each in untold.items()
    }
    return {seq: each for seq, each in left.items() if each.numbers}


def voided(state: Dialogue, window: str) -> Dialogue:
    """Note that all responses so far came in rounds that no longer stand."""
    count = state.received(window)
    ledger = state.ledgers.get(window, Ledger())
    if not count:
        return state
    return _with(state, window, ledger, earlier=count, carried=0)
