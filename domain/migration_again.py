"""What people changed is done again on another method, and what does not fit is left.

All of it is tried at once, since nearly always all of it fits; where it does not, each
half apart, down to the one change, and the one member of it, that can't be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pydantic import ValidationError

from domain.method import Method
from domain.method_check import first_problem
from domain.migration_about import found, part_of
from domain.migration_carry import Earlier
from domain.migration_parts import Along
from domain.plan_applying import amended
from domain.plan_changes import (
    AddItem,
    AddRole,
    AddWindow,
    ChangeItem,
    ChangeStep,
    ChangeWindow,
    DropItem,
    DropWindow,
    PlanChange,
)
from domain.plan_traces import lost
from domain.state import Dialogue


class Made(NamedTuple):
    """A plan, and the changes that made it."""

    plan: Method
    changes: tuple[PlanChange, ...]


class Again:
    """Earlier changes of a dialogue, to be made on another plan."""

    def __init__(self, state: Dialogue, earlier: Earlier, along: Along) -> None:
        """Make the changes of ``state`` again."""
        self._state = state
        self._earlier = earlier
        self._along = along

    def made(self, plan: Method, changes: Iterable[PlanChange]) -> Made:
        """Make those changes that a plan can bear; of each part the last of a kind."""
        last: dict[tuple[str, str], PlanChange] = {}
        for change in changes:
            key = (change.change, part_of(change))
            before = last.pop(key, None)
            last[key] = _both(before, change)
        return self._tried(plan, (*last.values(),))

    def _tried(self, plan: Method, changes: Sequence[PlanChange]) -> Made:
        whole = self._at_once(plan, changes)
        if whole is not None:
            return whole
        first, rest = _halves(changes)
        if not first or not rest:
            return Made(plan, ())
        one = self._tried(plan, first)
        two = self._tried(one.plan, rest)
        return Made(two.plan, (*one.changes, *two.changes))

    def _at_once(self, plan: Method, changes: Sequence[PlanChange]) -> Made | None:
        """Make all changes; None where the plan that comes of them does not fit."""
        after, made = plan, list[PlanChange]()
        for change in changes:
            told = self._earlier.again(change, after)
            if told is None:
                continue
            try:
                changed = amended(after, [told])
            except (ValidationError, LookupError):
                return None
            if changed != after:
                needed = self._along.roles(changed)
                roles = [AddRole(change="add_role", role=role) for role in needed]
                made += (*roles, told)
                after = amended(changed, roles)
        fits = not made or self._fits(plan, after)
        return Made(after, tuple(made)) if fits else None

    def _fits(self, before: Method, after: Method) -> bool:
        if not after.phases or first_problem(after) is not None:
            return False
        return {*lost(self._state, after)} <= {*lost(self._state, before)}


def _both(before: PlanChange | None, change: PlanChange) -> PlanChange:
    """Give a change with the members of one before it as well; values are read anew."""
    if before is None or not hasattr(change, "to"):
        return change
    return change.model_copy(update={"to": {**before.to, **change.to}})  # type: ignore[union-attr]


def _halves(
    changes: Sequence[PlanChange],
) -> tuple[Sequence[PlanChange], Sequence[PlanChange]]:
    """Give two halves of changes, or of the members of one."""
    if len(changes) != 1:
        middle = len(changes) // 2
        return changes[:middle], changes[middle:]
    (change,) = changes
    if not isinstance(change, ChangeStep | ChangeItem | ChangeWindow):
        return changes, ()
    members = [*change.to]
    middle = len(members) // 2
    one, two = members[:middle], members[middle:]
    if not one:
        return changes, ()
    return (
        [change.model_copy(update={"to": {m: change.to[m] for m in one}})],
        [change.model_copy(update={"to": {m: change.to[m] for m in two}})],
    )


class Copied:
    """What a copy of a step has of its own, apart from the step it was copied from."""

    def __init__(self, state: Dialogue, along: Along, own: frozenset[str]) -> None:
        """Read it from the plan of ``state``; people added ``own``."""
        self._plan = state.plan
        self._along = along
        self._own = own

    def parts(self, plan: Method, step: str, copy: str) -> Iterator[PlanChange]:
        """Give changes of a copy in ``plan``: what only it has, and what it has not."""
        for item in self._plan.steps[copy].items:
            name = f"{copy}.{item.id}"
            if name not in plan.items and f"{step}.{item.id}" not in self._plan.items:
                whole = self._along.whole_item(name)
                yield AddItem(change="add_item", step=copy, item=whole)
        for window in self._plan.steps[copy].windows:
            name = f"{copy}.{window.id}"
            there = name in plan.windows or f"{step}.{window.id}" in self._plan.windows
            if not there:
                told = self._along.own_window(name)
                yield AddWindow(change="add_window", step=copy, window=told)
        for part in sorted(self._own):
            name = f"{copy}.{part.removeprefix(f'{step}.')}"
            if not part.startswith(f"{step}."):
                continue
            if name in plan.items and name not in self._plan.items:
                yield DropItem(change="drop_item", item=name)
            if name in plan.windows and name not in self._plan.windows:
                yield DropWindow(change="drop_window", window=name)


def taken_up(change: PlanChange, was: Method, plan: Method) -> PlanChange | None:
    """Give a change with the members that ``plan`` has already as they are now.

    Of a change that came after copies were made these would get into the copies.
    """
    if not isinstance(change, ChangeStep | ChangeItem | ChangeWindow):
        return None
    name = part_of(change)
    one, other = found(was, name, change), found(plan, name, change)
    if one is None or other is None:
        return None
    held, told = one.model_dump(mode="json"), other.model_dump(mode="json")
    members = {m: value for m, value in change.to.items() if held[m] == told[m]}
    return change.model_copy(update={"to": members}) if members else None


def of_copy(change: PlanChange, step: str, copy: str) -> PlanChange | None:
    """Give a change of a step, or of a part in it, as one of a copy of that step."""
    match change:
        case ChangeStep(step=name) if name == step:
            return change.model_copy(update={"step": copy})
        case ChangeItem(item=name) if name.startswith(f"{step}."):
            return change.model_copy(update={"item": copy + name.removeprefix(step)})
        case ChangeWindow(window=name) if name.startswith(f"{step}."):
            return change.model_copy(update={"window": copy + name.removeprefix(step)})
        case _:
            return None
