"""What was done stays: which changes of a plan a dialogue's past stands in the way of.

A step that is done can't be changed before it is returned to. What left a trace, in
whatever round, can't be dropped at all: a step is left out instead, an item waived, a
window left closed. So every trace always has its part in the plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import JsonValue

from domain.errors import DomainError
from domain.gates_amending import gates_that_stay
from domain.method import Item, Method, Step, Window
from domain.nearest import nearest
from domain.plan_changes import (
    AddItem,
    AddPhase,
    AddRole,
    AddStep,
    AddWindow,
    Change,
    ChangeCompletion,
    ChangeItem,
    ChangePhase,
    ChangeStep,
    ChangeWindow,
    DropItem,
    DropStep,
    DropWindow,
    MoveStep,
)
from domain.plan_errors import (
    BegunStays,
    DoneStays,
    ItemMarked,
    ItemStays,
    PlanUnfit,
    TakenId,
    UnknownPart,
    WindowRuns,
    WindowStays,
)
from domain.plan_order import home_of
from domain.rounds import step_of
from domain.state import Dialogue, Mark
from domain.steps import is_done

PHASE_MEMBERS: Final = frozenset({"title", "may_overlap"})
STEP_MEMBERS: Final = frozenset(Step.model_fields) - {"id", "items", "windows"}
ITEM_MEMBERS: Final = frozenset(Item.model_fields) - {"id"}
WINDOW_MEMBERS: Final = frozenset(Window.model_fields) - {"id"}


def marks_of(state: Dialogue, item: str) -> Iterator[tuple[str, Mark]]:
    """Give the marks, in every round, of an item and its sub-items."""
    for found in state.steps.get(step_of(item), ()):
        for name, mark in found.marks.items():
            if name == item or name.startswith(f"{item}."):
                yield name, mark


def was_opened(state: Dialogue, window: str) -> bool:
    """Whether a window was ever opened, for whichever of its audiences."""
    return any(w == window or w.startswith(f"{window}.") for w in state.windows)


def is_open(state: Dialogue, window: str) -> bool:
    """Whether a window is open now, for whichever of its audiences."""
    live = state.open_windows()
    return any(w == window or w.startswith(f"{window}.") for w in live)


def obstacles(state: Dialogue, plan: Method, change: Change) -> Iterator[DomainError]:
    """Give what stands in the way of a change of ``plan``, which is not yet applied."""
    unknown = tuple(_unknown(plan, change))
    if unknown:
        yield from unknown
        return
    match change:
        case AddPhase() | AddRole() | ChangeCompletion():
            return
        case ChangePhase():
            yield from _members(change.to, PHASE_MEMBERS)
        case AddStep():
            for name in change.then:
                yield from _done(state, name, name)
        case ChangeStep():
            yield from _done(state, change.step, change.step)
            yield from _members(change.to, STEP_MEMBERS)
            if "gates" in change.to:
                yield from gates_that_stay(state, change.step, change.to["gates"])
        case MoveStep():
            yield from _done(state, change.step, change.step)
        case DropStep():
            if change.step in state.steps:
                yield BegunStays(step=change.step)
        case AddItem():
            yield from _done(state, change.step, f"{change.step}.{change.item.id}")
        case AddWindow():
            yield from _done(state, change.step, f"{change.step}.{change.window.id}")
        case ChangeItem() | DropItem():
            yield from _of_item(state, change)
        case ChangeWindow() | DropWindow():
            yield from _of_window(state, change)


def _done(state: Dialogue, step: str, part: str) -> Iterator[DomainError]:
    """Refuse to change what belongs to a step that is done."""
    current = state.round(step)
    if current is not None and is_done(state, step):
        yield DoneStays(part=part, step=step, status=current.status)


def _of_item(state: Dialogue, change: ChangeItem | DropItem) -> Iterator[DomainError]:
    step = step_of(change.item)
    if is_done(state, step):
        yield from _done(state, step, change.item)
        return
    marks = tuple(marks_of(state, change.item))
    if isinstance(change, DropItem):
        if marks:
            yield ItemStays(item=change.item)
        return
    yield from _members(change.to, ITEM_MEMBERS)
    current = state.round(step)
    mark = current.marks.get(change.item) if current else None
    if mark is not None and mark.status != "to_reconfirm":
        yield ItemMarked(item=change.item, status=mark.status)
    if "sub" in change.to:
        kept = _ids(change.to["sub"])
        for name in dict.fromkeys(name for name, _ in marks):
            if name != change.item and name.rpartition(".")[2] not in kept:
                yield ItemStays(item=name)


def _ids(parts: JsonValue) -> frozenset[str]:
    """Give the ids in a list of parts, as far as it is one."""
    found = (
        (part.get("id") for part in parts if isinstance(part, dict))
        if isinstance(parts, list)
        else ()
    )
    return frozenset(str(name) for name in found)


def _of_window(
    state: Dialogue, change: ChangeWindow | DropWindow
) -> Iterator[DomainError]:
    step = step_of(change.window)
    if is_done(state, step):
        yield from _done(state, step, change.window)
    elif isinstance(change, ChangeWindow):
        yield from _members(change.to, WINDOW_MEMBERS)
        if is_open(state, change.window):
            yield WindowRuns(window=change.window)
    elif was_opened(state, change.window):
        yield WindowStays(window=change.window)


def _members(
    to: Mapping[str, JsonValue], known: frozenset[str]
) -> Iterator[DomainError]:
    if not known.issuperset(to):
        problem = "a member that is to change is none that can be changed"
        remedy = f"Choose from: {', '.join(sorted(known))}"
        yield PlanUnfit.of("to", problem, remedy)


def _unknown(plan: Method, change: Change) -> Iterator[DomainError]:
    """Give what a change names and the plan does not have, or has already."""
    phases = tuple(phase.id for phase in plan.phases)
    match change:
        case AddPhase():
            yield from _taken("phase", change.phase.id, phases)
            yield from _absent("phase", change.after or change.before, phases)
            for step in change.phase.steps:
                yield from _taken("step", step.id, plan.steps)
        case ChangePhase():
            yield from _absent("phase", change.phase, phases)
        case AddStep():
            yield from _taken("step", change.step.id, plan.steps)
            yield from _place(plan, change)
            for name in change.then:
                yield from _absent("step", name, plan.steps)
        case MoveStep():
            yield from _absent("step", change.step, plan.steps)
            yield from _place(plan, change)
        case ChangeStep() | DropStep():
            yield from _absent("step", change.step, plan.steps)
        case AddItem() | AddWindow():
            yield from _absent("step", change.step, plan.steps)
            if change.step in plan.steps:
                yield from _new_part(plan.steps[change.step], change)
        case ChangeItem() | DropItem():
            yield from _absent("item", change.item, plan.items)
        case ChangeWindow() | DropWindow():
            whole = [name for name in plan.windows if name.count(".") == 1]
            yield from _absent("feedback window", change.window, whole)
        case AddRole():
            yield from _taken("role", change.role.id, [r.id for r in plan.roles])
        case ChangeCompletion():
            for name in () if change.steps == "all" else change.steps:
                yield from _absent("step", name, plan.steps)


def _place(plan: Method, change: AddStep | MoveStep) -> Iterator[DomainError]:
    """Check where a step is to come: in a phase, beside a step of that phase."""
    phases = {phase.id: phase for phase in plan.phases}
    beside = change.after or change.before
    yield from _absent("step", beside, plan.steps)
    yield from _absent("phase", change.phase, phases)
    home = home_of(plan, change)
    if isinstance(change, MoveStep) and beside == change.step:
        problem, remedy = "a step can't come beside itself", "Name another step"
        yield PlanUnfit.of(change.step, problem, remedy)
    elif home is None:
        named = change.step if isinstance(change, MoveStep) else change.step.id
        problem = "it is not said where the step comes"
        remedy = "Give phase, after or before"
        yield PlanUnfit.of(named, problem, remedy)
    elif beside in plan.steps and home in phases:
        inside = [step.id for step in phases[home].steps]
        yield from _absent("step", beside, inside)


def _new_part(step: Step, change: AddItem | AddWindow) -> Iterator[DomainError]:
    is_item = isinstance(change, AddItem)
    new = change.item.id if is_item else change.window.id
    items, windows = [i.id for i in step.items], [w.id for w in step.windows]
    kind = "item" if is_item else "feedback window"
    yield from _taken(kind, new, (*items, *windows), f"{step.id}.{new}")
    beside = change.after or change.before
    yield from _absent(kind, beside, items if is_item else windows)


def _taken(
    kind: str,
    part: str,
    known: Mapping[str, object] | tuple[str, ...] | list[str],
    shown: str | None = None,
) -> Iterator[DomainError]:
    if part in known:
        yield TakenId(kind=kind, part=shown or part)


def _absent(
    kind: str,
    part: str | None,
    known: Mapping[str, object] | tuple[str, ...] | list[str],
) -> Iterator[DomainError]:
    if part is None or part in known:
        return
    near = nearest(part, [*known])
    hint = f"There are: {', '.join(known) or 'none'}."
    if near:
        hint = f"Did you mean {' or '.join(near)}?"
    yield UnknownPart(kind=kind, part=part, hint=hint)
