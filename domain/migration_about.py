"""What a change of a plan is about: the part, where it stands, and its texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, JsonValue

from domain.method import Language, Method
from domain.plan_changes import (
    AddItem,
    AddPhase,
    AddRole,
    AddStep,
    AddWindow,
    ChangeItem,
    ChangePhase,
    ChangeStep,
    ChangeWindow,
    DropItem,
    DropStep,
    DropWindow,
    MoveStep,
    PlanChange,
)
from domain.state import Dialogue

Changing = ChangePhase | ChangeStep | ChangeItem | ChangeWindow
_LANGUAGES = frozenset({"nl", "en", "fr", "de"})


def part_of(change: PlanChange) -> str:
    """Give the full id of the part that a change is about; empty where it is none."""
    match change:
        case ChangePhase():
            return change.phase
        case AddPhase():
            return change.phase.id
        case AddStep():
            return change.step.id
        case ChangeStep() | DropStep() | MoveStep():
            return change.step
        case AddItem():
            return f"{change.step}.{change.item.id}"
        case ChangeItem() | DropItem():
            return change.item
        case AddWindow():
            return f"{change.step}.{change.window.id}"
        case ChangeWindow() | DropWindow():
            return change.window
        case AddRole():
            return change.role.id
        case _:
            return ""


def naming(change: Changing) -> str:
    """Give the member in which a change names its part."""
    return change.change.removeprefix("change_")


def has(plan: Method, part: str) -> bool:
    """Whether a plan has a step, item or window of this full id."""
    return part in plan.steps or part in plan.items or part in plan.windows


def found(plan: Method, part: str, change: Changing) -> BaseModel | None:
    """Give the part of a plan that a change is about."""
    match change:
        case ChangePhase():
            return next((phase for phase in plan.phases if phase.id == part), None)
        case ChangeStep():
            return plan.steps.get(part)
        case ChangeItem():
            return plan.items.get(part)
        case ChangeWindow():
            return plan.windows.get(part)


def same(member: str, one: JsonValue, other: JsonValue) -> bool:
    """Whether two values of a member say the same."""
    if member == "needs" and isinstance(one, list) and isinstance(other, list):
        return sorted(map(str, one)) == sorted(map(str, other))
    return one == other


def in_languages(data: JsonValue, languages: Sequence[Language]) -> JsonValue:
    """Give data with each text in these languages, as far as there is one."""
    if isinstance(data, list):
        return [in_languages(each, languages) for each in data]
    if not isinstance(data, dict):
        return data
    if data and data.keys() <= _LANGUAGES:
        first = next(iter(data.values()))
        return {language: data.get(language) or first for language in languages}
    return {name: in_languages(value, languages) for name, value in data.items()}


def changes_before(state: Dialogue) -> Iterator[PlanChange]:
    """Give every earlier change of the plan, in order."""
    for amendment in state.amendments:
        yield from amendment.changes
