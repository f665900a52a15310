"""What is wrong with the text of a method, at its lines, with the lines themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from desk.in_words.methods import remedy, wrong

if TYPE_CHECKING:
    from methods.problems import Problem

MOST: Final = 100
"""Of what is wrong so much is told at once."""
_AROUND: Final = 1
_LONGEST: Final = 160


class SourceLine(NamedTuple):
    """A line of the text; ``wrong`` where something is the matter with it."""

    number: int
    text: str
    wrong: bool


class Wrong(NamedTuple):
    """Something that is wrong: where, what, what helps, and the lines around it."""

    line: int
    column: int
    path: str
    message: str
    remedy: str
    lines: tuple[SourceLine, ...]


def told(problems: Sequence[Problem], text: str) -> tuple[Wrong, ...]:
    """Say what is wrong with a text, in the order of its lines."""
    lines = text.split("\n")
    return tuple(_wrong(each, lines) for each in problems[:MOST])


def _wrong(one: Problem, lines: Sequence[str]) -> Wrong:
    message = wrong(one.message)
    return Wrong(
        line=one.line,
        column=one.column,
        path=one.path,
        message=f"{message[:1].upper()}{message[1:]}",
        remedy=remedy(one.remedy),
        lines=tuple(_around(one.line, lines)),
    )


def _around(line: int, lines: Sequence[str]) -> Iterator[SourceLine]:
    for number in range(max(1, line - _AROUND), min(len(lines), line + _AROUND) + 1):
        text = lines[number - 1]
        cut = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        yield SourceLine(number, cut, number == line)
