"""What came of it: reports, conclusions, decisions, agreements, and reporting back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from desk.motivation.agreements import agreements, each_agreement
from desk.motivation.document import Part, Section, Sentence
from desk.motivation.record import Known
from desk.motivation.teller import Teller, flat
from domain.gates_facts import GateFailed, GatePassed
from domain.outcome_facts import (
    ConclusionRecorded,
    DecisionAnnulled,
    DecisionReconfirmed,
    DecisionRecorded,
    ProposalWithdrawn,
    SuccessCelebrated,
)
from domain.reporting_facts import (
    ReportPublished,
    ReportRetracted,
    ResultsCommunicated,
)
from language import mark

DECIDED: Final[Mapping[str, str]] = {
    "adopted": mark("was passed"),
    "rejected": mark("was not passed"),
    "amended": mark("amended"),
    "postponed": mark("put off"),
}


def harvest(tell: Teller) -> Section:
    """Tell what came of it."""
    parts = (
        _reports(tell),
        _gates(tell),
        _conclusions(tell),
        _decisions(tell),
        agreements(tell),
        *each_agreement(tell),
        _told(tell),
    )
    return Section(
        "results",
        tell.text(mark("What came of it")),
        tuple(part for part in parts if part.sentences or part.points),
    )


def _reports(tell: Teller) -> Part:
    record = tell.record
    told: list[Sentence] = []
    titles = {e.fact.report: e.fact.title for e in record.all(ReportPublished)}
    for event in record.all(ReportPublished, ReportRetracted):
        match event.fact:
            case ReportPublished() as fact:
                told.extend(_report(tell, event, fact, titles))
            case ReportRetracted(report=report):
                told.append(
                    tell.on(
                        event,
                        mark("On {day} the report “{title}” was taken back."),
                        title=titles.get(report, report),
                    )
                )
                told.extend(tell.why(event))
    if not told:
        told.append(tell.silent(mark("No report is on record.")))
    return Part(tell.text(mark("Reports")), tuple(told))


def _report(
    tell: Teller, event: Known[Any], fact: ReportPublished, titles: Mapping[str, str]
) -> Iterator[Sentence]:
    text = (
        mark("On {day} the final report “{title}” was published: {reference}.")
        if fact.status == "final"
        else mark("On {day} the draft report “{title}” was published: {reference}.")
    )
    yield tell.on(
        event,
        text,
        title=fact.title,
        reference=fact.reference,
    )
    yield tell.say(mark("Its SHA-256 is {sha256}."), [event], sha256=fact.sha256)
    if fact.supersedes:
        yield tell.say(
            mark("It takes the place of “{title}”."),
            [event],
            title=titles.get(fact.supersedes, fact.supersedes),
        )


def _gates(tell: Teller) -> Part:
    told: list[Sentence] = []
    for event in tell.record.all(GatePassed, GateFailed):
        fact = event.fact
        text = (
            mark("On {day} the gate “{title}” was passed: {n} in favour.")
            if isinstance(fact, GatePassed)
            else mark("On {day} the gate “{title}” was not passed: {n} in favour.")
        )
        told.append(
            tell.on(
                event,
                text,
                title=fact.title or tell.titles.gate(fact.gate),
                n=fact.counts.in_favour,
            )
        )
        for name, more in (
            ("against", mark("Against: {n}.")),
            ("abstained", mark("Abstained: {n}.")),
            ("entitled", mark("Entitled to speak: {n}.")),
        ):
            number = getattr(fact.counts, name)
            if number is not None:
                told.append(tell.say(more, [event], n=number))
        told.extend(tell.why(event))
    return Part(tell.text(mark("Gates")) if told else None, tuple(told))


def _conclusions(tell: Teller) -> Part:
    title = tell.text(mark("Conclusions"))
    found = tell.record.all(ConclusionRecorded)
    if not found:
        return Part(title, (tell.silent(mark("No conclusion is on record.")),))
    last = {event.fact.conclusion: event for event in found}
    every = list(last.values())
    agreed = [event for event in every if event.fact.unanimous]
    told = [
        tell.many(
            len(every),
            mark("One conclusion was written down."),
            mark("{n} conclusions were written down."),
            found,
        ),
        tell.say(mark("Everybody agreed."), every)
        if len(agreed) == len(every)
        else tell.say(
            mark("All agreed with {n} of the {all}."),
            every,
            n=len(agreed),
            all=len(every),
        ),
    ]
    points: list[Sentence] = []
    for event in every:
        words = tell.record.words(event, "text")
        if words.standing == "given":
            points.append(tell.say(mark("“{words}”"), [event], words=flat(words.text)))
        elif words.standing == "erased":
            seqs = [event, words.said_by or event.seq]
            points.append(
                tell.say(mark("The text of a conclusion has been erased."), seqs)
            )
    return Part(title, tuple(told), tuple(points))


def _decisions(tell: Teller) -> Part:
    told: list[Sentence] = []
    titles = {e.fact.decision: e.fact.title for e in tell.record.all(DecisionRecorded)}
    for event in tell.record.all(
        DecisionRecorded, DecisionAnnulled, DecisionReconfirmed, ProposalWithdrawn
    ):
        told.extend(_decision(tell, event, titles))
        if not isinstance(event.fact, DecisionReconfirmed):
            told.extend(tell.why(event))
    if not told:
        told.append(tell.silent(mark("No decision is on record.")))
    return Part(tell.text(mark("Decisions")), tuple(told))


def _decision(
    tell: Teller, event: Known[Any], titles: Mapping[str, str]
) -> Iterator[Sentence]:
    match event.fact:
        case DecisionRecorded() as fact:
            outcome = fact.outcome
            known = outcome in DECIDED
            yield tell.say(
                mark("Decision “{title}” ({when}): {outcome}."),
                [event],
                title=fact.title,
                when=tell.happened(fact.decided_on),
                outcome=tell.text(DECIDED[outcome]) if known else outcome,
            )
            if fact.mandate:
                yield tell.say(
                    mark("Who decided, and on what mandate: {mandate}."),
                    [event],
                    mandate=fact.mandate,
                )
            else:
                yield tell.say(mark("On whose mandate is not on record."), [event])
            if fact.reference:
                yield tell.say(
                    mark("See {reference}."), [event], reference=fact.reference
                )
        case DecisionAnnulled() as fact:
            yield tell.say(
                mark("Decision “{title}” was annulled by {who}."),
                [event],
                title=titles[fact.decision],
                who=fact.annulled_by,
            )
        case DecisionReconfirmed(decision=name):
            yield tell.on(
                event,
                mark("On {day} it was said that decision “{title}” still stands."),
                title=titles[name],
            )
        case _:
            yield tell.on(event, mark("On {day} the proposal was withdrawn."))


def _told(tell: Teller) -> Part:
    told: list[Sentence] = []
    for event in tell.record.all(ResultsCommunicated):
        fact = event.fact
        told.append(
            tell.many(
                len(fact.told),
                mark("On {day} the results were told, with a message to one."),
                mark("On {day} the results were told, with a message to {n}."),
                [event],
                day=tell.day(event.at),
            )
        )
        if fact.constituencies:
            told.append(
                tell.say(
                    mark("Constituencies that were told as well: {n}."),
                    [event],
                    n=len(fact.constituencies),
                )
            )
        if fact.outside:
            told.append(
                tell.say(
                    mark("Parties outside that were told as well: {n}."),
                    [event],
                    n=len(fact.outside),
                )
            )
        told.extend(tell.why(event, "note"))
    told.extend(
        tell.on(event, mark("On {day} what was achieved was celebrated."))
        for event in tell.record.all(SuccessCelebrated)
    )
    if not told:
        told.append(tell.silent(mark("That the results were told is not on record.")))
    return Part(tell.text(mark("Reporting back")), tuple(told))
