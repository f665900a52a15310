"""Gates are held: what was counted is on record, and says whether it is enough.

Nobody records an outcome, only counts; the outcome follows. A gate can't be waived, nor
its step skipped. One that failed, or that corrected counts put in doubt, can be held
again; one that passed stands until its step is returned to.
"""

from __future__ import annotations

from typing import NamedTuple

from domain import gates_standing, thresholds
from domain.draft import Draft
from domain.errors import DomainError, StepEnded
from domain.gates_facts import GateFailed, GatePassed, RecordGate
from domain.method import Step
from domain.state import Dialogue, Round
from domain.steps import ensure_started, known_step
from domain.thresholds import ONE, GateKind, Threshold

# ruff: noqa: E501 (a docstring of a refusal is its message, whole and on one line)


class UnknownGate(DomainError):
    """There is no gate {gate} in the plan. Its gates are: {known}. To hold another one, say of what kind it is (consent, signatures or approval) and what it takes."""


class GateIsSettled(DomainError):
    """What gate {gate} takes is settled before anybody counts, by the method or when it was first held. Leave {member} out."""


class CountsIncomplete(DomainError):
    """Whether gate {gate} passed can't be said without these counts: {missing}."""


class CountsContradict(DomainError):
    """The counts of gate {gate} can't all be right: {problem}."""


class GateHasPassed(DomainError):
    """Gate {gate} passed in this round. It is held again after a return to its step (revisit_step), or once its counts were corrected so that they say another thing."""


class _Asked(NamedTuple):
    """What a gate takes, by the method or by who holds it."""

    kind: GateKind
    threshold: Threshold


def obey(draft: Draft, command: RecordGate) -> None:
    """Record what came of a gate; its step starts if it was ready."""
    name, step = _named(draft.state, command)
    asked = _asked(step, name, command, draft.state)
    _check_counts(name, asked.threshold, command)
    current = _running(draft, step.id)
    if gates_standing.standing(draft.state, name) == "passed":
        raise GateHasPassed(gate=name)
    passed = thresholds.reached(asked.threshold, command.counts)
    kind = GatePassed if passed else GateFailed
    draft.happen(
        kind(
            gate=name,
            step=step.id,
            round=current.number,
            title=command.title,
            kind=asked.kind,
            threshold=asked.threshold,
            counts=command.counts,
            reference=command.reference,
            reason=command.reason,
        )
    )


def _named(state: Dialogue, command: RecordGate) -> tuple[str, Step]:
    """Give a gate's full id, and its step."""
    name = command.gate
    if "." not in name and command.step is not None:
        name = f"{command.step}.{name}"
    step, dot, _rest = name.partition(".")
    if not dot:
        raise UnknownGate(gate=name, known=_known(state))
    if command.step not in {None, step}:
        raise UnknownGate(gate=f"{command.step}.{name}", known=_known(state))
    return name, known_step(state, step)


def _known(state: Dialogue) -> str:
    every = (gate for step in state.plan.steps for gate in _all(state, step))
    return ", ".join(every) or "none"


def _all(state: Dialogue, step: str) -> tuple[str, ...]:
    return gates_standing.gates_of(state, step)


def _asked(step: Step, name: str, command: RecordGate, state: Dialogue) -> _Asked:
    """Give what a gate takes. That is settled before anything is counted."""
    planned = {f"{step.id}.{gate.id}": gate for gate in step.gates}
    before = planned.get(name) or gates_standing.held(state, name)
    if before is None:
        default = ONE if command.kind == "approval" else None
        threshold = command.threshold or default
        if command.kind is None or threshold is None:
            raise UnknownGate(gate=name, known=_known(state))
        return _Asked(command.kind, threshold)
    for member in ("kind", "threshold"):
        if getattr(command, member) not in {None, getattr(before, member)}:
            raise GateIsSettled(gate=name, member=member)
    if command.title is not None and name in planned:
        raise GateIsSettled(gate=name, member="title")
    return _Asked(before.kind, before.threshold)


def _check_counts(name: str, threshold: Threshold, command: RecordGate) -> None:
    lacking = thresholds.missing(threshold, command.counts)
    if lacking:
        raise CountsIncomplete(gate=name, missing=", ".join(lacking))
    problem = thresholds.contradiction(threshold, command.counts)
    if problem is not None:
        raise CountsContradict(gate=name, problem=problem)


def _running(draft: Draft, step: str) -> Round:
    current = draft.state.round(step)
    if current is not None and current.status in {"completed", "skipped"}:
        raise StepEnded(step=step, status=current.status)
    return ensure_started(draft, step)
