"""The register of stakeholders: who is affected, who has a say, and who was reached.

Commands and events about people, with what the state holds of them. Who they are by
name lies in the vault; what is public is an id, a kind and two weights.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, NamedTuple, Self

from pydantic import AfterValidator, Field, PlainSerializer, model_validator

from domain.declining_facts import DeclineParticipation, ParticipationDeclined
from domain.facts import Fact, OpaqueId, PartId, Private, ShortLine
from domain.messages import Command, TargetId

Weight = Annotated[int, Field(ge=0, le=3)]
"""0 none, 1 little, 2 much, 3 very much."""

Levels = dict[PartId, PartId | None]
"""How far somebody is engaged, by phase; null takes a level back."""

_MOST_IN_LEVELS: Final = 16_000
"""How many characters the levels of one command may take: its event stays small."""


def _small(levels: dict[str, Levels]) -> dict[str, Levels]:
    if sum(len(who) + _size(of) for who, of in levels.items()) > _MOST_IN_LEVELS:
        message = "too many levels at once; plan them in several commands"
        raise ValueError(message)
    return levels


def _size(levels: Levels) -> int:
    return sum(len(phase) + len(level or "") + 8 for phase, level in levels.items())


class Stakeholder(NamedTuple):
    """What decisions need of a stakeholder: two weights, and what is still owed them.

    ``impact`` is how much the matter touches them, ``influence`` how much say they
    have in it; null where nobody weighed it. ``unbriefed``: they joined late and have
    not been told yet what was agreed before them.
    """

    impact: int | None = None
    influence: int | None = None
    reached: bool = False
    unbriefed: bool = False


def _said(known: Stakeholder) -> dict[str, int | bool]:
    """Leave out what says nothing; an impact of 0 says something."""
    pairs = known._asdict().items()
    return {name: v for name, v in pairs if v is not None and v is not False}


StakeholderField = Annotated[Stakeholder, PlainSerializer(_said)]
"""A stakeholder as the state keeps one in JSON: named members, and few."""


class RegisterStakeholder(Command):
    """Put a stakeholder on the register, or one that left on it again."""

    stakeholder: OpaqueId
    kind: PartId | None = None
    name: Private | None = None
    organisation: Private | None = None
    address: Private | None = None
    constituency: Private | None = None
    mandate: Private | None = None
    impact: Weight | None = None
    influence: Weight | None = None
    reached: bool = False


class ChangeStakeholder(Command):
    """Change what the register says of a stakeholder; what is not named stays."""

    stakeholder: OpaqueId
    kind: PartId | None = None
    name: Private | None = None
    organisation: Private | None = None
    address: Private | None = None
    constituency: Private | None = None
    mandate: Private | None = None
    impact: Weight | None = None
    influence: Weight | None = None
    reached: bool | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if all(value is None for name, value in self if name != "stakeholder"):
            message = "name what changes"
            raise ValueError(message)
        return self


class ReleaseStakeholder(Command):
    """Let a stakeholder leave the dialogue; what they brought stays on record."""

    stakeholder: OpaqueId
    reason: Private


class PlanEngagement(Command):
    """Plan how far stakeholders, or whole kinds of them, are engaged in each phase.

    ``levels`` is by stakeholder or kind. A phase is one of the method, or one of the
    project's own, which ``phases`` names with its title.
    """

    levels: Annotated[
        dict[OpaqueId, Annotated[Levels, Field(min_length=1)]],
        AfterValidator(_small),
    ] = {}
    phases: Annotated[dict[PartId, ShortLine], Field(max_length=12)] = {}

    @model_validator(mode="after")
    def _plans_something(self) -> Self:
        if not self.levels and not self.phases:
            message = "name levels, or phases of the project"
            raise ValueError(message)
        return self


class BriefLatecomer(Command):
    """Note that somebody who joined late was told what was agreed before them."""

    stakeholder: OpaqueId
    note: Private | None = None


class WaiveBriefing(Command):
    """Leave somebody who joined late without a briefing, with a reason."""

    stakeholder: OpaqueId
    reason: Private


class HandOverRole(Command):
    """Let a role pass from one holder to another, with what the next must know."""

    role: PartId
    actor: OpaqueId
    successor: OpaqueId
    note: Private
    name: Private | None = None
    address: Private | None = None


class StakeholderRegistered(Fact):
    """Somebody is on the register of stakeholders.

    Private: ``name``, ``organisation``, ``address``, ``constituency``, ``mandate``.
    ``late``: agreements had been made before them, so they are owed a briefing.
    """

    stakeholder: OpaqueId
    kind: str | None
    name: Private | None
    organisation: Private | None
    address: Private | None
    constituency: Private | None
    mandate: Private | None
    impact: int | None
    influence: int | None
    reached: bool
    late: bool


class StakeholderChanged(Fact):
    """The register says something else of a stakeholder; what is null stayed.

    Private: ``name``, ``organisation``, ``address``, ``constituency``, ``mandate``.
    """

    stakeholder: OpaqueId
    kind: str | None
    name: Private | None
    organisation: Private | None
    address: Private | None
    constituency: Private | None
    mandate: Private | None
    impact: int | None
    influence: int | None
    reached: bool | None


class StakeholderReleased(Fact):
    """A stakeholder left the dialogue. Private: ``reason``."""

    stakeholder: OpaqueId
    reason: Private


class EngagementPlanned(Fact):
    """It was planned how far people are engaged: by phase, a level or null.

    ``stakeholders`` holds levels of single ones, ``kinds`` of all of a kind,
    ``phases`` the titles of phases of the project that the method does not have.
    """

    stakeholders: dict[OpaqueId, dict[str, str | None]]
    kinds: dict[str, dict[str, str | None]]
    phases: dict[str, ShortLine]


class LatecomerBriefed(Fact):
    """Somebody who joined late was told what was agreed. Private: ``note``."""

    stakeholder: OpaqueId
    note: Private | None


class BriefingWaived(Fact):
    """Somebody who joined late was left without a briefing. Private: ``reason``."""

    stakeholder: OpaqueId
    reason: Private


class RoleHandedOver(Fact):
    """A role passed from ``actor`` to ``successor``.

    Private: ``note``, and of the successor ``name`` and ``address``. ``invited_to``
    are the open windows that the successor is now sent word of, ``meetings`` the
    meetings still to come.
    """

    role: str
    actor: OpaqueId
    successor: OpaqueId
    invited_to: tuple[TargetId, ...]
    note: Private
    name: Private | None
    address: Private | None
    meetings: tuple[PartId, ...] = ()


PeopleCommand = (
    RegisterStakeholder
    | ChangeStakeholder
    | ReleaseStakeholder
    | PlanEngagement
    | BriefLatecomer
    | WaiveBriefing
    | HandOverRole
    | DeclineParticipation
)

PeopleEvent = (
    StakeholderRegistered
    | StakeholderChanged
    | StakeholderReleased
    | EngagementPlanned
    | LatecomerBriefed
    | BriefingWaived
    | RoleHandedOver
    | ParticipationDeclined
)

Standing = Literal["affected_but_weak", "not_weighed", "affected", "other"]
"""Where somebody stands; those who are affected and weak come first."""

STANDINGS: Final[tuple[Standing, ...]] = (
    "affected_but_weak",
    "not_weighed",
    "affected",
    "other",
)

_PLACES: Final = {name: place for place, name in enumerate(STANDINGS)}

MUCH: Final = 2
"""From this weight on somebody is affected, or has influence."""


def standing(impact: int | None, influence: int | None) -> Standing:
    """Say where somebody stands, by their two weights.

    Whose impact nobody weighed may well be affected, so they come before those who
    can speak up for themselves; influence that nobody weighed counts as weak.
    """
    if impact is None:
        return "not_weighed"
    if impact < MUCH:
        return "other"
    return "affected" if (influence or 0) >= MUCH else "affected_but_weak"


def by_need(who: tuple[str, Stakeholder]) -> tuple[int, int, int, str]:
    """Order stakeholders: affected but weak first, the most affected of them first."""
    name, known = who
    impact, influence = known.impact, known.influence
    return _PLACES[standing(impact, influence)], -(impact or 0), influence or 0, name
