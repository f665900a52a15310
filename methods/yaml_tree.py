"""YAML as people mean it: text, lists and members, each with its place in the file.

Only null, ``true`` and ``false`` are more than text, so ``no``, ``on``, ``1.10`` and
``2026-12-01`` keep the form in which they were written and the method's model, which
knows what it wants, reads them. What makes YAML surprising or dangerous is refused:
aliases, tags, a member given twice, a second document, depth without end.
Source: YAML 1.2.2, https://yaml.org/spec/1.2.2/
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NoReturn, TypeAlias

import yaml
from yaml import events

if TYPE_CHECKING:
    from collections.abc import Iterator

Data: TypeAlias = "dict[str, Data] | list[Data] | str | bool | None"
Path: TypeAlias = tuple[str | int, ...]

MAX_DEPTH: Final = 32
"""How deep lists and members may lie inside one another; a method needs ten."""

_WORDS: Final[dict[str, bool | None]] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_STRANGE: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
"""What YAML lets no file hold, lone surrogates included (YAML 1.2.2, rule 1)."""

_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line and a column, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Something the YAML itself gets wrong."""

    place: Place
    path: Path
    message: str
    remedy: str


@dataclass(slots=True)
class Tree:
    """What was read: the data, where its members and values begin, and the faults.

    ``ids`` gives the id of each part that has one.

    ``whole`` is false where reading had to stop; then ``data`` means nothing.
    """

    data: Data = None
    members: dict[Path, Place] = field(default_factory=dict[Path, Place])
    ids: dict[Path, str] = field(default_factory=dict[Path, str])
    values: dict[Path, Place] = field(default_factory=dict[Path, Place])
    faults: list[Fault] = field(default_factory=list[Fault])
    whole: bool = False

    def place(self, path: Path) -> Place:
        """Give where ``path``, or the nearest part around it that exists, begins."""
        for length in range(len(path), -1, -1):
            known = self.members.get(path[:length]) or self.values.get(path[:length])
            if known:
                return known
        return Place(1, 1)


class _Unreadable(Exception):
    """The rest of the file can't be read."""


def read(text: str) -> Tree:
    """Read one YAML document. Never raises: what is wrong is in ``faults``."""
    tree = Tree()
    if strange := _STRANGE.search(text):
        tree.faults.append(_character_fault(text, strange.start()))
        return tree
    try:
        _Reader(tree, text).document()
        tree.whole = True
    except _Unreadable:
        pass
    except yaml.MarkedYAMLError as error:
        tree.faults.append(_syntax_fault(error))
    return tree


class _Reader:
    """Turns the parser's events into the tree."""

    def __init__(self, tree: Tree, text: str) -> None:
        self._tree = tree
        self._events: Iterator[events.Event] = yaml.parse(  # pyright: ignore[reportUnknownMemberType] (an untyped stream)
            text, Loader=_LOADER
        )

    def document(self) -> None:
        for event in self._events:
            if isinstance(event, events.DocumentStartEvent):
                self._tree.data = self._value(self._next(), ())
                break
        for event in self._events:
            if isinstance(event, events.DocumentStartEvent):
                self._stop(
                    event,
                    (),
                    "a second document begins here",
                    "Keep one method in a file and take out the line ---",
                )

    def _next(self) -> events.Event:
        return next(self._events)

    def _value(self, event: events.Event, path: Path) -> Data:
        self._tree.values[path] = _place(event)
        self._refuse_cleverness(event, path)
        if isinstance(event, events.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, events.SequenceStartEvent):
            return self._sequence(path)
        return _scalar(event)

    def _mapping(self, path: Path) -> Data:
        found: dict[str, Data] = {}
        while not isinstance(event := self._next(), events.MappingEndEvent):
            name = self._name(event, path)
            here = (*path, name)
            if name in found:
                self._fault(
                    event, here, f"{name} is given twice", "Keep one of the two"
                )
            else:
                self._tree.members[here] = _place(event)
            found[name] = value = self._value(self._next(), here)
            if name == "id" and isinstance(value, str):
                self._tree.ids[path] = value
        return found

    def _name(self, event: events.Event, path: Path) -> str:
        self._refuse_cleverness(event, path)
        if not isinstance(event, events.ScalarEvent):
            self._stop(
                event,
                path,
                "the name of a member must be a word",
                "Write name: value; put text that begins with { or [ in quotes",
            )
        return event.value

    def _sequence(self, path: Path) -> Data:
        found: list[Data] = []
        while not isinstance(event := self._next(), events.SequenceEndEvent):
            found.append(self._value(event, (*path, len(found))))
        return found

    def _refuse_cleverness(self, event: events.Event, path: Path) -> None:
        if isinstance(event, events.AliasEvent):
            self._stop(
                event,
                path,
                f"*{event.anchor} is a reference to another place in the file",
                "Write the part out in full; if it is text, put it in quotes",
            )
        if getattr(event, "anchor", None):
            self._fault(
                event,
                path,
                "a part is named with & here",
                "Take the & and its name out; if it is text, put it in quotes",
            )
        if getattr(event, "tag", None):
            self._fault(
                event,
                path,
                "a type is given with ! here",
                "Take the ! and its name out; if it is text, put it in quotes",
            )
        if "\0" in getattr(event, "value", ""):
            self._fault(
                event,
                path,
                "the character U+0000 can't stand in a method",
                'Take \\0, \\x00 or \\u0000 out of the text between "quotes"',
            )
        if len(path) > MAX_DEPTH:
            self._stop(
                event,
                path[:8],
                f"parts lie more than {MAX_DEPTH} deep inside one another",
                "Look for a bracket or an indent too many",
            )

    def _fault(
        self, event: events.Event, path: Path, message: str, remedy: str
    ) -> None:
        self._tree.faults.append(Fault(_place(event), path, message, remedy))

    def _stop(
        self, event: events.Event, path: Path, message: str, remedy: str
    ) -> NoReturn:
        self._fault(event, path, message, remedy)
        raise _Unreadable


def _place(event: events.Event) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def _scalar(event: events.Event) -> Data:
    if not isinstance(event, events.ScalarEvent):
        message = f"not a scalar: {type(event).__name__}"
        raise TypeError(message)
    plain = event.implicit[0]
    return _WORDS.get(event.value, event.value) if plain else event.value


def _syntax_fault(error: yaml.MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
    what = error.problem or "it can't be read"
    message = f"this is not YAML: {what}"
    return Fault(place, (), message, _syntax_remedy(what))


def _syntax_remedy(what: str) -> str:
    if "mapping values are not allowed" in what:
        return "Put text that holds a colon in quotes, or check the indent"
    if "tab" in what or "\\t" in what:
        return "Indent with spaces, never with tabs"
    if "scalar" in what or "quote" in what or "end of stream" in what:
        return "Close the quote or the bracket that was opened above"
    return "Check the indent of this line, and quotes and brackets around it"


def _character_fault(text: str, index: int) -> Fault:
    before = text[:index]
    place = Place(before.count("\n") + 1, index - before.rfind("\n"))
    message = f"the character U+{ord(text[index]):04X} can't stand in a method"
    return Fault(place, (), message, "Take it out; it is probably invisible")
