"""Earlier changes of a plan go along to another method, as far as their part is there.

What people changed, moved and dropped is done again, in its order, with what the plan
says now. A change that the new method can't be carried out with is left; `lapsed` tells
which ones do not hold in the plan that comes of it, whether they were tried or not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple, cast

from pydantic import BaseModel, JsonValue

from domain.method import Language, Method, Phase
from domain.migration_about import (
    Changing,
    changes_before,
    found,
    has,
    in_languages,
    naming,
    part_of,
    same,
)
from domain.migration_names import Names
from domain.migration_parts import Along
from domain.plan_changes import (
    AddItem,
    AddPhase,
    AddRole,
    AddStep,
    AddWindow,
    ChangeCompletion,
    ChangeItem,
    ChangePhase,
    ChangeStep,
    ChangeWindow,
    DropItem,
    DropStep,
    DropWindow,
    MoveStep,
    PlanChange,
)
from domain.plan_traces import originals
from domain.rounds import step_of
from domain.state import Dialogue


class Lapse(NamedTuple):
    """An earlier change that does not hold, and the members of which that is so."""

    change: PlanChange
    members: tuple[str, ...]


class Earlier:
    """Earlier changes of a dialogue's plan, as they are for another method."""

    def __init__(
        self,
        state: Dialogue,
        names: Names,
        new: Method,
        mapping: Mapping[str, str | None],
    ) -> None:
        """Read them from ``state``; ``mapping`` is what the command says of parts."""
        self._was = state.plan
        self._copies = originals(state)
        self._own = names.own
        self._mapping = mapping
        self._along = Along(state, new, frozenset())
        self._languages: tuple[Language, ...] = new.languages

    def again(self, change: PlanChange, plan: Method) -> PlanChange | None:
        """Give a change as it is for ``plan``; None where there is nothing to do."""
        match change:
            case ChangePhase() | ChangeStep() | ChangeItem() | ChangeWindow():
                return self._changing(change, plan)
            case DropStep(step=part) | DropItem(item=part) | DropWindow(window=part):
                gone = not has(self._was, part) and has(plan, part)
                return change if gone else None
            case MoveStep():
                return self._moving(change, plan)
            case ChangeCompletion():
                steps = self._completion(plan)
                told: dict[str, Any] = {"change": "change_completion", "steps": steps}
                return ChangeCompletion(**told) if steps else None
            case AddRole():
                known = {role.id for role in plan.roles}
                held = {role.id for role in self._was.roles}
                if change.role.id in known or change.role.id not in held:
                    return None
                return AddRole(change="add_role", role=self._along.role(change.role))
            case _:
                return None

    def place(self, part: str, plan: Method) -> str | None:
        """Give what a part that is there now is called in ``plan``, if it is there."""
        told = part if has(plan, part) else self._mapping.get(part)
        return told if told is not None and has(plan, told) else None

    def _changing(self, change: Changing, plan: Method) -> Changing | None:
        part = part_of(change)
        name = self._phase(part, plan) if isinstance(change, ChangePhase) else None
        name = name or self.place(part, plan)
        before = found(self._was, part, change)
        if name is None or before is None or part in self._own:
            return None
        to = {member: self._value(before, member, plan) for member in change.to}
        return change.model_copy(update={naming(change): name, "to": to})

    def _phase(self, part: str, plan: Method) -> str | None:
        return part if any(phase.id == part for phase in plan.phases) else None

    def _value(self, part: BaseModel, member: str, plan: Method) -> JsonValue:
        if member == "needs":
            needs = cast("tuple[str, ...] | None", getattr(part, member))
            return list(self.needs(needs or (), plan))
        return in_languages(part.model_dump(mode="json")[member], self._languages)

    def needs(self, needs: Sequence[str], plan: Method) -> tuple[str, ...]:
        """Give needs as far as they are there, else what those needed in turn.

        A copy that is not there yet comes with its track.
        """
        there: dict[str, None] = {}
        ahead, seen = [*needs], set[str]()
        while ahead:
            need = ahead.pop(0)
            name = self.place(need, plan)
            if need in seen:
                continue
            seen.add(need)
            if name is not None:
                there[name] = None
            elif need in self._was.steps and need not in self._copies:
                ahead[:0] = self._was.steps[need].needs or ()
        return tuple(there)

    def _moving(self, change: MoveStep, plan: Method) -> MoveStep | None:
        name = self.place(change.step, plan)
        if name is None or change.step not in self._was.steps:
            return None
        if change.step in self._own or self._stands(change.step, name, plan):
            return None
        phase = self._phase(self._was.phase_of[change.step].id, plan)
        after = self._before(change.step, plan, phase)
        first = next((p.steps[0].id for p in plan.phases if p.id == phase), None)
        if after is None and (first is None or first == name):
            return None
        return MoveStep(
            change="move_step",
            step=name,
            phase=phase,
            after=after,
            before=None if after else first,
            needs=self.needs(self._was.steps[change.step].needs or (), plan),
        )

    def _before(self, step: str, plan: Method, phase: str | None) -> str | None:
        """Give the last step before one that ``plan`` has, in this phase if any."""
        last: str | None = None
        for name in self._was.steps:
            if name == step:
                break
            here = self.place(name, plan)
            if here and phase in {None, plan.phase_of[here].id}:
                last = here
        return last

    def _stands(self, step: str, name: str, plan: Method) -> bool:
        """Whether a step is in ``plan`` where it is now, and builds on the same."""
        home = self._was.phase_of[step].id
        wanted = self._phase(home, plan)
        if wanted != plan.phase_of[name].id:
            return False
        inside = [s.id for s in plan.phase_of[name].steps]
        known = {self.place(each, plan) for each in self._was.steps}
        before = [each for each in inside[: inside.index(name)] if each in known]
        after = self._before(step, plan, wanted)
        wanted_needs = {*self.needs(self._was.steps[step].needs or (), plan)}
        last = before[-1] if before else None
        return last == after and wanted_needs == {*(plan.steps[name].needs or ())}

    def _completion(self, plan: Method) -> str | tuple[str, ...]:
        steps = self._was.completion.steps
        if steps == "all":
            return steps
        there = (self.place(step, plan) for step in steps)
        return tuple(step for step in there if step is not None)

    def lapsed(
        self, change: PlanChange, plan: Method, behind: Collection[str]
    ) -> Lapse | None:
        """Say whether a change does not hold in the plan that came of it all."""
        part = part_of(change)
        if {part, step_of(part)} & {*behind}:
            return None
        match change:
            case ChangePhase() | ChangeStep() | ChangeItem() | ChangeWindow():
                return self._unchanged(change, plan)
            case DropStep() | DropItem() | DropWindow():
                back = not has(self._was, part) and has(plan, part)
                return Lapse(change, ()) if back else None
            case MoveStep():
                if part not in self._was.steps or part in self._own:
                    return None
                name = self.place(part, plan)
                stands = name is not None and self._stands(part, name, plan)
                return None if stands else Lapse(change, ())
            case ChangeCompletion():
                holds = self._completion(plan) == plan.completion.steps
                return None if holds else Lapse(change, ())
            case _:
                return self._not_added(change, plan)

    def _unchanged(self, change: Changing, plan: Method) -> Lapse | None:
        part = part_of(change)
        before = found(self._was, part, change)
        if before is None or part in self._own:
            return None
        told = self._changing(change, plan)
        now = None if told is None else found(plan, part_of(told), told)
        if told is None or now is None:
            return Lapse(change, tuple(change.to))
        read = now.model_dump(mode="json")
        others = tuple(m for m, v in told.to.items() if not same(m, read[m], v))
        return Lapse(change, others) if others else None

    def _not_added(self, change: PlanChange, plan: Method) -> Lapse | None:
        """Say of what people added and is there now whether it is gone."""
        match change:
            case AddPhase(phase=Phase(id=name)):
                there = any(p.id == name for p in self._was.phases)
                gone = there and self._phase(name, plan) is None
            case AddRole():
                held = {role.id for role in self._was.roles}
                gone = change.role.id in held - {role.id for role in plan.roles}
            case AddStep() | AddItem() | AddWindow():
                part = part_of(change)
                gone = has(self._was, part) and self.place(part, plan) is None
                gone = gone and part not in self._mapping
            case _:
                gone = False
        return Lapse(change, ()) if gone else None


def lapses(
    state: Dialogue, earlier: Earlier, plan: Method, behind: Collection[str]
) -> tuple[Lapse, ...]:
    """Give what does not hold of earlier changes, once for each part and kind."""
    told: dict[tuple[str, str], Lapse] = {}
    for change in changes_before(state):
        lapse = earlier.lapsed(change, plan, behind)
        if lapse is not None:
            key = (change.change, part_of(change))
            known = told[key].members if key in told else ()
            members = tuple(dict.fromkeys((*known, *lapse.members)))
            told[key] = Lapse(change, members)
    return tuple(told.values())
