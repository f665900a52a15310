"""Who was involved: by kind and group, and first those who are affected and weak."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from desk.motivation.asking import declined
from desk.motivation.document import Part, Section, Sentence
from desk.motivation.record import Known
from desk.motivation.register import Person, groups_of, names, register
from desk.motivation.teller import Teller
from desk.motivation.wants import interests, levels
from domain.events import DialogueStarted, RoleAssigned, RoleReleased
from domain.people_register_facts import (
    STANDINGS,
    BriefingWaived,
    LatecomerBriefed,
    RoleHandedOver,
    StakeholderReleased,
)
from language import mark

WEAK: Final = STANDINGS[0]


def who(tell: Teller) -> Section:
    """Tell who was involved."""
    people = register(tell.record)
    parts = (
        _kinds(tell, people),
        _reached(tell, people),
        _roles(tell),
        _comings(tell, people),
        declined(tell),
        levels(tell),
        interests(tell),
        _named(tell),
    )
    return Section(
        "who",
        tell.text(mark("Who was involved")),
        tuple(part for part in parts if part.sentences or part.points),
    )


def _seqs(people: Sequence[Person]) -> list[int]:
    return [seq for person in people for seq in person.seqs]


def _kinds(tell: Teller, people: Sequence[Person]) -> Part:
    title = tell.text(mark("The people and groups concerned"))
    if not people:
        silent = tell.silent(
            mark("There is no register of stakeholders in this dialogue’s record.")
        )
        return Part(title, (silent,))
    first = tell.many(
        len(people),
        mark("One person or group was put on the register of stakeholders."),
        mark("{n} people or groups were put on the register of stakeholders."),
        _seqs(people),
    )
    return Part(title, (first,), tuple(_by_kind(tell, people)))


def _by_kind(tell: Teller, people: Sequence[Person]) -> Iterator[Sentence]:
    for kind in dict.fromkeys(person.kind for person in people):
        these = [person for person in people if person.kind == kind]
        if kind is None:
            yield tell.many(
                len(these),
                mark("Without a kind: one."),
                mark("Without a kind: {n}."),
                _seqs(these),
            )
        else:
            yield tell.say(
                mark("{kind}: {n}."),
                _seqs(these),
                kind=tell.kind(kind) or kind,
                n=len(these),
            )


def _reached(tell: Teller, people: Sequence[Person]) -> Part:
    title = tell.text(mark("Affected, with little influence"))
    present = [person for person in people if person.left is None]
    if not present:
        return Part(None, ())
    weak = [person for person in present if person.standing == WEAK]
    told = [_weak(tell, weak, present)]
    unweighed = [person for person in present if person.standing == "not_weighed"]
    if unweighed:
        told.append(
            tell.many(
                len(unweighed),
                mark("Of one, nobody has weighed how much the plan touches them."),
                mark("Of {n}, nobody has weighed how much the plan touches them."),
                _seqs(unweighed),
            )
        )
    told.append(_not_reached(tell, present))
    missed = [person for person in weak if not person.reached]
    if missed:
        told.append(
            tell.many(
                len(missed),
                mark("One of those not reached is affected and has little influence."),
                mark(
                    "{n} of those not reached are affected and have little influence."
                ),
                _seqs(missed),
            )
        )
    return Part(title, tuple(told))


def _weak(tell: Teller, weak: Sequence[Person], present: Sequence[Person]) -> Sentence:
    if not weak:
        return tell.say(
            mark("Nobody on the register counts as affected with little influence."),
            _seqs(present),
        )
    kinds = dict.fromkeys(tell.kind(person.kind) for person in weak if person.kind)
    text = (
        mark("Much affected, and with little influence: {n}. Kinds: {kinds}.")
        if kinds
        else mark("Much affected, and with little influence: {n}.")
    )
    told = tell.listed([kind for kind in kinds if kind])
    return tell.say(text, _seqs(weak), n=len(weak), **({"kinds": told} if told else {}))


def _not_reached(tell: Teller, present: Sequence[Person]) -> Sentence:
    missed = [person for person in present if not person.reached]
    if not missed:
        return tell.say(
            mark("By the register, everybody on it was reached."), _seqs(present)
        )
    return tell.say(
        mark("Not reached, by the register: {n} of {all}."),
        _seqs(missed),
        n=len(missed),
        all=len(present),
    )


def _roles(tell: Teller) -> Part:
    record, state = tell.record, tell.record.state
    start = record.all(DialogueStarted)[0]
    points: list[Sentence] = []
    for role in state.plan.roles:
        moves = [
            event
            for event in record.all(RoleAssigned, RoleReleased, RoleHandedOver)
            if event.fact.role == role.id
        ]
        events: list[int | Known[DialogueStarted]] = [event.seq for event in moves]
        if role.id in start.fact.roles:
            events.append(start)
        if events:
            points.append(
                tell.say(
                    mark("{role}: {n}."),
                    events,
                    role=tell.titles.role(role.id),
                    n=len(state.holders(role.id)),
                )
            )
    points.extend(
        tell.on(
            event,
            mark("On {day} the role {role} passed to somebody else."),
            role=tell.titles.role(event.fact.role),
        )
        for event in record.all(RoleHandedOver)
    )
    title = tell.text(mark("Roles"))
    if not points:
        return Part(title, (tell.silent(mark("Nobody was given a role.")),))
    last = tell.say(
        mark("So many people held each role on {day}, the last day of this account."),
        [record.head],
        day=tell.day(record.head.at),
    )
    return Part(title, (last,), tuple(points))


def _comings(tell: Teller, people: Sequence[Person]) -> Part:
    record = tell.record
    told: list[Sentence] = []
    late = [person for person in people if person.late]
    if late:
        told.append(
            tell.many(
                len(late),
                mark("One joined when agreements had already been made."),
                mark("{n} joined when agreements had already been made."),
                _seqs(late),
            )
        )
        briefed, waived = record.all(LatecomerBriefed), record.all(BriefingWaived)
        done = {event.fact.stakeholder for event in (*briefed, *waived)}
        if briefed:
            told.append(
                tell.say(
                    mark("Told afterwards what had been agreed: {n}."),
                    briefed,
                    n=len({event.fact.stakeholder for event in briefed}),
                )
            )
        for event in waived:
            told.append(
                tell.on(
                    event, mark("It was decided on {day} not to brief one of them.")
                )
            )
            told.extend(tell.why(event))
        waiting = [person for person in late if person.id not in done]
        if waiting:
            told.append(
                tell.say(
                    mark("Still to be told what had been agreed: {n}."),
                    _seqs(waiting),
                    n=len(waiting),
                )
            )
    told.extend(_left(tell))
    return Part(tell.text(mark("Who came later, and who left")), tuple(told))


def _left(tell: Teller) -> Iterator[Sentence]:
    for event in tell.record.all(StakeholderReleased):
        yield tell.on(
            event, mark("On {day} somebody on the register left the dialogue.")
        )
        yield from tell.why(event)
    for event in tell.record.all(RoleReleased):
        yield tell.on(
            event,
            mark("On {day} somebody gave up the role {role}."),
            role=tell.titles.role(event.fact.role),
        )
        yield from tell.why(event)


def _named(tell: Teller) -> Part:
    """Name people, where their names were asked for and may be read."""
    found = names(tell.record)
    if not found:
        return Part(None, ())
    kinds = groups_of(tell)
    points: list[Sentence] = []
    for who_, (name, seq) in found.items():
        kind = kinds.get(who_)
        points.append(
            tell.say(mark("{name} ({kind})."), [seq], name=name, kind=kind)
            if kind
            else tell.say(mark("{name}."), [seq], name=name)
        )
    first = tell.many(
        len(found),
        mark("The name of one of them is on record and may be read by the reader."),
        mark("The names of {n} of them are on record and may be read by the reader."),
        [seq for _name, seq in found.values()],
    )
    return Part(tell.text(mark("By name")), (first,), tuple(points))
