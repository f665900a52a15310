"""A plan that changes: what people ask for, what happened, and what the state keeps.

The state keeps the changes themselves: a dialogue's plan is its method, which is kept
by its hash, with these changes in their order.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.facts import Fact, Hash, Instant, PartId, Private, ShortLine
from domain.messages import Command, TargetId
from domain.method import Method, Text
from domain.plan_changes import MOST_CHANGES, Change, PlanChange
from domain.references import MethodRef

Changes = Annotated[tuple[Change, ...], Field(min_length=1, max_length=MOST_CHANGES)]
PartMapping = Annotated[dict[TargetId, TargetId | None], Field(max_length=500)]


def _unsaid(value: object) -> bool:
    return not value


class AmendPlan(Command):
    """Change the plan: steps, items, windows. Private: ``reason``.

    What was done stays as it is; to change that, its step is returned to first.
    """

    changes: Changes
    reason: Private


class CompiledMethod(Fact):
    """A compiled method and its hash, which is checked before anything is decided."""

    method: Method
    method_hash: Hash


class MigrateMethod(Command):
    """Go over to another method, or another version of it. Private: ``reason``.

    ``mapping`` gives, by the full id of a step, item or window of the present plan,
    what it becomes in the new method, or null where it stays behind. What is not named
    becomes what has the same id. ``roles`` does the same for roles. ``amendments`` says
    whether earlier changes of the plan lapse or are made again where their part is
    there. ``compiled`` is put in by the desk.
    """

    method: PartId
    method_hash: Hash | None = None
    mapping: PartMapping = {}
    roles: Annotated[dict[PartId, PartId], Field(max_length=50)] = {}
    amendments: Literal["lapse", "carry"] = "lapse"
    reason: Private
    compiled: CompiledMethod | None = None


class OpenTrack(Command):
    """Run chosen steps of the plan once more, side by side. Private: ``reason``.

    The steps in ``joins`` wait for the track; by default those outside it that build
    on a chosen step and are not done. With ``instead`` the chosen steps themselves are
    left out, as far as they have not begun: they run in tracks only.
    """

    track: PartId
    title: ShortLine
    steps: Annotated[tuple[PartId, ...], Field(min_length=1, max_length=50)]
    joins: Annotated[tuple[PartId, ...], Field(max_length=50)] | None = None
    instead: bool = False
    reason: Private | None = None


class CloseTrack(Command):
    """Close a track: complete, or stopped with a reason. Private: ``reason``."""

    track: PartId
    reason: Private | None = None


class PlanAmended(Fact):
    """The plan was changed. Private: ``reason``.

    ``parts`` gives the titles, as they were, of what is changed, moved or dropped.
    """

    changes: Changes
    parts: dict[TargetId, Text]
    reason: Private


class LapsedChange(Fact):
    """An earlier change of a part that no longer holds; ``members`` of it, if named."""

    change: str
    part: TargetId | None = None
    members: tuple[str, ...] = Field(default=(), exclude_if=_unsaid)


class MethodMigrated(Fact):
    """The dialogue went over to another method or version. Private: ``reason``.

    ``mapping`` gives what became of each part that had been worked on, null where it
    stayed behind. ``changes`` make of the new method the plan of this dialogue: parts
    that keep the name they had, what goes along of what was done before, and earlier
    changes that were made again. ``lapsed`` are those that no longer hold.
    """

    method: MethodRef
    was: MethodRef
    mapping: dict[TargetId, TargetId | None]
    changes: tuple[PlanChange, ...]
    lapsed: tuple[LapsedChange, ...] = Field(default=(), exclude_if=_unsaid)
    reason: Private
    plan: Method | None = Field(default=None, exclude=True, repr=False)


class TrackOpened(Fact):
    """Chosen steps run once more, as copies in a track. Private: ``reason``.

    ``copies`` are the copies of ``steps``, in the same order.
    """

    track: str
    title: ShortLine
    steps: tuple[str, ...]
    copies: tuple[str, ...]
    joins: tuple[str, ...]
    reason: Private | None


class TrackClosed(Fact):
    """A track closed: its steps were done, or it stopped. Private: ``reason``."""

    track: str
    outcome: Literal["complete", "stopped"]
    reason: Private | None


PlanCommand = AmendPlan | MigrateMethod | OpenTrack | CloseTrack
PlanEvent = PlanAmended | MethodMigrated | TrackOpened | TrackClosed


class Amendment(Fact):
    """Changes of the plan, and the event that made them."""

    seq: int
    changes: tuple[PlanChange, ...]


class Track(Fact):
    """Copies of steps that run together; ``steps`` are the copies."""

    title: str
    steps: tuple[str, ...]
    status: Literal["open", "complete", "stopped"] = "open"
    opened: Instant
    closed: Instant | None = None
    seq: int
