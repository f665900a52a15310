"""Which messages the harvest asks for: to holders of roles, and to who made a promise.

What an agreement says, and why something is taken back, is private: the message names
the place, and the words are put in when it is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from domain.agreement_facts import (
    AgreementExtended,
    AgreementMade,
    AgreementReminded,
    AgreementSettled,
)
from domain.events import Event
from domain.harvest_facts import HarvestEvent
from domain.harvest_undone import about_report
from domain.notices import About, Enclosed, NoticeKind, Told
from domain.outcome_facts import ProposalWithdrawn
from domain.reporting_facts import (
    LateFeedbackAnswered,
    ReportPublished,
    ReportRetracted,
    ResultsCommunicated,
)
from domain.state import Dialogue, Effect

_MOST: Final = 14_000
"""How many characters of ids one message lists (`domain.people.MAX_HOLDERS`)."""

_TELLS_WHOM = frozenset({"renegotiated", "lapsed"})
"""How an agreement ends of which its holder hears: the others they know best."""


def react(state: Dialogue, data: HarvestEvent, event: Event) -> tuple[Effect, ...]:
    """Give the messages that an event asks for, ``state`` being the one after it."""
    match data:
        case ReportPublished():
            facts = _facts(reference=data.reference, sha256=data.sha256)
            status = Told(name="report_status", value=data.status)
            about = about_report(state.harvest, data.report, status, *facts)
            return _to(data.told, event, "report_published", about)
        case ReportRetracted():
            about = about_report(state.harvest, data.report)
            said = about.model_copy(update={"enclosed": _enclosed(event, "reason")})
            return _to(data.told, event, "report_retracted", said)
        case ResultsCommunicated():
            return _to(data.told, event, "results_told", _results(state, data, event))
        case ProposalWithdrawn():
            about = About(
                subject="proposal",
                heading=state.title,
                facts=_facts(withdrawn_by=data.withdrawn_by, reference=data.reference),
                enclosed=_enclosed(event, "reason"),
            )
            return _to(data.told, event, "proposal_withdrawn", about)
        case LateFeedbackAnswered():
            about = About(
                subject=f"feedback:{data.feedback}",
                heading=state.title,
                facts=_facts(outcome=data.outcome),
                enclosed=_enclosed(event, "reason"),
            )
            return _to((data.respondent,), event, "feedback_answered", about)
        case _:
            return _about_agreement(state, data, event)


def _about_agreement(
    state: Dialogue, data: HarvestEvent, event: Event
) -> tuple[Effect, ...]:
    match data:
        case AgreementMade():
            told, notice = (data.who, *data.others), "agreement_made"
        case AgreementExtended():
            made = state.harvest.agreements[data.agreement]
            told, notice = made.waiting, "agreement_extended"
        case AgreementReminded():
            told = data.told
            notice = "agreement_overdue" if data.overdue else "agreement_reminder"
        case AgreementSettled() if data.outcome in _TELLS_WHOM:
            made = state.harvest.agreements[data.agreement]
            told, notice = data.parties or (made.who,), "agreement_ended"
        case _:
            return ()
    return _promise(state, event, data.agreement, told, notice)


def _promise(
    state: Dialogue,
    event: Event,
    name: str,
    told: tuple[str, ...],
    notice: NoticeKind,
) -> tuple[Effect, ...]:
    agreement = state.harvest.agreements[name]
    made = agreement.seq
    about = About(
        subject=f"agreement:{name}",
        heading=name,
        step=agreement.step,
        facts=_facts(outcome=getattr(event.data, "outcome", None)),
        enclosed=(
            Enclosed(name="what", place=(made, "/what")),
            Enclosed(name="how", place=(made, "/how")),
            *(_enclosed(event, "reason") if event.seq != made else ()),
        ),
    )
    return _to(told, event, notice, about, closes=agreement.due)


def _results(state: Dialogue, data: ResultsCommunicated, event: Event) -> About:
    reports = (
        Told(name="report", value=state.harvest.reports[name].title)
        for name in data.about[:10]
    )
    return About(
        subject=f"results:{data.communication}",
        heading=state.title,
        step=data.step,
        facts=(*reports, *_facts(reference=data.reference)),
        enclosed=_enclosed(event, "note"),
    )


def _facts(**facts: str | None) -> tuple[Told, ...]:
    return tuple(Told(name=n, value=value) for n, value in facts.items() if value)


def _enclosed(event: Event, *names: str) -> tuple[Enclosed, ...]:
    said = (name for name in names if getattr(event.data, name, None) is not None)
    return tuple(Enclosed(name=n, place=(event.seq, f"/{n}")) for n in said)


def _to(
    told: tuple[str, ...],
    event: Event,
    notice: NoticeKind,
    about: About,
    **more: object,
) -> tuple[Effect, ...]:
    """Give one message, or several where there are many to tell."""
    parts = tuple(_shared_out(told))
    return tuple(
        Effect.model_validate(
            {
                "id": f"e{event.seq}" if len(parts) == 1 else f"e{event.seq}-{number}",
                "notice": notice,
                "target": "",
                "recipients": part,
                "about": about,
                "seq": event.seq,
                **more,
            }
        )
        for number, part in enumerate(parts, 1)
    )


def _shared_out(told: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Give people in parts that one event may list."""
    part, size = list[str](), 0
    for who in told:
        size += len(who) + 3
        if size > _MOST:
            yield tuple(part)
            part, size = list[str](), len(who) + 3
        part.append(who)
    if part:
        yield tuple(part)
