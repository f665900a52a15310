"""Before something is corrected the desk looks at what stands there, on record.

The core can't see the events of before; whoever sends a correction says what they saw.
For people the desk sees it: the first value, or what it was corrected to since.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeGuard, cast

from desk.errors import Refused
from domain.corrections import (
    NoSuchEvent,
    NotCorrectable,
    OtherKindOfValue,
    why_not,
)
from language import mark
from storage.pool import Source
from storage.queries import PAGE, events
from storage.record import head

KIND: Final = "correct_fact"
_CORRECTED: Final = "fact_corrected"
_NOTHING: Final = "nothing stands there"
_NO_FIGURE: Final = "no figure and no text stands there"
_CHOOSE: Final = mark("what can be corrected there is: {known}")
_MOST_NAMED: Final = 12
_NUMBER: Final = re.compile(r"-?(0|[1-9]\d{0,15})")

Value = int | str


class Correction(NamedTuple):
    """A correction on record: of which place, what to, by which event."""

    seq: int
    """Of the event that is corrected."""
    pointer: str
    was: Value
    value: Value
    source: str | None
    by: int
    """The seq of the correction itself."""
    at: str


async def corrections(
    source: Source, stream: str, after: int = 0
) -> AsyncIterator[Correction]:
    """Give the corrections on record after event ``after``, in order."""
    while page := await events(source, stream, after_seq=after):
        for event in page:
            found = read(event.seq, event.members)
            if found is not None:
                yield found
        if len(page) < PAGE:
            return
        after = page[-1].seq


def read(seq: int, members: Mapping[str, Any]) -> Correction | None:
    """Read an event as a correction; none where it is another one."""
    if members["type"] != _CORRECTED:
        return None
    data = members["data"]
    return Correction(
        seq=data["seq"],
        pointer=data["pointer"],
        was=data["was"],
        value=data["value"],
        source=data["source"],
        by=seq,
        at=members["at"],
    )


async def seen(source: Source, stream: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Give the body of a correction with what stands there now.

    A value that somebody typed becomes a number where a number stands. What is off
    about the form stays for the core to refuse. Raises `Refused`.
    """
    seq, pointer = body.get("seq"), body.get("pointer")
    if isinstance(seq, bool) or not isinstance(seq, int) or seq < 1:
        return dict(body)
    if not isinstance(pointer, str) or body.get("was") is not None:
        return dict(body)
    if not pointer.startswith("/"):
        pointer = "/" + pointer.replace(".", "/")
    page = await events(source, stream, after_seq=seq - 1, limit=1)
    if not page:
        raise Refused.of(NoSuchEvent(seq=seq, last=await _last(source, stream)))
    kind = str(page[0].members["type"])
    first = _at(page[0].members["data"], pointer)
    because = why_not(kind, pointer)
    if because is not None or not _is_figure(first):
        if because is None or because.startswith(f"{kind} has no "):
            because = _lacking(kind, page[0].members["data"], first)
        raise Refused.of(NotCorrectable(pointer=pointer, seq=seq, because=because))
    was: Value = first
    async for earlier in corrections(source, stream, seq):
        if (earlier.seq, earlier.pointer) == (seq, pointer):
            was = earlier.value
    value = _like(was, body.get("value"), seq, pointer)
    return {
        **body,
        "pointer": pointer,
        "value": value,
        "event_type": kind,
        "was": was,
    }


def _lacking(kind: str, data: object, first: object) -> str:
    """Say what does not stand there, and where figures and texts do."""
    known = [place for place in _places(data) if why_not(kind, place) is None]
    named = [place.removeprefix("/").replace("/", ".") for place in known]
    if not named:
        return _NOTHING if first is None else _NO_FIGURE
    return _CHOOSE.format(known=", ".join(named[:_MOST_NAMED]))


def _places(data: object, at: str = "") -> Iterator[str]:
    """Give the pointers of all figures and texts in data."""
    if isinstance(data, Mapping):
        for name, value in cast("Mapping[str, object]", data).items():
            yield from _places(value, f"{at}/{name}")
    elif _is_figure(data):
        yield at


async def _last(source: Source, stream: str) -> int:
    found = await head(source, stream)
    return found.seq if found else 0


def _at(data: object, pointer: str) -> object:
    """Give what stands at a place; None where nothing does."""
    found = data
    for part in pointer.split("/")[1:]:
        if isinstance(found, Mapping):
            found = cast("Mapping[str, object]", found).get(part)
        elif isinstance(found, list) and part.isdecimal():
            found = dict(enumerate(cast("list[object]", found))).get(int(part))
        else:
            return None
    return found


def _is_figure(value: object) -> TypeGuard[Value]:
    return isinstance(value, int | str) and not isinstance(value, bool)


def _like(was: Value, value: object, seq: int, pointer: str) -> object:
    """Give a value as a number where a number stands. Raises `Refused`."""
    if isinstance(was, str) or not isinstance(value, str):
        return value
    if _NUMBER.fullmatch(value) is None:
        wanted = "a whole number"
        raise Refused.of(OtherKindOfValue(pointer=pointer, seq=seq, wanted=wanted))
    return int(value)
