"""People as their pages show them: found by what an address asks for, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from starlette.datastructures import QueryParams

from desk.people import People, Person, level_titles
from desk.titles import Titles
from domain.people_register import engagement_levels
from domain.people_register_facts import STANDINGS
from domain.state import Dialogue
from language import mark
from pages.turning import turn

PAGE: Final = 40
"""How many people stand on one page."""

HEADINGS: Final[Mapping[str, str]] = {
    "affected_but_weak": mark("Affected, with little influence"),
    "not_weighed": mark("Not weighed yet: they may be affected"),
    "affected": mark("Affected, with influence"),
    "other": mark("Others"),
}
"""Headings, in the order in which they come."""

CALLED: Final[Mapping[str, str]] = {
    "name": mark("Name"),
    "organisation": mark("Organisation"),
    "address": mark("E-mail address"),
    "constituency": mark("For whom they speak"),
    "mandate": mark("What they may promise"),
}
"""What the private texts about somebody are called."""

SORTS: Final[Mapping[str, str]] = {
    "": mark("everybody"),
    "weak": mark("affected, with little influence"),
    "unreached": mark("not reached yet"),
    "unbriefed": mark("to be briefed"),
    "unheard": mark("nowhere asked anything"),
    "left": mark("left the dialogue"),
}
"""What can be looked for."""


class Asked(NamedTuple):
    """What an address asks for: which people, and from which one on."""

    sort: str = ""
    kind: str = ""
    impact: int | None = None
    influence: int | None = None
    first: str | None = None
    """From which one on, as it was told."""

    @property
    def cell(self) -> bool:
        """Whether one place on the map is asked for."""
        return self.impact is not None or self.influence is not None


class Shown(NamedTuple):
    """The people on a page, by where they stand; how many there are in all."""

    groups: tuple[tuple[str, tuple[Person, ...]], ...]
    people: tuple[Person, ...]
    among: int
    before: int | None
    after: int | None


def asked(query: QueryParams) -> Asked:
    """Read what an address asks for; what can't be read asks for nothing."""
    sort = query.get("show", "")
    return Asked(
        sort if sort in SORTS else "",
        query.get("kind", "")[:64],
        _weight(query.get("impact")),
        _weight(query.get("influence")),
        query.get("from"),
    )


def _weight(told: str | None) -> int | None:
    return int(told) if told in {"0", "1", "2", "3"} else None


def sizes(found: People) -> list[tuple[str, int]]:
    """Say how many there are of each sort, those of which there are any."""
    every = [(sort, len(_sorted(found, sort))) for sort in SORTS]
    return [(sort, n) for sort, n in every if n or not sort]


def _sorted(found: People, sort: str) -> Sequence[Person]:
    match sort:
        case "left":
            return found.left
        case "unheard":
            return found.unheard()
        case "weak":
            return [p for p in found.present if p.standing == STANDINGS[0]]
        case "unreached":
            return [p for p in found.present if not p.reached]
        case "unbriefed":
            return [p for p in found.present if p.unbriefed]
        case _:
            return found.present


def chosen(found: People, wish: Asked) -> Shown:
    """Give the people that an address asks for, a page of them."""
    every = [each for each in _sorted(found, wish.sort) if _fits(each, wish)]
    page = turn(wish.first, PAGE, len(every))
    here = tuple(every[page.first : page.end])
    groups = (
        (name, tuple(each for each in here if each.standing == name))
        for name in STANDINGS
    )
    return Shown(
        tuple((name, people) for name, people in groups if people),
        here,
        len(every),
        page.before,
        page.after,
    )


def _fits(person: Person, wish: Asked) -> bool:
    return (
        (not wish.kind or person.kind == wish.kind)
        and wish.impact in {None, person.impact}
        and wish.influence in {None, person.influence}
    )


def level_choices(state: Dialogue, titles: Titles) -> list[tuple[str, str]]:
    """Give the levels of engagement, the least first, with what they are called."""
    called = level_titles(titles)
    return [(name, called.get(name, name)) for name in engagement_levels(state.plan)]


def sight(state: Dialogue, who: str) -> str:
    """Give what somebody decides on who changes what the register says of somebody."""
    known = state.stakeholders.get(who)
    return "" if known is None else ",".join(str(each) for each in known)
