"""The story of one response: received, grouped, answered, and what they were told."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from desk.answered import Given, ResponseView
from desk.entries import EntryRow
from desk.response_rows import telling_of
from domain.response_numbers import bits_of
from pages.responses.looking import Sight


class Message(NamedTuple):
    """A message about an answer: when it went, and whether it arrived."""

    at: datetime
    arrived: bool


class Told(NamedTuple):
    """An answer, with the messages about it that went to one respondent."""

    given: Given
    messages: tuple[Message, ...]


async def story(
    here: Sight, window: str, number: int
) -> tuple[ResponseView | None, tuple[Told, ...]]:
    """Give a response, and each answer to it with what its respondent was told."""
    desk, stream = here.visit.desk, here.head.stream
    tellings = await telling_of(desk, stream, [window])
    found = await here.reader.views(window, 1 << number)
    if not found:
        return None, ()
    view = found[0]
    told = tuple(Told(one, _messages(tellings, one, number)) for one in view.answers)
    return view, told


def _messages(
    tellings: list[EntryRow], given: Given, number: int
) -> tuple[Message, ...]:
    found: list[Message] = []
    for row in tellings:
        if int(row.data["answer"]) != given.seq:
            continue
        for name, arrived in (("untold", False), ("told", True)):
            numbers = row.data.get(name)
            if numbers and bits_of(numbers) >> number & 1:
                at = datetime.fromisoformat(row.data["at"])
                found.append(Message(at, arrived))
    return tuple(found)
