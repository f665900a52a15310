"""A sheet of responses that came on paper, read row by row.

Each row is about one letter, and has an id made of its window and that letter. What is
wrong with a row is said of it, and keeps no other row from being read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

from desk.channels import CHANNELS
from desk.errors import DeskError
from desk.moments import read_instant
from desk.spreadsheet import Unreadable, rows
from domain.clock import to_dialogue_time
from domain.facts import written
from domain.state import Dialogue
from exports.commas import armed
from language import mark, translator

HEADINGS: Final[Mapping[str, str]] = {
    "respondent": mark("respondent"),
    "response": mark("response"),
    "received_at": mark("received"),
    "posted_on": mark("posted on"),
    "channel": mark("how it came"),
    "reference": mark("reference"),
    "address": mark("address"),
    "supplements": mark("adds to"),
    "letter": mark("letter"),
}
"""The columns that are read, and what they are called."""

_ALSO: Final[Mapping[str, str]] = {
    "tekst": "response",
    "datum": "received_at",
    "hoe het kwam": "channel",
    "kanaal": "channel",
    "e-mail": "address",
    "email": "address",
    "aanvulling op": "supplements",
}
"""What else sheets call the columns."""

_SPOKEN: Final = ("nl", "en")
_DUTCH_DAY: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")

_NO_COLUMN: Final = mark("there is no column respondent")
_NOBODY: Final = mark("it does not say whose response it is")
_EMPTY: Final = mark("it has neither a response nor a reference")
_STRANGE: Final = mark("{cell} can't be read as: {column}")
_TWICE: Final = mark("line {line} was about the same letter")


class Row(NamedTuple):
    """A row of a sheet: the members of a command, or what is wrong with it."""

    line: int
    respondent: str
    name: str
    """The id under which it counts once."""
    body: dict[str, Any]
    problem: Unreadable | None = None


class Sheet(NamedTuple):
    """What a sheet holds: rows, and headings of columns that bring nothing."""

    rows: list[Row]
    ignored: list[str]


def read(
    text: str, window: str, state: Dialogue, more: Mapping[str, Any] | None = None
) -> Sheet:
    """Read a sheet: CSV with commas, semicolons or tabs.

    ``more`` are members that hold for each row that does not say them itself. Raises
    `Unreadable` where no row can be read; what is wrong with one row is said of it.
    """
    lines = rows(text)
    known = {**_ALSO, **_names(HEADINGS)}
    called = [cell.strip() for cell in next(lines)[1]]
    head = [known.get(cell.casefold()) for cell in called]
    if "respondent" not in head:
        raise Unreadable(_NO_COLUMN)
    found = _rows(lines, head, _Reading(window, state, more or {}))
    left_out = [cell for cell, name in zip(called, head, strict=True) if not name]
    return Sheet(list(found), [cell for cell in left_out if cell])


class _Reading(NamedTuple):
    window: str
    state: Dialogue
    more: Mapping[str, Any]


def _rows(
    lines: Iterable[tuple[int, list[str]]], head: Sequence[str | None], by: _Reading
) -> Iterator[Row]:
    seen: dict[str, int] = {}
    times: dict[str, int] = {}
    for number, cells in lines:
        told = {
            name: armed(cell.strip())
            for name, cell in zip(head, cells, strict=False)
            if name and cell.strip()
        }
        if not told:
            continue
        who = told.get("respondent", "")
        times[who] = times.get(who, 0) + 1
        letter = told.pop("letter", f"{who}:{times[who]}")
        name = _id(by.window, letter)
        row = _row(Row(number, who, name, {}), told, by)
        if name in seen:
            row = row._replace(problem=Unreadable(_TWICE, line=seen[name]))
        seen.setdefault(name, row.line)
        yield row


def _id(window: str, letter: str) -> str:
    """Give the id of a row: the same for the same letter to the same window."""
    digest = sha256(f"{window}\n{letter}".encode()).hexdigest()
    return f"sheet:{digest[:32]}"


def _row(row: Row, told: Mapping[str, str], by: _Reading) -> Row:
    if not row.respondent:
        return row._replace(problem=Unreadable(_NOBODY))
    if not told.keys() & {"response", "reference"}:
        return row._replace(problem=Unreadable(_EMPTY))
    try:
        read = {name: _value(name, cell, by.state) for name, cell in told.items()}
    except Unreadable as problem:
        return row._replace(problem=problem)
    return row._replace(body={"window": by.window, **by.more, **read})


def _value(name: str, cell: str, state: Dialogue) -> str | int:
    """Read a cell. Raises `Unreadable`."""
    read_as: Mapping[str, Callable[[], str | int | None]] = {
        "received_at": lambda: _received(cell, state),
        "posted_on": lambda: date.fromisoformat(_day(cell)).isoformat(),
        "channel": lambda: _names(CHANNELS).get(cell.casefold()),
        "supplements": lambda: int(cell),
    }
    try:
        found = read_as.get(name, lambda: cell)()
    except (ValueError, DeskError):
        found = None
    if found is None:
        raise Unreadable(_STRANGE, cell=cell, column=HEADINGS[name])
    return found


def _received(cell: str, state: Dialogue) -> str:
    """Give the instant of a day or a moment on the dialogue's clock.

    A day alone is its last moment, or now as long as it lasts: who is in time on that
    day is in time.
    """
    now = to_dialogue_time(state.clock, datetime.now(UTC))
    first, last = (
        read_instant(_day(cell), state.zone, end_of_day=end) for end in (False, True)
    )
    return written(now if first <= now < last else last)


def _day(cell: str) -> str:
    """Write a day the way spreadsheets of the Netherlands do as ISO 8601 has it."""
    found = _DUTCH_DAY.match(cell)
    if found is None:
        return cell
    day, month, year = (int(part) for part in found.groups())
    rest = cell[found.end() :].strip()
    return f"{year:04}-{month:02}-{day:02}" + (f"T{rest}" if rest else "")


def _names(words: Mapping[str, str]) -> dict[str, str]:
    """Give codes by what they are called in every language, and by themselves."""
    spoken = [translator(lang) for lang in _SPOKEN]
    called = {say(text).casefold(): n for say in spoken for n, text in words.items()}
    return called | {name: name for name in words}
