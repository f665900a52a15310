"""Where a property of a dialogue's state is, by the titles of the plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from desk.in_words import properties
from language import mark
from language.speaking import _

if TYPE_CHECKING:
    from desk.difference import Change
    from desk.titles import Titles

PLACES: Final[Mapping[str, str]] = {
    "steps": mark("step “{name}”"),
    "windows": mark("window “{name}”"),
    "roles": mark("role “{name}”"),
    "marks": mark("item “{name}”"),
    "ledgers": mark("answers in window “{name}”"),
    "plan": mark("plan of “{name}”"),
}
"""How the owner of a property is told, by the collection it is in."""

COUNTED: Final[Mapping[str, str]] = {
    "steps": mark("round {number}"),
    "windows": mark("run {number}"),
}


def told_path(titles: Titles, change: Change) -> str:
    """Tell where a property is, by the titles of the plan."""
    naming = {
        "steps": titles.step,
        "windows": titles.window,
        "roles": titles.role,
        "marks": titles.item,
        "ledgers": titles.window,
        "plan": titles.part,
    }
    words: list[str] = []
    path = list(change.path)
    while path:
        part = path.pop(0)
        if part not in naming or not path:
            words.append(properties.name(part))
            if part in properties.BY_ID and path:
                words.append(str(path.pop(0)))
            continue
        name = naming[str(part)](str(path.pop(0)))
        words.append(_(PLACES[str(part)]).format(name=name))
        if path and isinstance(path[0], int) and part in COUNTED:
            number = int(path.pop(0)) + 1
            words[-1] += ", " + _(COUNTED[str(part)]).format(number=number)
    return " › ".join(words)
