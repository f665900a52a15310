"""Steps and their items: what people wish to do with them, and what happened."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from domain.facts import Fact, Line, PartId, Private
from domain.messages import Command, TargetId, Targets


class CompleteItems(Command):
    """Complete named items, or all that are open in a step.

    A step that is ready starts with its first item.
    """

    items: Annotated[tuple[TargetId, ...], Field(max_length=200)] = ()
    step: PartId | None = None
    note: Private | None = None
    reference: Line | None = None

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.items and self.step is None:
            message = "name items, or a step"
            raise ValueError(message)
        return self


class ReconfirmItems(Command):
    """Reconfirm items that an earlier round completed: named ones, or a whole step."""

    items: tuple[TargetId, ...] = ()
    step: PartId | None = None
    note: Private | None = None


class WaiveItems(Command):
    """Set items aside, with a reason."""

    items: Targets
    reason: Private


class ReopenItems(Command):
    """Take back the completion of items in a step that is not complete yet."""

    items: Targets
    reason: Private


class StartStep(Command):
    """Start a step that is ready."""

    step: PartId


class CompleteStep(Command):
    """Complete a step; an undescribed step needs a note that says what was done."""

    step: PartId
    note: Private | None = None


class SkipStep(Command):
    """Leave a step out, with a reason."""

    step: PartId
    reason: Private


class ItemsCompleted(Fact):
    """Items were completed in a round of their step. Private: ``note``."""

    items: tuple[TargetId, ...]
    round: int
    note: Private | None
    reference: Line | None


class ItemsReconfirmed(Fact):
    """What an earlier round completed still holds. Private: ``note``."""

    items: tuple[TargetId, ...]
    note: Private | None


class ItemsWaived(Fact):
    """Items were set aside. Private: ``reason``."""

    items: tuple[TargetId, ...]
    reason: Private


class ItemsReopened(Fact):
    """The completion of items was taken back. Private: ``reason``."""

    items: tuple[TargetId, ...]
    reason: Private


class StepStarted(Fact):
    """A step began its round. Nothing private."""

    step: str
    round: int


class StepCompleted(Fact):
    """A step completed its round. Private: ``note``."""

    step: str
    round: int
    note: Private | None


class StepSkipped(Fact):
    """A step was left out. Private: ``reason``."""

    step: str
    round: int
    reason: Private


StepCommand = (
    CompleteItems
    | ReconfirmItems
    | WaiveItems
    | ReopenItems
    | StartStep
    | CompleteStep
    | SkipStep
)
StepEvent = (
    ItemsCompleted
    | ItemsReconfirmed
    | ItemsWaived
    | ItemsReopened
    | StepStarted
    | StepCompleted
    | StepSkipped
)
