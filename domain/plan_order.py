"""What comes before what, when steps come into a plan, leave it, or move in it.

Whoever waited for a step that goes, or that comes later, goes on waiting for what that
step itself had waited for: a change of the order opens no way round.
"""

from __future__ import annotations

from domain.method import Method, Step, compiled
from domain.method_parts import SelfAssessment
from domain.plan_changes import AddStep, MoveStep
from domain.plan_parts import each_step, needing, placed


def with_step(plan: Method, change: AddStep) -> Method:
    """Give the plan with one step more; those in ``then`` will wait for it."""
    step = change.step
    plan = each_step(
        plan,
        lambda other: (
            needing(other, (*(other.needs or ()), step.id))
            if other.id in change.then
            else other
        ),
    )
    return compiled(_put(plan, step, change))


def dropped(plan: Method, name: str) -> Method:
    """Give the plan without a step, and without a phase that is empty then."""
    needs = plan.steps[name].needs or ()
    plan = each_step(plan, lambda step: _without(step, name, needs))
    phases = tuple(
        phase.model_copy(
            update={"steps": tuple(step for step in phase.steps if step.id != name)}
        )
        for phase in plan.phases
    )
    changes: dict[str, object] = {"phases": tuple(p for p in phases if p.steps)}
    if plan.completion.steps != "all":
        wanted = tuple(step for step in plan.completion.steps if step != name)
        changes["completion"] = plan.completion.model_copy(update={"steps": wanted})
    if plan.self_assessment is not None:
        changes["self_assessment"] = _unmarking(plan.self_assessment, name)
    return plan.model_copy(update=changes)


def _without(step: Step, name: str, needs: tuple[str, ...]) -> Step:
    """Give a step that builds on what a dropped one needed, and voids it no more."""
    if name in (step.needs or ()):
        step = needing(step, _instead(step, name, needs))
    voids = step.revisit.voids
    if voids is None or name not in voids:
        return step
    kept = tuple(other for other in voids if other != name)
    revisit = step.revisit.model_copy(update={"voids": kept})
    return step.model_copy(update={"revisit": revisit})


def _instead(step: Step, name: str, needs: tuple[str, ...]) -> list[str]:
    """Give a step's needs with those of another in the place of that other."""
    found: list[str] = []
    for need in step.needs or ():
        found += needs if need == name else (need,)
    return found


def _unmarking(told: SelfAssessment, name: str) -> SelfAssessment:
    elements = tuple(
        element.model_copy(
            update={"marks": tuple(mark for mark in element.marks if mark != name)}
        )
        for element in told.elements
    )
    return told.model_copy(update={"elements": elements})


def moved(plan: Method, change: MoveStep) -> Method:
    """Give the plan with a step in another place."""
    step = plan.steps[change.step]
    old, home = step.needs or (), home_of(plan, change)
    step = step.model_copy(update={"needs": change.needs})
    phases = tuple(
        phase.model_copy(
            update={"steps": tuple(s for s in phase.steps if s.id != step.id)}
        )
        for phase in plan.phases
    )
    without = plan.model_copy(update={"phases": phases})
    told = change.model_copy(update={"phase": home})
    plan = compiled(_put(without, step, told))
    new = plan.steps[step.id].needs or ()
    ahead = _leading_to(plan, new, step.id)

    def waiting(other: Step) -> Step:
        if step.id not in (other.needs or ()):
            return other
        if other.id in ahead:
            return needing(other, _instead(other, step.id, old))
        return needing(other, (*(other.needs or ()), *old))

    plan = each_step(plan, waiting)
    kept = tuple(phase for phase in plan.phases if phase.steps)
    return plan.model_copy(update={"phases": kept})


def home_of(plan: Method, where: AddStep | MoveStep) -> str | None:
    """Give the phase that a step comes into; none where that is not said."""
    beside = plan.phase_of.get(where.after or where.before or "")
    own = plan.phase_of.get(where.step) if isinstance(where, MoveStep) else None
    known = beside or own
    return where.phase or (known.id if known else None)


def _put(plan: Method, step: Step, where: AddStep | MoveStep) -> Method:
    home = home_of(plan, where)
    phases = tuple(
        each.model_copy(
            update={"steps": placed(each.steps, step, where.after, where.before)}
        )
        if each.id == home
        else each
        for each in plan.phases
    )
    return plan.model_copy(update={"phases": phases})


def _leading_to(plan: Method, needs: tuple[str, ...], but: str) -> frozenset[str]:
    """Give these steps and all that they build on, not by way of ``but``."""
    found: set[str] = set()
    ahead = [need for need in needs if need != but]
    while ahead:
        here = ahead.pop()
        if here not in found and here in plan.steps:
            found.add(here)
            ahead += [n for n in plan.steps[here].needs or () if n != but]
    return frozenset(found)
