"""Going back to a completed step: what that undoes is known before it happens.

The preview and the decision both ask `domain.consequences` what it would do.
Compensations run one after the other: what was done last is undone first, over all
revisits together. One that fails waits for a person, and the others wait with it.

Going back opens no window by itself, also where the method opens one when the step
starts: a person opens it, once there is something new to respond to.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, assert_never

from domain.commands import RetryCompensation, RevisitStep, WaiveCompensation
from domain.consequences import consequences
from domain.draft import Draft
from domain.errors import (
    DialogueEnded,
    DomainError,
    StepNotCompleted,
    UnknownCompensation,
    UnknownStep,
)
from domain.events import (
    CompensationPlanned,
    CompensationStarted,
    CompensationWaived,
    StepRevisited,
    StepVoided,
    WindowVoided,
)
from domain.gates_standing import passed_in
from domain.harvest_undone import facts_of
from domain.meeting_facts import MeetingVoided
from domain.revisit_facts import RevisitCommand
from domain.standing_still import check_moving
from domain.state import Dialogue
from domain.steps import is_done, known_step

_STANDING: Final = {"started": "under way", "voided": "waiting to be started again"}
"""How a step that is not done is, in words."""


def obey(draft: Draft, command: RevisitCommand) -> None:
    """Obey a command about going back, or raise a `DomainError`."""
    match command:
        case RevisitStep():
            revisit_step(draft, command)
        case RetryCompensation():
            retry_compensation(draft, command)
        case WaiveCompensation():
            waive_compensation(draft, command)
        case _:
            assert_never(command)


def revisit_step(draft: Draft, command: RevisitStep) -> None:
    """Return to a completed step, void what was built on it, start compensating."""
    state = draft.state
    check_possible(state, command.step)
    found = consequences(state, command.step, draft.next_seq, draft.by.at)
    draft.happen(
        StepRevisited(
            step=command.step,
            round=found.round,
            voids=found.voids,
            reason=command.reason,
        )
    )
    for step in found.voids:
        number = state.steps[step][-1].number
        draft.happen(StepVoided(step=step, round=number, by=command.step))
    for window, run in found.windows:
        was_open = run.status == "open"
        draft.happen(WindowVoided(window=window, run=run.run, was_open=was_open))
    for name, meeting in found.meetings.items():
        number = meeting.sequence + 1
        draft.happen(MeetingVoided(meeting=name, sequence=number, by=command.step))
    draft.happen(*facts_of(found.questioned, found.step))
    draft.happen(*found.compensations)
    advance(draft)


def check_possible(state: Dialogue, step: str) -> None:
    """Raise if there is no going back to this step now."""
    known_step(state, step)
    if state.status in {"cancelled", "archived"}:
        raise DialogueEnded(status=state.status)
    if not is_done(state, step):
        current = state.round(step)
        status = _STANDING[current.status] if current else "not started"
        raise StepNotCompleted(step=step, status=status)
    check_moving(state)


def advance(draft: Draft) -> None:
    """Start the planned compensation of what was done last.

    Unless one is under way or has failed: those come first.
    """
    queue = draft.state.compensations.values()
    if any(c.status in {"started", "failed"} for c in queue):
        return
    planned = [c for c in queue if c.status == "planned"]
    if planned:
        following = max(planned, key=lambda c: c.undoes_seq)
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


def preview_revisit(
    state: Dialogue, step: str, now: datetime | None = None
) -> dict[str, Any]:
    """Say what a revisit of ``step`` would do ``now``, without doing it.

    Gives ``step``, ``possible`` (with ``because`` when not), ``round``, ``voids``
    (steps), ``windows`` (voided, with ``wasOpen``), ``compensations`` (in order, each
    with ``act``, ``undoes``, its ``heading`` where it is no part of the plan, and
    ``recipients``), ``reopens`` (items to reconfirm), ``gates`` (that passed and have
    to be held again), ``reports`` (to be retracted), ``agreements`` and ``decisions``
    (to be looked at again), ``meetings`` (still to come, and called off;
    without ``now`` all that nobody said were held) and ``tells`` (everybody who will
    get a message). Raises `UnknownStep`.
    """
    try:
        check_possible(state, step)
    except UnknownStep:
        raise
    except DomainError as refusal:
        return {"step": step, "possible": False, "because": str(refusal)}
    found = consequences(state, step, state.version + 1, now)
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
        "compensations": [_shown(c) for c in found.compensations],
        "reopens": list(found.to_reconfirm),
        "gates": [g for s in (step, *found.voids) for g in passed_in(state, s)],
        "reports": list(found.questioned.reports),
        "agreements": list(found.questioned.agreements),
        "decisions": list(found.questioned.decisions),
        "meetings": [
            {"meeting": name, "title": meeting.title}
            for name, meeting in found.meetings.items()
        ],
        "tells": list(dict.fromkeys(told)),
    }


def _shown(planned: CompensationPlanned) -> dict[str, Any]:
    return {
        "act": planned.act,
        "step": planned.step,
        "undoes": planned.undoes,
        "heading": planned.of.heading if planned.of else None,
        "recipients": list(planned.recipients),
    }
