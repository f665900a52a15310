"""Looking back: how the organisation scored itself, and what the others say of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from desk.motivation.document import Part, Section, Sentence
from desk.motivation.record import Known
from desk.motivation.teller import Teller, flat
from domain.reflection_facts import US, EvaluationRecorded, SelfAssessmentRecorded
from language import mark

_REACHED: Final = (
    ("yes", mark("The goal was reached, they said: {n}.")),
    ("partly", mark("The goal was partly reached, they said: {n}.")),
    ("no", mark("The goal was not reached, they said: {n}.")),
)
_OURS: Final = {
    "yes": mark("The organisation itself said: the goal was reached."),
    "partly": mark("The organisation itself said: the goal was partly reached."),
    "no": mark("The organisation itself said: the goal was not reached."),
}


def looking_back(tell: Teller) -> Section:
    """Tell what people thought of it afterwards."""
    return Section(
        "evaluation",
        tell.text(mark("Looking back")),
        (_evaluations(tell), *_assessments(tell)),
    )


def _evaluations(tell: Teller) -> Part:
    title = tell.text(mark("What those involved say"))
    found = tell.record.all(EvaluationRecorded)
    if not found:
        silent = tell.silent(mark("No evaluation is on record."))
        return Part(title, (silent,))
    theirs = [event for event in found if event.fact.by != US]
    told: list[Sentence] = []
    if theirs:
        told.append(
            tell.many(
                len(theirs),
                mark("One of those involved evaluated the dialogue."),
                mark("{n} of those involved evaluated the dialogue."),
                theirs,
            )
        )
    for reached, text in _REACHED:
        number = sum(event.fact.goal_reached == reached for event in theirs)
        if number:
            told.append(tell.say(text, theirs, n=number))
    told.extend(
        tell.say(_OURS[event.fact.goal_reached], [event])
        for event in found
        if event.fact.by == US
    )
    points = tuple(each for event in found for each in _gained(tell, event))
    return Part(title, tuple(told), points)


def _gained(tell: Teller, event: Known[EvaluationRecorded]) -> Iterator[Sentence]:
    for name, text in (
        ("gained_them", mark("What it brought those involved: “{words}”")),
        ("gained_us", mark("What it brought the organisation: “{words}”")),
    ):
        words = tell.record.words(event, name)
        if words.standing == "given":
            yield tell.say(text, [event], words=flat(words.text))


def _assessments(tell: Teller) -> Iterator[Part]:
    told: list[Sentence] = []
    for event in tell.record.all(SelfAssessmentRecorded):
        fact = event.fact
        told.append(
            tell.many(
                len(fact.scored),
                mark("On {day} the organisation scored itself, on one point."),
                mark("On {day} the organisation scored itself, on {n} points."),
                [event],
                day=tell.day(event.at),
            )
        )
        weak = [tell.titles.element(name) for name in fact.weak]
        if weak:
            told.append(
                tell.say(mark("Weak: {what}."), [event], what=tell.listed(weak))
            )
        if fact.steps:
            told.append(
                tell.say(
                    mark("That is why these steps got extra attention: {steps}."),
                    [event],
                    steps=tell.quoted(fact.steps),
                )
            )
        told.extend(tell.why(event, "note"))
    if told:
        title = tell.text(mark("How the organisation scored itself"))
        yield Part(title, tuple(told))
