"""The lists of the harvest: reports, conclusions, agreements, decisions, what was told.

One row for each, under the id it was given. Of a report the row says what took its
place; of an agreement each time that it was settled, for one can come back.
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
from domain.entry import Entry, place, said
from domain.events import AnyEvent, Event
from domain.facts import written
from domain.outcome_facts import (
    ConclusionRecorded,
    DecisionAnnulled,
    DecisionReconfirmed,
    DecisionRecorded,
    HarvestQuestioned,
    ProposalWithdrawn,
    SuccessCelebrated,
)
from domain.people_register_facts import StakeholderReleased
from domain.reporting_facts import (
    LateFeedbackAnswered,
    LateFeedbackNoted,
    ReportPublished,
    ReportRetracted,
    ResultsCommunicated,
)
from domain.state import Dialogue


def entries_of(data: AnyEvent, event: Event, after: Dialogue) -> tuple[Entry, ...]:
    """Give the rows that an event adds to the harvest, or changes in it."""
    match data:
        case ReportPublished():
            return _published(data, event)
        case ReportRetracted():
            taken = {
                "retracted": written(event.at),
                "by": data.by,
                **said(event, "reason"),
            }
            return (Entry("report", data.report, taken),)
        case ConclusionRecorded():
            return (_row("conclusion", data.conclusion, event),)
        case ResultsCommunicated():
            return (_row("communication", data.communication, event),)
        case SuccessCelebrated() | ProposalWithdrawn():
            return (_row("ending", f"{event.type}-{event.seq}", event),)
        case DecisionRecorded():
            standing = {"annulled": None, "to_review": False}
            return (_row("decision", data.decision, event, **standing),)
        case DecisionAnnulled():
            over = {
                **said(event, "annulled_by", "annulled_on", "reason"),
                "to_review": False,
            }
            annulled = {"annulled": {"at": written(event.at), **over}}
            return (Entry("decision", data.decision, {**annulled, "to_review": False}),)
        case DecisionReconfirmed():
            return (Entry("decision", data.decision, {"to_review": False}),)
        case LateFeedbackNoted():
            return (_row("feedback", data.feedback, event, answer=None),)
        case LateFeedbackAnswered():
            answer = {"at": written(event.at), **said(event, "outcome", "reason")}
            return (Entry("feedback", data.feedback, {"answer": answer}),)
        case HarvestQuestioned():
            return _questioned(data)
        case _:
            return _of_agreement(data, event, after)


def _row(kind: str, name: str, event: Event, **more: Any) -> Entry:  # noqa: ANN401
    return Entry(kind, name, {"at": written(event.at), **said(event), **more})


def _published(data: ReportPublished, event: Event) -> tuple[Entry, ...]:
    standing = {"superseded_by": None, "retracted": None, "told": len(data.told)}
    made = _row("report", data.report, event, **standing)
    if data.supersedes is None:
        return (made,)
    return (made, Entry("report", data.supersedes, {"superseded_by": data.report}))


def _questioned(data: HarvestQuestioned) -> tuple[Entry, ...]:
    shaken = {"to_review": True}
    agreements = (Entry("agreement", name, shaken) for name in data.agreements)
    decisions = (Entry("decision", name, shaken) for name in data.decisions)
    return (*agreements, *decisions)


def _of_agreement(data: AnyEvent, event: Event, after: Dialogue) -> tuple[Entry, ...]:
    match data:
        case AgreementMade():
            standing = {"settled": None, "overdue": False, "to_review": False}
            return (_row("agreement", data.agreement, event, **standing),)
        case AgreementExtended():
            more = {
                **said(event, "due", "rule"),
                "overdue": False,
                "extended": place(event, "reason"),
            }
            return (Entry("agreement", data.agreement, more),)
        case AgreementReminded():
            heard = {"reminded": written(event.at), "overdue": data.overdue}
            return (Entry("agreement", data.agreement, heard),)
        case AgreementSettled():
            return (Entry("agreement", data.agreement, _settled(data, event, after)),)
        case StakeholderReleased():
            agreements = after.harvest.open_agreements().items()
            who = data.stakeholder
            left = (name for name, each in agreements if who in each.waiting)
            return tuple(Entry("agreement", n, {"to_review": True}) for n in left)
        case AgreementReconfirmed():
            return (Entry("agreement", data.agreement, {"to_review": False}),)
        case _:
            return ()


def _settled(data: AgreementSettled, event: Event, after: Dialogue) -> dict[str, Any]:
    """Give what a settlement leaves; one that comes back stays open, with a new day.

    Of one that several made the row has what became of each part that is settled.
    """
    ended = {
        "at": written(event.at),
        "due": written(data.due) if data.due else None,
        **said(event, "outcome", "renewed_as", "reason"),
    }
    now = after.harvest.agreements[data.agreement]
    if now.parts and now.open:
        return {"parts": now.parts}
    parts = {"parts": now.parts} if now.others else {}
    if now.open:
        before = {"parts": now.last} if now.last else {}
        last = {"last": ended | before, "overdue": False, "to_review": False}
        again = said(event, "next_due", "rule")
        return {**last, **parts, "due": again["next_due"], "rule": again["rule"]}
    over = ended | {"outcome": now.settled}
    return {"settled": over, **parts, "overdue": False, "to_review": False}
