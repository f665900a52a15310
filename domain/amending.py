"""Amending the plan: what was not done yet changes, and what was done stays.

`weighed` works out what an amendment would make of the plan and all that stands in its
way; the preview and the decision both use it. A change is decided on the plan as the
changes before it leave it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple, cast

from pydantic import BaseModel, JsonValue, ValidationError

from domain.draft import Draft
from domain.errors import DomainError, NothingToDo
from domain.method import Item, Method, Role, Step, Text, Window
from domain.method_check import first_problem
from domain.method_findings import Path
from domain.plan_applying import amended
from domain.plan_changes import (
    AddPhase,
    AddStep,
    Change,
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
from domain.plan_comparing import differences, shown
from domain.plan_errors import AmendedTooMuch, AmendmentTooLarge, PlanUnfit
from domain.plan_facts import AmendPlan, PlanAmended
from domain.plan_guards import obstacles
from domain.plan_order import home_of
from domain.plan_traces import lost
from domain.state import Dialogue

MOST_IN_AN_EVENT: Final = 28_000
"""Bytes that the changes of one amendment may take, with the titles they concern."""

MOST_AMENDED: Final = 200_000
"""Bytes that all amendments of a dialogue may take together: each run carries them."""


_HOLDING: Final = ("phases", "steps", "items", "windows", "roles")
"""Members of a plan that hold parts with an id."""


class Obstacle(NamedTuple):
    """What stands in the way, of which change, counted from 1; 0 is the whole."""

    change: int
    error: DomainError


class Weighed(NamedTuple):
    """What an amendment would make of the plan.

    ``changes`` say in full what the sender left to Polder, such as the phase; ``parts``
    the titles of what they concern.
    """

    plan: Method
    changes: tuple[Change, ...]
    parts: dict[str, Text]
    obstacles: tuple[Obstacle, ...]


def weighed(state: Dialogue, changes: Sequence[Change]) -> Weighed:
    """Work out what these changes would do, and all that stands in their way."""
    plan, found = state.plan, list[Obstacle]()
    settled: list[Change] = []
    parts: dict[str, Text] = {}
    for number, change in enumerate(changes, 1):
        against = [Obstacle(number, error) for error in obstacles(state, plan, change)]
        after = None if against else _applied(plan, change)
        if isinstance(after, Method):
            settled.append(_settled(plan, after, change))
            parts |= _concerned(plan, change)
            plan = after
        elif after is not None:
            against.append(Obstacle(number, after))
        found += against
    if not found:
        found += (Obstacle(0, error) for error in _unfit(state, plan))
    if not found:
        found += (Obstacle(0, error) for error in _too_large(state, settled, parts))
    return Weighed(plan, tuple(settled), parts, tuple(found))


def amend_plan(draft: Draft, command: AmendPlan) -> None:
    """Change the plan, if nothing that was done stands in the way."""
    found = weighed(draft.state, command.changes)
    for obstacle in found.obstacles:
        raise obstacle.error
    draft.happen(
        PlanAmended(changes=found.changes, parts=found.parts, reason=command.reason)
    )


def preview_amendment(state: Dialogue, changes: Sequence[Change]) -> dict[str, Any]:
    """Say what an amendment would do, without doing it.

    Gives ``possible``, ``obstacles`` (each with ``change``, counted from 1, 0 being the
    whole; ``error``, ``because`` and, where that would help, the step to ``revisit``),
    and what would be ``added``, ``dropped``, ``changed`` and who ``waits`` for what.
    """
    found = weighed(state, changes)
    told = shown(differences(state.plan, found.plan), state.plan, found.plan)
    against = [obstructing(each) for each in found.obstacles]
    return {"possible": not against, "obstacles": against, **told}


def obstructing(found: Obstacle) -> dict[str, Any]:
    """Give an obstacle as JSON."""
    error = found.error
    helps = type(error).__name__ in {"DoneStays", "BegunStays"}
    return {
        "change": found.change,
        "error": type(error).__name__,
        "because": str(error),
        "facts": dict(error.facts),
        "revisit": error.facts.get("step") if helps else None,
    }


def _applied(plan: Method, change: PlanChange) -> Method | DomainError:
    try:
        return amended(plan, [change])
    except ValidationError as error:
        where, problem = _told(error)
        remedy = "Look it up in docs/methods.md"
        return PlanUnfit.of(where, problem, remedy)


def _told(error: ValidationError) -> tuple[str, str]:
    """Say which new member is wrong, and how, without repeating what it holds."""
    first = error.errors(include_url=False, include_input=False)[0]
    return str(first["loc"][0] if first["loc"] else "plan"), first["msg"]


def _unfit(state: Dialogue, plan: Method) -> Iterator[DomainError]:
    """Give why a plan could not be carried out, or would change nothing."""
    if plan == state.plan:
        yield NothingToDo(because="the plan is like that already")
    elif not plan.phases:
        problem, remedy = "no step is left", "Cancel the dialogue instead"
        yield PlanUnfit.of("plan", problem, remedy)
    elif found := first_problem(plan):
        where = placed_in(plan, found.path)
        yield PlanUnfit.of(where, found.message, found.remedy)
    elif gone := lost(state, plan):
        problem = "what was done would have no place"
        where = ", ".join(gone[:5])
        yield PlanUnfit.of(where, problem, "Keep these parts")


def placed_in(plan: Method, path: Path) -> str:
    """Name the part of a plan that something is about, by its full id."""
    here: Any = plan
    names: list[str] = []
    for part in path:
        if isinstance(part, int):
            here = cast("tuple[Any, ...]", here)[part]
            names += (here.id,) if isinstance(here, Step | Item | Window | Role) else ()
        elif not isinstance(here, BaseModel) or part not in {*_HOLDING}:
            break
        else:
            here = getattr(here, part)
    return ".".join(names) or str(path[0] if path else "plan")


def _too_large(
    state: Dialogue, changes: Sequence[Change], parts: dict[str, Text]
) -> Iterator[DomainError]:
    size = size_of(changes) + len(str(parts).encode())
    if size > MOST_IN_AN_EVENT:
        yield AmendmentTooLarge(size=size, limit=MOST_IN_AN_EVENT)
    yield from too_much(state, changes)


def too_much(state: Dialogue, changes: Sequence[PlanChange]) -> Iterator[DomainError]:
    """Refuse changes where a dialogue could not carry them with those before."""
    before = sum(size_of(each.changes) for each in state.amendments)
    size = before + size_of(changes)
    if size > MOST_AMENDED:
        yield AmendedTooMuch(size=size, limit=MOST_AMENDED)


def size_of(changes: Sequence[PlanChange]) -> int:
    """Give the bytes that changes take as JSON."""
    return sum(len(change.model_dump_json().encode()) for change in changes)


def _settled(plan: Method, after: Method, change: Change) -> Change:
    """Say in full what a change left to Polder: the phase, what a step builds on."""
    match change:
        case AddPhase():
            phase = next(p for p in after.phases if p.id == change.phase.id)
            return change.model_copy(update={"phase": phase})
        case AddStep():
            told = {"phase": home_of(plan, change), "step": after.steps[change.step.id]}
            return change.model_copy(update=told)
        case MoveStep():
            needs = after.steps[change.step].needs
            told = {"phase": home_of(plan, change), "needs": needs}
            return change.model_copy(update=told)
        case ChangeStep():
            part: BaseModel = after.steps[change.step]
        case ChangePhase():
            part = next(p for p in after.phases if p.id == change.phase)
        case ChangeItem():
            part = after.items[change.item]
        case ChangeWindow():
            part = after.windows[change.window]
        case _:
            return change
    read = cast("dict[str, JsonValue]", part.model_dump(mode="json"))
    to = {name: read.get(name, value) for name, value in change.to.items()}
    return change.model_copy(update={"to": to})


def _concerned(plan: Method, change: Change) -> dict[str, Text]:
    """Give the title, as it is before, of what a change changes, moves or drops."""
    match change:
        case ChangeStep() | DropStep() | MoveStep():
            return {change.step: plan.steps[change.step].title}
        case ChangeItem() | DropItem():
            return {change.item: plan.items[change.item].title}
        case ChangeWindow() | DropWindow():
            return {change.window: plan.windows[change.window].title}
        case ChangePhase():
            title = next(p.title for p in plan.phases if p.id == change.phase)
            return {change.phase: title}
        case _:
            return {}
