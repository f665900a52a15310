"""In short: what a council member wants to know first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from desk.motivation.document import Part, Section, Sentence
from desk.motivation.done import balance, ledger_events
from desk.motivation.register import register
from desk.motivation.said import asked
from desk.motivation.teller import Teller
from domain.agreement_facts import AgreementMade
from domain.coverage import Coverage, coverage
from domain.events import (
    DialogueArchived,
    DialogueCancelled,
    DialogueCompleted,
    DialogueStarted,
    ResponseRecorded,
    StepRevisited,
    WindowOpened,
)
from domain.meeting_facts import (
    MeetingCancelled,
    MeetingScheduled,
    MeetingVoided,
)
from domain.meeting_held_facts import AttendanceRecorded, MeetingNoted
from domain.outcome_facts import DecisionRecorded
from language import mark

_NOTHING: Final = Coverage(0, 0, 0, 0, 0, 0)


def summary(tell: Teller) -> Section:
    """Tell the whole in a few sentences."""
    told = (*_life(tell), *_people(tell), *_ways(tell), *_answers(tell), *_yield(tell))
    return Section("short", tell.text(mark("In short")), (Part(None, told),))


def _life(tell: Teller) -> Iterator[Sentence]:
    record = tell.record
    start = record.all(DialogueStarted)[0]
    if start.fact.question:
        yield tell.say(
            mark("The question was: “{question}”"),
            [start],
            question=start.fact.question,
        )
    yield tell.on(start, mark("The dialogue began on {day}."))
    ends = record.all(DialogueCompleted, DialogueCancelled, DialogueArchived)
    if not ends:
        yield tell.say(
            mark("On {day} it was still going on."),
            [record.head],
            day=tell.day(record.head.at),
        )
        return
    end = ends[0]
    text = (
        mark("It was completed on {day}.")
        if isinstance(end.fact, DialogueCompleted)
        else mark("It ended on {day}, before it was complete.")
    )
    yield tell.on(end, text)


def _people(tell: Teller) -> Iterator[Sentence]:
    people = register(tell.record)
    if people:
        yield tell.many(
            len(people),
            mark("One person or group is on the register of those concerned."),
            mark("{n} people or groups are on the register of those concerned."),
            [seq for person in people for seq in person.seqs],
        )
    back = tell.record.all(StepRevisited)
    if back:
        yield tell.many(
            len(back),
            mark("Once the dialogue went back to an earlier step."),
            mark("{n} times the dialogue went back to an earlier step."),
            back,
        )


def _ways(tell: Teller) -> Iterator[Sentence]:
    record = tell.record
    opened = record.all(WindowOpened)
    given = record.all(ResponseRecorded)
    if opened:
        yield tell.many(
            len(opened),
            mark("Once there was a feedback window."),
            mark("There were feedback windows {n} times."),
            opened,
        )
        if given:
            late = sum(event.fact.late for event in given)
            text = (
                mark("Responses that came in: {n}, of which {late} late.")
                if late
                else mark("Responses that came in: {n}, all in time.")
            )
            facts = {"late": late} if late else {}
            yield tell.say(text, given, n=len(given), **facts)
        else:
            yield tell.say(mark("No response came in."), [*opened, record.head])
    else:
        yield tell.silent(mark("There was no feedback window."))
    yield from _meetings(tell)


def _meetings(tell: Teller) -> Iterator[Sentence]:
    record = tell.record
    off = record.all(MeetingCancelled, MeetingVoided)
    gone = {event.fact.meeting for event in off}
    meetings = [e for e in record.all(MeetingScheduled) if e.fact.meeting not in gone]
    if meetings:
        counted = {event.fact.meeting for event in meetings}
        every = record.all(AttendanceRecorded)
        last = {e.fact.meeting: e for e in every if e.fact.meeting in counted}
        came = sum(len(e.fact.present) + e.fact.others for e in last.values())
        yield tell.many(
            len(meetings),
            mark("One meeting was planned; those who came: {came}."),
            mark(
                "{n} meetings were planned; those who came, counted together: {came}."
            ),
            [*meetings, *off, *last.values()],
            came=came,
        )
    if noted := record.all(MeetingNoted):
        yield tell.many(
            sum(event.fact.times or 1 for event in noted),
            mark("One meeting that was held was noted afterwards."),
            mark("{n} meetings that were held were noted afterwards."),
            noted,
        )


def _answers(tell: Teller) -> Iterator[Sentence]:
    windows = asked(tell)
    found = _NOTHING
    for window in windows:
        found = found.plus(coverage(tell.record.state, window))
    if not found.total:
        return
    events = [seq for window in windows for seq in ledger_events(tell, window)]
    yield from balance(tell, found, events)


def _yield(tell: Teller) -> Iterator[Sentence]:
    record = tell.record
    decisions = record.all(DecisionRecorded)
    if decisions:
        yield tell.many(
            len({event.fact.decision for event in decisions}),
            mark("One decision is on record."),
            mark("{n} decisions are on record."),
            decisions,
        )
    else:
        yield tell.silent(mark("No decision is on record."))
    made = record.all(AgreementMade)
    if made:
        yield tell.many(
            len(made),
            mark("One agreement was made."),
            mark("{n} agreements were made."),
            made,
        )
