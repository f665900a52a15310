"""What the document does not show: confidential steps, and texts that were erased."""

from __future__ import annotations

from collections.abc import Iterator

from desk.motivation.document import Part, Section, Sentence
from desk.motivation.teller import Teller
from domain.confidential_facts import ConfidentialityLifted, StepMarkedConfidential
from domain.events import PersonalDataErased
from domain.messages import private_fields
from language import mark


def hidden(tell: Teller) -> Section:
    """Tell what is not shown, and why."""
    told = (*_confidential(tell), *_erased(tell), *_private(tell))
    title = tell.text(mark("What this document does not show"))
    return Section("hidden", title, (Part(None, told),))


def _confidential(tell: Teller) -> Iterator[Sentence]:
    for event in tell.record.all(StepMarkedConfidential, ConfidentialityLifted):
        fact, day = event.fact, tell.day(event.at)
        if isinstance(fact, ConfidentialityLifted):
            yield tell.say(
                mark("Since {day} the step “{step}” is no longer confidential."),
                [event],
                day=day,
                step=tell.part(fact.step),
            )
            continue
        roles = tell.listed([tell.titles.role(role) for role in fact.readers])
        yield tell.say(
            mark(
                "Since {day} texts of the step “{step}” are confidential. Who may read"
                " them: {roles}."
            ),
            [event],
            day=day,
            step=tell.part(fact.step),
            roles=roles,
        )


def _erased(tell: Teller) -> Iterator[Sentence]:
    events = tell.record.all(PersonalDataErased)
    if events:
        number = sum(len(event.fact.paths) for event in events)
        yield tell.many(
            number,
            mark(
                "One private text is erased, or never came. That it was there can"
                " still be seen."
            ),
            mark(
                "{n} private texts are erased, or never came. That they were there can"
                " still be seen."
            ),
            events,
        )
    else:
        yield tell.silent(mark("No text was erased."))


def _private(tell: Teller) -> Iterator[Sentence]:
    """Say how many private texts there are, and whether they are shown here."""
    record = tell.record
    having = [
        (event, name)
        for event in record.events
        for name in private_fields(type(event.fact))
        if getattr(event.fact, name) is not None
    ]
    if not having:
        yield tell.silent(mark("There is no private text in this record."))
        return
    events = [event for event, _name in having]
    if not record.asked:
        yield tell.say(
            mark(
                "The record holds {n} private texts, such as names, responses and"
                " reasons. None of them is shown here."
            ),
            events,
            n=len(having),
        )
        return
    shown = [
        event for event, name in having if record.words(event, name).standing == "given"
    ]
    kept = [
        event for event, name in having if record.words(event, name).standing == "kept"
    ]
    yield tell.say(
        mark(
            "The record holds {n} private texts, of which this reader may read {shown}."
        ),
        events,
        n=len(having),
        shown=len(shown),
    )
    if kept:
        yield tell.many(
            len(kept),
            mark("One is confidential, and is not shown here."),
            mark("{n} are confidential, and are not shown here."),
            kept,
        )
