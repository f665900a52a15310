"""A meeting, from the invitation to the minutes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from desk.meeting_form import FORMATS
from desk.motivation.document import Part, Sentence
from desk.motivation.record import Known
from desk.motivation.teller import Teller
from domain.meeting_facts import (
    AttendanceRecorded,
    MeetingCancelled,
    MeetingChanged,
    MeetingNoted,
    MeetingScheduled,
    MeetingVoided,
    MinutesRecorded,
    PeopleInvited,
    PeopleUninvited,
)
from language import mark


def meeting(tell: Teller, planned: Known[MeetingScheduled]) -> Part:
    """Tell of one meeting."""
    fact = planned.fact
    name = fact.meeting
    told = [
        tell.say(
            mark("The meeting was planned for {span}."),
            [planned],
            span=tell.span(fact.begins, fact.ends),
        ),
        _invited(tell, planned),
    ]
    if fact.format:
        told.append(_format(tell, planned, fact.format))
    if fact.unreached:
        told.append(
            tell.many(
                fact.unreached,
                mark("One on the register had not been reached by then."),
                mark("{n} on the register had not been reached by then."),
                [planned],
            )
        )
    for event in tell.record.all(
        MeetingChanged,
        MeetingCancelled,
        MeetingVoided,
        PeopleUninvited,
        AttendanceRecorded,
        MinutesRecorded,
    ):
        if event.fact.meeting == name:
            told.extend(_of_meeting(tell, event))
    came = [e for e in tell.record.all(AttendanceRecorded) if e.fact.meeting == name]
    off = [
        e
        for e in tell.record.all(MeetingCancelled, MeetingVoided)
        if e.fact.meeting == name
    ]
    if not came and not off:
        told.append(tell.silent(mark("Who came is not on record.")))
    heading = tell.text(mark("Meeting “{title}”"), title=fact.title)
    return Part(heading, tuple(told))


def noted(tell: Teller, event: Known[MeetingNoted]) -> Part:
    """Tell of a meeting that was noted afterwards, as precisely as it is known."""
    fact = event.fact
    told = [
        tell.say(
            mark("It was held: {when}. That was noted on {day}."),
            [event],
            when=tell.happened(fact.held),
            day=tell.day(event.at),
        )
    ]
    if fact.times:
        told.append(tell.say(mark("It was {n} meetings."), [event], n=fact.times))
    if fact.came is not None:
        told.append(tell.many(fact.came, mark("One came."), mark("{n} came."), [event]))
    if fact.format:
        told.append(_format(tell, event, fact.format))
    if fact.source:
        source = fact.source.rstrip(".")
        told.append(tell.say(mark("Source: {source}."), [event], source=source))
    later = tell.record.all(AttendanceRecorded, MinutesRecorded)
    for each in later:
        if each.fact.meeting == fact.meeting:
            told.extend(_of_meeting(tell, each))
    if fact.came is None and not any(
        isinstance(e.fact, AttendanceRecorded) and e.fact.meeting == fact.meeting
        for e in later
    ):
        told.append(tell.silent(mark("Who came is not on record.")))
    heading = tell.text(mark("Meeting “{title}”"), title=fact.title)
    return Part(heading, tuple(told))


def _format(tell: Teller, event: Known[Any], kind: str) -> Sentence:
    title = tell.text(FORMATS[kind]) if kind in FORMATS else kind
    return tell.say(mark("Format: {format}."), [event], format=title)


def _invited(tell: Teller, planned: Known[MeetingScheduled]) -> Sentence:
    fact = planned.fact
    more = [e for e in tell.record.all(PeopleInvited) if e.fact.meeting == fact.meeting]
    who = {*fact.invited, *(who for e in more for who in e.fact.invited)}
    if not who:
        return tell.say(mark("Nobody was invited by name."), [planned, *more])
    return tell.many(
        len(who),
        mark("One was invited."),
        mark("{n} were invited."),
        [planned, *more],
    )


def _of_meeting(tell: Teller, event: Known[Any]) -> Iterator[Sentence]:
    match event.fact:
        case MeetingChanged(begins=begins, ends=ends, was=was) if was is not None:
            yield tell.on(
                event,
                mark("On {day} it was moved to {span}; before that it was {was}."),
                span=tell.span(begins or was[0], ends or was[1]),
                was=tell.span(*was),
            )
            yield from tell.why(event)
        case MeetingChanged():
            yield tell.on(event, mark("On {day} something else about it changed."))
            yield from tell.why(event)
        case MeetingCancelled():
            yield tell.on(event, mark("On {day} it was called off."))
            yield from tell.why(event)
        case MeetingVoided():
            yield tell.on(
                event,
                mark("On {day} it no longer held, because the dialogue went back."),
            )
        case PeopleUninvited(uninvited=uninvited):
            yield tell.many(
                len(uninvited),
                mark("One invitation was taken back."),
                mark("{n} invitations were taken back."),
                [event],
            )
            yield from tell.why(event)
        case AttendanceRecorded(present=present, others=others, absent=absent):
            yield tell.say(
                mark(
                    "{n} came, of whom {others} were not on a list; {absent} of those"
                    " expected did not come."
                ),
                [event],
                n=len(present) + others,
                others=others,
                absent=len(absent),
            )
        case MinutesRecorded() as minutes:
            yield from _minutes(tell, event, minutes)
        case _:
            pass


def _minutes(
    tell: Teller, event: Known[Any], minutes: MinutesRecorded
) -> Iterator[Sentence]:
    text = (
        mark("Minutes, version {version}: {reference}. SHA-256: {sha256}.")
        if minutes.sha256
        else mark("Minutes, version {version}: {reference}.")
    )
    facts = {"sha256": minutes.sha256} if minutes.sha256 else {}
    yield tell.say(
        text, [event], version=minutes.version, reference=minutes.reference, **facts
    )
