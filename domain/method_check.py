"""A method that passes here can be carried out: every name in it leads somewhere.

The models see to the shape of each part; these checks see to what parts say about
one another. They need nothing but the method, and give what is wrong at once.

A dialogue can be started with a method that nobody looked at. So the checks never
raise, and the first finding comes within a tenth of a second, however odd the method.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from pydantic import BaseModel

from domain.method import BUILT_IN_ROLES, LIST, PUBLIC, Method, Window, compiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from domain.method import Item, Step

Path: TypeAlias = tuple[str | int, ...]

MAX_COMPILED_BYTES: Final = 256 * 1024
"""The most a compiled method may measure, since every dialogue carries one."""

MOST_FINDINGS: Final = 100
"""How many findings `problems` gives: more than anybody mends at one go."""

_MOST_NAMES: Final = 100
"""Among how many names a remedy looks for the one that was meant."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong; where, as the members and indexes that lead there; what helps."""

    path: Path
    message: str
    remedy: str


def problems(method: Method) -> tuple[Finding, ...]:
    """Give what keeps a method from being carried out; empty where all is well.

    At most `MOST_FINDINGS`.
    """
    return tuple(islice(_findings(method), MOST_FINDINGS))


def first_problem(method: Method) -> Finding | None:
    """Give one thing that keeps a method from being carried out, if there is any."""
    return next(_findings(method), None)


def _findings(method: Method) -> Iterator[Finding]:
    whole = compiled(method)
    if compiled_size(whole) > MAX_COMPILED_BYTES:
        yield _too_large(whole)
        return
    for check in (_roles, _rights, _ids, _steps, _needs, _choices, _languages):
        yield from check(whole)


def compiled_size(method: Method) -> int:
    """Give the bytes of the compiled form in compact JSON, as its hash is taken of."""
    return len(compiled(method).model_dump_json().encode())


def _placed_steps(method: Method) -> Iterator[tuple[Path, Step]]:
    for p, phase in enumerate(method.phases):
        for s, step in enumerate(phase.steps):
            yield ("phases", p, "steps", s), step


def _twice(
    what: str, placed: Iterable[tuple[Path, str]], where: str
) -> Iterator[Finding]:
    seen: set[str] = set()
    for path, name in placed:
        if name in seen:
            message = f"another {what} {where} has the id {name!r}"
            yield Finding((*path, "id"), message, "Give each an id of its own")
        seen.add(name)


def _listed(
    path: Path, member: str, parts: Iterable[BaseModel]
) -> list[tuple[Path, str]]:
    return [
        ((*path, member, n), cast("str", getattr(part, "id")))  # noqa: B009 (no common type)
        for n, part in enumerate(parts)
    ]


def _roles(method: Method) -> Iterator[Finding]:
    yield from _twice("role", _listed((), "roles", method.roles), "of this method")
    for n, role in enumerate(method.roles):
        if role.id in BUILT_IN_ROLES | {PUBLIC, LIST}:
            message = f"the role {role.id!r} is built in"
            yield Finding(("roles", n, "id"), message, "Choose another id")


def _rights(method: Method) -> Iterator[Finding]:
    if not any("steer" in role.may for role in method.roles):
        message = "no role may run the process"
        yield Finding(("roles",), message, "Give one role: may: [steer, complete]")


def _ids(method: Method) -> Iterator[Finding]:
    yield from _twice("phase", _listed((), "phases", method.phases), "of this method")
    steps = [(path, step.id) for path, step in _placed_steps(method)]
    yield from _twice("step", steps, "of this method")
    for path, step in _placed_steps(method):
        inside = [
            *_listed(path, "items", step.items),
            *_listed(path, "windows", step.windows),
        ]
        yield from _twice("item or window", inside, "of this step")
        yield from _twice("part", _listed(path, "parts", step.parts), "of this step")
        rules = _listed((*path, "revisit"), "compensations", step.revisit.compensations)
        yield from _twice("compensation", rules, "of this step")
        for n, item in enumerate(step.items):
            subs = _listed((*path, "items", n), "sub", item.sub)
            yield from _twice("sub-item", subs, "of this item")


