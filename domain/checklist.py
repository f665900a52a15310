"""The checklist: items are completed, waived, taken back, and reconfirmed.

What is wished of steps themselves comes in here too, and goes on to `domain.steps`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, assert_never

from domain.draft import Draft
from domain.errors import (
    GateCannotBeWaived,
    NothingToDo,
    StepEnded,
    StepNotStarted,
    UnknownItem,
)
from domain.events import (
    ItemsCompleted,
    ItemsReconfirmed,
    ItemsReopened,
    ItemsWaived,
)
from domain.method import Method
from domain.nearest import nearest
from domain.rounds import step_of
from domain.state import Dialogue, Round
from domain.step_facts import (
    CompleteItems,
    CompleteStep,
    ReconfirmItems,
    ReopenItems,
    SkipStep,
    StartStep,
    StepCommand,
    WaiveItems,
)
from domain.steps import (
    complete_step,
    ensure_started,
    known_step,
    skip_step,
    start_step,
)

_IN_ONE_EVENT: Final = 100


def obey(draft: Draft, command: StepCommand) -> None:
    """Obey a command about a step or its items, or raise a `DomainError`."""
    match command:
        case CompleteItems():
            complete_items(draft, command)
        case WaiveItems():
            waive_items(draft, command)
        case ReopenItems():
            reopen_items(draft, command)
        case ReconfirmItems():
            reconfirm_items(draft, command)
        case StartStep():
            start_step(draft, command)
        case CompleteStep():
            complete_step(draft, command)
        case SkipStep():
            skip_step(draft, command)
        case _:
            assert_never(command)


def complete_items(draft: Draft, command: CompleteItems) -> None:
    """Complete the items that are not complete yet, step by step."""
    wished = known_items(draft.state, command.items)
    if command.step is not None:
        known_step(draft.state, command.step)
        wished = (*wished, *draft.state.open_items(command.step))
    targets = _with_subs(draft.state.plan, wished)
    for step, wanted in by_step(targets).items():
        if not _unless(draft.state.round(step), wanted, {"completed"}):
            continue
        current = ensure_started(draft, step)
        draft.happen(
            *(
                ItemsCompleted(
                    items=some,
                    round=current.number,
                    note=command.note,
                    reference=command.reference,
                )
                for some in _batches(_unless(current, wanted, {"completed"}))
            )
        )
    if not draft.events:
        raise NothingToDo(because="these items are complete already")


def waive_items(draft: Draft, command: WaiveItems) -> None:
    """Set items aside; a gate can't be."""
    targets = known_items(draft.state, command.items)
    for name in targets:
        item = draft.state.plan.items.get(name)
        if item is not None and item.gate:
            raise GateCannotBeWaived(item=name)
    for step, wanted in by_step(targets).items():
        if not _unless(draft.state.round(step), wanted, {"completed", "waived"}):
            continue
        current = ensure_started(draft, step)
        for some in _batches(_unless(current, wanted, {"completed", "waived"})):
            draft.happen(ItemsWaived(items=some, reason=command.reason))
    if not draft.events:
        raise NothingToDo(because="these items are complete or waived already")


def reopen_items(draft: Draft, command: ReopenItems) -> None:
    """Take back what was completed or waived in a step that is under way.

    Sub-items go along with their item, as they did when it was completed. What still
    has to be reconfirmed can be taken back too: it will be done again.
    """
    targets = _with_subs(draft.state.plan, known_items(draft.state, command.items))
    for step, wanted in by_step(targets).items():
        current = _running(draft.state, step)
        marked = tuple(item for item in wanted if item in current.marks)
        for some in _batches(marked):
            draft.happen(ItemsReopened(items=some, reason=command.reason))
    if not draft.events:
        raise NothingToDo(because="these items are open already")


def reconfirm_items(draft: Draft, command: ReconfirmItems) -> None:
    """Let what an earlier round completed stand, for named items or a whole step."""
    state = draft.state
    targets = known_items(state, command.items)
    if command.step is not None:
        known_step(state, command.step)
        current = state.round(command.step)
        targets = (*targets, *(current.to_reconfirm if current else ()))
    for step, wanted in by_step(dict.fromkeys(targets)).items():
        current = state.round(step)
        waiting = {*(current.to_reconfirm if current else ())}
        for some in _batches(tuple(item for item in wanted if item in waiting)):
            ensure_started(draft, step)
            draft.happen(ItemsReconfirmed(items=some, note=command.note))
    if not draft.events:
        raise NothingToDo(because="nothing here waits to be reconfirmed")


def known_items(state: Dialogue, items: Iterable[str]) -> tuple[str, ...]:
    """Give the items without repeats; raise for one that the plan does not have."""
    unique = tuple(dict.fromkeys(items))
    plan = state.plan
    for item in unique:
        if item not in plan.items and item not in plan.sub_items:
            near = nearest(item, (*plan.items, *plan.sub_items))
            raise UnknownItem(item=item, hint=_hint(plan, near))
    return unique


def _hint(plan: Method, near: list[str]) -> str:
    if near:
        return f"Did you mean {' or '.join(near)}?"
    return f"An item's full id is step.item; the steps are {', '.join(plan.steps)}."


def by_step(items: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Gather items by their step, in the order given."""
    gathered: dict[str, list[str]] = {}
    for item in items:
        gathered.setdefault(step_of(item), []).append(item)
    return {step: tuple(own) for step, own in gathered.items()}


def _with_subs(plan: Method, items: tuple[str, ...]) -> tuple[str, ...]:
    """Give the items with their sub-items, which are completed along with them."""
    whole: dict[str, None] = {}
    for name in items:
        whole[name] = None
        item = plan.items.get(name)
        for sub in item.sub if item else ():
            whole[f"{name}.{sub.id}"] = None
    return tuple(whole)


def _unless(
    current: Round | None, items: tuple[str, ...], statuses: set[str]
) -> tuple[str, ...]:
    marks = current.marks if current else {}
    return tuple(i for i in items if i not in marks or marks[i].status not in statuses)


def _batches(items: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Split items so that an event that lists them stays below 32 kB."""
    for start in range(0, len(items), _IN_ONE_EVENT):
        yield items[start : start + _IN_ONE_EVENT]


def _running(state: Dialogue, step: str) -> Round:
    current = state.round(step)
    if current is None or current.status == "voided":
        raise StepNotStarted(step=step)
    if current.status != "started":
        raise StepEnded(step=step, status=current.status)
    return current
