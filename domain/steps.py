"""Steps start when what they need is done, and complete when their conditions hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from domain.audiences import windows_of
from domain.commands import CompleteStep, SkipStep, StartStep
from domain.coverage import check_answered
from domain.draft import Draft
from domain.errors import (
    GateCannotBeWaived,
    NothingToDo,
    StepEnded,
    StepIncomplete,
    StepNotReady,
    StepNotStarted,
    StepUndescribed,
    UnknownStep,
)
from domain.events import StepCompleted, StepSkipped, StepStarted
from domain.gates_standing import check_passed
from domain.method import LIST, Step
from domain.openings import open_by_step
from domain.standing_still import check_moving
from domain.state import Dialogue, Round

_NAMED_AT_MOST = 10


def known_step(state: Dialogue, step: str) -> Step:
    """Give a step of the plan, or say which there are."""
    if step not in state.plan.steps:
        raise UnknownStep(step=step, known=", ".join(state.plan.steps))
    return state.plan.steps[step]


def is_done(state: Dialogue, step: str) -> bool:
    """Whether a step's current round is completed or skipped."""
    current = state.round(step)
    return current is not None and current.status in {"completed", "skipped"}


def missing_needs(state: Dialogue, step: str) -> tuple[str, ...]:
    """Give the steps that must be done before this one may start.

    A phase that may overlap only waits for the earlier phase to have started. A step
    that was skipped passes on what it needs itself, so that skipping opens no way
    round the steps before it.
    """
    return tuple(_missing(state, step))


def _missing(state: Dialogue, step: str) -> Iterator[str]:
    """Give needs that are not met, each skipped step replaced by what it needs."""
    ahead, seen = [*_needs(state, step)], {step}
    while ahead:
        need = ahead.pop(0)
        if need in seen:
            continue
        seen.add(need)
        current = state.round(need)
        if current is not None and current.status == "skipped":
            ahead[:0] = _needs(state, need)
        elif not _is_met(state, step, need):
            yield need


def _needs(state: Dialogue, step: str) -> tuple[str, ...]:
    return state.plan.steps[step].needs or ()


def _is_met(state: Dialogue, step: str, need: str) -> bool:
    if is_done(state, need):
        return True
    mine, theirs = state.plan.phase_of[step], state.plan.phase_of[need]
    if mine is theirs or not mine.may_overlap:
        return False
    return any(other.id in state.steps for other in theirs.steps)


def is_ready(state: Dialogue, step: str) -> bool:
    """Whether a step that is not under way could start now."""
    current = state.round(step)
    waiting = current is None or current.status == "voided"
    return waiting and not missing_needs(state, step)


def start_step(draft: Draft, command: StartStep) -> None:
    """Start a step that is ready."""
    known_step(draft.state, command.step)
    current = draft.state.round(command.step)
    if current is not None and current.status == "started":
        raise NothingToDo(because=f"step {command.step} has started already")
    ensure_started(draft, command.step)


def ensure_started(draft: Draft, step: str) -> Round:
    """Give the running round of a step, starting it if it is ready."""
    current = draft.state.round(step)
    if current is not None and current.status == "started":
        return current
    if current is not None and current.status != "voided":
        raise StepEnded(step=step, status=current.status)
    check_moving(draft.state)
    missing = missing_needs(draft.state, step)
    if missing:
        raise StepNotReady(step=step, missing=", ".join(missing))
    draft.happen(StepStarted(step=step, round=current.number if current else 1))
    open_by_step(draft, "step_started", step)
    return draft.state.steps[step][-1]


def complete_step(draft: Draft, command: CompleteStep) -> None:
    """Complete a step whose conditions hold."""
    step = known_step(draft.state, command.step)
    current = draft.state.round(step.id)
    if current is not None and current.status == "completed":
        raise NothingToDo(because=f"step {step.id} is complete already")
    if step.undescribed and command.note is None:
        raise StepUndescribed(step=step.id)
    if current is None and not step.undescribed and step.items:
        raise StepNotStarted(step=step.id)
    current = ensure_started(draft, step.id)
    missing = missing_for_completion(draft.state, step)
    if missing:
        raise StepIncomplete(step=step.id, missing=listed(missing))
    check_passed(draft.state, step)
    if step.completion.responses == "answered":
        check_answered(draft.state, step.id)
    _check_order(draft.state, step.id)
    draft.happen(StepCompleted(step=step.id, round=current.number, note=command.note))
    open_by_step(draft, "step_completed", step.id)


def _check_order(state: Dialogue, step: str) -> None:
    """Raise where a step was made to wait, while under way, for what is not done.

    In a plan that nobody changed a step starts after all that it needs.
    """
    missing = missing_needs(state, step) if state.amendments else ()
    if missing:
        raise StepNotReady(step=step, missing=", ".join(missing))


def missing_for_completion(state: Dialogue, step: Step) -> tuple[str, ...]:
    """Give the items and windows that keep a step from completing."""
    current = state.round(step.id)
    marks = current.marks if current else {}
    wanted = [
        f"{step.id}.{item.id}"
        for item in step.items
        if item.gate
        or step.completion.items == "all"
        or (step.completion.items == "required" and item.required)
    ]
    items = [i for i in wanted if i not in marks or marks[i].status == "to_reconfirm"]
    windows = [
        name
        for name in windows_of(state, step.id)
        if not _window_lets_go(state, step, name, _must_be_held(state, step, name))
    ]
    return (*items, *windows)


def _must_be_held(state: Dialogue, step: Step, window: str) -> bool:
    """Whether the step waits for it: a list that nobody was put on holds up nothing."""
    asked = state.plan.window(window)
    every = step.completion.windows == "held"
    return asked is not None and (asked.required or (every and asked.audience != LIST))


def _window_lets_go(state: Dialogue, step: Step, window: str, must: bool) -> bool:  # noqa: FBT001  (read at one place)
    run, current = state.run(window), state.round(step.id)
    if run is not None and run.status == "open":
        return False
    if not must:
        return True
    held = run is not None and current is not None and run.round == current.number
    return held and run is not None and run.status == "closed"


def listed(names: Collection[str]) -> str:
    """Write names for a message: the first ten, and how many more there are."""
    more = len(names) - _NAMED_AT_MOST
    tail = f" and {more} more" if more > 0 else ""
    return ", ".join([*names][:_NAMED_AT_MOST]) + tail


def _is_passed(current: Round | None, item: str) -> bool:
    mark = current.marks.get(item) if current else None
    return mark is not None and mark.status == "completed"


def skip_step(draft: Draft, command: SkipStep) -> None:
    """Leave a step out, unless it has a window open or a gate that was not passed."""
    step = known_step(draft.state, command.step)
    current = draft.state.round(step.id)
    if current is not None and current.status in {"completed", "skipped"}:
        raise StepEnded(step=step.id, status=current.status)
    names = windows_of(draft.state, step.id)
    still_open = tuple(w for w in draft.state.open_windows() if w in names)
    if still_open:
        raise StepIncomplete(step=step.id, missing=listed(still_open))
    for item in step.items:
        if item.gate and not _is_passed(current, f"{step.id}.{item.id}"):
            raise GateCannotBeWaived(item=f"{step.id}.{item.id}")
    check_passed(draft.state, step)
    draft.happen(
        StepSkipped(
            step=step.id,
            round=current.number if current else 1,
            reason=command.reason,
        )
    )
