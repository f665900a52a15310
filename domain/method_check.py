"""A method that passes here can be carried out: every name in it leads somewhere.

The models see to the shape of each part; these checks see to what parts say about
one another. They need nothing but the method, and give what is wrong at once.

A dialogue can be started with a method that nobody looked at. So the checks never
raise, and the first finding comes within a tenth of a second, however odd the method.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, cast

from pydantic import BaseModel

from domain.method import BUILT_IN_ROLES, LIST, PUBLIC, Method, compiled
from domain.method_findings import Finding, Path, listed, placed_steps, twice, unknown
from domain.method_steps import within_steps

if TYPE_CHECKING:
    from collections.abc import Iterator


MAX_COMPILED_BYTES: Final = 256 * 1024
"""The most a compiled method may measure, since every dialogue carries one."""

MOST_FINDINGS: Final = 100
"""How many findings `problems` gives: more than anybody mends at one go."""


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
    for check in (_roles, _rights, _ids, within_steps, _needs, _choices, _languages):
        yield from check(whole)


def compiled_size(method: Method) -> int:
    """Give the bytes of the compiled form in compact JSON, as its hash is taken of."""
    return len(compiled(method).model_dump_json().encode())


def _roles(method: Method) -> Iterator[Finding]:
    yield from twice("role", listed((), "roles", method.roles), "of this method")
    for n, role in enumerate(method.roles):
        if role.id in BUILT_IN_ROLES | {PUBLIC, LIST}:
            message = f"the role {role.id!r} is built in"
            yield Finding(("roles", n, "id"), message, "Choose another id")


def _rights(method: Method) -> Iterator[Finding]:
    if not any("steer" in role.may for role in method.roles):
        message = "no role may run the process"
        yield Finding(("roles",), message, "Give one role: may: [steer, complete]")


def _ids(method: Method) -> Iterator[Finding]:
    yield from twice("phase", listed((), "phases", method.phases), "of this method")
    steps = [(path, step.id) for path, step in placed_steps(method)]
    yield from twice("step", steps, "of this method")
    for path, step in placed_steps(method):
        inside = [
            *listed(path, "items", step.items),
            *listed(path, "windows", step.windows),
        ]
        yield from twice("item or window", inside, "of this step")
        yield from twice("part", listed(path, "parts", step.parts), "of this step")
        rules = listed((*path, "revisit"), "compensations", step.revisit.compensations)
        yield from twice("compensation", rules, "of this step")
        for n, item in enumerate(step.items):
            subs = listed((*path, "items", n), "sub", item.sub)
            yield from twice("sub-item", subs, "of this item")


def _needs(method: Method) -> Iterator[Finding]:
    order = {phase.id: n for n, phase in enumerate(method.phases)}
    for path, step in placed_steps(method):
        for n, need in enumerate(step.needs or ()):
            nowhere = [*unknown((*path, "needs", n), "step", need, method.steps)]
            yield from nowhere
            later = not nowhere and (
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
    for path, step in placed_steps(method):
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
        yield from twice("choice", listed((), member, choices), "in this list")
    if method.self_assessment:
        path: Path = ("self_assessment",)
        elements = method.self_assessment.elements
        yield from twice("element", listed(path, "elements", elements), "in this list")
        if method.self_assessment.weak >= method.self_assessment.scale:
            message = "every score would be weak"
            yield Finding((*path, "weak"), message, "Give a number below the scale")
        for e, element in enumerate(elements):
            for m, step in enumerate(element.marks):
                here = (*path, "elements", e, "marks", m)
                yield from unknown(here, "step", step, method.steps)
    if method.completion.steps != "all":
        for n, step in enumerate(method.completion.steps):
            here = ("completion", "steps", n)
            yield from unknown(here, "step", step, method.steps)


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
