"""Going back to a step: the wish, what it voids, and what has to be undone."""

from __future__ import annotations

from pydantic import Field

from domain.facts import Fact, OpaqueId, PartId, Private, absent
from domain.messages import Command, TargetId
from domain.notices import About, Act


class RevisitStep(Command):
    """Return to a step that was completed."""

    step: PartId
    reason: Private


class RetryCompensation(Command):
    """Try a compensation that failed once more."""

    compensation: PartId


class WaiveCompensation(Command):
    """Leave a compensation that failed undone, with a reason."""

    compensation: PartId
    reason: Private


class StepRevisited(Fact):
    """A completed step was returned to. Private: ``reason``.

    ``voids`` are the steps that depend on it and no longer stand, last first.
    """

    step: str
    round: int
    voids: tuple[str, ...]
    reason: Private


class StepVoided(Fact):
    """What was done in a step no longer stands, because ``by`` was revisited."""

    step: str
    round: int
    by: str


class WindowVoided(Fact):
    """A window of a voided or revisited step no longer counts."""

    window: TargetId
    run: int
    was_open: bool


class CompensationPlanned(Fact):
    """Something outward that was done has to be undone. Nothing private.

    ``undoes`` is the item or window, ``undoes_seq`` the event that did it, ``run``
    the window's run. ``recipients`` are all who were told of it then. ``of`` says
    what it is about where that is no part of the plan, such as a meeting.
    """

    compensation: str
    act: Act
    step: str
    undoes: TargetId
    undoes_seq: int
    run: int | None
    recipients: tuple[OpaqueId, ...]
    of: About | None = Field(default=None, exclude_if=absent)


class CompensationStarted(Fact):
    """A compensation is being carried out, for the ``attempt``-th time."""

    compensation: str
    attempt: int


class CompensationCompleted(Fact):
    """A compensation was carried out."""

    compensation: str
    attempt: int
    sent: tuple[OpaqueId, ...]
    undeliverable: tuple[OpaqueId, ...]


class CompensationFailed(Fact):
    """A compensation failed and waits for a person: retry it, or waive it."""

    compensation: str
    attempt: int
    problem: str


class CompensationWaived(Fact):
    """A compensation was left undone. Private: ``reason``."""

    compensation: str
    reason: Private


RevisitCommand = RevisitStep | RetryCompensation | WaiveCompensation
RevisitEvent = (
    StepRevisited
    | StepVoided
    | WindowVoided
    | CompensationPlanned
    | CompensationStarted
    | CompensationCompleted
    | CompensationFailed
    | CompensationWaived
)
