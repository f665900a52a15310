"""A track is a copy of steps: each with items, windows and rules of its own.

So everything a step can do, a track's step can: it is worked on, asks people, and is
returned to like any other.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from domain.method import Method, Phase, SelfAssessment, Step, Window
from domain.method_parts import Text
from domain.plan_changes import CopySteps

BETWEEN: Final = "--"
"""Stands between the id of a step and that of the track its copy is in."""


def copy_of(step: str, track: str) -> str:
    """Give the id of a step's copy in a track."""
    return f"{step}{BETWEEN}{track}"


def with_copies(plan: Method, told: CopySteps) -> Method:
    """Give the plan with a track's copies, behind what they are copies of."""
    copies = {name: copy_of(name, told.track) for name in told.steps}
    ends = {copies[name]: None for name in ends_of(plan, told.steps)}
    phases = tuple(_phase(phase, told, copies, (*ends,)) for phase in plan.phases)
    changes: dict[str, object] = {"phases": phases}
    if plan.completion.steps != "all":
        wanted = _joined(plan.completion.steps, copies)
        completion = plan.completion.model_copy(update={"steps": wanted})
        changes["completion"] = completion
    if plan.self_assessment is not None:
        changes["self_assessment"] = _marking(plan.self_assessment, copies)
    return plan.model_copy(update=changes)


def ends_of(plan: Method, steps: Collection[str]) -> tuple[str, ...]:
    """Give those of these steps that no other of them builds on."""
    needed = {need for name in steps for need in plan.steps[name].needs or ()}
    return tuple(name for name in steps if name not in needed)


def _phase(
    phase: Phase, told: CopySteps, copies: dict[str, str], ends: tuple[str, ...]
) -> Phase:
    steps = tuple(
        step if step.id in copies else _outside(step, told.joins, copies, ends)
        for step in phase.steps
    )
    new = tuple(_copied(step, told, copies) for step in steps if step.id in copies)
    last = max((n for n, s in enumerate(steps) if _belongs(s.id, copies)), default=-1)
    whole = (*steps[: last + 1], *new, *steps[last + 1 :])
    return phase.model_copy(update={"steps": whole})


def _belongs(step: str, copies: Collection[str]) -> bool:
    """Whether a step is copied, or is the copy in another track of one that is."""
    return step in copies or step.rpartition(BETWEEN)[0] in copies


def _joined(steps: tuple[str, ...], copies: dict[str, str]) -> tuple[str, ...]:
    """Give the steps, and the copies of those that have one."""
    more = (copies[step] for step in steps if step in copies)
    return tuple(dict.fromkeys((*steps, *more)))


def _outside(
    step: Step, joins: Collection[str], copies: dict[str, str], ends: tuple[str, ...]
) -> Step:
    """Give a step outside the track as it is with the track beside it."""
    changes: dict[str, object] = {}
    if step.id in joins:
        needs = step.needs or ()
        builds = any(need in copies for need in needs)
        told = _joined(needs, copies) if builds else (*needs, *ends)
        changes["needs"] = tuple(dict.fromkeys(told))
    if step.revisit.voids is not None and copies.keys() & {*step.revisit.voids}:
        voids = _joined(step.revisit.voids, copies)
        changes["revisit"] = step.revisit.model_copy(update={"voids": voids})
    return step.model_copy(update=changes) if changes else step


def _copied(step: Step, told: CopySteps, copies: dict[str, str]) -> Step:
    voids = step.revisit.voids
    if voids is not None:
        voids = tuple(copies.get(name, name) for name in voids)
    return step.model_copy(
        update={
            "id": copies[step.id],
            "number": f"{step.number}/{told.track}",
            "title": _named(step.title, told.title),
            "needs": tuple(copies.get(name, name) for name in step.needs or ()),
            "revisit": step.revisit.model_copy(update={"voids": voids}),
            "windows": tuple(_asked(window, copies) for window in step.windows),
        }
    )


def _asked(window: Window, copies: dict[str, str]) -> Window:
    """Give a window as it opens in the track: with the track's own steps."""
    opener = window.opens.step
    if opener not in copies:
        return window
    opens = window.opens.model_copy(update={"step": copies[opener]})
    return window.model_copy(update={"opens": opens})


def _named(title: Text, track: str) -> Text:
    return {language: f"{text} – {track}" for language, text in title.items()}


def _marking(told: SelfAssessment, copies: dict[str, str]) -> SelfAssessment:
    """Let a weak score mark the copies of the steps that it marks."""
    elements = tuple(
        element.model_copy(update={"marks": _joined(element.marks, copies)})
        for element in told.elements
    )
    return told.model_copy(update={"elements": elements})
