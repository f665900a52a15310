"""Going over to another method: what was done keeps its place, and nothing is assumed.

`weighed` works out what a migration would do and all that stands in its way; the
preview and the decision both use it. What was worked on and has no counterpart by name
needs a word of what becomes of it. A step that stays behind unfinished is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from domain.amending import Obstacle, obstructing, placed_in, size_of, too_much
from domain.draft import Draft
from domain.errors import DomainError, MethodUnfit, NothingToDo
from domain.events import StepSkipped
from domain.method import Method
from domain.method_check import first_problem
from domain.migration import Migration, migration
from domain.migration_about import part_of
from domain.migration_names import Names, names
from domain.plan_changes import PlanChange
from domain.plan_comparing import differences, shown
from domain.plan_errors import (
    MigrationTooLarge,
    OpenWindowLeft,
    PartUnmapped,
    PlanUnfit,
)
from domain.plan_facts import (
    CompiledMethod,
    LapsedChange,
    MethodMigrated,
    MigrateMethod,
)
from domain.plan_guards import is_open
from domain.plan_traces import lost
from domain.references import MethodRef
from domain.state import Dialogue
from domain.steps import is_done, listed, missing_for_completion

MOST_IN_AN_EVENT: Final = 28_000
"""Bytes that what stays behind and goes along may take on record."""


class Weighed(NamedTuple):
    """What a migration would do; without a plan where that can't be said."""

    names: Names | None
    found: Migration | None
    obstacles: tuple[DomainError, ...]


def migrate_method(draft: Draft, command: MigrateMethod) -> None:
    """Go over to another method, if everything that was done has its place there."""
    weight = weighed(draft.state, command)
    for error in weight.obstacles:
        raise error
    compiled, told, found = command.compiled, weight.names, weight.found
    if compiled is None or told is None or found is None:
        raise MethodUnfit(problem="the compiled method is not there")
    before = draft.state
    draft.happen(
        MethodMigrated(
            method=_reference(compiled),
            was=before.method,
            mapping=_mapping(told),
            changes=found.changes,
            lapsed=_lapsed(found),
            reason=command.reason,
            plan=compiled.method,
        )
    )
    for step in _left_undone(before, found):
        current = before.steps[step][-1]
        draft.happen(
            StepSkipped(step=step, round=current.number, reason=command.reason)
        )


def _reference(compiled: CompiledMethod) -> MethodRef:
    method = compiled.method
    return MethodRef(id=method.id, version=method.version, hash=compiled.method_hash)


def _mapping(told: Names) -> dict[str, str | None]:
    """Give what became of every step, and of other parts where that is not the same."""
    return {
        old: new
        for old, new in told.parts.items()
        if old not in told.own and ("." not in old or new != old)
    }


def _lapsed(found: Migration) -> tuple[LapsedChange, ...]:
    return tuple(
        LapsedChange(
            change=each.change.change,
            part=part_of(each.change) or None,
            members=each.members,
        )
        for each in found.lapsed
    )


def _left_undone(state: Dialogue, found: Migration) -> Iterator[str]:
    """Give the steps that stay behind and were not done."""
    return (s for s in found.behind if s in state.steps and not is_done(state, s))


def weighed(state: Dialogue, command: MigrateMethod) -> Weighed:
    """Work out what a migration would do, and all that stands in its way."""
    compiled = command.compiled
    unfit = tuple(_unfit_method(state, command))
    if unfit or compiled is None:
        return Weighed(None, None, unfit)
    told = names(state, command, compiled.method)
    if told.obstacles:
        return Weighed(told, None, told.obstacles)
    found = migration(
        state,
        told,
        compiled.method,
        command.mapping,
        carry=command.amendments == "carry",
    )
    against = (*_in_the_way(state, told, found), *_unfit(state, found, command))
    return Weighed(told, found, against)


def _unfit_method(state: Dialogue, command: MigrateMethod) -> Iterator[DomainError]:
    compiled = command.compiled
    if compiled is None:
        yield MethodUnfit(problem="the compiled method is not there")
        return
    method = compiled.method
    wanted = command.method_hash or compiled.method_hash
    if (method.id, compiled.method_hash) != (command.method, wanted):
        yield MethodUnfit(problem="it is not the one that was asked for")
    elif found := first_problem(method):
        where = placed_in(method, found.path)
        yield MethodUnfit(problem=f"it can't be carried out; look at {where}")
    elif state.language not in method.languages:
        given = ", ".join(method.languages)
        problem = f"it is not written in that language, but in {given}"
        yield MethodUnfit(problem=problem)
    elif compiled.method_hash == state.method.hash and not state.amendments:
        yield NothingToDo(because="the dialogue follows this method already")


