"""A file of changes is read like a method: whole, with every problem and its line.

What a person need not write is filled in: a text that is given once stands for every
language of the plan, and a new step gets a number after the step it is placed by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import ascii_lowercase
from typing import Final, NamedTuple, cast, get_args

from pydantic import BaseModel, ValidationError

from domain.method import Item, Language, Method, Phase, Step, Window
from domain.method_findings import Finding
from domain.plan_changes import Change
from methods.problems import MethodInvalid, Problem
from methods.wording import complaints
from methods.yaml_tree import Data, Path, Tree, read

_KINDS: Final[Mapping[str, type[BaseModel]]] = {
    str(get_args(model.model_fields["change"].annotation)[0]): model
    for model in cast("tuple[type[BaseModel], ...]", get_args(get_args(Change)[0]))
}
"""The forms of a change by their names."""

_TEXTS: Final = frozenset({"title", "help", "goal", "note", "text"})
"""Members that are a text in every language."""


class LoadedChanges(NamedTuple):
    """What a file of changes says: the changes as data, and why, if it gives that."""

    changes: list[Data]
    reason: str | None


def load_changes(text: str, name: str, plan: Method) -> LoadedChanges:
    """Read changes of a plan; ``name`` stands for the file in problems.

    The file is a list of changes, or has one as ``changes`` beside a ``reason``.
    Raises ``MethodInvalid`` with all problems.
    """
    tree = read(text)
    found = [Finding(f.path, f.message, f.remedy) for f in tree.faults]
    found += _unknown(tree.data)
    told, path = _listed(tree)
    if told is None and not found:
        message = "the file holds no list of changes"
        found = [Finding((), message, "Write changes: and below it one - for each")]
    if found or told is None:
        raise MethodInvalid([_problem(name, tree, each) for each in found])
    whole = [_filled(each, plan) for each in told]
    for number, each in enumerate(whole):
        found += _wrong(each, (*path, number), plan)
    if found:
        raise MethodInvalid([_problem(name, tree, each) for each in found])
    reason = tree.data.get("reason") if isinstance(tree.data, dict) else None
    return LoadedChanges(whole, reason if isinstance(reason, str) else None)


def _unknown(data: Data) -> Iterator[Finding]:
    """Name what stands beside the changes and would be passed over in silence."""
    for name in data if isinstance(data, dict) else ():
        if name not in {"changes", "reason"}:
            message = "a file of changes has no such member"
            yield Finding((name,), message, "Write changes: and reason:, and no more")


def _listed(tree: Tree) -> tuple[list[Data] | None, Path]:
    data, path = tree.data, cast("Path", ())
    if isinstance(data, dict):
        data, path = data.get("changes"), ("changes",)
    return (data if isinstance(data, list) and data else None), path


def _problem(name: str, tree: Tree, found: Finding) -> Problem:
    place = tree.place(found.path)
    words = (f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in found.path)
    path = "".join(words).removeprefix(".")
    return Problem(name, place.line, place.column, path, found.message, found.remedy)


def _filled(change: Data, plan: Method) -> Data:
    """Give a change with its texts in every language, and a new step with a number."""
    whole = in_every_language(change, plan.languages)
    if isinstance(whole, dict) and isinstance(step := whole.get("step"), dict):
        step.setdefault("number", _number(whole, plan))
    return whole


def in_every_language(data: Data, languages: tuple[Language, ...]) -> Data:
    """Give data in which a text that is given once stands for every language."""
    if isinstance(data, list):
        return [in_every_language(each, languages) for each in data]
    if not isinstance(data, dict):
        return data
    found: dict[str, Data] = {}
    for name, value in data.items():
        if name in _TEXTS and isinstance(value, str):
            found[name] = dict.fromkeys(languages, value)
        elif name == "advice" and isinstance(value, list):
            found[name] = [
                dict.fromkeys(languages, each) if isinstance(each, str) else each
                for each in value
            ]
        else:
            found[name] = in_every_language(value, languages)
    return found


def _number(change: dict[str, Data], plan: Method) -> str:
    """Give a number that no step has: that of the step before it, and a letter."""
    steps = [*plan.all_steps()]
    phase = next((p for p in plan.phases if p.id == change.get("phase")), None)
    beside = change.get("after") or change.get("before")
    last = phase.steps[-1] if phase else steps[-1]
    found = next((s for s in steps if beside in {s.id, s.number}), last)
    if "before" in change and steps.index(found):
        found = steps[steps.index(found) - 1]
    taken = {step.number for step in steps}
    letters = (f"{found.number}{letter}" for letter in ascii_lowercase)
    return next((number for number in letters if number not in taken), found.number)


def _wrong(change: Data, path: Path, plan: Method) -> Iterator[Finding]:
    """Give what is wrong with one change, at its place in the file."""
    known = ", ".join(_KINDS)
    if not isinstance(change, dict) or "change" not in change:
        message = "a change does not say what it changes"
        yield Finding(path, message, f"Write change: and one of: {known}")
        return
    model = _KINDS.get(str(change["change"]))
    if model is None:
        message = f"{change['change']!r} is no change"
        yield Finding((*path, "change"), message, f"Choose from: {known}")
        return
    try:
        model.model_validate(change)
    except ValidationError as error:
        for each in complaints(error, change, model):
            yield Finding((*path, *each.path), each.message, each.remedy)
        return
    yield from _wrong_members(change, path, plan)


def _wrong_members(
    change: dict[str, Data], path: Path, plan: Method
) -> Iterator[Finding]:
    """Look at the new members of a part as that part will have them."""
    part, to = _part(change, plan), change.get("to")
    if part is None or not isinstance(to, dict):
        return
    known = {*type(part).model_fields} - {"id", "items", "windows", "steps"}
    for name in to.keys() - known:
        message = f"{name!r} is no member that can change here"
        choices = ", ".join(sorted(known))
        yield Finding((*path, "to", name), message, f"Choose from: {choices}")
    if to.keys() - known:
        return
    whole = cast("dict[str, Data]", part.model_dump(mode="json"))
    try:
        type(part).model_validate({**whole, **to})
    except ValidationError as error:
        for each in complaints(error, {**whole, **to}, type(part)):
            here = (*path, "to", *each.path)
            yield Finding(here, each.message, each.remedy)


def _part(change: dict[str, Data], plan: Method) -> Phase | Step | Item | Window | None:
    match change:
        case {"change": "change_phase", "phase": str(name)}:
            return next((phase for phase in plan.phases if phase.id == name), None)
        case {"change": "change_step", "step": str(name)}:
            return plan.steps.get(name)
        case {"change": "change_item", "item": str(name)}:
            return plan.items.get(name)
        case {"change": "change_window", "window": str(name)}:
            return plan.windows.get(name)
        case _:
            return None
