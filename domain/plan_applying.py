"""Changes are applied to a plan one after the other; each gives another plan.

Nothing here decides: what may be changed is looked at in `domain.plan_guards`, before,
and whether the plan that comes of it can be carried out, after. A change that was
obeyed once gives the same plan for ever, since a dialogue is folded with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from pydantic import JsonValue

from domain.method import Item, Method, Phase, Step, Window, compiled
from domain.plan_changes import (
    AddItem,
    AddPhase,
    AddRole,
    AddStep,
    AddWindow,
    ChangeCompletion,
    ChangeItem,
    ChangePhase,
    ChangeStep,
    ChangeWindow,
    CopySteps,
    DropItem,
    DropStep,
    DropWindow,
    MoveStep,
    PlanChange,
    RenameParts,
)
from domain.plan_copies import with_copies
from domain.plan_names import renamed
from domain.plan_order import dropped, moved, with_step
from domain.plan_parts import one_step, placed


def amended(plan: Method, changes: Iterable[PlanChange]) -> Method:
    """Give the plan after these changes.

    Raises ``pydantic.ValidationError`` where a member that changes is none, and
    ``LookupError`` for a part that the plan does not have.
    """
    for change in changes:
        plan = _after(plan, change)
    return plan


def _after(plan: Method, change: PlanChange) -> Method:
    match change:
        case AddPhase():
            phases = placed(plan.phases, change.phase, change.after, change.before)
            return compiled(plan.model_copy(update={"phases": phases}))
        case ChangePhase():
            return _with_phase(plan, change)
        case AddStep():
            return with_step(plan, change)
        case DropStep():
            return dropped(plan, change.step)
        case MoveStep():
            return moved(plan, change)
        case AddRole():
            return plan.model_copy(update={"roles": (*plan.roles, change.role)})
        case ChangeCompletion():
            completion = plan.completion.model_copy(update={"steps": change.steps})
            return plan.model_copy(update={"completion": completion})
        case CopySteps():
            return with_copies(plan, change)
        case RenameParts():
            return renamed(plan, change)
        case _:
            return _inside(plan, change)


def _inside(
    plan: Method,
    change: ChangeStep
    | AddItem
    | ChangeItem
    | DropItem
    | AddWindow
    | ChangeWindow
    | DropWindow,
) -> Method:
    match change:
        case ChangeStep():
            return one_step(plan, change.step, lambda step: changed(step, change.to))
        case AddItem():
            return one_step(plan, change.step, lambda step: _with_item(step, change))
        case AddWindow():
            return one_step(plan, change.step, lambda step: _with_window(step, change))
        case ChangeItem(item=name) | DropItem(item=name):
            owner, part = name.split(".", 1)
            to = change.to if isinstance(change, ChangeItem) else None
            return one_step(plan, owner, lambda step: _item_changed(step, part, to))
        case ChangeWindow(window=name) | DropWindow(window=name):
            owner, part = name.split(".", 1)
            to = change.to if isinstance(change, ChangeWindow) else None
            return one_step(plan, owner, lambda step: _window_changed(step, part, to))
        case _:
            assert_never(change)


def changed(step: Step, to: Mapping[str, JsonValue]) -> Step:
    """Give a step with new members."""
    return Step.model_validate({**step.model_dump(), **to})


def _with_phase(plan: Method, change: ChangePhase) -> Method:
    phases = tuple(
        Phase.model_validate({**phase.model_dump(), **change.to})
        if phase.id == change.phase
        else phase
        for phase in plan.phases
    )
    return plan.model_copy(update={"phases": phases})


def _with_item(step: Step, change: AddItem) -> Step:
    items = placed(step.items, change.item, change.after, change.before)
    return step.model_copy(update={"items": items, "undescribed": False})


def _with_window(step: Step, change: AddWindow) -> Step:
    windows = placed(step.windows, change.window, change.after, change.before)
    return step.model_copy(update={"windows": windows})


def _item_changed(step: Step, name: str, to: Mapping[str, JsonValue] | None) -> Step:
    items = tuple(
        Item.model_validate({**item.model_dump(), **(to or {})})
        if item.id == name
        else item
        for item in step.items
        if item.id != name or to is not None
    )
    changes = {"items": items, "revisit": step.revisit}
    return step.model_copy(update=changes) if to else _lost(step, name, changes)


def _window_changed(step: Step, name: str, to: Mapping[str, JsonValue] | None) -> Step:
    windows = tuple(
        Window.model_validate({**window.model_dump(), **(to or {})})
        if window.id == name
        else window
        for window in step.windows
        if window.id != name or to is not None
    )
    changes = {"windows": windows, "revisit": step.revisit}
    return step.model_copy(update=changes) if to else _lost(step, name, changes)


def _lost(step: Step, name: str, changes: Mapping[str, object]) -> Step:
    """Give the step without a part, and without what would have undone that part."""
    rules = tuple(r for r in step.revisit.compensations if r.undoes != name)
    revisit = step.revisit.model_copy(update={"compensations": rules})
    return step.model_copy(update={**changes, "revisit": revisit})
