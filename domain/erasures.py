"""Whoever asks to be forgotten gets a decision with a ground, and proof of it after.

The acts around erasure stand in the organisation's own stream, ``org:<organisation>``:
a request, a decision (a refusal too), and that it was carried out; what is held by law
meanwhile; how long a dialogue is kept, and that it was destroyed after that. In a
dialogue itself stands only which fields were erased (`domain.events`), never whose.

Grounds are those of the General Data Protection Regulation (EU 2016/679, in Dutch AVG):
art. 17(1) for erasing, art. 17(3), 11 and 12 for refusing. Terms come from the
organisation's selection list under the Archiefwet 1995 (art. 3 and 5); a certificate of
destruction is that of the Archiefbesluit 1995, art. 8.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from domain.erasure_facts import (
    DossierDestroyed,
    ErasureDecided,
    ErasureExecuted,
    ErasureHeld,
    ErasureRequested,
    HoldLifted,
    HoldPlaced,
    HouseFact,
    RetentionSet,
)
from domain.facts import Actor, PartId

REQUESTING: Final = frozenset(
    {"director", "member", "operator", "privacy_officer", "process_director"}
)
DECIDING: Final = frozenset({"director", "privacy_officer"})
EXECUTING: Final = frozenset({"director", "privacy_officer", "operator"})
HOLDING: Final = frozenset({"director", "privacy_officer", "archivist"})
DESTROYING: Final = frozenset({"director", "archivist"})
"""Roles in an organisation, for each kind of act. Everybody asks for themselves."""

SUSPENDING: Final = frozenset({"director", "process_director"})
"""Who stops all windows of an organisation, and lets them go on."""

BELIEVING: Final = frozenset({"director", "operator"})
"""Who says which desks' keys an organisation trusts, and what it takes unsigned."""

Right = Literal["request", "decide", "execute", "hold", "destroy", "suspend", "believe"]
RIGHTS: Final[Mapping[Right, frozenset[str]]] = MappingProxyType(
    {
        "request": REQUESTING,
        "decide": DECIDING,
        "execute": EXECUTING,
        "hold": HOLDING,
        "destroy": DESTROYING,
        "suspend": SUSPENDING,
        "believe": BELIEVING,
    }
)


class Recorded(NamedTuple):
    """Such an event with its place in the organisation's stream."""

    seq: int
    hash: str
    at: datetime
    actor: Actor
    fact: HouseFact


class Case(NamedTuple):
    """One erasure as the events so far make it."""

    id: str
    requested: Recorded
    decided: Recorded | None = None
    executed: Recorded | None = None
    held_by: tuple[str, ...] = ()

    @property
    def decision(self) -> ErasureDecided | None:
        """What was decided."""
        fact = self.decided.fact if self.decided else None
        return fact if isinstance(fact, ErasureDecided) else None

    @property
    def status(self) -> Literal["requested", "refused", "granted", "executed"]:
        """How far it is."""
        if self.executed is not None:
            return "executed"
        if self.decision is None:
            return "requested"
        return "granted" if self.decision.granted else "refused"


class Hold(NamedTuple):
    """A hold: what it covers, and from when to when."""

    id: str
    seq: int
    at: datetime
    placed: HoldPlaced
    lifted: datetime | None = None


class House(NamedTuple):
    """What an organisation's stream says of erasing, holding and destroying."""

    cases: Mapping[str, Case]
    holds: Mapping[str, Hold]
    terms: Mapping[str | None, Recorded]
    every_term: tuple[Recorded, ...]
    destroyed: Mapping[str, Recorded]

    def standing(self) -> tuple[Hold, ...]:
        """Give the holds that were not lifted."""
        return tuple(hold for hold in self.holds.values() if hold.lifted is None)

    def term(self, dialogue: str) -> Recorded | None:
        """Give the event that says how long a dialogue is kept: its own goes first."""
        return self.terms.get(dialogue) or self.terms.get(None)


def fold_house(events: Iterable[Recorded]) -> House:
    """Fold the events of an organisation's stream, in order. Never fails."""
    cases: dict[str, Case] = {}
    holds: dict[str, Hold] = {}
    terms: dict[str | None, Recorded] = {}
    every_term: list[Recorded] = []
    destroyed: dict[str, Recorded] = {}
    for event in events:
        match event.fact:
            case HoldPlaced() as fact:
                holds.setdefault(fact.hold, Hold(fact.hold, event.seq, event.at, fact))
            case HoldLifted(hold=name) if name in holds:
                holds[name] = holds[name]._replace(lifted=event.at)
            case HoldLifted():
                pass
            case RetentionSet(dialogue=dialogue):
                terms[dialogue] = event
                every_term.append(event)
            case DossierDestroyed(stream=stream):
                destroyed[stream] = event
            case _:
                _follow(cases, event)
    return House(cases, holds, terms, tuple(every_term), destroyed)


def _follow(cases: dict[str, Case], event: Recorded) -> None:
    match event.fact:
        case ErasureRequested(erasure=name):
            cases.setdefault(name, Case(name, event))
        case ErasureDecided(erasure=name) if name in cases:
            cases[name] = cases[name]._replace(decided=event)
        case ErasureHeld(erasure=name, holds=holds) if name in cases:
            cases[name] = cases[name]._replace(held_by=holds)
        case ErasureExecuted(erasure=name) if name in cases:
            cases[name] = cases[name]._replace(executed=event, held_by=())
        case _:
            pass


def may(right: Right, actor: Actor, subject: str | None = None) -> bool:
    """Whether this actor may do this. Everybody may ask for themselves."""
    if right == "request" and subject is not None and actor.id == subject:
        return True
    return actor.role in RIGHTS[right]


def due(archived: datetime, years: int) -> datetime:
    """Give the instant from which a dialogue may be destroyed.

    So many calendar years after it was archived; of a 29 February, on the 28th.
    """
    year = archived.year + years
    last = months.monthrange(year, archived.month)[1]
    return archived.replace(year=year, day=min(archived.day, last))


ROLE: Final[PartId] = "director"
"""The role of who names none."""

ERASED: Final = "personal_data_erased"
"""The event by which a stream says which of its private fields were erased."""

ERASED_BY: Final = "polder:erased:"
"""How the cause of a ``personal_data_erased`` begins that an erasure made."""

MISSING: Final = "polder:missing:"
"""How it begins where the vault never had the text."""


def erasure_of(cause: str) -> str | None:
    """Give the erasure that a ``personal_data_erased`` with this cause came of."""
    if not cause.startswith(ERASED_BY):
        return None
    return cause.removeprefix(ERASED_BY).partition(":")[0]
