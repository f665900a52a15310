"""Interests on the table: what each party wants, where it clashes, where it helps.

The words in which somebody tells what they want lie in the vault. What is public is
that there is an interest, whose, of which kind, and how it bears on others.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.facts import Fact, OpaqueId, Private, ShortLine
from domain.messages import Command

InterestKind = Literal["ambition", "goal", "interest"]
InterestLevel = Literal["personal", "organisational"]
RelationKind = Literal["tension", "synergy"]

Priority = Annotated[int, Field(ge=1, le=5)]
"""1 matters most to whoever holds the interest."""


class RecordInterest(Command):
    """Record what a stakeholder wants; under the same id again, what it is now.

    ``about`` says in public what it is about: ``neighbourhood``, ``property`` (of the
    authority itself), or a few words.
    """

    interest: OpaqueId
    stakeholder: OpaqueId
    text: Private
    kind: InterestKind = "interest"
    level: InterestLevel = "organisational"
    priority: Priority | None = None
    about: ShortLine | None = None


class WithdrawInterest(Command):
    """Take an interest off the table; it stays on record."""

    interest: OpaqueId
    reason: Private | None = None


class RelateInterests(Command):
    """Say that two interests clash, or that they strengthen each other."""

    one: OpaqueId
    other: OpaqueId
    kind: RelationKind
    note: Private | None = None


class UnrelateInterests(Command):
    """Say that two interests do not bear on each other after all."""

    one: OpaqueId
    other: OpaqueId


class InterestRecorded(Fact):
    """A stakeholder wants something. Private: ``text``."""

    interest: OpaqueId
    stakeholder: OpaqueId
    text: Private
    kind: str
    level: str
    priority: int | None
    about: ShortLine | None


class InterestChanged(Fact):
    """What a stakeholder wants is this from now on. Private: ``text``."""

    interest: OpaqueId
    stakeholder: OpaqueId
    text: Private
    kind: str
    level: str
    priority: int | None
    about: ShortLine | None


class InterestWithdrawn(Fact):
    """An interest is off the table. Private: ``reason``.

    ``unrelated`` are the interests that it clashed with or strengthened.
    """

    interest: OpaqueId
    unrelated: tuple[OpaqueId, ...]
    reason: Private | None


class InterestsRelated(Fact):
    """Two interests clash (``tension``) or help each other. Private: ``note``.

    ``one`` comes before ``other`` in the order of their ids.
    """

    one: OpaqueId
    other: OpaqueId
    kind: RelationKind
    note: Private | None


class InterestsUnrelated(Fact):
    """Two interests do not bear on each other after all. Nothing private."""

    one: OpaqueId
    other: OpaqueId


InterestCommand = (
    RecordInterest | WithdrawInterest | RelateInterests | UnrelateInterests
)

InterestEvent = (
    InterestRecorded
    | InterestChanged
    | InterestWithdrawn
    | InterestsRelated
    | InterestsUnrelated
)


def pair(one: str, other: str) -> str:
    """Name a pair of interests, whichever comes first: ids hold no space."""
    return " ".join(sorted((one, other)))


def paired(name: str) -> tuple[str, str]:
    """Give the two interests of a pair, in the order of their ids."""
    one, _, other = name.partition(" ")
    return one, other
