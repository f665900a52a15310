"""What people said: how many responses, from whom, on what, and, if asked for, how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from desk.channels import CHANNELS
from desk.motivation.document import Part, Section, Sentence
from desk.motivation.record import Known
from desk.motivation.register import groups_of, names
from desk.motivation.teller import Teller, flat
from domain.events import ResponseRecorded, WindowOpened
from domain.ledger_facts import ResponsesGrouped, ResponsesUngrouped
from domain.reporting_facts import LateFeedbackNoted
from domain.response_numbers import bits_of
from domain.window_facts import ResponsesGathered
from language import mark

_IDENTICAL: Final = mark("{n} responses say the same: “{title}”.")
_THEME: Final = mark("{n} responses are about “{title}”.")
_UNNAMED: Final[Mapping[str, str]] = {
    "identical": mark("{n} responses say the same."),
    "theme": mark("{n} responses are about one theme, which has no title on record."),
}


def said(tell: Teller) -> Section:
    """Tell what people said."""
    names_ = asked(tell)
    parts = [_window(tell, name) for name in names_]
    if not parts:
        silent = tell.silent(
            mark("No feedback window was opened, so nobody responded.")
        )
        parts.append(Part(None, (silent,)))
    parts.extend(_late_feedback(tell))
    return Section("said", tell.text(mark("What people said")), tuple(parts))


def asked(tell: Teller) -> tuple[str, ...]:
    """Give the windows that were ever open, in order."""
    opened = tell.record.all(WindowOpened)
    return tuple(dict.fromkeys(event.fact.window for event in opened))


def responses(tell: Teller, window: str) -> list[Known[ResponseRecorded]]:
    """Give the responses to a window; the n-th of them is response n."""
    every = tell.record.all(ResponseRecorded)
    return [event for event in every if event.fact.window == window]


def _window(tell: Teller, window: str) -> Part:
    title = tell.part(window)
    given = responses(tell, window)
    if not given:
        opened = [e for e in tell.record.all(WindowOpened) if e.fact.window == window]
        nobody = tell.say(
            mark("Nobody responded, as far as the record goes."),
            [*opened, tell.record.head],
        )
        return Part(title, (nobody, *_refused(tell, window)))
    late = [event for event in given if event.fact.late]
    told = [
        tell.many(
            len(given),
            mark("One response came in."),
            mark("{n} responses came in."),
            given,
        )
    ]
    if late:
        told.append(
            tell.many(
                len(late),
                mark("One of them came too late."),
                mark("{n} of them came too late."),
                late,
            )
        )
    adding = [event for event in given if event.fact.supplements is not None]
    if adding:
        told.append(
            tell.many(
                len(adding),
                mark("One adds to an earlier response."),
                mark("{n} add to earlier responses."),
                adding,
            )
        )
    told.extend(_channels(tell, given))
    told.extend(_refused(tell, window))
    told.extend(_themes(tell, window))
    return Part(title, tuple(told), (*_from_whom(tell, given), *_texts(tell, given)))


def _channels(tell: Teller, given: list[Known[ResponseRecorded]]) -> Iterator[Sentence]:
    """Tell how many came by which channel, as far as that was said."""
    counts = Counter(event.fact.channel for event in given)
    said = [
        tell.text(mark("{channel} ({n})"), channel=tell.text(word), n=counts[code])
        for code, word in CHANNELS.items()
        if counts[code]
    ]
    if said:
        told = [event for event in given if event.fact.channel]
        by = tell.listed(said)
        yield tell.say(mark("This is how they came: {channels}."), told, channels=by)
    if said and counts[None]:
        rest = [event for event in given if not event.fact.channel]
        yield tell.many(
            len(rest),
            mark("How one of them came is not on record."),
            mark("How {n} of them came is not on record."),
            rest,
        )


def _from_whom(
    tell: Teller, given: list[Known[ResponseRecorded]]
) -> Iterator[Sentence]:
    """Tell from which group the responses are: a kind, else a role, else anybody."""
    groups = groups_of(tell)
    anybody = tell.text(mark("others"))
    found: dict[str, list[Known[ResponseRecorded]]] = {}
    for event in given:
        group = groups.get(event.fact.respondent, anybody)
        found.setdefault(group, []).append(event)
    for group, events in found.items():
        yield tell.say(mark("From {group}: {n}."), events, group=group, n=len(events))


def _refused(tell: Teller, window: str) -> Iterator[Sentence]:
    events = [
        event
        for event in tell.record.all(ResponsesGathered)
        if event.fact.window == window and event.fact.refused
    ]
    if events:
        yield tell.many(
            sum(len(event.fact.refused) for event in events),
            mark("One more was not let in, by the rules of the window."),
            mark("{n} more were not let in, by the rules of the window."),
            events,
        )


def _themes(tell: Teller, window: str) -> Iterator[Sentence]:
    groups: dict[str, list[Known[ResponsesGrouped]]] = {}
    for event in tell.record.all(ResponsesGrouped):
        if event.fact.window == window:
            groups.setdefault(event.fact.group, []).append(event)
    for name, events in groups.items():
        less = [
            event
            for event in tell.record.all(ResponsesUngrouped)
            if (event.fact.window, event.fact.group) == (window, name)
        ]
        number = _members(events, less).bit_count()
        title = next((e.fact.title for e in reversed(events) if e.fact.title), None)
        because = events[-1].fact.because
        if not number:
            continue
        if title is None:
            yield tell.say(_UNNAMED[because], [*events, *less], n=number)
        else:
            text = _IDENTICAL if because == "identical" else _THEME
            yield tell.say(text, [*events, *less], n=number, title=title)


def _members(
    more: list[Known[ResponsesGrouped]], less: list[Known[ResponsesUngrouped]]
) -> int:
    bits = 0
    for event in sorted([*more, *less], key=lambda event: event.seq):
        these = bits_of(event.fact.numbers)
        bits = (
            bits | these if isinstance(event.fact, ResponsesGrouped) else bits & ~these
        )
    return bits


def _texts(tell: Teller, given: list[Known[ResponseRecorded]]) -> Iterator[Sentence]:
    """Give the words of responses, where they were asked for and may be read."""
    people = names(tell.record)
    for number, event in enumerate(given, 1):
        words = tell.record.words(event, "response")
        name = people.get(event.fact.respondent)
        match words.standing:
            case "given" if name:
                yield tell.say(
                    mark("Response {number}, of {name}: “{words}”"),
                    [event, name[1]],
                    number=number,
                    name=name[0],
                    words=flat(words.text),
                )
            case "given":
                yield tell.say(
                    mark("Response {number}: “{words}”"),
                    [event],
                    number=number,
                    words=flat(words.text),
                )
            case "erased":
                yield tell.say(
                    mark("The text of response {number} has been erased."),
                    [event, words.said_by or event.seq],
                    number=number,
                )
            case "kept":
                yield tell.say(
                    mark("The text of response {number} is confidential."),
                    [event],
                    number=number,
                )
            case "missing":
                yield tell.say(
                    mark("The text of response {number} could not be read."),
                    [event],
                    number=number,
                )
            case "none" | "not_asked":
                pass


def _late_feedback(tell: Teller) -> Iterator[Part]:
    late = tell.record.all(LateFeedbackNoted)
    if late:
        first = tell.many(
            len(late),
            mark("One response came after the results had been told."),
            mark("{n} responses came after the results had been told."),
            late,
        )
        points = tuple(
            tell.say(mark("“{words}”"), [event], words=flat(words.text))
            for event in late
            if (words := tell.record.words(event, "response")).standing == "given"
        )
        yield Part(tell.text(mark("After the results")), (first,), points)
