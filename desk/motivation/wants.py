"""How far people take part, and what they want."""

from __future__ import annotations

from desk.motivation.document import Part, Sentence
from desk.motivation.teller import Teller
from desk.people import LEVELS
from domain.interest_facts import (
    InterestRecorded,
    InterestsRelated,
    InterestsUnrelated,
    InterestWithdrawn,
)
from domain.people_register_facts import (
    EngagementPlanned,
)
from language import mark


def levels(tell: Teller) -> Part:
    """Tell how far each kind was to take part; of single people only how many."""
    planned = tell.record.all(EngagementPlanned)
    if not planned:
        return Part(None, ())
    own = {each.id: each.title for each in tell.record.state.plan.engagement_levels}
    now: dict[tuple[str, str], tuple[str | None, int]] = {}
    for event in planned:
        for kind, levels in event.fact.kinds.items():
            for phase, level in levels.items():
                now[kind, phase] = level, event.seq
    points: list[Sentence] = []
    for (kind, phase), (level, seq) in now.items():
        if level is None:
            continue
        title = tell.titles.text(own[level]) if level in own else None
        points.append(
            tell.say(
                mark("{kind}, in “{phase}”: {level}."),
                [seq],
                kind=tell.kind(kind) or kind,
                phase=tell.record.state.project_phases.get(phase)
                or tell.titles.phase(phase),
                level=(title or tell.text(LEVELS.get(level, level))).lower(),
            )
        )
    single = {who for event in planned for who in event.fact.stakeholders}
    first = tell.many(
        len(single),
        mark("For one person or group it was planned how far they take part."),
        mark("For {n} people or groups it was planned how far they take part."),
        planned,
    )
    by_kind = tell.say(
        mark("For each kind it was planned how far people take part, in each phase."),
        planned,
    )
    told = (*((first,) if single else ()), *((by_kind,) if points else ()))
    return Part(tell.text(mark("How far people take part")), told, tuple(points))


def interests(tell: Teller) -> Part:
    """Tell what was put on the table, and how it bears on each other."""
    record = tell.record
    recorded = record.all(InterestRecorded)
    if not recorded:
        return Part(None, ())
    gone = record.all(InterestWithdrawn)
    told = [
        tell.many(
            len(recorded),
            mark("One interest was put on the table."),
            mark("{n} interests were put on the table."),
            recorded,
        )
    ]
    if gone:
        told.append(
            tell.many(
                len(gone),
                mark("One was taken off it again."),
                mark("{n} were taken off it again."),
                gone,
            )
        )
    apart = [*record.all(InterestsUnrelated), *gone]
    for kind, text in (
        ("tension", mark("Pairs of interests that clash: {n}.")),
        ("synergy", mark("Pairs of interests that strengthen each other: {n}.")),
    ):
        pairs = [e for e in record.all(InterestsRelated) if e.fact.kind == kind]
        number = sum(one == kind for one in record.state.relations.values())
        if pairs:
            told.append(tell.say(text, [*pairs, *apart], n=number))
    points = [
        tell.say(mark("“{words}”"), [event], words=" ".join(words.text.split()))
        for event in recorded
        if (words := record.words(event, "text")).standing == "given"
    ]
    return Part(tell.text(mark("What they want")), tuple(told), tuple(points))
