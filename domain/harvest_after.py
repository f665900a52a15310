"""What events about the harvest leave in the state. They decide nothing.

Of a chain of reports each keeps those whom no later one reached, so that whoever has
the last word of it hears when that falls away, and nobody twice.
"""

from __future__ import annotations

from typing import Any

from domain.agreement_facts import (
    AgreementExtended,
    AgreementMade,
    AgreementReconfirmed,
    AgreementReminded,
    AgreementSettled,
)
from domain.events import Event, StepRevisited
from domain.harvest_facts import HarvestEvent
from domain.harvest_state import (
    Agreement,
    Communication,
    Decision,
    Feedback,
    Harvest,
    Report,
)
from domain.outcome_facts import (
    ConclusionRecorded,
    DecisionAnnulled,
    DecisionReconfirmed,
    DecisionRecorded,
    HarvestQuestioned,
    ProposalWithdrawn,
    SuccessCelebrated,
)
from domain.reporting_facts import (
    LateFeedbackAnswered,
    LateFeedbackNoted,
    ReportPublished,
    ReportRetracted,
    ResultsCommunicated,
)
from domain.state import Dialogue


def after(state: Dialogue, data: HarvestEvent, event: Event) -> Dialogue:
    """Give the state after an event about the harvest."""
    return state.but(harvest=_after(state.harvest, data, event))


def _after(harvest: Harvest, data: HarvestEvent, event: Event) -> Harvest:
    match data:
        case ReportPublished():
            return _published(harvest, data, event)
        case ReportRetracted():
            return _report(harvest, data.report, status="retracted", told=())
        case ResultsCommunicated():
            return _communicated(harvest, data, event)
        case LateFeedbackNoted():
            waits = Feedback(respondent=data.respondent, seq=event.seq)
            return _but(harvest, feedback=harvest.feedback | {data.feedback: waits})
        case LateFeedbackAnswered():
            waiting = harvest.feedback.items()
            left = {name: each for name, each in waiting if name != data.feedback}
            return _but(harvest, feedback=left)
        case DecisionRecorded():
            made = Decision(title=data.title, seq=event.seq, step=data.step)
            return _but(harvest, decisions=harvest.decisions | {data.decision: made})
        case DecisionAnnulled():
            return _decision(harvest, data.decision, annulled=True, to_review=False)
        case DecisionReconfirmed():
            return _decision(harvest, data.decision, to_review=False)
        case ProposalWithdrawn():
            return _but(harvest, withdrawn=event.seq)
        case HarvestQuestioned():
            return _questioned(harvest, data)
        case ConclusionRecorded() | SuccessCelebrated():
            return harvest
        case _:
            return _after_agreement(harvest, data, event)


def _after_agreement(
    harvest: Harvest,
    data: AgreementMade
    | AgreementExtended
    | AgreementReminded
    | AgreementSettled
    | AgreementReconfirmed,
    event: Event,
) -> Harvest:
    match data:
        case AgreementMade():
            made = Agreement(
                who=data.who,
                seq=event.seq,
                others=data.others,
                due=data.due,
                reminders=data.reminders,
                watched_by=data.watched_by,
                repeats=data.repeats,
                step=data.step,
            )
            agreements = harvest.agreements | {data.agreement: made}
            return _but(harvest, agreements=agreements)
        case AgreementExtended():
            return _agreement(
                harvest,
                data.agreement,
                due=data.due,
                reminders=data.reminders,
                generation=data.generation,
                reminded=False,
                overdue=False,
            )
        case AgreementReminded():
            ahead = harvest.agreements[data.agreement].reminders
            left = tuple(moment for moment in ahead if moment > event.at)
            heard = {"reminders": left, "reminded": True, "overdue": data.overdue}
            return _agreement(harvest, data.agreement, **heard)
        case AgreementSettled():
            return _settled(harvest, data)
        case AgreementReconfirmed():
            return _agreement(harvest, data.agreement, to_review=False)


def _but(harvest: Harvest, **changes: Any) -> Harvest:  # noqa: ANN401 (any member)
    return harvest.model_copy(update=changes)


