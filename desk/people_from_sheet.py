"""A sheet of stakeholders, as organisations keep one, becomes the register.

Each row is one command: whoever is not on the register is registered, whoever is there
is changed where the sheet says something else; whoever left stays away, whatever an old
sheet says. So the same sheet twice changes nothing, and one that broke off half-way
goes on where it was. An empty cell says nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from desk.desk import Desk, Sender
from desk.errors import Refused
from desk.people import WEIGHTS, WORDS, Person, people
from desk.people_form import in_full
from desk.people_sheet import COLUMNS
from desk.spreadsheet import Unreadable, rows
from desk.trying import tried
from exports.commas import armed
from language import mark, translator

NAMES: Final[Mapping[str, str]] = {
    "soort": "kind",
    "geraakt": "impact",
    "invloed": "influence",
    "bereikt": "reached",
    "naam": "name",
    "organisatie": "organisation",
    "adres": "address",
    "e-mail": "address",
    "email": "address",
    "achterban": "constituency",
    "mandaat": "mandate",
    "vertrokken": "left",
}
"""What Dutch sheets call the columns."""

_READ: Final = frozenset({"stakeholder", "kind", "reached", *WEIGHTS, *WORDS})
_FLAGS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("yes", "ja", "true", "1", "x"), True),
    **dict.fromkeys(("no", "nee", "false", "0"), False),
}
_CHOICES: Final[Mapping[str, str]] = {
    "impact": mark("0 (not), 1 (a little), 2 (strongly) or 3 (very strongly)"),
    "influence": mark("0 (none), 1 (little), 2 (much) or 3 (very much)"),
    "reached": mark("yes or no"),
}
"""What can stand in a column, as people are told it."""

_NO_COLUMN: Final = mark("there is no column stakeholder")
_STRANGE: Final = mark("line {line}: {column} can't be {cell}; write {choices}")
_TWICE: Final = mark("line {line}: {stakeholder} was there before")
_NAMELESS: Final = mark("line {line}: there is no stakeholder")


class Line(NamedTuple):
    """A row of a sheet: the members of a command, and whether it says they left."""

    number: int
    body: dict[str, Any]
    left: bool


Outcome = Literal["registered", "changed", "unchanged", "left", "refused"]


class Done(NamedTuple):
    """What came of a row."""

    stakeholder: str
    outcome: Outcome
    refusal: Refused | None = None


def read(text: str) -> list[Line]:
    """Read a sheet: CSV with commas, semicolons or tabs. Raises `Unreadable`."""
    found = rows(text)
    called = {_column(cell): cell.strip() for cell in next(found)[1]}
    if "stakeholder" not in called:
        raise Unreadable(_NO_COLUMN)
    lines = [line for number, row in found if (line := _line(called, row, number))]
    seen: set[str] = set()
    for line in lines:
        who = line.body["stakeholder"]
        if who in seen:
            raise Unreadable(_TWICE, line=line.number, stakeholder=who)
        seen.add(who)
    return lines


def _column(cell: str) -> str:
    name = cell.strip().lower()
    return NAMES.get(name, name)


def _line(called: Mapping[str, str], row: list[str], number: int) -> Line | None:
    """Read a row; ``called`` gives the columns in order, with what the sheet says."""
    told = {name: cell.strip() for name, cell in zip(called, row, strict=False)}
    cells = {name: cell for name, cell in told.items() if cell and name in _READ}
    if not cells:
        return None
    if "stakeholder" not in cells:
        raise Unreadable(_NAMELESS, line=number)
    body = {name: _value(name, armed(cell)) for name, cell in cells.items()}
    for name, value in body.items():
        if value is None:
            facts = {"column": called[name], "cell": cells[name]}
            raise Unreadable(_STRANGE, line=number, choices=_CHOICES[name], **facts)
    return Line(number, body, bool(told.get("left")))


def _value(name: str, cell: str) -> str | int | bool | None:
    """Read a cell; None where the column takes no such thing."""
    if name == "reached":
        return _FLAGS.get(cell.casefold())
    if name in WEIGHTS:
        return _weights(WEIGHTS[name]).get(cell.casefold())
    return cell


def _weights(words: Sequence[str]) -> dict[str, int]:
    """Give weights by their number, and by what they are called in any language."""
    spoken = (translator(lang) for lang in ("nl", "en"))
    called = {say(text).casefold(): n for say in spoken for n, text in enumerate(words)}
    return {str(n): n for n in range(len(words))} | called


def ignored(text: str) -> list[str]:
    """Name the columns that a sheet has and that bring nothing to the register."""
    names = [_column(cell) for cell in next(rows(text))[1]]
    return [name for name in names if name not in {*COLUMNS, *WORDS}]


async def bring_in(
    desk: Desk, stream: str, lines: list[Line], sender: Sender, *, really: bool = True
) -> AsyncIterator[Done]:
    """Bring rows to the register, one after the other; say what came of each.

    With ``really=False`` nothing is sent, and it says what would have come of it. A row
    that is refused stops no other.
    Raises `NotFound`, `Refused` (who may not read private texts), `Unreachable`.
    """
    found = await people(desk, stream, "en", sender)
    state = found.state
    known = {each.id: each for each in found.present}
    gone = {each.id for each in found.left}
    for line in lines:
        who = line.body["stakeholder"]
        named = in_full("register_stakeholder", line.body, state)
        kind, body = _wish(line._replace(body=named), known.get(who))
        if kind is None or who in gone:
            yield Done(who, "left" if who in gone else "unchanged")
            continue
        outcome = "registered" if kind == "register_stakeholder" else "changed"
        try:
            if really:
                await desk.send(stream, kind, body, sender)
            else:
                state, _events = tried(stream, state, kind, body, sender)
        except Refused as refusal:
            yield Done(who, "refused", refusal)
        else:
            yield Done(who, outcome)


def _wish(line: Line, known: Person | None) -> tuple[str | None, dict[str, Any]]:
    """Give the command that a row asks for; no kind where it asks for none."""
    if known is None:
        return (None if line.left else "register_stakeholder"), line.body
    told = dict(_differing(line.body, known))
    if not told:
        return None, {}
    return "change_stakeholder", {"stakeholder": known.id, **told}


def _differing(body: Mapping[str, Any], known: Person) -> Iterator[tuple[str, Any]]:
    for name, value in body.items():
        if name == "stakeholder":
            continue
        before = known.words.get(name) if name in WORDS else getattr(known, name)
        if before != value:
            yield name, value
