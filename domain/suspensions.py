"""An organisation can suspend the windows of all its dialogues, and lets them go on.

Flanders did so on 24 March 2020: every public inquiry that ran stood still, none began,
what came in meanwhile counted, and afterwards each ran for the days it had left, from a
day that was not the same everywhere. The acts stand in the organisation's own stream;
in each dialogue stands that it was suspended and since when (`domain.suspending`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Final, NamedTuple, TypeAlias, get_args

from pydantic import Field

from domain.erasure_facts import CaseId
from domain.facts import Actor, Fact, Line, Private, Slug
from domain.messages import kind_of


class OrganisationSuspended(Fact):
    """All windows of an organisation stopped, and none opens. Private: ``reason``.

    ``authority`` refers to the decision, such as a decree, where there is one.
    """

    suspension: CaseId
    authority: Line | None
    reason: Private


class OrganisationResumed(Fact):
    """The windows go on: of these dialogues, or of all. Private: ``reason``."""

    suspension: CaseId
    dialogues: Annotated[tuple[Slug, ...], Field(max_length=200)]
    reason: Private | None


SuspensionFact: TypeAlias = OrganisationSuspended | OrganisationResumed
SUSPENSION_EVENTS: Final[Mapping[str, type[SuspensionFact]]] = MappingProxyType(
    {kind_of(fact): fact for fact in get_args(SuspensionFact)}
)
"""Every event of an organisation about its suspensions, by its type."""


class Noted(NamedTuple):
    """Such an event with its place in the organisation's stream."""

    seq: int
    at: datetime
    actor: Actor
    fact: SuspensionFact


class Suspension(NamedTuple):
    """A suspension as the events so far make it; ``released`` went on before the rest.

    ``lifted`` is when it ended for all; nothing while it stands. ``changed`` is when
    the last was let go, or when it began.
    """

    id: str
    seq: int
    at: datetime
    by: Actor
    authority: str | None
    lifted: datetime | None = None
    released: frozenset[str] = frozenset()
    changed: datetime | None = None

    def holds(self, dialogue: str) -> bool:
        """Whether it stands for a dialogue, by the dialogue's own name."""
        return self.lifted is None and dialogue not in self.released


def fold_suspensions(events: Iterable[Noted]) -> dict[str, Suspension]:
    """Fold the events of an organisation's stream, in order. Never fails."""
    known: dict[str, Suspension] = {}
    for event in events:
        match event.fact:
            case OrganisationSuspended(suspension=name, authority=authority):
                new = Suspension(name, event.seq, event.at, event.actor, authority)
                known.setdefault(name, new)
            case OrganisationResumed(suspension=name, dialogues=some) if name in known:
                known[name] = _resumed(known[name], event.at, some)
            case OrganisationResumed():
                pass
    return known


def _resumed(held: Suspension, at: datetime, some: tuple[str, ...]) -> Suspension:
    if some:
        return held._replace(released=held.released | {*some}, changed=at)
    return held._replace(lifted=held.lifted or at, changed=held.lifted or at)
