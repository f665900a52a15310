"""Agreements as commands and events: who does what, by when, and what came of it.

An agreement outlives its dialogue. What it says is private; who made it, by when, and
what became of it are not.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from domain.facts import Fact, Instant, OpaqueId, PartId, Private, absent
from domain.meeting_held_facts import once
from domain.messages import Command
from domain.terms import Days, Duration, Rule

MOST_TOGETHER: Final = 8_000
"""How many characters the ids of all but the first of those may take, each with three
for JSON, who make one agreement together."""


def _few(others: tuple[str, ...]) -> tuple[str, ...]:
    if sum(len(who) + 3 for who in others) > MOST_TOGETHER:
        message = "these are too many for one agreement; make several"
        raise ValueError(message)
    return others


def _nobody(others: tuple[str, ...]) -> bool:
    return not others


Others = Annotated[tuple[OpaqueId, ...], AfterValidator(once), AfterValidator(_few)]
"""Those who keep an agreement beside the first of them, each their own part of it."""

AgreementOutcome = Literal["kept", "broken", "renegotiated", "lapsed"]
"""What became of an agreement. ``lapsed``: its ground fell away, by nobody's fault."""


class MakeAgreement(Command):
    """Make an agreement: ``who`` does what, by when and how.

    With ``others`` each of them does so, and what became of it is said of each apart.
    Private: ``what`` and ``how``. Without a ``duration`` it has no last day, and nobody
    is reminded. With ``repeats`` it comes back so many calendar days after each last
    day. Holders of the role ``watched_by`` hear when it is overdue, and may settle it.
    """

    agreement: PartId
    what: Private
    who: OpaqueId
    others: Others = Field(default=(), exclude_if=_nobody)
    duration: Duration | None = None
    how: Private | None = None
    watched_by: PartId | None = None
    repeats: Days | None = None
    step: PartId | None = None

    @model_validator(mode="after")
    def _names_everybody_once(self) -> Self:
        once((self.who, *self.others))
        return self


class ExtendAgreement(Command):
    """Give the holder more time, with a reason. Private: ``reason``."""

    agreement: PartId
    duration: Duration
    reason: Private


class SettleAgreement(Command):
    """Say what became of an agreement, and why. Private: ``reason``.

    ``renewed_as`` is the agreement that takes its place after a renegotiation. One that
    repeats comes back after it was kept or broken, unless ``ends``. Of one that several
    made, ``party`` is of whose part it is said, else it is of all that are open; it is
    settled, and comes back, with the last part.
    """

    agreement: PartId
    outcome: AgreementOutcome
    reason: Private
    party: OpaqueId | None = Field(default=None, exclude_if=absent)
    renewed_as: PartId | None = None
    ends: bool = False


class ReconfirmAgreement(Command):
    """Say that an agreement still stands after the dialogue went back.

    Private: ``note``.
    """

    agreement: PartId
    note: Private | None = None


class RemindAgreement(Command):
    """Remind the holder of an agreement. The clock sends it with a ``generation``."""

    agreement: PartId
    generation: int | None = None


class AgreementMade(Fact):
    """An agreement was made. Private: ``what`` and ``how``.

    ``others`` keep it beside ``who``, each their own part.
    ``due`` is the end of its last day, by ``rule``; both null where it has none.
    """

    agreement: str
    what: Private
    who: OpaqueId
    others: tuple[OpaqueId, ...] = Field(default=(), exclude_if=_nobody)
    due: Instant | None
    rule: Rule | None
    reminders: tuple[Instant, ...]
    how: Private | None
    watched_by: str | None
    repeats: int | None
    step: str | None
    round: int | None


class AgreementExtended(Fact):
    """The holder of an agreement got more time. Private: ``reason``."""

    agreement: str
    generation: int
    due: Instant
    was: Instant | None
    rule: Rule
    reminders: tuple[Instant, ...]
    reason: Private


class AgreementReminded(Fact):
    """The holder was reminded; ``overdue`` ones also those who watch. Nothing private.

    ``told`` is everybody who is sent word of it.
    """

    agreement: str
    who: OpaqueId
    due: Instant | None
    overdue: bool
    told: tuple[OpaqueId, ...]


class AgreementSettled(Fact):
    """It was said what became of an agreement. Private: ``reason``.

    ``due`` is when it was due. One that comes back is due again at ``next_due``, by
    ``rule``; else both are null, and it is over. Of one that several made, ``parties``
    are those whose part this was; it is over once all parts are settled.
    """

    agreement: str
    outcome: AgreementOutcome
    parties: tuple[OpaqueId, ...] = Field(default=(), exclude_if=_nobody)
    due: Instant | None
    renewed_as: str | None
    next_due: Instant | None
    rule: Rule | None
    reminders: tuple[Instant, ...]
    reason: Private


class AgreementReconfirmed(Fact):
    """An agreement still stands after the dialogue went back. Private: ``note``."""

    agreement: str
    note: Private | None


AgreementCommand = (
    MakeAgreement
    | ExtendAgreement
    | SettleAgreement
    | ReconfirmAgreement
    | RemindAgreement
)

AgreementEvent = (
    AgreementMade
    | AgreementExtended
    | AgreementReminded
    | AgreementSettled
    | AgreementReconfirmed
)
