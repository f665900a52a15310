"""When and how people could take part: feedback windows and meetings, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from desk.motivation.document import Part, Section, Sentence
from desk.motivation.gatherings import meeting, noted
from desk.motivation.record import Known
from desk.motivation.teller import Teller
from desk.motivation.wrong import WHAT
from domain.events import (
    AudienceReminded,
    DialoguePaused,
    DialogueResumed,
    ResponseRecorded,
    WindowClosed,
    WindowExtended,
    WindowOpened,
    WindowShortened,
    WindowVoided,
)
from domain.meeting_facts import MeetingScheduled
from domain.meeting_held_facts import MeetingNoted
from domain.method import LIST, PUBLIC
from domain.suspension_facts import DialogueSuspended, SuspensionLifted
from domain.window_facts import AudienceInvited
from language import mark

BECAUSE: Final[Mapping[str, str]] = {
    "faulty_publication": mark("faulty publication"),
    "missing_documents": mark("documents were missing"),
    "changed_documents": mark("documents were changed"),
    "not_reached": mark("people were not reached"),
    "court": mark("by order of a court"),
    "other": mark("for another reason"),
}
_OF_RUN: Final = (
    WindowExtended,
    WindowShortened,
    WindowClosed,
    WindowVoided,
    AudienceReminded,
    AudienceInvited,
)


def moments(tell: Teller) -> Section:
    """Tell when and how people could take part."""
    windows = tuple(_window(tell, opened) for opened in tell.record.all(WindowOpened))
    meetings = (
        *(meeting(tell, one) for one in tell.record.all(MeetingScheduled)),
        *(noted(tell, one) for one in tell.record.all(MeetingNoted)),
    )
    parts = (
        *(windows or (_none(tell, mark("No feedback window was opened.")),)),
        *_stops(tell),
        *(meetings or (_none(tell, mark("No meeting is on record.")),)),
    )
    return Section("when", tell.text(mark("When and how")), parts)


def _none(tell: Teller, text: str) -> Part:
    return Part(None, (tell.silent(text),))


def _window(tell: Teller, opened: Known[WindowOpened]) -> Part:
    fact = opened.fact
    told = [*_opening(tell, opened)]
    for event in tell.record.all(*_OF_RUN):
        if (event.fact.window, event.fact.run) == (fact.window, fact.run):
            told.extend(_in_run(tell, event, opened))
    title = tell.opening(fact.window, fact.run)
    heading = tell.text(mark("Feedback window “{window}”"), window=title)
    return Part(heading, tuple(told))


def _opening(tell: Teller, opened: Known[WindowOpened]) -> Iterator[Sentence]:
    fact = opened.fact
    yield tell.say(
        mark("It opened on {moment} (exactly: {exactly})."),
        [opened],
        moment=tell.moment(opened.at),
        exactly=tell.exactly(opened.at),
    )
    yield tell.say(
        mark("People could respond {until} (exactly: before {exactly})."),
        [opened],
        until=tell.until(fact.closes),
        exactly=tell.exactly(fact.closes),
    )
    if fact.audience == PUBLIC:
        yield tell.say(mark("Everybody could respond."), [opened])
    elif fact.audience == LIST:
        yield tell.many(
            len(fact.invited),
            mark("One was asked by name."),
            mark("{n} were asked by name."),
            [opened],
        )
    else:
        yield tell.many(
            len(fact.invited),
            mark("Asked was one, in the role {role}."),
            mark("Asked were {n}, in the role {role}."),
            [opened],
            role=tell.titles.role(fact.audience),
        )
    if fact.because:
        yield tell.say(
            mark("It opened again because: {because}. What was received stays valid."),
            [opened],
            because=tell.text(BECAUSE[fact.because]),
        )
    yield from tell.why(opened)


_MOVED: Final[Mapping[type, str]] = {
    WindowExtended: mark(
        "On {day} the window was extended: {until} (exactly: before {exactly})."
    ),
    WindowShortened: mark(
        "On {day} the window was shortened: {until} (exactly: before {exactly})."
    ),
}


def _in_run(
    tell: Teller, event: Known[Any], opened: Known[WindowOpened]
) -> Iterator[Sentence]:
    match event.fact:
        case WindowExtended(closes=closes) | WindowShortened(closes=closes):
            yield _moved(tell, event, closes, _MOVED[type(event.fact)])
            yield from tell.why(event)
        case AudienceReminded(silent=silent) if silent:
            yield tell.many(
                len(silent),
                mark("On {day} one who had not responded was reminded."),
                mark("On {day} {n} who had not responded were reminded."),
                [event],
                day=tell.day(event.at),
            )
        case AudienceInvited(who=who):
            yield tell.many(
                len(who),
                mark("On {day} one more was asked by name."),
                mark("On {day} {n} more were asked by name."),
                [event],
                day=tell.day(event.at),
            )
            yield from tell.why(event)
        case WindowVoided():
            yield tell.on(
                event,
                mark(
                    "On {day} it was voided, because the dialogue went back. The"
                    " responses stay on record."
                ),
            )
        case WindowClosed():
            yield from _closed(tell, event, opened)
        case _:
            pass


def _moved(tell: Teller, event: Known[Any], closes: datetime, text: str) -> Sentence:
    return tell.on(
        event,
        text,
        until=tell.until(closes),
        exactly=tell.exactly(closes),
    )


def _closed(
    tell: Teller, event: Known[WindowClosed], opened: Known[WindowOpened]
) -> Iterator[Sentence]:
    text = (
        mark("It was closed early, on {moment} (exactly: {exactly}).")
        if event.fact.early
        else mark("The record has the closing at {moment} (exactly: {exactly}).")
    )
    yield tell.say(
        text, [event], moment=tell.moment(event.at), exactly=tell.exactly(event.at)
    )
    yield from tell.why(event)
    here = _responses(tell, opened)
    in_time = [each for each in here if not each.fact.late]
    late = [each for each in here if each.fact.late]
    yield tell.say(
        mark("Responses: {on_time} in time, {late} late."),
        [event, *here],
        on_time=len(in_time),
        late=len(late),
    )
    for name in ("on_time", "late", "silent"):
        for each in tell.record.corrections.get((event.seq, f"/{name}"), []):
            yield tell.say(
                mark("Corrected later: {what}. It is now {value}."),
                [each],
                what=tell.text(WHAT[each.fact.pointer]),
                value=str(each.fact.value),
            )
    if opened.fact.audience != PUBLIC and event.fact.silent:
        yield tell.many(
            event.fact.silent,
            mark("One of those asked had not responded by then."),
            mark("{n} of those asked had not responded by then."),
            [event],
        )


def _responses(
    tell: Teller, opened: Known[WindowOpened]
) -> list[Known[ResponseRecorded]]:
    place = opened.fact.window, opened.fact.run
    return [
        each
        for each in tell.record.all(ResponseRecorded)
        if (each.fact.window, each.fact.run) == place
    ]


def _stops(tell: Teller) -> Iterator[Part]:
    """Tell when all windows stood still."""
    told: list[Sentence] = []
    for event in tell.record.all(
        DialoguePaused, DialogueResumed, DialogueSuspended, SuspensionLifted
    ):
        match event.fact:
            case DialoguePaused():
                text = mark("On {day} the dialogue was paused; windows stood still.")
            case DialogueResumed():
                text = mark("On {day} the dialogue went on.")
            case DialogueSuspended():
                text = mark("On {day} the organisation suspended all its windows.")
            case _:
                text = mark("On {day} the suspension ended.")
        told.append(tell.on(event, text))
        if isinstance(event.fact, DialoguePaused | DialogueResumed):
            told.extend(tell.why(event))
        if isinstance(event.fact, DialogueResumed | SuspensionLifted):
            told.extend(
                tell.say(
                    mark("“{window}” then ran {until} (exactly: before {exactly})."),
                    [event],
                    window=tell.part(each.window),
                    until=tell.until(each.closes),
                    exactly=tell.exactly(each.closes),
                )
                for each in event.fact.windows
            )
    if told:
        yield Part(tell.text(mark("When the windows stood still")), tuple(told))
