r"""CSV that a spreadsheet can open without obeying it.

RFC 4180, all cells in quotes, UTF-8 with the mark by which Excel knows it. A cell that
a spreadsheet could take for a formula (OWASP, "CSV Injection") is defused so that the
value can be had back:

- a plain cell that begins with a sign of a formula, or with an apostrophe, gets an
  apostrophe before it;
- in a cell with JSON, where all text is that people typed, such a sign is written as
  ``\u003d`` and the like where it stands at the beginning of a string or after a
  separator: also a spreadsheet that splits at semicolons finds no cell to obey. JSON
  readers read the same value.

There is no place for a provenance in CSV: it is in the file beside it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from exports.rows import JSON_COLUMNS, Row, columns

_SIGNS: Final = "=+@\\-\uff1d\uff0b\uff0d\uff20"
"""What opens a formula, also in its full width, as East Asian versions take it."""

_OPENS: Final = re.compile(f"[\\t\\r\\n]|\\s*['{_SIGNS}]")
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_SPLIT: Final = re.compile(rf"(^\"|[;,|\s'\"])([{_SIGNS}])")


class Commas:
    """Writes CSV."""

    def __init__(self, path: Path, *, opened: bool = False) -> None:
        """Write to ``path``, with a column more where texts are opened."""
        self._out = path.open("w", encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        self._columns = columns(opened=opened)
        self._csv.writerow(self._columns)

    def add(self, row: Row) -> None:
        """Write one row."""
        self._csv.writerow(
            defused_json(str(cell)) if name in JSON_COLUMNS else defused(cell)
            for name, cell in zip(self._columns, row.cells, strict=True)
        )

    def finish(self, block: Mapping[str, Any]) -> None:
        """Write nothing more: CSV has no place for a provenance."""

    def close(self) -> None:
        """Let go of the file."""
        self._out.close()


def defused(cell: str | int) -> str | int:
    """Give a plain cell that no spreadsheet takes for a formula."""
    if isinstance(cell, str) and _OPENS.match(cell):
        return f"'{cell}"
    return cell


def armed(cell: str) -> str:
    """Give back what `defused` was given."""
    return cell.removeprefix("'")


def defused_json(text: str) -> str:
    """Give the same JSON, in which no cell can begin with a sign of a formula."""
    return _STRING.sub(lambda found: _defused_string(found[0]), text)


def _defused_string(literal: str) -> str:
    while True:
        made = _SPLIT.sub(lambda found: f"{found[1]}\\u{ord(found[2]):04x}", literal)
        if made == literal:
            return made
        literal = made
