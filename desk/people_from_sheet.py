"""A sheet of stakeholders, as organisations keep one, becomes the register.

Each row is one command: whoever is not on the register is registered, whoever is there
is changed where the sheet says something else; whoever left stays away, whatever an old
sheet says. So the same sheet twice changes nothing, and one that broke off half-way
goes on where it was. An empty cell says nothing.
"""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
from io import StringIO
from typing import Any, Final, Literal, NamedTuple

from desk.desk import Desk, Sender
from desk.errors import Refused
from desk.people import WORDS, Person, people
from desk.people_form import in_full
from desk.people_sheet import COLUMNS
from domain.clock import to_dialogue_time
from domain.commands import COMMANDS
from domain.decide import decide
from domain.errors import DomainError
from domain.evolve import evolve
from domain.facts import Cause
from domain.messages import private_fields
from domain.rights import acting_role
from domain.state import Dialogue
from exports.commas import armed
from language import mark
from workflows.intake import read_command, read_envelope

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

_WEIGHTS: Final = ("impact", "influence")
_READ: Final = frozenset({"stakeholder", "kind", "reached", *_WEIGHTS, *WORDS})
_FLAGS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("yes", "ja", "true", "1", "x"), True),
    **dict.fromkeys(("no", "nee", "false", "0"), False),
}

_NO_COLUMN: Final = mark("there is no column stakeholder")
_STRANGE: Final = mark("line {line}: {column} can't be {cell}")
_TWICE: Final = mark("line {line}: {stakeholder} was there before")
_NAMELESS: Final = mark("line {line}: there is no stakeholder")


_SEALED: Final = {"commitment": "0" * 64}
"""Stands for a private text where nothing is sent."""


class Unreadable(ValueError):
    """A sheet can't be read; the message is a text of the code with its facts."""

    def __init__(self, text: str, **facts: str | int) -> None:
        """Keep the text and what it leaves open."""
        super().__init__(text.format(**facts))
        self.text = text
        self.facts = facts


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
    first = text.splitlines()[0] if text.strip() else ""
    sign = max(",;\t", key=first.count)
    rows = csv.reader(StringIO(text, newline=""), delimiter=sign)
    head = [_column(cell) for cell in next(rows, list[str]())]
    if "stakeholder" not in head:
        raise Unreadable(_NO_COLUMN)
    lines = [line for row in rows if (line := _line(head, row, rows.line_num))]
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


def _line(head: list[str], row: list[str], number: int) -> Line | None:
    told = {name: cell.strip() for name, cell in zip(head, row, strict=False)}
    cells = {name: cell for name, cell in told.items() if cell and name in _READ}
    if not cells:
        return None
    if "stakeholder" not in cells:
        raise Unreadable(_NAMELESS, line=number)
    body = {name: _value(name, armed(cell), number) for name, cell in cells.items()}
    return Line(number, body, bool(told.get("left")))


def _value(name: str, cell: str, line: int) -> str | int | bool:
    if name in _WEIGHTS:
        if cell not in {"0", "1", "2", "3"}:
            raise Unreadable(_STRANGE, line=line, column=name, cell=cell)
        return int(cell)
    if name == "reached":
        if cell.lower() not in _FLAGS:
            raise Unreadable(_STRANGE, line=line, column=name, cell=cell)
        return _FLAGS[cell.lower()]
    return cell


def ignored(text: str) -> list[str]:
    """Name the columns that a sheet has and that bring nothing to the register."""
    first = text.splitlines()[0] if text.strip() else ""
    sign = max(",;\t", key=first.count)
    names = [
        _column(cell) for cell in next(csv.reader([first], delimiter=sign), list[str]())
    ]
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
                state = _tried(stream, state, kind, body, sender)
        except Refused as refusal:
            yield Done(who, "refused", refusal)
        else:
            yield Done(who, outcome)


def _tried(
    stream: str, state: Dialogue, kind: str, body: Mapping[str, Any], sender: Sender
) -> Dialogue:
    """Give the state as it would be after a command. Raises `Refused`."""
    role = sender.role or acting_role(state.plan, state.roles, sender.id)
    now = to_dialogue_time(state.clock, datetime.now(UTC))
    words = {n: _SEALED for n in private_fields(COMMANDS[kind]) if n in body}
    envelope = {
        "id": f"dry-run-{state.version}",
        "actor": {"id": sender.id, "role": role},
        "command": {**body, **words},
    }
    try:
        read = read_envelope(envelope)
        by = Cause(stream=stream, id=read.id, actor=read.actor, at=now)
        for event in decide(state, read_command(kind, read), by):
            state = evolve(state, event)
    except DomainError as error:
        raise Refused.of(error) from error
    return state


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
