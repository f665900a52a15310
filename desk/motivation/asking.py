"""Who asked to take part and was turned down, and why."""

from __future__ import annotations

from desk.motivation.document import Part, Sentence
from desk.motivation.record import Known
from desk.motivation.teller import Teller, joined
from domain.declining_facts import ParticipationDeclined
from language import mark


def declined(tell: Teller) -> Part:
    """Tell how many were turned down, and each time; nothing where nobody was."""
    events = tell.record.all(ParticipationDeclined)
    if not events:
        return Part(None, ())
    first = tell.many(
        len(events),
        mark("One request to take part was turned down."),
        mark("{n} requests to take part were turned down."),
        events,
    )
    points = tuple(joined([_one(tell, one), *tell.why(one)]) for one in events)
    title = tell.text(mark("Who asked to take part, and did not"))
    return Part(title, (first,), points)


def _one(tell: Teller, event: Known[ParticipationDeclined]) -> Sentence:
    fact, day = event.fact, tell.day(event.at)
    if fact.window is not None:
        text = mark("On {day}, for the feedback window “{window}”.")
        return tell.say(text, [event], day=day, window=tell.part(fact.window))
    if fact.meeting is not None:
        known = tell.record.state.meetings.get(fact.meeting)
        text = mark("On {day}, for the meeting “{meeting}”.")
        title = known.title if known else fact.meeting
        return tell.say(text, [event], day=day, meeting=title)
    return tell.say(mark("On {day}, for the dialogue."), [event], day=day)