def _in_the_way(
    state: Dialogue, told: Names, found: Migration
) -> Iterator[DomainError]:
    """Give what has to be said or done before a migration can be."""
    if told.unsaid:
        yield PartUnmapped(parts=listed(told.unsaid))
    for part in found.behind:
        windows = [f"{part}.{w.id}" for w in _windows(state.plan, part)]
        for window in windows if part in state.plan.steps else [part]:
            if is_open(state, window):
                yield OpenWindowLeft(window=window)


def _windows(plan: Method, step: str) -> tuple[Any, ...]:
    return plan.steps[step].windows if step in plan.steps else ()


def _unfit(
    state: Dialogue, found: Migration, command: MigrateMethod
) -> Iterator[DomainError]:
    lapsed = sum(len(each.model_dump_json()) for each in _lapsed(found))
    size = size_of(found.changes) + len(str(command.mapping).encode()) + lapsed
    if problem := first_problem(found.plan):
        where = placed_in(found.plan, problem.path)
        told, remedy = problem.message, problem.remedy
        yield PlanUnfit.of(where, told, remedy)
    elif gone := lost(state, found.plan):
        told = "what was done would have no place"
        where = ", ".join(gone[:5])
        yield PlanUnfit.of(where, told, "Map these parts")
    elif size > MOST_IN_AN_EVENT:
        yield MigrationTooLarge(size=size, limit=MOST_IN_AN_EVENT)
    else:
        yield from too_much(state.but(amendments=()), found.changes)


def preview_migration(state: Dialogue, command: MigrateMethod) -> dict[str, Any]:
    """Say what going over to another method would do, without doing it.

    Gives ``possible`` and ``obstacles``; ``maps``: what becomes of each part that was
    worked on; ``unsaid``: of which that has to be said; ``behind``: what stays behind,
    and ``skips``: the steps among it that were not done; ``along``: what people added
    and goes along; ``carries``: earlier changes that are made again; ``lapses``: those
    that no longer hold; what is ``added``, ``dropped``, ``changed`` and who ``waits``;
    and ``revisit``: steps that are done and
    of which the new method asks more (``parts``), or before which it puts steps that
    are not done (``after``).
    """
    weight = weighed(state, command)
    told, found = weight.names, weight.found
    plan = found.plan if found else state.plan
    return {
        "possible": not weight.obstacles,
        "obstacles": [obstructing(Obstacle(0, error)) for error in weight.obstacles],
        "method": command.compiled and _reference(command.compiled).model_dump(),
        "maps": dict(told.parts) if told else {},
        "unsaid": list(told.unsaid) if told else [],
        "behind": list(found.behind) if found else [],
        "skips": list(_left_undone(state, found)) if found else [],
        "along": list(found.along) if found else [],
        "carries": [_shown(each) for each in found.carried] if found else [],
        "lapses": [_shown(each.change) for each in found.lapsed] if found else [],
        **shown(differences(state.plan, plan), state.plan, plan),
        "revisit": list(_asking_more(state, plan)) if found else [],
    }


def _shown(change: PlanChange) -> dict[str, Any]:
    """Give an earlier change as JSON."""
    return change.model_dump(mode="json")


def _asking_more(before: Dialogue, plan: Method) -> Iterator[dict[str, Any]]:
    """Give steps that are done, of which another plan asks what was not done."""
    state = before.but(plan=plan)
    for step in plan.all_steps():
        current = state.round(step.id)
        if current is None or current.status != "completed":
            continue
        old = before.plan.steps.get(step.id)
        known = missing_for_completion(before, old) if old else ()
        missing = missing_for_completion(state, step)
        parts = tuple(part for part in missing if part not in known)
        after = tuple(n for n in step.needs or () if not is_done(state, n))
        if parts or after:
            yield {"step": step.id, "parts": list(parts), "after": list(after)}