def _unknown(
    path: Path, what: str, name: str | None, known: Iterable[str]
) -> Iterator[Finding]:
    if name is None or name in (names := tuple(known)):
        return
    names = names[:_MOST_NAMES]
    remedy = f"Choose from: {', '.join(names)}" if names else f"Define a {what} first"
    if close := get_close_matches(name, names, n=1):
        remedy = f"Did you mean {close[0]}?"
    yield Finding(path, f"{name!r} is no {what}", remedy)


def _steps(method: Method) -> Iterator[Finding]:
    for path, step in _placed_steps(method):
        yield from _worker((*path, "owner"), method, step.owner)
        for n, item in enumerate(step.items):
            yield from _item((*path, "items", n), method, step, item)
        for n, window in enumerate(step.windows):
            yield from _window((*path, "windows", n), method, step, window)
        yield from _gates(path, method, step)
        yield from _revisit((*path, "revisit"), method, step)
        if step.undescribed and step.items:
            message = "a step that the source does not describe has items"
            remedy = "Leave undescribed out once the step is filled in"
            yield Finding((*path, "undescribed"), message, remedy)


def _item(path: Path, method: Method, step: Step, item: Item) -> Iterator[Finding]:
    yield from _worker((*path, "role"), method, item.role)
    parts = [part.id for part in step.parts]
    yield from _unknown((*path, "part"), "part", item.part, parts)


def _gates(path: Path, method: Method, step: Step) -> Iterator[Finding]:
    placed = _listed(path, "gates", step.gates)
    yield from _twice("gate", placed, "of this step")
    taken = {*(item.id for item in step.items), *(w.id for w in step.windows)}
    for here, name in placed:
        if name in taken:
            message = f"an item or window of this step has the id {name!r} too"
            yield Finding((*here, "id"), message, "Give each an id of its own")
    for n, gate in enumerate(step.gates):
        yield from _worker((*path, "gates", n, "role"), method, gate.role)


def _worker(path: Path, method: Method, role: str | None) -> Iterator[Finding]:
    able = [r.id for r in method.roles if {"steer", "complete"} & set(r.may)]
    yield from _unknown(path, "role that may complete items", role, able)


def _window(
    path: Path, method: Method, step: Step, window: Window
) -> Iterator[Finding]:
    askable = [role.id for role in method.roles if "respond" in role.may]
    yield from _unknown(
        (*path, "audience"),
        "role that may respond",
        window.audience,
        [*askable, PUBLIC, LIST],
    )
    yield from _audiences(path, window, [*askable, PUBLIC, LIST])
    opener = window.opens.step
    yield from _unknown((*path, "opens", "step"), "step", opener, method.steps)
    waits = window.required or step.completion.windows == "held"
    if waits and _opens_too_late(method, step, window):
        message = "the step waits for a window that opens only after the step"
        remedy = "Open it by hand or when the step starts, or drop required"
        yield Finding((*path, "opens"), message, remedy)
    yield from _reminders(path, window)


def _audiences(path: Path, window: Window, askable: list[str]) -> Iterator[Finding]:
    placed = _listed(path, "audiences", window.audiences)
    yield from _twice("audience", placed, "of this window")
    for n, each in enumerate(window.audiences):
        here = (*path, "audiences", n)
        yield from _unknown(
            (*here, "audience"), "role that may respond", each.audience, askable
        )
        if each.id == window.audience:
            message = f"{each.id!r} stands for the window's own audience"
            yield Finding((*here, "id"), message, "Choose another id")


def _opens_too_late(method: Method, step: Step, window: Window) -> bool:
    opener = window.opens.step
    if opener == step.id:
        return window.opens.on == "step_completed"
    return opener in method.built_on[step.id]


def _reminders(path: Path, window: Window) -> Iterator[Finding]:
    """Refuse a reminder that would come before the window opens, where that is sure."""
    amount = window.duration.amount
    for n, days in enumerate(window.reminders):
        if amount is not None and days >= amount:
            message = (
                f"a reminder {days} days before the end of {amount} comes too early"
            )
            remedy = f"Give a number below {amount}"
            yield Finding((*path, "reminders", n), message, remedy)
    for days, times in Counter(window.reminders).items():
        if times > 1:
            message = f"the reminder {days} is given twice"
            yield Finding((*path, "reminders"), message, "Keep one of the two")


