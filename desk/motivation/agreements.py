"""What was agreed, and what became of each agreement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from desk.motivation.document import Part, Sentence
from desk.motivation.record import Known
from desk.motivation.register import groups_of, names
from desk.motivation.teller import Teller, flat
from domain.agreement_facts import (
    AgreementExtended,
    AgreementMade,
    AgreementOutcome,
    AgreementReconfirmed,
    AgreementReminded,
    AgreementSettled,
)
from domain.harvest_state import Agreement
from domain.outcome_facts import HarvestQuestioned
from language import mark

SETTLED: Final[Mapping[str, str]] = {
    "kept": mark("On {day} it was said that it was kept."),
    "broken": mark("On {day} it was said that it was not kept."),
    "renegotiated": mark("On {day} something else was agreed in its place."),
    "lapsed": mark("On {day} it lapsed."),
}


PART: Final[Mapping[str, tuple[str, str]]] = {
    "kept": (
        mark("On {day} it was said of one party that it kept its part."),
        mark("On {day} it was said of {n} parties that they kept their part."),
    ),
    "broken": (
        mark("On {day} it was said of one party that it did not keep its part."),
        mark("On {day} it was said of {n} parties that they did not keep their part."),
    ),
    "renegotiated": (
        mark("On {day} something else was agreed with one party."),
        mark("On {day} something else was agreed with {n} parties."),
    ),
    "lapsed": (
        mark("On {day} it lapsed for one party."),
        mark("On {day} it lapsed for {n} parties."),
    ),
}
"""What is said of those who made an agreement together, by how their part ended."""


def agreements(tell: Teller) -> Part:
    """Tell how many agreements there are, and what became of them together."""
    title = tell.text(mark("Agreements"))
    record = tell.record
    made = record.all(AgreementMade)
    if not made:
        return Part(title, (tell.silent(mark("No agreement is on record.")),))
    settled = record.all(AgreementSettled)
    last = _ended(tell)
    counts = {o: sum(one == o for one in last.values()) for o in SETTLED}
    told = [
        tell.many(
            len(made),
            mark("One agreement was made."),
            mark("{n} agreements were made."),
            made,
        ),
        tell.say(
            mark(
                "Kept: {kept}. Not kept: {broken}. Agreed anew: {renegotiated}."
                " Lapsed: {lapsed}. Nothing said yet: {open}."
            ),
            [*made, *settled],
            **counts,
            open=len(made) - len(last),
        ),
    ]
    return Part(title, tuple(told))


def _ended(tell: Teller) -> dict[str, AgreementOutcome]:
    """Give how each agreement ended, the last time; one with open parts has not."""
    found: dict[str, AgreementOutcome] = {}
    now = {
        each.fact.agreement: Agreement(
            who=each.fact.who, seq=each.seq, others=each.fact.others
        )
        for each in tell.record.all(AgreementMade)
    }
    for event in tell.record.all(AgreementSettled):
        name, outcome = event.fact.agreement, event.fact.outcome
        whole = now[name].whole(event.fact.parties, outcome)
        parts = dict.fromkeys(event.fact.parties, outcome)
        kept = now[name].parts | parts if whole is None else {}
        now[name] = now[name].model_copy(update={"parts": kept})
        if whole is not None:
            found[name] = whole
    return found


def each_agreement(tell: Teller) -> Iterator[Part]:
    """Tell of the agreements one by one."""
    record = tell.record
    kinds = groups_of(tell)
    people = names(record)
    for number, made in enumerate(record.all(AgreementMade), 1):
        name = made.fact.agreement
        told = [*_made(tell, made, kinds, people)]
        for event in record.all(
            AgreementExtended, AgreementReminded, AgreementSettled, AgreementReconfirmed
        ):
            if event.fact.agreement == name:
                told.extend(_since(tell, event))
        told.extend(
            tell.say(
                mark("It came into question when the dialogue went back to “{step}”."),
                [event],
                step=tell.part(event.fact.by),
            )
            for event in record.all(HarvestQuestioned)
            if name in event.fact.agreements
        )
        told.extend(_open(tell, made))
        heading = tell.text(mark("Agreement {number}"), number=number)
        yield Part(heading, tuple(told))


def _open(tell: Teller, made: Known[AgreementMade]) -> Iterator[Sentence]:
    """Say of what it is not on record yet whether it was kept."""
    name = made.fact.agreement
    settled = [
        event
        for event in tell.record.all(AgreementSettled)
        if event.fact.agreement == name
    ]
    if not settled:
        text = mark("Whether it was kept is not on record yet.")
        yield tell.say(text, [made, tell.record.head])
        return
    now = tell.record.state.harvest.agreements[name]
    if now.parts and now.waiting:
        yield tell.many(
            len(now.waiting),
            mark("Of one party it is not on record yet whether it kept its part."),
            mark(
                "Of {n} parties it is not on record yet whether they kept their part."
            ),
            [made, *settled, tell.record.head],
        )


def _made(
    tell: Teller,
    made: Known[AgreementMade],
    kinds: Mapping[str, str],
    people: Mapping[str, tuple[str, int]],
) -> Iterator[Sentence]:
    fact, day = made.fact, tell.day(made.at)
    name, kind = people.get(fact.who), kinds.get(fact.who)
    if name:
        yield tell.say(
            mark("On {day} {who} agreed to do this."),
            [made, name[1]],
            day=day,
            who=name[0],
        )
    elif kind:
        yield tell.say(
            mark("It was made on {day}; who does it belongs to {kind}."),
            [made],
            day=day,
            kind=kind,
        )
    else:
        yield tell.say(mark("It was made on {day}."), [made], day=day)
    if fact.others:
        yield tell.many(
            len(fact.others),
            mark("Another party does so too, each its own part."),
            mark("{n} other parties do so too, each its own part."),
            [made],
        )
    for field, text in (
        ("what", mark("What: “{words}”")),
        ("how", mark("How: “{words}”")),
    ):
        words = tell.record.words(made, field)
        if words.standing == "given":
            yield tell.say(text, [made], words=flat(words.text))
        elif words.standing == "erased":
            seqs = [made, words.said_by or made.seq]
            yield tell.say(mark("A part of its text has been erased."), seqs)
    if fact.due:
        yield tell.say(
            mark("It had to be kept {until}."), [made], until=tell.until(fact.due)
        )
    else:
        yield tell.say(mark("It has no last day."), [made])


def _since(tell: Teller, event: Known[Any]) -> Iterator[Sentence]:
    day = tell.day(event.at)
    match event.fact:
        case AgreementExtended(due=due):
            yield tell.say(
                mark("On {day} it got more time, {until}."),
                [event],
                day=day,
                until=tell.until(due),
            )
            yield from tell.why(event)
        case AgreementReminded(overdue=True):
            yield tell.say(mark("On {day} its last day had passed."), [event], day=day)
        case AgreementReminded():
            yield tell.say(mark("On {day} a reminder was sent."), [event], day=day)
        case AgreementSettled(outcome=outcome, parties=parties) if parties:
            yield tell.many(len(parties), *PART[outcome], [event], day=day)
            yield from tell.why(event)
        case AgreementSettled(outcome=outcome):
            yield tell.say(SETTLED[outcome], [event], day=day)
            yield from tell.why(event)
        case _:
            yield tell.say(
                mark("On {day} it was said that it still stands."), [event], day=day
            )
