"""XLSX: a sheet with events and one with their provenance, and not one formula.

Every cell is written as a text or a number, so nothing that people typed is obeyed.
Made with XlsxWriter, whose files differ in nothing but what is put in: the only moment
in them is that of the checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]  (typed inline)

from exports.rows import Row, columns, compact

MOST_ROWS: Final = 1_048_575
"""How many events a sheet holds below its heading."""

MOST_CHARACTERS: Final = 32_767
"""How long a text in a cell may be."""

_WIDTHS: Final = {"data": 60, "opened": 60, "hash": 20, "stream": 30, "type": 24}
_WIDTH: Final = 16


class TooManyRows(ValueError):
    """More events than a sheet holds: choose fewer, or another format."""


class Sheets:
    """Writes XLSX."""

    def __init__(
        self,
        path: Path,
        made: datetime,
        words: Mapping[str, str],
        *,
        opened: bool = False,
    ) -> None:
        """Write to ``path``; ``words`` are headings by column, in the reader's tongue.

        ``made`` is the moment of the checkpoint. The words ``events`` and
        ``provenance`` name the sheets.
        """
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self._book.set_properties({"created": made.replace(tzinfo=None)})
        self._words = words
        self._bold = self._book.add_format({"bold": True})
        self._events = self._book.add_worksheet(words.get("events", "events"))
        self._columns = columns(opened=opened)
        for place, name in enumerate(self._columns):
            self._events.set_column(place, place, _WIDTHS.get(name, _WIDTH))
            self._events.write_string(0, place, words.get(name, name), self._bold)
        self._events.freeze_panes(1, 0)
        self._row = 0

    def add(self, row: Row) -> None:
        """Write one row. Raises `TooManyRows`."""
        if self._row == MOST_ROWS:
            raise TooManyRows(f"a sheet holds {MOST_ROWS} events")
        self._row += 1
        for place, cell in enumerate(row.cells):
            if isinstance(cell, int):
                self._events.write_number(self._row, place, cell)
            else:
                self._events.write_string(self._row, place, _fitting(cell))

    def finish(self, block: Mapping[str, Any]) -> None:
        """Write the provenance on a sheet of its own."""
        self._events.autofilter(0, 0, self._row, len(self._columns) - 1)
        name = self._words.get("provenance", "provenance")
        sheet = self._book.add_worksheet(name)
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 100)
        for place, (label, value) in enumerate(_flat(block)):
            sheet.write_string(place, 0, label, self._bold)
            sheet.write_string(place, 1, _fitting(value))

    def close(self) -> None:
        """Write the file."""
        self._book.close()


def _fitting(text: str) -> str:
    if len(text) <= MOST_CHARACTERS:
        return text
    return f"({len(text)} characters, more than a cell holds: see another format)"


def _flat(block: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in block.items():
        match value:
            case dict():
                inner: dict[str, Any] = {**value}
                yield from _flat(inner, f"{above}{name}.")
            case list() | bool() | None:
                yield f"{above}{name}", compact(value)
            case _:
                yield f"{above}{name}", str(value)