def _revisit(path: Path, method: Method, step: Step) -> Iterator[Finding]:
    for n, other in enumerate(step.revisit.voids or ()):
        yield from _unknown((*path, "voids", n), "step", other, method.steps)
        if other == step.id:
            message = "going back to a step begins it anew and can't void it as well"
            yield Finding((*path, "voids", n), message, "Take it out of voids")
    own = [*(item.id for item in step.items), *(w.id for w in step.windows)]
    roles = [role.id for role in method.roles]
    undone: set[str] = set()
    for n, rule in enumerate(step.revisit.compensations):
        if rule.undoes in undone:
            message = f"another rule undoes {rule.undoes!r} already"
            remedy = "Keep one rule for each item or window, and name all roles in it"
            yield Finding((*path, "compensations", n, "undoes"), message, remedy)
        undone.add(rule.undoes)
        here = (*path, "compensations", n)
        yield from _unknown(
            (*here, "undoes"), "item or window of this step", rule.undoes, own
        )
        for t, role in enumerate(rule.to):
            yield from _unknown((*here, "to", t), "role", role, roles)


def _needs(method: Method) -> Iterator[Finding]:
    order = {phase.id: n for n, phase in enumerate(method.phases)}
    for path, step in _placed_steps(method):
        for n, need in enumerate(step.needs or ()):
            unknown = [*_unknown((*path, "needs", n), "step", need, method.steps)]
            yield from unknown
            later = not unknown and (
                order[method.phase_of[need].id] > order[method.phase_of[step.id].id]
            )
            if later:
                message = f"the step needs {need!r}, which lies in a later phase"
                remedy = "Move one of the two, or take the need away"
                yield Finding((*path, "needs", n), message, remedy)
    yield from _circles(method)


def _circles(method: Method) -> Iterator[Finding]:
    """Report a circle once, at its first step."""
    told: set[str] = set()
    for path, step in _placed_steps(method):
        behind = method.built_on[step.id]
        if step.id in behind and step.id not in told:
            circle = {s for s in behind if step.id in method.built_on[s]}
            told |= circle
            message = f"steps need one another in a circle: {', '.join(sorted(circle))}"
            remedy = "Take one of the needs away"
            yield Finding((*path, "needs"), message, remedy)


def _choices(method: Method) -> Iterator[Finding]:
    for member in ("stakeholder_kinds", "engagement_levels"):
        choices = cast("tuple[BaseModel, ...]", getattr(method, member))
        yield from _twice("choice", _listed((), member, choices), "in this list")
    if method.self_assessment:
        path: Path = ("self_assessment",)
        elements = method.self_assessment.elements
        yield from _twice(
            "element", _listed(path, "elements", elements), "in this list"
        )
        if method.self_assessment.weak >= method.self_assessment.scale:
            message = "every score would be weak"
            yield Finding((*path, "weak"), message, "Give a number below the scale")
        for e, element in enumerate(elements):
            for m, step in enumerate(element.marks):
                here = (*path, "elements", e, "marks", m)
                yield from _unknown(here, "step", step, method.steps)
    if method.completion.steps != "all":
        for n, step in enumerate(method.completion.steps):
            here = ("completion", "steps", n)
            yield from _unknown(here, "step", step, method.steps)


def _languages(method: Method) -> Iterator[Finding]:
    wanted = set(method.languages)
    if len(wanted) < len(method.languages):
        message = "a language is given twice"
        yield Finding(("languages",), message, "Keep each language once")
    for path, text in _texts((), method):
        for language in sorted(wanted - text.keys()):
            remedy = f"Add {language}: …"
            yield Finding(path, f"the text has no {language}", remedy)
        for language in sorted(text.keys() - wanted):
            message = f"{language} is no language of this method"
            remedy = f"Take it out, or add {language} to languages"
            yield Finding((*path, language), message, remedy)


def _texts(path: Path, value: object) -> Iterator[tuple[Path, dict[str, str]]]:
    """Give every text in a part; a text is the only mapping a method holds."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts((*path, name), getattr(value, name))
    elif isinstance(value, tuple):
        for n, part in enumerate(cast("tuple[object, ...]", value)):
            yield from _texts((*path, n), part)
    elif isinstance(value, dict):
        yield path, cast("dict[str, str]", value)


def _too_large(method: Method) -> Finding:
    size = compiled_size(method)
    message = f"the method measures {size} bytes compiled, above {MAX_COMPILED_BYTES}"
    return Finding((), message, "Shorten help and advice, or refer to a document")
