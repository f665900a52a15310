"""What somebody asks of a history, by its address: filters, and where to go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from starlette.datastructures import QueryParams

from desk.browsing import Leaf, Wanted
from desk.overview import Overview
from language import mark
from language.speaking import _
from pages.typing_in import number_in

_LONGEST: Final = 200
_MOST: Final = 20
"""What is asked is kept in the log of reads: no more of it than anybody needs."""

_NAMES: Final[Mapping[str, str]] = {
    "type": mark("What"),
    "actor": mark("Who"),
    "step": mark("Step"),
    "window": mark("Window"),
    "round": mark("Round"),
    "day": mark("Day"),
}


class Asked(NamedTuple):
    """A reading of the address; ``wrong`` names parameters that could not be read."""

    wanted: Wanted
    at: Leaf
    wrong: tuple[str, ...]


class Chip(NamedTuple):
    """A filter that is on: what it is called, what it lets through."""

    name: str
    label: str
    value: str


def asked(query: QueryParams) -> Asked:
    """Read the filters in an address. What can't be read is left out, and named."""
    wrong: list[str] = []

    def text(name: str) -> str | None:
        told = query.get(name, "").strip()[:_LONGEST]
        return told if told and "\x00" not in told else None

    def number(name: str) -> int | None:
        told = text(name)
        if told is None:
            return None
        found = number_in(told)
        if not found:
            wrong.append(name)
        return found or None

    def day(name: str) -> date | None:
        told = text(name)
        try:
            return date.fromisoformat(told) if told else None
        except ValueError:
            wrong.append(name)
            return None

    wanted = Wanted(
        types=tuple(
            each[:_LONGEST]
            for each in query.getlist("type")[:_MOST]
            if each and "\x00" not in each
        ),
        actor=text("actor"),
        step=text("step"),
        window=text("window"),
        round=number("round"),
        day=day("day"),
    )
    at = Leaf(number("after"), number("before"))
    return Asked(wanted, at, tuple(wrong))


def chips(view: Overview, wanted: Wanted, types: Sequence[str]) -> list[Chip]:
    """Give the filters that are on, to be taken away one by one."""
    told: dict[str, str | None] = {
        "type": ", ".join(types) or None,
        "actor": wanted.actor,
        "step": view.titles.step(wanted.step) if wanted.step else None,
        "window": view.titles.window(wanted.window) if wanted.window else None,
        "round": str(wanted.round) if wanted.round else None,
        "day": wanted.day.isoformat() if wanted.day else None,
    }
    return [Chip(name, _(_NAMES[name]), value) for name, value in told.items() if value]
