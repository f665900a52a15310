"""A chain of steps as a picture: who builds on whom, and what becomes of each.

It is laid out here, to the last coordinate; a template only writes it down. What it
shows stands in a table as well. A step is a row, so that it is as legible on a phone
as on a desk; it tells by shape and by word what its colour tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Final, Literal, NamedTuple

Fate = Literal[
    "here", "falls", "stays", "again", "open", "ahead", "new", "gone", "plain"
]
"""What becomes of a step: the act is about it, it falls, stays, has to be done again,
is under way, was not begun; it comes into the plan, or goes out of it; or nothing."""

WIDTH: Final = 400
_RAIL: Final = 62
_RADIUS: Final = 15
_TEXT: Final = 90
_LINE: Final = 19
_WORDS: Final = 16
_GAP: Final = 22
_HEADING: Final = 34
_CHARACTERS: Final = 38
"""As many as fit beside the rail in letters of 15 units."""
_LONG: Final = 42
_MOST_LINES: Final = 2
_BARE: Final = 12
_FIRST_BULGE, _BULGE, _WIDEST = 16, 9, 48


class Link(NamedTuple):
    """A step of the chain: what it builds on, and what becomes of it, in words."""

    id: str
    number: str
    title: str
    needs: tuple[str, ...]
    fate: Fate
    verdict: str


class Text(NamedTuple):
    """A line of text at a height."""

    y: int
    text: str


class Row(NamedTuple):
    """A step as it is drawn: a sign on the rail, its title, and a verdict."""

    y: int
    number: str
    fate: Fate
    title: tuple[Text, ...]
    verdict: tuple[Text, ...]


class Edge(NamedTuple):
    """That one step builds on another; it ``falls`` where the one drags the other."""

    path: str
    falls: bool


class Picture(NamedTuple):
    """A chain, laid out in units of which the picture is `WIDTH` wide."""

    height: int
    headings: tuple[Text, ...]
    rows: tuple[Row, ...]
    edges: tuple[Edge, ...]
    left: int
    """Where it begins: further to the right where nothing bulges out."""
    rail: int = _RAIL
    radius: int = _RADIUS
    text: int = _TEXT
    width: int = WIDTH


def draw(phases: Sequence[tuple[str, Sequence[Link]]]) -> Picture:
    """Lay out steps under the titles of their phases, in the order of the plan."""
    y, headings, rows = 0, list[Text](), list[Row]()
    links: list[Link] = []
    for title, steps in phases:
        if title and steps:
            headings.append(Text(y + _HEADING - 12, _cut(title)))
            y += _HEADING
        for link in steps:
            row = _row(link, y)
            rows.append(row)
            links.append(link)
            y = _bottom(row)
    places = {link.id: row.y for link, row in zip(links, rows, strict=True)}
    edges = tuple(_edges(links, places))
    bulges = any("C" in edge.path for edge in edges)
    left = 0 if bulges else _BARE
    return Picture(y, tuple(headings), tuple(rows), edges, left)


def _row(link: Link, top: int) -> Row:
    titles = _broken(link.title, _CHARACTERS)
    first = top + _LINE
    below = first + (len(titles) - 1) * _LINE
    verdict = _broken(link.verdict, _LONG)
    return Row(
        y=top + _LINE - 5,
        number=link.number,
        fate=link.fate,
        title=tuple(Text(first + n * _LINE, t) for n, t in enumerate(titles)),
        verdict=tuple(
            Text(below + (n + 1) * _WORDS + 2, t) for n, t in enumerate(verdict)
        ),
    )


def _bottom(row: Row) -> int:
    last = (*row.title, *row.verdict)[-1]
    return last.y + _GAP


def _broken(text: str, width: int) -> list[str]:
    """Break a text over a few lines; what does not fit is cut off."""
    lines = wrap(text, width, break_long_words=True) or [""]
    if len(lines) > _MOST_LINES:
        lines = lines[:_MOST_LINES]
        lines[-1] = lines[-1][: width - 1].rstrip() + "…"
    return lines


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else text[: _LONG - 1].rstrip() + "…"


def _edges(links: Sequence[Link], places: Mapping[str, int]) -> Iterator[Edge]:
    order = {link.id: number for number, link in enumerate(links)}
    fates = {link.id: link.fate for link in links}
    for link in links:
        for need in link.needs:
            if need in order and order[need] < order[link.id]:
                apart = order[link.id] - order[need]
                path = _path(places[need], places[link.id], apart)
                dragged = fates[need] in {"here", "falls"} and link.fate == "falls"
                yield Edge(path, dragged)


def _path(start: int, end: int, apart: int) -> str:
    """Give a straight line to the next step, and around what lies between to others."""
    if apart == 1:
        return f"M{_RAIL} {start + _RADIUS}V{end - _RADIUS}"
    bulge = min(_WIDEST, _FIRST_BULGE + apart * _BULGE)
    left = _RAIL - _RADIUS
    far = left - bulge
    return f"M{left} {start}C{far} {start} {far} {end} {left} {end}"
