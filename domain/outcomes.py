"""Conclusions and decisions: written down, annulled, never rewritten.

A decision is taken elsewhere; here it is noted with its mandate, and when it was taken
as precisely as that is known. One that was annulled stays, with what annulled it.
"""

from __future__ import annotations

from domain.calendar import to_local
from domain.draft import Draft
from domain.errors import NothingToDo
from domain.happenings import Happened
from domain.harvest_errors import DecidedInFuture, DecisionExists, UnknownDecision
from domain.harvest_state import Decision
from domain.outcome_facts import (
    AnnulDecision,
    Celebrate,
    ConclusionRecorded,
    DecisionAnnulled,
    DecisionReconfirmed,
    DecisionRecorded,
    OutcomeCommand,
    ProposalWithdrawn,
    ReconfirmDecision,
    RecordConclusion,
    RecordDecision,
    SuccessCelebrated,
    WithdrawProposal,
)
from domain.standing import placed, told
from domain.state import Dialogue
from domain.steps import listed


def obey(draft: Draft, command: OutcomeCommand) -> None:
    """Obey a command about what came of it, or raise a `DomainError`."""
    match command:
        case RecordConclusion():
            _conclude(draft, command)
        case RecordDecision():
            _decide(draft, command)
        case AnnulDecision():
            _annul(draft, command)
        case ReconfirmDecision():
            _reconfirm(draft, command)
        case Celebrate():
            draft.happen(SuccessCelebrated(note=command.note))
        case WithdrawProposal():
            _withdraw(draft, command)


def _conclude(draft: Draft, command: RecordConclusion) -> None:
    step, number = placed(draft.state, command.step)
    draft.happen(
        ConclusionRecorded(
            conclusion=command.conclusion,
            text=command.text,
            unanimous=command.unanimous,
            reference=command.reference,
            step=step,
            round=number,
        )
    )


def _decide(draft: Draft, command: RecordDecision) -> None:
    state = draft.state
    if command.decision in state.harvest.decisions:
        raise DecisionExists(decision=command.decision)
    _check_past(draft, command.decided_on)
    step, number = placed(state, command.step)
    draft.happen(
        DecisionRecorded(
            decision=command.decision,
            title=command.title,
            outcome=command.outcome,
            mandate=command.mandate,
            decided_on=command.decided_on,
            reference=command.reference,
            step=step,
            round=number,
            reason=command.reason,
        )
    )


def _check_past(draft: Draft, when: Happened) -> None:
    """Raise `DecidedInFuture` for a day, month or year that has not begun."""
    today = to_local(draft.state.calendar, draft.by.at).date()
    if when.first > today:
        raise DecidedInFuture(decided_on=when.date, today=today.isoformat())


def _decision(state: Dialogue, name: str) -> Decision:
    decisions = state.harvest.decisions
    if name not in decisions:
        raise UnknownDecision(decision=name, known=listed(decisions) or "none")
    return decisions[name]


def _annul(draft: Draft, command: AnnulDecision) -> None:
    if _decision(draft.state, command.decision).annulled:
        raise NothingToDo(because="this decision was annulled already")
    if command.annulled_on is not None:
        _check_past(draft, command.annulled_on)
    draft.happen(
        DecisionAnnulled(
            decision=command.decision,
            annulled_by=command.annulled_by,
            annulled_on=command.annulled_on,
            reference=command.reference,
            reason=command.reason,
        )
    )


def _reconfirm(draft: Draft, command: ReconfirmDecision) -> None:
    if not _decision(draft.state, command.decision).to_review:
        raise NothingToDo(because="this decision was not in doubt")
    draft.happen(DecisionReconfirmed(decision=command.decision, note=command.note))


def _withdraw(draft: Draft, command: WithdrawProposal) -> None:
    if draft.state.harvest.withdrawn is not None:
        raise NothingToDo(because="the proposal was withdrawn already")
    draft.happen(
        ProposalWithdrawn(
            withdrawn_by=command.withdrawn_by,
            reference=command.reference,
            to=command.to,
            told=told(draft.state, command.to),
            reason=command.reason,
        )
    )
