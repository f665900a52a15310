"""Going back to a completed step: what that undoes is known before it happens.

`consequences` is the one place that works out what a revisit voids and which
compensations it brings; the preview and the decision both use it. Compensations run
one after the other, in the reverse order of what they undo; one that fails waits for
a person, and those after it wait with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from domain.commands import RetryCompensation, RevisitStep, WaiveCompensation
from domain.draft import Draft
from domain.errors import DialoguePaused, StepNotCompleted, UnknownCompensation
from domain.events import (
    CompensationStarted,
    CompensationWaived,
    PlannedCompensation,
    StepRevisited,
    StepVoided,
    WindowVoided,
)
from domain.method import CompensationRule
from domain.state import Dialogue, WindowRun
from domain.steps import is_done, known_step


class VoidedWindow(NamedTuple):
    """A run of a window that a revisit voids."""

    window: str
    run: WindowRun


class Consequences(NamedTuple):
    """What returning to ``step`` does.

    ``voids`` are the dependent steps that have been worked on, last first;
    ``compensations`` are in the order in which they will run.
    """

    step: str
    round: int
    voids: tuple[str, ...]
    windows: tuple[VoidedWindow, ...]
    compensations: tuple[PlannedCompensation, ...]
    to_reconfirm: tuple[str, ...]


class _Undone(NamedTuple):
    """Something outward that was done, and when (by seq)."""

    seq: int
    step: str
    act: str
    undoes: str
    run: int | None
    recipients: tuple[str, ...]


def consequences(state: Dialogue, step: str, seq: int) -> Consequences:
    """Work out what a revisit of ``step``, recorded as event ``seq``, would do."""
    voids = _voided_steps(state, step)
    undone = sorted(
        (found for each in (step, *voids) for found in _outward(state, each)),
        key=lambda found: found.seq,
        reverse=True,
    )
    planned = tuple(
        PlannedCompensation(
            id=f"c{seq}-{number}",
            act=found.act,
            step=found.step,
            undoes=found.undoes,
            run=found.run,
            recipients=found.recipients,
        )
        for number, found in enumerate(undone, 1)
    )
    return Consequences(
        step=step,
        round=state.steps[step][-1].number + 1,
        voids=voids,
        windows=tuple(w for each in (step, *voids) for w in _windows(state, each)),
        compensations=planned,
        to_reconfirm=tuple(
            i for each in (step, *voids) for i in state.steps[each][-1].marks
        ),
    )


def _voided_steps(state: Dialogue, step: str) -> tuple[str, ...]:
    rule = state.plan.steps[step].revisit.voids
    reached = state.plan.built_on[step] if rule is None else frozenset(rule)
    current = ((s, state.steps[s][-1]) for s in state.steps if s in reached)
    touched = [(r.ended or r.since, s) for s, r in current if r.status != "voided"]
    return tuple(name for _, name in sorted(touched, reverse=True))


def _windows(state: Dialogue, step: str) -> Iterator[VoidedWindow]:
    """Give the runs of this round that still count."""
    current = state.steps[step][-1].number
    for window in state.plan.steps[step].windows:
        name = f"{step}.{window.id}"
        for run in state.windows.get(name, ()):
            if run.round == current and run.status != "voided":
                yield VoidedWindow(name, run)


def _outward(state: Dialogue, step: str) -> Iterator[_Undone]:
    rules = {rule.undoes: rule for rule in state.plan.steps[step].revisit.compensations}
    for name, run in _windows(state, step):
        rule = rules.get(name.split(".", 1)[1])
        if run.invited or rule:
            default = "void_window" if run.status == "open" else "tell"
            act = rule.act if rule else default
            told = (*run.invited, *_holders(state, rule))
            yield _Undone(run.seq, step, act, name, run.run, tuple(dict.fromkeys(told)))
    marks = state.steps[step][-1].marks
    for undoes, rule in rules.items():
        mark = marks.get(f"{step}.{undoes}")
        if mark is not None and mark.status == "completed":
            told = _holders(state, rule)
            yield _Undone(mark.seq, step, rule.act, f"{step}.{undoes}", None, told)


def _holders(state: Dialogue, rule: CompensationRule | None) -> tuple[str, ...]:
    roles = rule.to if rule else ()
    return tuple(dict.fromkeys(who for role in roles for who in state.holders(role)))


def revisit_step(draft: Draft, command: RevisitStep) -> None:
    """Return to a completed step, void what was built on it, start compensating."""
    state = draft.state
    known_step(state, command.step)
    if not is_done(state, command.step):
        current = state.round(command.step)
        status = current.status if current else "not started"
        raise StepNotCompleted(step=command.step, status=status)
    if state.status == "paused":
        raise DialoguePaused
    found = consequences(state, command.step, draft.next_seq)
    draft.happen(
        StepRevisited(
            step=command.step,
            round=found.round,
            voids=found.voids,
            compensations=found.compensations,
            reason=command.reason,
        )
    )
    for step in found.voids:
        number = state.steps[step][-1].number
        draft.happen(StepVoided(step=step, round=number, by=command.step))
    for window, run in found.windows:
        was_open = run.status == "open"
        draft.happen(WindowVoided(window=window, run=run.run, was_open=was_open))
    advance(draft)


def advance(draft: Draft) -> None:
    """Start the next planned compensation, unless one is under way or has failed."""
    queue = draft.state.compensations.values()
    if any(c.status in {"started", "failed"} for c in queue):
        return
    following = next((c for c in queue if c.status == "planned"), None)
    if following is not None:
        draft.happen(CompensationStarted(compensation=following.id, attempt=1))


def retry_compensation(draft: Draft, command: RetryCompensation) -> None:
    """Carry out a compensation that failed once more."""
    failed = _failed(draft.state, command.compensation)
    draft.happen(
        CompensationStarted(compensation=command.compensation, attempt=failed + 1)
    )


def waive_compensation(draft: Draft, command: WaiveCompensation) -> None:
    """Leave a compensation that failed undone, and go on with the next."""
    _failed(draft.state, command.compensation)
    draft.happen(
        CompensationWaived(compensation=command.compensation, reason=command.reason)
    )
    advance(draft)


def _failed(state: Dialogue, compensation: str) -> int:
    """Give the number of attempts of a compensation that failed."""
    waiting = {c.id: c for c in state.compensations.values() if c.status == "failed"}
    if compensation not in waiting:
        known = ", ".join(waiting) or "none"
        raise UnknownCompensation(compensation=compensation, known=known)
    return waiting[compensation].attempt


def preview_revisit(state: Dialogue, step: str) -> dict[str, Any]:
    """Say what a revisit of ``step`` would do, without doing it.

    Gives ``step``, ``possible`` (with ``because`` when not), ``round``, ``voids``
    (steps), ``windows`` (voided, with ``wasOpen``), ``compensations`` (in order, each
    with ``act``, ``undoes`` and ``recipients``), ``reopens`` (items to reconfirm) and
    ``tells`` (everybody who will get a message).
    """
    known_step(state, step)
    if not is_done(state, step) or state.status == "paused":
        paused = state.status == "paused"
        because = "the dialogue is paused" if paused else "the step is not complete"
        return {"step": step, "possible": False, "because": because}
    found = consequences(state, step, state.version + 1)
    told = (who for c in found.compensations for who in c.recipients)
    return {
        "step": step,
        "possible": True,
        "round": found.round,
        "voids": list(found.voids),
        "windows": [
            {"window": w, "run": run.run, "wasOpen": run.status == "open"}
            for w, run in found.windows
        ],
        "compensations": [
            {
                "act": c.act,
                "step": c.step,
                "undoes": c.undoes,
                "recipients": list(c.recipients),
            }
            for c in found.compensations
        ],
        "reopens": list(found.to_reconfirm),
        "tells": list(dict.fromkeys(told)),
    }
