"""What a command answers: one JSON document, or a page that people read.

A page has tables and colours on a terminal only; elsewhere it is plain, aligned text.
What people said is shown as text: signs by which it could speak to a terminal, or turn
the order in which it is read, are shown as a mark in their place.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple, TextIO

from desk.in_words.mood import Mood

_STYLES: Final[dict[Mood, str]] = {
    "plain": "",
    "good": "green",
    "open": "yellow",
    "alarm": "bold red",
    "quiet": "dim",
    "title": "bold",
}


_UNSEEN: Final = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]"
)
_IN_ITS_PLACE: Final = "\ufffd"


class Cell(NamedTuple):
    """A text with the mood in which a terminal shows it."""

    text: str
    mood: Mood = "plain"


class Page:
    """Text for people, on standard output or where it is told."""

    def __init__(self, out: TextIO | None = None) -> None:
        """Write to ``out``; a terminal gets tables and, without NO_COLOR, colours."""
        self.out = out or sys.stdout
        self.terminal = self.out.isatty() and os.environ.get("TERM") != "dumb"

    def line(self, text: str = "", mood: Mood = "plain", indent: int = 0) -> None:
        """Write a line; on a terminal long ones are folded at words."""
        text = seen(text)
        if not self.terminal:
            self.out.write(f"{' ' * indent}{text}".rstrip() + "\n")
            return
        from rich.padding import Padding
        from rich.text import Text

        body = Text(text, style=_STYLES[mood])
        self._console().print(Padding(body, (0, 0, 0, indent)))

    def title(self, text: str) -> None:
        """Write a heading, after an empty line."""
        self.line()
        self.line(text, "title")

    def command(self, text: str) -> None:
        """Write a command to copy, whole: it is never folded."""
        text = seen(runnable(text))
        if self.terminal:
            self._console().print(
                f"  {text}", style="cyan", markup=False, highlight=False, soft_wrap=True
            )
        else:
            self.out.write(f"  {text}\n")

    def table(
        self,
        rows: Iterable[Sequence[str | Cell]],
        header: Sequence[str] = (),
        indent: int = 0,
    ) -> None:
        """Write rows under each other, their columns aligned."""
        cells = [[_cell(c) for c in row] for row in rows]
        header = [seen(name) for name in header]
        if not cells:
            return
        if self.terminal:
            self._rich_table(cells, header, indent)
            return
        texts = [[cell.text for cell in row] for row in cells]
        if header:
            texts.insert(0, list(header))
        widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
        for row in texts:
            whole = "  ".join(t.ljust(w) for t, w in zip(row, widths, strict=True))
            self.out.write(f"{' ' * indent}{whole}".rstrip() + "\n")

    def _rich_table(
        self, rows: list[list[Cell]], header: Sequence[str], indent: int
    ) -> None:
        from rich.padding import Padding
        from rich.table import Table
        from rich.text import Text

        table = Table(
            box=None,
            show_header=bool(header),
            header_style="dim",
            pad_edge=False,
            padding=(0, 2, 0, 0),
        )
        for number in range(len(rows[0])):
            table.add_column(header[number] if header else "")
        for row in rows:
            table.add_row(*(Text(c.text, style=_STYLES[c.mood]) for c in row))
        self._console().print(Padding(table, (0, 0, 0, indent)))

    def _console(self) -> Any:  # noqa: ANN401  (rich is loaded for terminals only)
        from rich.console import Console

        return Console(file=self.out, highlight=False, emoji=False)


def _cell(told: str | Cell) -> Cell:
    cell = told if isinstance(told, Cell) else Cell(told)
    return cell._replace(text=seen(cell.text))


def seen(text: str) -> str:
    """Give a text as it can be shown: its lines, and no sign that does anything."""
    return _UNSEEN.sub(_IN_ITS_PLACE, text.replace("\r\n", "\n"))


@cache
def program() -> str:
    """Give what starts Polder here: `polder` on the PATH, else our own script."""
    if shutil.which("polder"):
        return "polder"
    ours = Path(__file__).parent.parent / "bin" / "polder"
    here = Path.cwd()
    return str(ours.relative_to(here) if ours.is_relative_to(here) else ours)


def runnable(command: str) -> str:
    """Give a command of ours as it can be copied here."""
    word, space, rest = command.partition(" ")
    return f"{program()}{space}{rest}" if word == "polder" else command


@dataclass(frozen=True)
class Result:
    """What a command answers: ``data`` for programs, ``show`` for people."""

    data: Mapping[str, Any]
    show: Callable[[Page], None]
    code: int = 0


def write_json(document: Mapping[str, Any], out: TextIO | None = None) -> None:
    """Write one JSON document, on a line of its own.

    What does something to a terminal is written as JSON escapes it.
    """
    stream = out or sys.stdout
    text = json.dumps(document, ensure_ascii=False)
    stream.write(_UNSEEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text) + "\n")
    stream.flush()
