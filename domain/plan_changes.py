"""A change of a plan is data: what to add, change, drop or move, and where.

The same forms stand in a command, in the event that it leads to, and in the state of a
dialogue, whose plan is its method with these changes in their order. `CopySteps` and
`RenameParts` are not sent: they follow from opening a track and from going over to
another method.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import Field, JsonValue, model_validator

from domain.facts import Fact, PartId, ShortLine
from domain.messages import TargetId
from domain.method import Item, Phase, Role, Step, Window

MOST_CHANGES: Final = 50
"""How many changes one amendment holds."""

New = Annotated[dict[str, JsonValue], Field(min_length=1, max_length=20)]
"""Members of a part with their new values; null where a member may be left out."""


class _Placed(Fact):
    """Where something comes: after a part, before one, or else at the end."""

    after: PartId | None = None
    before: PartId | None = None

    @model_validator(mode="after")
    def _in_one_place(self) -> Self:
        if self.after is not None and self.before is not None:
            message = "give after or before, not both"
            raise ValueError(message)
        return self


class AddPhase(_Placed):
    """A phase with its steps comes into the plan."""

    change: Literal["add_phase"]
    phase: Phase


class ChangePhase(Fact):
    """A phase changes: its title, or whether it may overlap."""

    change: Literal["change_phase"]
    phase: PartId
    to: New


class AddStep(_Placed):
    """A step comes into the plan; the steps in ``then`` will wait for it.

    Without ``phase`` it comes into that of the step it is placed by. Without ``needs``
    it builds on the step before it.
    """

    change: Literal["add_step"]
    phase: PartId | None = None
    step: Step
    then: Annotated[tuple[PartId, ...], Field(max_length=50)] = ()


class ChangeStep(Fact):
    """A step changes, but for its items and windows."""

    change: Literal["change_step"]
    step: PartId
    to: New


class DropStep(Fact):
    """A step goes; what built on it builds on what it needed itself."""

    change: Literal["drop_step"]
    step: PartId


class MoveStep(_Placed):
    """A step comes in another place.

    Without ``phase`` it comes into that of the step it is placed by, or stays in its
    own. Without ``needs`` it builds on the step that is before it there. Who waited for
    it goes on waiting, for what it needed before as well.
    """

    change: Literal["move_step"]
    step: PartId
    phase: PartId | None = None
    needs: Annotated[tuple[PartId, ...], Field(max_length=50)] | None = None


class AddItem(_Placed):
    """An item comes into a step, which thereby is described."""

    change: Literal["add_item"]
    step: PartId
    item: Item


class ChangeItem(Fact):
    """An item changes."""

    change: Literal["change_item"]
    item: TargetId
    to: New


class DropItem(Fact):
    """An item goes, with what would have undone it."""

    change: Literal["drop_item"]
    item: TargetId


class AddWindow(_Placed):
    """A feedback window comes into a step."""

    change: Literal["add_window"]
    step: PartId
    window: Window


class ChangeWindow(Fact):
    """A feedback window changes, for its next opening."""

    change: Literal["change_window"]
    window: TargetId
    to: New


class DropWindow(Fact):
    """A feedback window goes, with what would have undone it."""

    change: Literal["drop_window"]
    window: TargetId


class AddRole(Fact):
    """A role comes into the plan."""

    change: Literal["add_role"]
    role: Role


class ChangeCompletion(Fact):
    """Other steps must be done before the dialogue can complete."""

    change: Literal["change_completion"]
    steps: Literal["all"] | tuple[PartId, ...]


class CopySteps(Fact):
    """Steps run once more, in a track: each copy is called ``<step>--<track>``.

    What a copy needs, it needs of the copy in its own track, where there is one. The
    steps in ``joins`` wait for the copies of what they build on, or, where they build
    on no chosen step, for the last ones of the track.
    """

    change: Literal["copy_steps"] = "copy_steps"
    track: PartId
    title: ShortLine
    steps: Annotated[tuple[PartId, ...], Field(min_length=1, max_length=50)]
    joins: Annotated[tuple[PartId, ...], Field(max_length=50)] = ()


class RenameParts(Fact):
    """Parts of a method are called what they were called before in this dialogue.

    ``names`` gives the full id that a step, item or window has in the dialogue by the
    one it has in the method; ``roles`` the same of roles.
    """

    change: Literal["rename_parts"] = "rename_parts"
    names: dict[TargetId, TargetId] = {}
    roles: dict[PartId, PartId] = {}


Change = Annotated[
    AddPhase
    | ChangePhase
    | AddStep
    | ChangeStep
    | DropStep
    | MoveStep
    | AddItem
    | ChangeItem
    | DropItem
    | AddWindow
    | ChangeWindow
    | DropWindow
    | AddRole
    | ChangeCompletion,
    Field(discriminator="change"),
]
"""A change that people ask for."""

PlanChange = Annotated[
    AddPhase
    | ChangePhase
    | AddStep
    | ChangeStep
    | DropStep
    | MoveStep
    | AddItem
    | ChangeItem
    | DropItem
    | AddWindow
    | ChangeWindow
    | DropWindow
    | AddRole
    | ChangeCompletion
    | CopySteps
    | RenameParts,
    Field(discriminator="change"),
]
"""A change that a plan can have undergone."""