def _report(harvest: Harvest, name: str, **changes: Any) -> Harvest:  # noqa: ANN401
    report = harvest.reports[name].model_copy(update=changes)
    return _but(harvest, reports=harvest.reports | {name: report})


def _decision(harvest: Harvest, name: str, **changes: Any) -> Harvest:  # noqa: ANN401
    decision = harvest.decisions[name].model_copy(update=changes)
    return _but(harvest, decisions=harvest.decisions | {name: decision})


def _agreement(harvest: Harvest, name: str, **changes: Any) -> Harvest:  # noqa: ANN401
    agreement = harvest.agreements[name].model_copy(update=changes)
    return _but(harvest, agreements=harvest.agreements | {name: agreement})


def _published(harvest: Harvest, data: ReportPublished, event: Event) -> Harvest:
    if data.supersedes is not None:
        before = harvest.reports[data.supersedes]
        left = tuple(who for who in before.told if who not in set(data.told))
        harvest = _report(
            harvest, data.supersedes, told=left, superseded_by=data.report
        )
    made = Report(
        status=data.status,
        title=data.title,
        seq=event.seq,
        step=data.step,
        told=data.told,
        supersedes=data.supersedes,
    )
    return _but(harvest, reports=harvest.reports | {data.report: made})


def _communicated(harvest: Harvest, data: ResultsCommunicated, event: Event) -> Harvest:
    """Whoever is told of a report hears when it is retracted."""
    for name in data.about:
        told = (*harvest.reports[name].told, *data.told)
        harvest = _report(harvest, name, told=tuple(dict.fromkeys(told)))
    heard = () if data.about else data.told
    made = Communication(seq=event.seq, step=data.step, told=heard)
    first = event.seq if harvest.communicated is None else harvest.communicated
    every = harvest.communications | {data.communication: made}
    return _but(harvest, communications=every, communicated=first)


def _settled(harvest: Harvest, data: AgreementSettled) -> Harvest:
    """Let an agreement come back, or keep of it only that it was and how it ended."""
    before = harvest.agreements[data.agreement]
    whole = before.whole(data.parties, data.outcome)
    parts = dict(before.parts)
    for party in data.parties:
        parts[party] = data.outcome
    if whole is None:
        return _agreement(harvest, data.agreement, parts=parts)
    if data.next_due is not None:
        return _agreement(
            harvest,
            data.agreement,
            due=data.next_due,
            reminders=data.reminders,
            generation=before.generation + 1,
            reminded=False,
            overdue=False,
            to_review=False,
            parts={},
            last=parts,
        )
    over = Agreement(
        who=before.who,
        seq=before.seq,
        others=before.others,
        parts=parts,
        settled=whole,
    )
    return _but(harvest, agreements=harvest.agreements | {data.agreement: over})


def _questioned(harvest: Harvest, data: HarvestQuestioned) -> Harvest:
    for name in data.agreements:
        harvest = _agreement(harvest, name, to_review=True)
    for name in data.decisions:
        harvest = _decision(harvest, name, to_review=True)
    return harvest


def revisited(state: Dialogue, data: StepRevisited) -> Dialogue:
    """Forget what was told in steps that no longer stand; it is being taken back.

    A proposal that was withdrawn is a new one when the dialogue goes back.
    """
    harvest = state.harvest
    if not harvest.communications and harvest.withdrawn is None:
        return state
    gone = {data.step, *data.voids}
    told = {
        name: each.model_copy(update={"told": ()}) if each.step in gone else each
        for name, each in harvest.communications.items()
    }
    return state.but(harvest=_but(harvest, communications=told, withdrawn=None))


def holder_left(state: Dialogue, who: str) -> Dialogue:
    """Put what somebody promised before a person: they left, and may not keep it."""
    harvest = state.harvest
    held = [n for n, each in harvest.open_agreements().items() if who in each.waiting]
    for name in held:
        harvest = _agreement(harvest, name, to_review=True)
    return state.but(harvest=harvest) if held else state
