"""What went another way than was meant, and what was put right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from desk.motivation.document import Part, Section, Sentence
from desk.motivation.record import Known
from desk.motivation.said import responses
from desk.motivation.teller import Teller, joined
from domain.correction_facts import FactCorrected, FactNoted
from domain.events import (
    CompensationCompleted,
    CompensationFailed,
    CompensationPlanned,
    CompensationWaived,
    DialogueCancelled,
    EffectCompleted,
    EffectFailed,
    EffectWaived,
    ItemsReopened,
    ItemsWaived,
    StepSkipped,
    WindowClosed,
)
from domain.happenings import Happened
from domain.ledger_facts import ResponseAnswered
from domain.reporting_facts import ResultsCommunicated
from domain.response_numbers import bits_of
from language import mark

CERTAINTY: Final[Mapping[str, str]] = {
    "sure": mark("This is sure."),
    "inferred": mark("This was inferred."),
    "conflicting": mark("Sources contradict each other."),
    "one_source": mark("There is one source."),
}
_STATUS: Final[Mapping[str, str]] = {
    "happened": mark("{when}: {value}."),
    "planned": mark("Planned for {when}: {value}."),
    "cancelled": mark("Called off, was to be {when}: {value}."),
}
WHAT: Final[Mapping[str, str]] = {
    "/on_time": mark("the number of responses in time"),
    "/late": mark("the number of late responses"),
    "/silent": mark("how many did not respond"),
    "/others": mark("how many came without being on a list"),
    "/counts/in_favour": mark("the number in favour"),
    "/counts/against": mark("the number against"),
    "/counts/abstained": mark("the number who abstained"),
    "/counts/entitled": mark("how many were entitled to speak"),
    "/counts/valid": mark("the number of valid signatures"),
    "/value": mark("a fact that had been noted"),
    "/title": mark("a title"),
}
_ANYTHING: Final = mark("something that was on record")
_DAY: Final = timedelta(days=1)


def wrong(tell: Teller) -> Section:
    """Tell what went another way than was meant."""
    parts = (
        Part(tell.text(mark("How long people waited")), tuple(_waiting(tell))),
        Part(tell.text(mark("What was left out")), tuple(_left_out(tell))),
        Part(tell.text(mark("What was undone")), tuple(_undone(tell))),
        Part(tell.text(mark("Messages")), tuple(_messages(tell))),
        Part(tell.text(mark("Corrections")), (), tuple(_corrections(tell))),
        Part(tell.text(mark("What became known afterwards")), (), tuple(_facts(tell))),
    )
    kept = tuple(part for part in parts if part.sentences or part.points)
    if not kept:
        silent = tell.silent(mark("Nothing of the kind is on record."))
        kept = (Part(None, (silent,)),)
    title = tell.text(mark("What went another way, and what was put right"))
    return Section("wrong", title, kept)


def _waiting(tell: Teller) -> Iterator[Sentence]:
    """Tell how long after a window closed the first answer came, or that none did."""
    for event in tell.record.all(WindowClosed):
        given = responses(tell, event.fact.window)
        mine = sum(
            1 << n for n, e in enumerate(given, 1) if e.fact.run == event.fact.run
        )
        if not mine:
            continue
        title = tell.opening(event.fact.window, event.fact.run)
        first = _first_answer(tell, event, mine)
        if first is None:
            yield tell.say(
                mark("After “{window}” closed on {day}, no answer is on record yet."),
                [event, tell.record.head],
                window=title,
                day=tell.day(event.at),
            )
            continue
        days = (tell.local(first.at).date() - tell.local(event.at).date()) // _DAY
        if days == 0:
            text = mark("The first report back came on the day “{window}” closed.")
            yield tell.say(text, [event, first], window=title)
            continue
        yield tell.many(
            days,
            mark("The first report back after “{window}” closed came one day later."),
            mark("The first report back after “{window}” closed came {n} days later."),
            [event, first],
            window=title,
        )


def _first_answer(
    tell: Teller, closed: Known[WindowClosed], mine: int
) -> Known[ResponseAnswered | ResultsCommunicated] | None:
    """Give what first told anybody of these responses something, after the closing."""
    for event in tell.record.all(ResponseAnswered, ResultsCommunicated):
        fact = event.fact
        if event.seq < closed.seq:
            continue
        if isinstance(fact, ResultsCommunicated):
            return event
        if fact.window == closed.fact.window and bits_of(fact.numbers) & mine:
            return event
    return None


def _left_out(tell: Teller) -> Iterator[Sentence]:
    for event in tell.record.all(
        StepSkipped, ItemsWaived, ItemsReopened, DialogueCancelled
    ):
        day = tell.day(event.at)
        match event.fact:
            case StepSkipped(step=step):
                text = mark("On {day} the step “{what}” was left out.")
                yield tell.say(text, [event], day=day, what=tell.part(step))
            case ItemsWaived(items=items):
                text = mark("On {day} was set aside: {what}.")
                yield tell.say(text, [event], day=day, what=tell.quoted(items))
            case ItemsReopened(items=items):
                text = mark("On {day} was taken back as done: {what}.")
                yield tell.say(text, [event], day=day, what=tell.quoted(items))
            case _:
                text = mark("On {day} the dialogue was ended before it was complete.")
                yield tell.say(text, [event], day=day)
        yield from tell.why(event)


def _undone(tell: Teller) -> Iterator[Sentence]:
    planned = tell.record.all(CompensationPlanned)
    if not planned:
        return
    yield tell.many(
        len(planned),
        mark("Going back, one thing that had been told outside had to be undone."),
        mark("Going back, {n} things that had been told outside had to be undone."),
        planned,
    )
    failed = tell.record.all(CompensationFailed)
    if failed:
        yield tell.many(
            len(failed),
            mark("It failed once, and waited for a person."),
            mark("It failed {n} times, and waited for a person."),
            failed,
        )
    done = tell.record.all(CompensationCompleted)
    told = {who for event in done for who in event.fact.sent}
    if done:
        yield tell.say(
            mark("Done: {n}. People who were told of it: {people}."),
            done,
            n=len({event.fact.compensation for event in done}),
            people=len(told),
        )
    for event in tell.record.all(CompensationWaived):
        yield tell.on(event, mark("On {day} one of them was left undone."))
        yield from tell.why(event)


def _messages(tell: Teller) -> Iterator[Sentence]:
    undelivered = [
        event
        for event in tell.record.all(EffectCompleted, CompensationCompleted)
        if event.fact.undeliverable
    ]
    if undelivered:
        yield tell.many(
            sum(len(event.fact.undeliverable) for event in undelivered),
            mark("One message could not be delivered."),
            mark("{n} messages could not be delivered."),
            undelivered,
        )
    failed = tell.record.all(EffectFailed)
    if failed:
        yield tell.many(
            len(failed),
            mark("Sending failed once, and waited for a person."),
            mark("Sending failed {n} times, and waited for a person."),
            failed,
        )
    for event in tell.record.all(EffectWaived):
        yield tell.on(
            event, mark("On {day} a message that had failed was left unsent.")
        )
        yield from tell.why(event)


def _corrections(tell: Teller) -> Iterator[Sentence]:
    for event in tell.record.all(FactCorrected):
        fact = event.fact
        what = tell.text(WHAT.get(fact.pointer, _ANYTHING))
        told = [
            tell.say(
                mark("On {day} was corrected: {what}. First {was}, now {value}."),
                [event, fact.seq],
                day=tell.day(event.at),
                what=what + _whose(tell, fact.seq),
                was=str(fact.was),
                value=str(fact.value),
            )
        ]
        if fact.source:
            told.append(
                tell.say(mark("Source: {source}."), [event], source=fact.source)
            )
        yield joined([*told, *tell.why(event)])


def _whose(tell: Teller, seq: int) -> str:
    """Name the window or the gate that a corrected value is about, in quotes."""
    wrong = next((each.fact for each in tell.record.events if each.seq == seq), None)
    name = getattr(wrong, "window", None) or getattr(wrong, "gate", None)
    if not isinstance(name, str):
        return ""
    known = tell.titles.gate(name)
    title = tell.part(name) if known == name else known
    return f" ({title})"


def _facts(tell: Teller) -> Iterator[Sentence]:
    for event in tell.record.all(FactNoted):
        fact = event.fact
        value = fact.value
        corrected = tell.record.corrections.get((event.seq, "/value"), [])
        told = [
            tell.say(
                _STATUS[fact.status],
                [event],
                when=tell.happened(fact.happened),
                value=value.rstrip("."),
            ),
            tell.say(
                mark("Source: {source}."), [event], source=fact.source.rstrip(".")
            ),
            tell.say(CERTAINTY[fact.certainty], [event]),
        ]
        if fact.known_on:
            told.append(
                tell.say(
                    mark("Known since {day}."),
                    [event],
                    day=tell.happened(Happened.model_validate(fact.known_on)),
                )
            )
        told.extend(
            tell.say(
                mark("Later corrected to: {value}."), [each], value=str(each.fact.value)
            )
            for each in corrected
        )
        yield joined(told)
