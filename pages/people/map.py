"""The map of impact and influence as a picture: where everybody stands at a glance.

Who is not reached yet is an open ring, who was reached a filled dot; the corner of
those affected who have little say is hatched. The same stands in a table beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from desk.people import Person
from domain.people_register_facts import MUCH

WEIGHED: Final = range(4)
"""Weights: 0 none to 3 very much."""

_LEFT: Final = 150
_TOP: Final = 12
_WIDE: Final = 140
_HIGH: Final = 92
_PER_ROW: Final = 8
_MOST_DOTS: Final = 24
_NAMES: Final = 2
_LETTERS: Final = 16


class Dot(NamedTuple):
    """Somebody on the map."""

    x: int
    y: int
    reached: bool


class Line(NamedTuple):
    """A short text in the map."""

    y: int
    text: str


class Cell(NamedTuple):
    """Everybody of one impact and one influence."""

    impact: int
    influence: int
    x: int
    y: int
    weak: bool
    size: int
    missed: int
    dots: tuple[Dot, ...]
    names: tuple[Line, ...]


class Map(NamedTuple):
    """The map: cells from the most affected down, and how large it all is."""

    rows: tuple[tuple[Cell, ...], ...]
    unweighed: int
    left: int = _LEFT
    top: int = _TOP
    wide: int = _WIDE
    high: int = _HIGH

    @property
    def cells(self) -> Iterator[Cell]:
        """Every cell."""
        for row in self.rows:
            yield from row

    @property
    def width(self) -> int:
        """How wide the picture is."""
        return _LEFT + len(WEIGHED) * _WIDE + 2

    @property
    def height(self) -> int:
        """How high the picture is."""
        return _TOP + len(WEIGHED) * _HIGH + 52

    @property
    def weak(self) -> int:
        """How wide and high the corner of the affected with little say is: columns."""
        return MUCH


def map_of(people: Iterable[Person]) -> Map:
    """Lay these people on the map; who was not weighed is only counted."""
    cells: dict[tuple[int, int], list[Person]] = {}
    unweighed = 0
    for each in people:
        if each.impact is None or each.influence is None:
            unweighed += 1
        else:
            cells.setdefault((each.impact, each.influence), []).append(each)
    rows = tuple(
        tuple(_cell(i, j, cells.get((i, j), [])) for j in WEIGHED)
        for i in reversed(WEIGHED)
    )
    return Map(rows, unweighed)


def _cell(impact: int, influence: int, here: list[Person]) -> Cell:
    x = _LEFT + influence * _WIDE
    y = _TOP + (WEIGHED[-1] - impact) * _HIGH
    dots = tuple(
        Dot(x + 14 + n % _PER_ROW * 15, y + 16 + n // _PER_ROW * 15, each.reached)
        for n, each in enumerate(here[:_MOST_DOTS])
    )
    below = y + 16 + (len(dots) - 1) // _PER_ROW * 15 + 20
    named = here[:_NAMES] if len(here) <= _PER_ROW else []
    names = [_short(each.id) for each in named]
    if names and len(here) > len(names):
        names[-1] = f"{names[-1]} +{len(here) - len(names)}"
    return Cell(
        impact,
        influence,
        x,
        y,
        weak=impact >= MUCH > influence,
        size=len(here),
        missed=sum(not each.reached for each in here),
        dots=dots,
        names=tuple(Line(below + n * 16, text) for n, text in enumerate(names)),
    )


def _short(text: str) -> str:
    return text if len(text) <= _LETTERS else text[: _LETTERS - 1] + "…"
