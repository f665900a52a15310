"""What people type on one line, made into the members that a command has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from cli.settings import Usage
from cli.speech import _

Fields = dict[str, Any]


def shaped(kind: str, fields: Fields) -> Fields:
    """Give the members of a command of this kind, of what was typed for them."""
    shape = SHAPES.get(kind)
    return shape(fields) if shape else fields


def _engagement(fields: Fields) -> Fields:
    """Make ``WHO:PHASE=LEVEL`` a level, and ``PHASE=TITLE`` a phase of the project."""
    made = dict(fields)
    if "levels" in made:
        made["levels"] = _levels(made["levels"])
    if "phases" in made:
        made["phases"] = dict(_two(each, "PHASE=TITLE") for each in made["phases"])
    return made


def _levels(told: Iterable[str]) -> dict[str, dict[str, str | None]]:
    levels: dict[str, dict[str, str | None]] = {}
    for each in told:
        where, level = _two(each, "WHO:PHASE=LEVEL")
        who, colon, phase = where.rpartition(":")
        if not colon or not who:
            raise _unlike(each, "WHO:PHASE=LEVEL")
        levels.setdefault(who, {})[phase] = None if level == "-" else level
    return levels


def _two(text: str, form: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (sign and name and value):
        raise _unlike(text, form)
    return name, value


def _unlike(text: str, form: str) -> Usage:
    return Usage(_("{text} is not of the form {form}.").format(text=text, form=form))


SHAPES: Final[Mapping[str, Callable[[Fields], Fields]]] = {
    "plan_engagement": _engagement,
}
"""Commands of which a line on the terminal says more than a text or a number."""
