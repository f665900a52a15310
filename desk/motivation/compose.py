"""Composes the document: its chapters in order, and what it says about itself.

The order follows what Dutch municipalities have to motivate: who, about what, when and
how, and what was done with what people said. Sources, read on 2026-11-22: the Dutch
municipalities' association on what has to be set down about participation (vng.nl,
"Wat moet worden vastgelegd mbt de participatie"), which names article 10.2(2) of the
Omgevingsbesluit; for a programme, article 10.8, the government's guide
(aandeslagmetdeomgevingswet.nl, "Participatie in het programma").
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from desk.motivation.document import Cited, Labels, Motivation, Section
from desk.motivation.done import done
from desk.motivation.harvest import harvest
from desk.motivation.hidden import hidden
from desk.motivation.looking_back import looking_back
from desk.motivation.moments import moments
from desk.motivation.question import question
from desk.motivation.record import Record
from desk.motivation.said import said
from desk.motivation.summary import summary
from desk.motivation.teller import Teller
from desk.motivation.who import who
from desk.motivation.wrong import wrong
from language import mark

_CHAPTERS: Final = (
    summary,
    who,
    question,
    moments,
    said,
    done,
    harvest,
    wrong,
    looking_back,
    hidden,
)

_ABOUT: Final = (
    mark(
        "This document was made from the record of the dialogue, and from nothing else."
        " Each sentence ends with the numbers of the events it rests on."
    ),
    mark(
        "Where the record is silent, the document says so. Such a sentence points to"
        " the last event that was looked at: up to there, nothing of the kind is on"
        " record."
    ),
    mark(
        "Dutch authorities have to say how citizens, companies, civil-society"
        " organisations and other authorities were involved, and what the results are:"
        " article 10.2 of the Omgevingsbesluit for an environmental plan, article 10.7"
        " for an environmental vision, article 10.8 for a programme. Whether one of"
        " these applies here is not on record."
    ),
    mark(
        "Who wants to check a sentence looks up its events in the list, and compares"
        " their hashes with an evidence pack of the dialogue."
    ),
)


class Seal(NamedTuple):
    """The checkpoint that covers the last event, as far as the log has one."""

    origin: str
    size: int
    root: str
    """In base64."""
    at: datetime


class Making(NamedTuple):
    """How the document came to be made: what vouches for it, and by what command."""

    command: str
    made: datetime
    reader: str | None
    """For whom private texts were opened; None: for nobody."""
    seal: Seal | None


def compose(record: Record, lang: str, making: Making) -> Motivation:
    """Compose the document in ``lang``; the same record gives the same sentences."""
    tell = Teller(record, lang)
    sections = tuple(chapter(tell) for chapter in _CHAPTERS)
    return Motivation(
        lang=lang,
        title=tell.text(
            mark("Motivation of participation: {title}"), title=record.state.title
        ),
        subtitle=tell.text(
            mark("From the record of {stream}, up to and including {day}"),
            stream=record.stream,
            day=tell.day(record.head.at),
        ),
        sections=sections,
        about=tuple(tell.text(text) for text in _ABOUT),
        provenance=_provenance(tell, making),
        cited=_cited(tell, sections),
        labels=_labels(tell),
    )


def _cited(tell: Teller, sections: tuple[Section, ...]) -> tuple[Cited, ...]:
    wanted = {
        seq
        for section in sections
        for part in section.parts
        for each in (*part.sentences, *part.points)
        for seq in each.events
    }
    return tuple(
        Cited(event.seq, tell.exactly(event.at), event.type, event.hash)
        for event in tell.record.events
        if event.seq in wanted
    )


def _provenance(tell: Teller, making: Making) -> tuple[tuple[str, str], ...]:
    head, state = tell.record.head, tell.record.state
    seal = making.seal
    shown = (
        tell.text(mark("shown, as far as {who} may read them"), who=making.reader)
        if making.reader
        else tell.text(mark("not shown"))
    )
    sealed = (
        (
            tell.text(
                mark("{origin}, {size} events, {moment}"),
                origin=seal.origin,
                size=seal.size,
                moment=tell.moment(seal.at),
            ),
            seal.root,
        )
        if seal
        else (tell.text(mark("none yet: the last event is not sealed")), "")
    )
    rows = (
        (mark("Organisation"), state.organisation),
        (mark("Stream"), tell.record.stream),
        (mark("Last event"), f"{head.seq}, {tell.exactly(head.at)}"),
        (mark("Hash of the last event"), head.hash),
        (mark("Checkpoint"), sealed[0]),
        (mark("Root of the checkpoint"), sealed[1]),
        (mark("Private texts"), shown),
        (mark("Made on"), tell.moment(making.made)),
        (mark("Made again by"), making.command),
    )
    return tuple((tell.text(name), value) for name, value in rows if value)


def _labels(tell: Teller) -> Labels:
    return Labels(
        contents=tell.text(mark("Contents")),
        events=tell.text(mark("The events")),
        events_about=tell.text(
            mark("All events that a sentence points to, with their hash (SHA-256).")
        ),
        notes=tell.text(mark("Notes")),
        note=tell.text(mark("note {number}")),
        number=tell.text(mark("Number")),
        time=tell.text(mark("Time")),
        type=tell.text(mark("Name in the record")),
        hash=tell.text(mark("Hash")),
        about=tell.text(mark("About this document")),
        event=tell.text(mark("event {number}")),
    )
