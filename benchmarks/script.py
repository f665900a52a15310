"""Events of a real dialogue, made by the core and sealed as the workflow seals them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from itertools import cycle
from typing import Final

from benchmarks.dialogues import METHOD, items
from calendars.compilation import compile_calendar
from domain.calendar import Calendar
from domain.commands import (
    AnyCommand,
    Compiled,
    CompleteItems,
    ReopenItems,
    StartDialogue,
)
from domain.decide import decide
from domain.events import Event, to_data
from domain.evolve import evolve
from domain.facts import Actor, Cause
from domain.state import Dialogue
from evidence.canonical import canonical
from evidence.event import ZERO_HASH, Sealed, seal
from methods.load import shipped
from storage.batch import Batch, Content

_BEGIN: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)
_MADE_UP: Final = {"commitment": sha256(b"because").hexdigest()}
_DIRECTOR: Final = Actor(id="p-1", role="process_director", via="update")


class Script:
    """One dialogue that nobody runs: it only yields batches of its events."""

    def __init__(self, stream: str) -> None:
        """Begin before the start."""
        self.stream = stream
        self._state: Dialogue | None = None
        self._head = ZERO_HASH
        self._seq = 0
        self._commands = 0
        self._items = cycle(items())

    def start(self) -> Batch:
        """Give the batch that starts the dialogue, its compiled forms included."""
        method, (calendar, body) = shipped()[METHOD], _calendar()
        contents = {
            method.hash: Content("method", method.canonical),
            sha256(body).hexdigest(): Content("calendar", body),
        }
        compiled = Compiled(
            method=method.method,
            method_hash=method.hash,
            calendar=calendar,
            calendar_hash=sha256(body).hexdigest(),
        )
        command = StartDialogue(
            method=METHOD,
            title="Parkzicht",
            roles={_DIRECTOR.role: (_DIRECTOR.id,)},
            compiled=compiled,
        )
        return self._batch(0, self._head, self._obey(command), contents)

    def upcoming(self, number: int) -> list[str]:
        """Give the ids of the commands in the next batch that have a reason."""
        return [f"c-{self._commands + n}" for n in range(2, number + 1, 2)]

    def next(self, number: int, reasons: Sequence[str] = ()) -> Batch:
        """Give a batch of so many events, an even number, of as many commands.

        One item after another is completed and taken back. ``reasons`` are commitments
        for the commands that `upcoming` names; without them all have one that nothing
        in the vault opens.
        """
        after, head = self._seq, self._head
        bodies: list[bytes] = []
        given = iter(reasons)
        for _ in range(number // 2):
            item = (next(self._items),)
            reason = {"commitment": next(given)} if reasons else _MADE_UP
            back = ReopenItems.model_validate({"items": item, "reason": reason})
            bodies += self._obey(CompleteItems(items=item))
            bodies += self._obey(back)
        return self._batch(after, head, bodies, {})

    def _obey(self, command: AnyCommand) -> list[bytes]:
        self._commands += 1
        cause = Cause(
            stream=self.stream,
            id=f"c-{self._commands}",
            actor=_DIRECTOR,
            at=_BEGIN + timedelta(seconds=self._commands),
            digest="ab" * 8,
        )
        bodies: list[bytes] = []
        for position, event in enumerate(decide(self._state, command, cause)):
            self._state = evolve(self._state, event)
            sealed = self._seal(event, position)
            self._seq, self._head = sealed.seq, sealed.hash
            bodies.append(sealed.body)
        return bodies

    def _seal(self, event: Event, position: int) -> Sealed:
        data, private = to_data(event)
        return seal(
            stream=self.stream,
            seq=event.seq,
            prev=self._head,
            cause=event.cause,
            position=position,
            type=event.type,
            at=event.at,
            actor=event.actor.model_dump(mode="json"),
            mandate=None,
            data=data,
            private=private,
        )

    def _batch(
        self, after: int, head: str, bodies: list[bytes], contents: dict[str, Content]
    ) -> Batch:
        return Batch(self.stream, 0, after, head, tuple(bodies), contents)


@cache
def _calendar() -> tuple[Calendar, bytes]:
    made = compile_calendar("NL", "Europe/Amsterdam", _BEGIN.year)
    return made, canonical(made.model_dump(mode="json"))
