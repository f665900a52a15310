"""Another method becomes the plan of a dialogue that runs: by changes of that method.

First its parts take the names that they have in the dialogue. Then what people added
themselves goes along, what they changed is changed again if that was asked, tracks are
copied anew, and what was done and has no counterpart is put beside it, so that every
trace keeps its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from domain.method import Method, Phase, Step
from domain.method_check import first_problem
from domain.migration_about import changes_before
from domain.migration_again import Again, Copied, of_copy, taken_up
from domain.migration_carry import Earlier, Lapse, lapses
from domain.migration_names import Names
from domain.migration_parts import Along
from domain.plan_applying import amended
from domain.plan_changes import (
    AddItem,
    AddRole,
    AddStep,
    AddWindow,
    ChangeItem,
    CopySteps,
    PlanChange,
)
from domain.plan_copies import copy_of
from domain.plan_traces import originals, traces
from domain.rounds import step_of
from domain.state import Dialogue
from domain.tracks import in_order


class Migration(NamedTuple):
    """What makes the new method the plan, and the plan that comes of it.

    ``behind`` are steps, items and windows that stay behind; ``along`` those that
    people added and that go along. ``carried`` are the earlier changes that were made
    again, ``lapsed`` those that do not hold.
    """

    changes: tuple[PlanChange, ...]
    plan: Method
    behind: tuple[str, ...]
    along: tuple[str, ...]
    carried: tuple[PlanChange, ...]
    lapsed: tuple[Lapse, ...]


def migration(
    state: Dialogue,
    names: Names,
    new: Method,
    mapping: Mapping[str, str | None],
    *,
    carry: bool,
) -> Migration:
    """Work out the plan that it becomes; with ``carry`` changes are made again."""
    earlier = Earlier(state, names, new, mapping)
    return _Migrating(state, names, new, earlier).done(carry=carry)


class _Migrating:
    """The plan so far, and the changes that led to it."""

    def __init__(
        self, state: Dialogue, names: Names, new: Method, earlier: Earlier
    ) -> None:
        self._state = state
        self._earlier = earlier
        self._names = names
        self._traced = frozenset(traces(state))
        self._along = Along(state, new, self._traced)
        self._redoing = Again(state, earlier, self._along)
        self._changes: list[PlanChange] = []
        self._behind: list[str] = []
        self._own: list[str] = []
        self._carried: list[PlanChange] = []
        self._plan = new
        if names.rename.names or names.rename.roles:
            self._change(names.rename)

    def done(self, *, carry: bool) -> Migration:
        self._take_steps()
        self._take_parts()
        if carry:
            self._change_again()
        self._copy_tracks()
        self._leave_steps()
        self._leave_parts()
        self._take_roles()
        return Migration(
            changes=tuple(self._changes),
            plan=self._plan,
            behind=tuple(self._behind),
            along=tuple(self._own),
            carried=tuple(self._carried),
            lapsed=lapses(self._state, self._earlier, self._plan, self._behind),
        )

    def _change_again(self) -> None:
        """Make earlier changes again, in their order, with tracks between them."""
        self._take_roles()
        if first_problem(self._plan) is not None:
            return
        told = tuple(changes_before(self._state))
        since = 0
        for number, change in enumerate(told):
            if isinstance(change, CopySteps) and change.track in self._state.tracks:
                self._again(told[since:number])
                since = number
                self._copy_track(change.track)
                self._as_copied(change.track, told[:number], told[number:])
        self._again(told[since:])

    def _again(self, changes: Sequence[PlanChange]) -> None:
        made = self._redoing.made(self._plan, changes)
        self._plan = made.plan
        self._changes += made.changes
        self._carried += made.changes

    def _as_copied(
        self, track: str, before: Sequence[PlanChange], later: Sequence[PlanChange]
    ) -> None:
        """Give the copies in a track what they have now, of their own and of before."""
        was = self._state.plan
        copied = Copied(self._state, self._along, self._names.own)
        early = [taken_up(each, was, self._plan) for each in later]
        for copy in self._state.tracks[track].steps:
            step = copy.removesuffix(copy_of("", track))
            if copy not in self._plan.steps or copy not in was.steps:
                continue
            for change in copied.parts(self._plan, step, copy):
                self._change(change)
                self._carried.append(change)
            told = (of_copy(e, step, copy) for e in (*before, *early) if e is not None)
            self._again([change for change in told if change is not None])

    def _change(self, change: PlanChange) -> None:
        self._plan = amended(self._plan, [change])
        self._changes.append(change)

    def _has(self, part: str) -> bool:
        plan = self._plan
        return any(part in known for known in (plan.steps, plan.items, plan.windows))

    def _take_steps(self) -> None:
        """Take along the steps that people added, where they stood."""
        for name in self._order():
            if name in self._names.own and name not in self._plan.steps:
                self._own.append(name)
                needs = self._needs(self._state.plan.steps[name].needs or ())
                step = self._along.whole_step(name, needs)
                self._put(step, self._waiting_for(name))

    def _order(self) -> Iterator[str]:
        """Give the steps of the present plan, but for copies."""
        copies = originals(self._state)
        return (name for name in self._state.plan.steps if name not in copies)

    def _needs(self, needs: Sequence[str]) -> tuple[str, ...]:
        """Give needs as far as they are there, else what those needed in turn."""
        found: dict[str, None] = {}
        ahead, seen = [*needs], set[str]()
        while ahead:
            need = ahead.pop(0)
            if need in seen:
                continue
            seen.add(need)
            if need in self._plan.steps:
                found[need] = None
            elif need in self._state.plan.steps:
                ahead[:0] = self._state.plan.steps[need].needs or ()
        return tuple(found)

    def _waiting_for(self, name: str) -> tuple[str, ...]:
        """Give the steps that waited for one that people added."""
        return tuple(
            step
            for step in self._order()
            if name in (self._state.plan.steps[step].needs or ())
            and step in self._plan.steps
        )

    def _put(self, step: Step, then: tuple[str, ...] = ()) -> None:
        """Put a step where it stood: after the last one before it that is there."""
        before: str | None = None
        for name in self._state.plan.steps:
            if name == step.id:
                break
            before = name if name in self._plan.steps else before
        first: Phase = self._plan.phases[0]
        self._change(
            AddStep(
                change="add_step",
                step=step,
                then=then,
                after=before,
                before=None if before else first.steps[0].id,
            )
        )

    def _take_parts(self) -> None:
        """Take along the items and windows that people added to steps of the method."""
        copies = originals(self._state)
        for step in self._state.plan.all_steps():
            if step.id in copies or step.id not in self._plan.steps:
                continue
            for item in step.items:
                name = f"{step.id}.{item.id}"
                if name in self._names.own and not self._has(name):
                    self._own.append(name)
                    whole = self._along.whole_item(name)
                    self._change(AddItem(change="add_item", step=step.id, item=whole))
            for window in step.windows:
                name = f"{step.id}.{window.id}"
                if name in self._names.own and not self._has(name):
                    self._own.append(name)
                    told = self._along.own_window(name)
                    self._change(
                        AddWindow(change="add_window", step=step.id, window=told)
                    )

    def _copy_tracks(self) -> None:
        """Copy the steps of each track anew, from the plan as it is now."""
        for name, track in in_order(self._state).items():
            if not any(step in self._plan.steps for step in track.steps):
                self._copy_track(name)

    def _copy_track(self, name: str) -> None:
        track = self._state.tracks[name]
        ends = tuple(copy.removesuffix(copy_of("", name)) for copy in track.steps)
        steps = tuple(step for step in ends if step in self._plan.steps)
        if steps:
            self._change(
                CopySteps(
                    track=name,
                    title=track.title,
                    steps=steps,
                    joins=self._joining({*track.steps}),
                )
            )

    def _joining(self, copies: set[str]) -> tuple[str, ...]:
        others = self._state.plan.all_steps()
        waiting = (s.id for s in others if copies & {*(s.needs or ())} - {s.id})
        every = originals(self._state)
        return tuple(
            step for step in waiting if step not in every and step in self._plan.steps
        )

    def _leave_steps(self) -> None:
        """Put beside it the steps that were worked on and have no counterpart."""
        for name in self._state.plan.steps:
            if name in self._traced and name not in self._plan.steps:
                self._behind.append(name)
                self._put(self._along.behind(name))

    def _leave_parts(self) -> None:
        """Put back into their steps the items and windows that have no counterpart."""
        left = {*self._behind}
        for step in self._state.plan.all_steps():
            for item in step.items:
                name = f"{step.id}.{item.id}"
                if self._along.was_done(name):
                    self._leave_item(name)
            for window in step.windows:
                name = f"{step.id}.{window.id}"
                if name in self._traced and not self._has(name):
                    self._behind.append(name)
                    told = self._along.window(name)
                    self._change(
                        AddWindow(change="add_window", step=step.id, window=told)
                    )
        self._behind = [n for n in self._behind if n in left or step_of(n) not in left]

    def _leave_item(self, name: str) -> None:
        if name not in self._plan.items:
            self._behind.append(name)
            item = self._along.item(name)
            self._change(AddItem(change="add_item", step=step_of(name), item=item))
            return
        lost = self._along.subs_left(name, self._plan.items[name])
        if lost:
            subs = [*self._plan.items[name].sub, *lost]
            self._behind += (f"{name}.{sub.id}" for sub in lost)
            to = {"sub": [sub.model_dump(mode="json") for sub in subs]}
            told = {"change": "change_item", "item": name, "to": to}
            self._change(ChangeItem.model_validate(told))

    def _take_roles(self) -> None:
        """Take along the roles that were given, or that a part here is about."""
        for role in self._along.roles(self._plan, self._state.roles):
            self._change(AddRole(change="add_role", role=role))
