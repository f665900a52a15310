"""What becomes of the parts of a plan in another method.

A part that was worked on keeps its id, for the sake of what is on record about it; the
part of the new method that it becomes takes that id on. Only such parts need a
counterpart, or the word that there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from domain.errors import DomainError
from domain.method import Method, Step
from domain.plan_changes import AddItem, AddPhase, AddStep, AddWindow, RenameParts
from domain.plan_errors import MappingUnfit
from domain.plan_facts import MigrateMethod
from domain.plan_traces import originals, traces
from domain.rounds import step_of
from domain.state import Dialogue


class Names(NamedTuple):
    """What each part that matters becomes: its full id in the new method, or None.

    ``unsaid`` have no counterpart of the same name, and nobody said what they become.
    ``own`` are parts that amendments added: they go along unless told otherwise.
    """

    parts: dict[str, str | None]
    unsaid: tuple[str, ...]
    own: frozenset[str]
    rename: RenameParts
    obstacles: tuple[DomainError, ...]


def own_parts(state: Dialogue) -> frozenset[str]:
    """Give the full ids of steps, items and windows that amendments added."""
    found: set[str] = set()
    for amendment in state.amendments:
        for change in amendment.changes:
            match change:
                case AddStep():
                    found |= _all_of(change.step)
                case AddPhase():
                    found |= {p for s in change.phase.steps for p in _all_of(s)}
                case AddItem():
                    found.add(f"{change.step}.{change.item.id}")
                case AddWindow():
                    found.add(f"{change.step}.{change.window.id}")
                case _:
                    pass
    return frozenset(found)


def _all_of(step: Step) -> set[str]:
    inside = (part.id for part in (*step.items, *step.windows))
    return {step.id, *(f"{step.id}.{name}" for name in inside)}


def names(state: Dialogue, command: MigrateMethod, new: Method) -> Names:
    """Work out what becomes of every part that was worked on."""
    against = list(_misnamed(state, command, new))
    parts: dict[str, str | None] = {}
    unsaid: list[str] = []
    own = own_parts(state)
    told = command.mapping
    for part in _mattering(state):
        step = step_of(part)
        inside = part != step
        if inside and parts.get(step) is None:
            continue  # it stays behind, or goes along, with its step
        same = f"{parts[step]}{part.removeprefix(step)}" if inside else part
        if not _has(state.plan, part) and not _has(new, same):
            continue  # only a copy in a track has it, and it stays with that copy
        if part in told:
            parts[part] = told[part]
        elif _has(new, same):
            parts[part] = same
        else:
            parts[part] = None
            if part not in own:
                unsaid.append(part)
        if inside and parts[part] and step_of(parts[part] or "") != parts[step]:
            problem = f"{part} can only become a part of {parts[step]}"
            against.append(MappingUnfit(problem=problem))
    rename = _renaming(parts, command)
    against += _clashing(parts, command, new)
    kept_own = frozenset(p for p in own if told.get(p, p) is not None)
    return Names(parts, tuple(unsaid), kept_own, rename, tuple(against))


def _mattering(state: Dialogue) -> Iterator[str]:
    """Give parts that were worked on, of copies those they copy; steps go first."""
    copies = originals(state)
    steps: dict[str, None] = {}
    inside: dict[str, None] = {}
    for part in traces(state):
        step, dot, rest = part.partition(".")
        step = copies.get(step, step)
        steps[step] = None
        if dot:
            item = rest.split(".", maxsplit=1)[0]
            inside[f"{step}.{item}"] = None
    steps |= dict.fromkeys(copies.values())
    yield from (step for step in state.plan.steps if step in steps)
    yield from inside


def _has(plan: Method, part: str) -> bool:
    return part in plan.steps or part in plan.items or part in plan.windows


def _misnamed(
    state: Dialogue, command: MigrateMethod, new: Method
) -> Iterator[DomainError]:
    """Give what the mapping names that is not there."""
    for part, becomes in command.mapping.items():
        if not _has(state.plan, part):
            yield MappingUnfit(problem=f"{part} is no part of the present plan")
        if part in originals(state):
            problem = f"{part} is a copy in a track; say it of what it was copied from"
            yield MappingUnfit(problem=problem)
        if becomes is None:
            continue
        if not _has(new, becomes):
            yield MappingUnfit(problem=f"{becomes} is no part of the new method")
        elif _kind(state.plan, part) != _kind(new, becomes):
            yield MappingUnfit(problem=f"{part} and {becomes} are not of one kind")
    held, there = ({role.id for role in plan.roles} for plan in (state.plan, new))
    for role, becomes in command.roles.items():
        if role not in held:
            yield MappingUnfit(problem=f"{role} is no role of the present plan")
        if becomes not in there:
            yield MappingUnfit(problem=f"{becomes} is no role of the new method")


def _kind(plan: Method, part: str) -> str:
    if part in plan.steps:
        return "step"
    return "item" if part in plan.items else "window"


def _renaming(parts: Mapping[str, str | None], command: MigrateMethod) -> RenameParts:
    found = {new: old for old, new in parts.items() if new is not None and new != old}
    roles = {new: old for old, new in command.roles.items() if new != old}
    return RenameParts(names=found, roles=roles)


def _clashing(
    parts: Mapping[str, str | None], command: MigrateMethod, new: Method
) -> Iterator[DomainError]:
    """Give names that two parts would have, once the dialogue's names are in it."""
    becoming = [name for name in parts.values() if name is not None]
    for name in sorted({n for n in becoming if becoming.count(n) > 1}):
        yield MappingUnfit(problem=f"more than one part becomes {name}")
    for old, name in parts.items():
        step, dot, part = old.partition(".")
        wanted = f"{step_of(name)}.{part}" if dot and name else step
        if name not in {None, wanted} and wanted not in becoming and _has(new, wanted):
            problem = f"{name} would keep the name {old}, as another part there has"
            yield MappingUnfit(problem=problem)
    roles = {role.id for role in new.roles} - {*command.roles.values()}
    for old, name in command.roles.items():
        if old in roles and old != name:
            yield MappingUnfit(problem=f"the new method has another role {old}")
