"""What was done with what people said, and why: the answers, and what has none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from desk.motivation.document import Part, Section, Sentence
from desk.motivation.record import Known
from desk.motivation.said import asked, responses
from desk.motivation.teller import Teller, joined, percent
from domain.coverage import Coverage, coverage, earlier_rounds, ledger_of
from domain.events import EffectCompleted, StepRevisited, WindowVoided
from domain.ledger_facts import (
    ResponseAnswered,
    ResponsesCarried,
    ResponsesGrouped,
    ResponsesLeftUnanswered,
)
from domain.reporting_facts import LateFeedbackAnswered, LateFeedbackNoted
from domain.response_numbers import bits_of
from domain.window_facts import LateResponseUsed
from language import mark

OUTCOME: Final[Mapping[str, tuple[str, str]]] = {
    "adopted": (
        mark("On {day} one response was adopted."),
        mark("On {day} {n} responses were adopted."),
    ),
    "partly": (
        mark("On {day} one response was partly adopted."),
        mark("On {day} {n} responses were partly adopted."),
    ),
    "not": (
        mark("On {day} one response was not adopted."),
        mark("On {day} {n} responses were not adopted."),
    ),
}
GROUP: Final[Mapping[str, str]] = {
    "adopted": mark("On {day} the responses on “{title}” were adopted: {n}."),
    "partly": mark("On {day} the responses on “{title}” were partly adopted: {n}."),
    "not": mark("On {day} the responses on “{title}” were not adopted: {n}."),
}
BALANCE: Final = mark(
    "Responses with an answer: {answered} of {total}, which is {percent}%."
)
SHARES: Final = mark(
    "Adopted: {adopted}. Partly adopted: {partly}. Not adopted: {rejected}."
)


def done(tell: Teller) -> Section:
    """Tell what was done with what people said."""
    parts = [part for name in asked(tell) for part in _window(tell, name)]
    if not parts:
        silent = tell.silent(mark("There was no response to answer."))
        parts.append(Part(None, (silent,)))
    parts.extend(_feedback(tell))
    return Section(
        "done", tell.text(mark("What was done with it, and why")), tuple(parts)
    )


def ledger_events(tell: Teller, window: str) -> list[int]:
    """Give every event that says what became of the responses to a window."""
    kinds = (ResponseAnswered, ResponsesLeftUnanswered, ResponsesCarried)
    found = [e.seq for e in tell.record.all(*kinds) if e.fact.window == window]
    return found + [e.seq for e in responses(tell, window)]


def _window(tell: Teller, window: str) -> Iterator[Part]:
    found = coverage(tell.record.state, window)
    if not found.total:
        return
    told = [*balance(tell, found, ledger_events(tell, window))]
    told.extend(_standing(tell, window, found))
    told.extend(_told(tell, window))
    yield Part(tell.part(window), tuple(told), tuple(_answers(tell, window)))


def balance(tell: Teller, found: Coverage, events: list[int]) -> Iterator[Sentence]:
    """Tell how many of the responses have an answer, and which."""
    yield tell.say(
        BALANCE,
        events,
        answered=found.answered,
        total=found.total,
        percent=percent(found.answered, found.total),
    )
    if not found.answered:
        return
    yield tell.say(
        SHARES,
        events,
        adopted=found.adopted,
        partly=found.partly,
        rejected=found.rejected,
    )


def _standing(tell: Teller, window: str, found: Coverage) -> Iterator[Sentence]:
    """Tell what has no answer: left so, with a reason, or waiting."""
    record = tell.record
    for event in record.all(ResponsesLeftUnanswered):
        if event.fact.window == window:
            yield tell.many(
                bits_of(event.fact.numbers).bit_count(),
                mark("On {day} it was said that one response gets no answer."),
                mark("On {day} it was said that {n} responses get no answer."),
                [event],
                day=tell.day(event.at),
            )
            yield from tell.why(event)
    earlier = earlier_rounds(ledger_of(record.state, window))
    if earlier:
        back = [e for e in record.all(WindowVoided) if e.fact.window == window]
        step = window.partition(".")[0]
        again = [e for e in record.all(StepRevisited) if e.fact.step == step]
        yield tell.many(
            earlier.bit_count(),
            mark(
                "One response is of an earlier round, to which the dialogue went back."
            ),
            mark(
                "{n} responses are of an earlier round, to which the dialogue went"
                " back."
            ),
            [*(back or again), *responses(tell, window)],
        )
    yield from _counted_all_the_same(tell, window)
    if found.waiting:
        yield tell.many(
            found.waiting,
            mark("One response still waits for an answer."),
            mark("{n} responses still wait for an answer."),
            [*ledger_events(tell, window), record.head],
        )


def _counted_all_the_same(tell: Teller, window: str) -> Iterator[Sentence]:
    """Tell what counts though it is of an earlier round, or was late."""
    for event in tell.record.all(ResponsesCarried):
        if event.fact.window == window:
            yield tell.many(
                bits_of(event.fact.numbers).bit_count(),
                mark("On {day} one response of an earlier round was taken along."),
                mark("On {day} {n} responses of an earlier round were taken along."),
                [event],
                day=tell.day(event.at),
            )
            yield from tell.why(event)
    for event in tell.record.all(LateResponseUsed):
        if event.fact.window == window:
            yield tell.say(
                mark("Response {number} was late, and is used all the same."),
                [event],
                number=event.fact.number,
            )
            yield from tell.why(event)


def _answers(tell: Teller, window: str) -> Iterator[Sentence]:
    titles = {
        event.fact.group: event.fact.title
        for event in tell.record.all(ResponsesGrouped)
        if event.fact.title
    }
    for event in tell.record.all(ResponseAnswered):
        if event.fact.window == window:
            yield joined([*_answer(tell, event, titles), *tell.why(event)])


def _answer(
    tell: Teller, event: Known[ResponseAnswered], titles: Mapping[str, str]
) -> list[Sentence]:
    fact = event.fact
    number = bits_of(fact.numbers).bit_count()
    day, title = tell.day(event.at), titles.get(fact.group or "")
    told = [
        tell.say(GROUP[fact.outcome], [event], day=day, title=title, n=number)
        if title
        else tell.many(number, *OUTCOME[fact.outcome], [event], day=day)
    ]
    if fact.was:
        told.append(tell.say(mark("Before that they had another answer."), [event]))
    if fact.reference:
        told.append(
            tell.say(mark("See {reference}."), [event], reference=fact.reference)
        )
    return told


def _told(tell: Teller, window: str) -> Iterator[Sentence]:
    """Tell how many respondents heard their answer."""
    sent = [
        event
        for event in tell.record.all(EffectCompleted)
        if event.fact.answer is not None and event.fact.window == window
    ]
    for name, one, more in (
        (
            "told",
            mark("One of those who responded was sent the answer."),
            mark("Of {n} responses, whoever gave it was sent the answer."),
        ),
        (
            "untold",
            mark("Of one response, whoever gave it could not be sent the answer."),
            mark("Of {n} responses, whoever gave it could not be sent the answer."),
        ),
    ):
        bits = 0
        for event in sent:
            numbers = getattr(event.fact, name)
            bits |= bits_of(numbers) if numbers else 0
            if name == "untold" and event.fact.told:  # by now, it may be, after all
                bits &= ~bits_of(event.fact.told)
        if bits:
            these = [event for event in sent if getattr(event.fact, name)]
            yield tell.many(bits.bit_count(), one, more, these)


def _feedback(tell: Teller) -> Iterator[Part]:
    late = tell.record.all(LateFeedbackNoted)
    answered = tell.record.all(LateFeedbackAnswered)
    if not late:
        return
    told = [
        tell.say(
            mark("Of the {all} responses after the results {n} have an answer."),
            [*late, *answered],
            all=len(late),
            n=len({event.fact.feedback for event in answered}),
        )
    ]
    points = tuple(
        joined(
            [
                tell.many(1, *OUTCOME[e.fact.outcome], [e], day=tell.day(e.at)),
                *tell.why(e),
            ]
        )
        for e in answered
    )
    yield Part(tell.text(mark("After the results")), tuple(told), points)
