"""A sheet as organisations keep one: CSV, with whatever their program puts between."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Final

from language import mark

_BETWEEN: Final = ",;\t"
_BROKEN: Final = mark(
    "line {line} can't be read as CSV: a cell in it is too long, or quotes do not close"
)


class Unreadable(ValueError):
    """A sheet can't be read; the message is a text of the code with its facts."""

    def __init__(self, text: str, **facts: str | int) -> None:
        """Keep the text and what it leaves open."""
        super().__init__(text.format(**facts))
        self.text = text
        self.facts = facts


def rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give the cells of each row, with the line in which it ends.

    There is always one, of no cells where there is no text. What stands most often in
    the first line stands between cells. Raises `Unreadable` where the text is no CSV.
    """
    if not text.strip():
        yield 0, []
        return
    first = text.splitlines()[0]
    between = max(_BETWEEN, key=first.count)
    lines = csv.reader(StringIO(text, newline=""), delimiter=between)
    try:
        for cells in lines:
            yield lines.line_num, cells
    except csv.Error as error:
        raise Unreadable(_BROKEN, line=lines.line_num) from error
