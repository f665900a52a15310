"""Who is on the register, folded from the record: with every event that says so."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from desk.motivation.record import Known, Record
from desk.motivation.teller import Teller
from domain.events import DialogueStarted, RoleAssigned
from domain.people_register_facts import (
    RoleHandedOver,
    Stakeholder,
    StakeholderChanged,
    StakeholderRegistered,
    StakeholderReleased,
    Standing,
    by_need,
    standing,
)

_NAMES: Final = ("name", "organisation")


@dataclass(frozen=True)
class Person:
    """Somebody on the register; ``left`` is when they left, ``seqs`` what says it."""

    id: str
    kind: str | None = None
    impact: int | None = None
    influence: int | None = None
    reached: bool = False
    late: bool = False
    left: datetime | None = None
    seqs: tuple[int, ...] = ()
    words: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def standing(self) -> Standing:
        """Where they stand: affected but weak, and so on."""
        return standing(self.impact, self.influence)

    @property
    def order(self) -> tuple[Any, ...]:
        """Affected but weak first."""
        return by_need((self.id, Stakeholder(self.impact, self.influence)))


def register(record: Record) -> list[Person]:
    """Give everybody who was ever on the register, affected but weak first."""
    found: dict[str, Person] = {}
    for event in record.all(
        StakeholderRegistered, StakeholderChanged, StakeholderReleased
    ):
        who = event.fact.stakeholder
        before = found.get(who, Person(who))
        found[who] = replace(_after(before, event), seqs=(*before.seqs, event.seq))
    return sorted(found.values(), key=lambda person: person.order)


def _after(before: Person, event: Known[Any]) -> Person:
    fact = event.fact
    if isinstance(fact, StakeholderReleased):
        return replace(before, left=event.at)
    said = {
        name: value
        for name in ("kind", "impact", "influence", "reached")
        if (value := getattr(fact, name)) is not None
    }
    if isinstance(fact, StakeholderRegistered):
        said |= {"late": fact.late, "left": None}
    return replace(before, **said)


def groups_of(tell: Teller) -> dict[str, str]:
    """Give the group that people belong to: their kind, else the role they had."""
    record = tell.record
    found: dict[str, str] = {}
    start = record.all(DialogueStarted)[0]
    for role, who in start.fact.roles.items():
        found |= dict.fromkeys(who, tell.titles.role(role))
    for event in record.all(RoleAssigned, RoleHandedOver):
        found[_whom(event.fact)] = tell.titles.role(event.fact.role)
    for person in register(record):
        kind = tell.kind(person.kind)
        if kind:
            found[person.id] = kind
    return found


def names(record: Record) -> dict[str, tuple[str, int]]:
    """Give people's names where they were opened, with the event that has the name.

    A name that was erased is not there, and neither is one that nobody asked for.
    """
    found: dict[str, tuple[str, int]] = {}
    for event in record.all(
        RoleAssigned, RoleHandedOver, StakeholderRegistered, StakeholderChanged
    ):
        told = [
            words.text
            for name in _NAMES
            if hasattr(event.fact, name)
            and (words := record.words(event, name)).standing == "given"
        ]
        if told:
            found[_whom(event.fact)] = ", ".join(told), event.seq
    return found


def _whom(fact: Any) -> str:  # noqa: ANN401  (one of the four above)
    match fact:
        case RoleAssigned():
            return fact.actor
        case RoleHandedOver():
            return fact.successor
        case _:
            return str(fact.stakeholder)
