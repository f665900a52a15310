"""What an organisation's stream says about mandates: given, passed on, withdrawn.

The rules by which an act is judged are in `domain.mandates`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from domain.facts import (
    Fact,
    Instant,
    Line,
    Mandate,
    OpaqueId,
    PartId,
    Private,
    ShortLine,
)

EVERYTHING: Final = "*"
"""In a scope: every kind of command, or every dialogue of the organisation."""


_Kind = Annotated[str, StringConstraints(pattern=r"^(\*|[a-z][a-z0-9_]{0,62})$")]


_Slug = Annotated[str, StringConstraints(pattern=r"^(\*|[a-z0-9][a-z0-9-]{1,62})$")]


Form = Literal["mandate", "power_of_attorney", "authorisation"]
"""Mandaat, volmacht, machtiging (Awb art. 10:1 and 10:12): decisions, acts under
private law, and all other acts."""


class Scope(Fact):
    """What a mandate is for: kinds of command, dialogues, steps, a period, a number.

    ``steps`` empty: all of them. Valid in [``valid_from``, ``valid_until``); without
    the first from when it is on record, without the second until it is revoked.
    ``at_most`` is how many commands may be given under it, sub-mandates included.
    """

    commands: Annotated[tuple[_Kind, ...], Field(min_length=1, max_length=100)]
    dialogues: Annotated[tuple[_Slug, ...], Field(min_length=1, max_length=200)]
    steps: Annotated[tuple[PartId, ...], Field(max_length=200)] = ()
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    at_most: Annotated[int, Field(ge=1, le=1_000_000)] | None = None

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        begin, end = self.valid_from, self.valid_until
        if begin is not None and end is not None and begin >= end:
            message = "a mandate ends after it begins"
            raise ValueError(message)
        return self

    def holds(self, other: Scope) -> bool:
        """Whether everything that ``other`` is for, this scope is for as well.

        Where this one has a period, ``other`` says its own, since what it leaves out
        is decided by when it was recorded.
        """
        return (
            _within(other.commands, self.commands)
            and _within(other.dialogues, self.dialogues)
            and (not self.steps or _within(other.steps or (EVERYTHING,), self.steps))
            and _not_before(other.valid_from, self.valid_from)
            and _not_after(other.valid_until, self.valid_until)
            and _no_more(other.at_most, self.at_most)
        )


class MandateGranted(Fact):
    """An authority gave somebody a mandate (Awb art. 10:3). Private: ``reason``.

    ``on_behalf_of`` is the authority in whose name the grantee acts, which a decision
    has to state (art. 10:10): a body, no person. ``reference`` points at the written
    mandate that a general one needs (art. 10:5).
    """

    form: Form
    on_behalf_of: ShortLine
    grantee: OpaqueId
    scope: Scope
    delegable: bool
    reference: Line | None
    reason: Private | None


class MandateDelegated(Fact):
    """A grantee passed a mandate on, as a sub-mandate (art. 10:9). Private: ``reason``.

    The actor of the event is the delegator; ``mandate`` is what it comes from.
    """

    mandate: Mandate
    grantee: OpaqueId
    scope: Scope
    delegable: bool
    reference: Line | None
    reason: Private | None


class MandateRevoked(Fact):
    """A mandate was withdrawn, with all that came of it (art. 10:8).

    Private: ``reason``. It ends at ``ends``, or, without it or where that had passed,
    when this was recorded. Whoever records it is on record: the authority can always
    withdraw it, and Polder does not know who speaks for the authority.
    """

    mandate: Mandate
    ends: Instant | None
    reason: Private | None


AnyMandateEvent = MandateGranted | MandateDelegated | MandateRevoked


def _within(inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    return EVERYTHING in outer or {*inner} <= {*outer}


def _not_before(inner: datetime | None, outer: datetime | None) -> bool:
    return outer is None or (inner is not None and inner >= outer)


def _not_after(inner: datetime | None, outer: datetime | None) -> bool:
    return outer is None or (inner is not None and inner <= outer)


def _no_more(inner: int | None, outer: int | None) -> bool:
    return outer is None or (inner is not None and inner <= outer)
