"""An OCEL 2.0 log in memory: events, objects that change, and what relates them.

Source: OCEL 2.0 specification (Berti et al., 16 October 2023), sections 4 and 5. Types
of attributes follow from the values: a column of whole numbers is one of integers, one
of instants is one of times, anything mixed is text. What is no scalar is JSON.

The provenance is an object too, of type ``export``: the format has no other place for
it that every reader leaves in peace.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from exports.objects import DIALOGUE, Touched, changed, parent, touched
from exports.rows import Row, compact

Value: TypeAlias = str | int | bool
Kind = Literal["string", "time", "integer", "boolean"]

BEGINNING: Final = "1970-01-01T00:00:00.000000Z"
"""The moment of what an object always was, as the specification has it."""

EXPORT: Final = "export"
_ABOUT: Final = ("title", "question", "method")
"""What the first event of a dialogue says of the whole."""

_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:]{8}\.\d{6}Z", re.ASCII)


@dataclass(slots=True)
class Thing:
    """An object: its type, what it was when, and what it is related to."""

    id: str
    kind: str
    values: list[tuple[str, str, Value]] = field(
        default_factory=list[tuple[str, str, Value]]
    )
    """Name, moment and value of an attribute."""
    related: dict[tuple[str, str], None] = field(
        default_factory=dict[tuple[str, str], None]
    )
    """Id of another object, and how: in order, each once."""


@dataclass(slots=True)
class Happening:
    """An event: its type, moment, attributes, and the objects it is about."""

    id: str
    kind: str
    at: str
    values: dict[str, Value]
    related: dict[tuple[str, str], None]


class OcelLog:
    """Gathers rows."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.happenings: list[Happening] = []
        self.things: dict[str, Thing] = {}

    def add(self, row: Row) -> None:
        """Take in one event, with its objects."""
        event = row.members
        stream, at = event["stream"], event["at"]
        related: dict[tuple[str, str], None] = {}
        for one in touched(row):
            related[self._thing(one, stream).id, one.qualifier] = None
        for one, status in changed(row):
            self._thing(one, stream).values.append(("status", at, status))
        if event["type"] == "dialogue_started":
            whole = self.things[f"{DIALOGUE}/{stream}"].values
            told = event["data"]
            whole += [(n, at, _scalar(told[n])) for n in _ABOUT if told.get(n)]
        self.happenings.append(
            Happening(event["id"], event["type"], at, _values(row), related)
        )

    def vouch(self, block: Mapping[str, Any]) -> None:
        """Take in the provenance, as an object."""
        at = block["checkpoint"]["at"]
        values = [(name, at, _scalar(value)) for name, value in block.items()]
        self.things[EXPORT] = Thing(EXPORT, EXPORT, values)

    def _thing(self, one: Touched, stream: str) -> Thing:
        name = one.id_in(stream)
        if name not in self.things:
            made = Thing(name, one.kind, [("name", BEGINNING, one.name)])
            self.things[name] = made
            above = parent(one, stream)
            if above is not None:
                made.related[self._thing(above[0], stream).id, above[1]] = None
        return self.things[name]

    def event_types(self) -> dict[str, dict[str, Kind]]:
        """Give the types of events, each with its attributes and their types."""
        return _types(
            (each.kind, name, value)
            for each in self.happenings
            for name, value in each.values.items()
        )

    def object_types(self) -> dict[str, dict[str, Kind]]:
        """Give the types of objects, each with its attributes and their types."""
        return _types(
            (each.kind, name, value)
            for each in self.things.values()
            for name, _, value in each.values
        )


def _values(row: Row) -> dict[str, Value]:
    event = row.members
    values: dict[str, Value] = {
        "seq": event["seq"],
        "leaf_index": row.leaf_index,
        "recorded_at": row.recorded_at,
        "role": event["actor"]["role"],
        "cause": event["cause"],
        "hash": row.hash,
    }
    if event["private"]:
        values["private"] = compact(sorted(event["private"]))
    if row.erased:
        values["erased"] = compact(row.erased)
    if row.opened:
        values["opened"] = compact(row.opened)
    for name, value in event["data"].items():
        if value is not None:
            values[f"data_{name}"] = _scalar(value)
    return values


def _scalar(value: Any) -> Value:  # noqa: ANN401 (any JSON)
    return value if isinstance(value, str | int) else compact(value)


def _types(
    found: Iterable[tuple[str, str, Value]],
) -> dict[str, dict[str, Kind]]:
    kinds: dict[str, dict[str, Kind]] = {}
    for kind, name, value in found:
        known = kinds.setdefault(kind, {})
        now = _kind(value)
        known[name] = now if known.get(name, now) == now else "string"
    return {kind: dict(sorted(known.items())) for kind, known in sorted(kinds.items())}


def as_kind(value: Value, kind: Kind) -> Value:
    """Give a value as its attribute's type has it: mixed values are text."""
    if kind == "string" and not isinstance(value, str):
        return compact(value)
    return value


def _kind(value: Value) -> Kind:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    return "time" if _INSTANT.fullmatch(value) else "string"
