"""Responses that came on paper go on record from a sheet, each once.

A row is recorded under the id of its letter: so the same sheet twice records nothing
twice, and one that broke off half-way goes on where it was. A row that is refused stops
no other, and each has an outcome of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from desk.desk import Desk, Sender
from desk.disclosing import Opener
from desk.errors import Refused
from desk.gathering import gathers, respond
from desk.response_sheet import Row
from desk.spreadsheet import Unreadable
from desk.trying import tried
from domain.events import ResponseRecorded
from domain.state import Dialogue
from language import mark
from storage import inbox
from storage.queries import events, events_of_cause

KIND: Final = "record_response"

Outcome = Literal["recorded", "late", "known", "waiting", "refused"]

_AT_ONCE: Final = 40
"""How many rows of a public window are on their way together: one command has them."""

_TEXT: Final = "/response"

_DIFFERS: Final = mark("another text is on record for this letter")


class Done(NamedTuple):
    """What came of a row; ``number`` is that of the response in its window."""

    row: Row
    outcome: Outcome
    number: int | None = None
    problem: Refused | Unreadable | None = None


async def bring_in(
    desk: Desk, stream: str, rows: Sequence[Row], sender: Sender
) -> AsyncIterator[Done]:
    """Record rows; say what came of each, in their order.

    Raises `NotFound`, `Unreachable`; after that the sheet can be brought in again.
    """
    carrier = _Carrier(desk, stream, sender, await desk.dialogue(stream))
    public = bool(rows) and gathers(carrier.state, {"window": _window_of(rows)})
    size = _AT_ONCE if public else 1
    for first in range(0, len(rows), size):
        part = rows[first : first + size]
        known = [await carrier.known(row) for row in part]
        # At this point some rows may be on record and others not; each that is
        # brought in again is found under its id.
        new = (carrier.record(r) for r, k in zip(part, known, strict=True) if k is None)
        made = iter(await asyncio.gather(*new))
        for each in known:
            yield each or next(made)


async def rehearse(
    desk: Desk, stream: str, rows: Sequence[Row], sender: Sender
) -> AsyncIterator[Done]:
    """Say what would come of each row; nothing is sent. Raises `NotFound`."""
    carrier = _Carrier(desk, stream, sender, await desk.dialogue(stream))
    state = carrier.state
    for row in rows:
        known = await carrier.known(row)
        if known is not None:
            yield known
            continue
        try:
            state, made = tried(stream, state, KIND, row.body, sender)
        except Refused as refusal:
            yield Done(row, "refused", problem=refusal)
            continue
        for event in made:
            if isinstance(event.data, ResponseRecorded):
                late, number = event.data.late, event.data.number
                yield _recorded(row, {"late": late, "number": number})


def _window_of(rows: Sequence[Row]) -> str:
    return str(next((row.body["window"] for row in rows if row.body), ""))


def _recorded(row: Row, data: Mapping[str, Any]) -> Done:
    return Done(row, "late" if data.get("late") else "recorded", data.get("number"))


class _Carrier:
    """Carries rows to a dialogue, each once."""

    def __init__(
        self, desk: Desk, stream: str, sender: Sender, state: Dialogue
    ) -> None:
        self._desk, self._stream, self._sender = desk, stream, sender
        self._opener = Opener(desk, sender)
        self.state = state

    async def record(self, row: Row) -> Done:
        """Record a row that is not on record."""
        desk, stream, sender = self._desk, self._stream, self._sender
        try:
            if gathers(self.state, row.body):
                answer = await respond(
                    desk, stream, row.body, sender, submission=row.name
                )
            else:
                answer = await desk.send(
                    stream, KIND, row.body, sender, command_id=row.name
                )
        except Refused as refusal:
            return Done(row, "refused", problem=refusal)
        assert answer is not None  # noqa: S101  (it was waited for)
        if not answer.recorded:
            return Done(row, "waiting")
        found = await self._on_record(row)
        return Done(row, "recorded") if found is None else _recorded(row, found["data"])

    async def known(self, row: Row) -> Done | None:
        """Say what is known of a row without sending it: wrong, or on record."""
        if row.problem is not None:
            return Done(row, "refused", problem=row.problem)
        found = await self._on_record(row)
        if found is None:
            return None
        number = found["data"]["number"]
        if await self._differs(row, found):
            return Done(row, "refused", number, Unreadable(_DIFFERS))
        return Done(row, "known", number)

    async def _on_record(self, row: Row) -> dict[str, Any] | None:
        """Find the response that was recorded under a row's id."""
        pool, stream = self._desk.pool, self._stream
        fate = (await inbox.look(pool, stream, [row.name])).get(row.name)
        if (
            fate is not None
            and fate.outcome is not None
            and fate.outcome.seq is not None
        ):
            found = await events(pool, stream, after_seq=fate.outcome.seq - 1, limit=1)
        else:
            found = await events_of_cause(pool, stream, row.name)
        for event in found:
            members = event.members
            if members["type"] == "response_recorded":
                return members
        return None

    async def _differs(self, row: Row, found: Mapping[str, Any]) -> bool:
        """Whether the sheet says another text, as far as this reader may know it."""
        text, sealed = row.body.get("response"), _TEXT in found["private"]
        if found["data"]["respondent"] != row.respondent or sealed != bool(text):
            return True
        try:
            words = await self._opener.words(self._stream)
        except Refused:
            return False
        held = words.get((found["seq"], _TEXT))
        return held is not None and held != text
