"""A record that is sealed: a dialogue with private texts, and whatever else is told."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from desk.desk import Desk, Sender, open_desk
from desk.questions import Filters, Question, Scope
from domain.commands import (
    AnyCommand,
    CompleteItems,
    ErasePersonalData,
    PauseDialogue,
    StartStep,
    WaiveItems,
)
from domain.facts import Private
from evidence.canonical import JsonValue
from evidence.event import ZERO_HASH, Sealed, seal
from storage import sealing
from storage.batch import Batch
from storage.logkey import LogKey, create
from storage.projecting import Projections
from storage.record import append
from storage.vault import PrivateField, put
from tests.storage.dialogues import DIRECTOR, START, Play

DIRECTOR_READS = Sender("p-1")
AUDITOR = Sender("a-1")
WHY = "De zaal was =niet= vrij"


class Town:
    """A desk on a record of its own, and the key of its log."""

    def __init__(self, desk: Desk, key: LogKey) -> None:
        """Begin with nothing on record."""
        self.desk = desk
        self.key = key

    async def seal(self, *, publish: bool = False) -> int:
        """Seal all that is there; return the size of the log."""
        made = await sealing.seal(self.desk.pool, self.key, publish=publish)
        assert made is not None
        return made.size

    async def plays(
        self, play: Play, *commands: AnyCommand, cause: str | None = None
    ) -> None:
        """Let a dialogue obey, and record what follows."""
        for command in commands:
            new = play.does(command, DIRECTOR, cause)
            await append(self.desk.pool, play.batch(new), Projections())

    async def dialogue(self, slug: str = "parkzicht") -> Play:
        """Start a dialogue: event 1; its first step: 2; an item: 3; one waived: 4."""
        play = Play(slug)
        await append(self.desk.pool, play.batch(play.starts()), Projections())
        step = StartStep(step="opdracht")
        await self.plays(play, step, CompleteItems(items=("opdracht.waartoe",)))
        reason = Private(commitment=await self.says(play, "waive-1", WHY))
        waived = WaiveItems(items=("opdracht.rollen",), reason=reason)
        await self.plays(play, waived, cause="waive-1")
        return play

    async def says(self, play: Play, command: str, text: str) -> str:
        """Put a reason of the director's in the vault; return its commitment."""
        fields = [PrivateField("/reason", "p-1", text)]
        vault = (self.desk.pool, self.desk.keys, play.stream)
        return (await put(*vault, command, fields))["/reason"]

    async def pauses(self, play: Play) -> None:
        """Pause a dialogue, for a reason."""
        reason = Private(commitment=await self.says(play, "pause-1", "Zomer"))
        await self.plays(play, PauseDialogue(reason=reason), cause="pause-1")

    async def erases(self, play: Play, seq: int) -> None:
        """Say on record that a reason was erased."""
        await self.plays(play, ErasePersonalData(paths=((seq, "/reason"),)))

    async def tells(self, stream: str, *told: tuple[str, dict[str, JsonValue]]) -> None:
        """Record events of these types, with these data, as another system would."""
        made: list[Sealed] = []
        for seq, (kind, data) in enumerate(told, 1):
            event = seal(
                stream=stream,
                seq=seq,
                prev=made[-1].hash if made else ZERO_HASH,
                cause=f"c-{seq}",
                position=0,
                type=kind,
                at=datetime.now(UTC) - timedelta(minutes=4 if seq > 1 else 6),
                actor={"id": f"p-{seq}", "role": "system", "via": None},
                mandate={"stream": "org:waterdam", "seq": seq, "hash": "ab" * 32},
                data=data,
                private={},
            )
            made.append(event)
        bodies = tuple(event.body for event in made)
        await append(self.desk.pool, Batch(stream, 0, 0, ZERO_HASH, bodies, {}))


@asynccontextmanager
async def town(database: str, directory: Path) -> AsyncGenerator[Town]:
    """Open a desk on a database, with a key for its log in a directory."""
    key = create(directory / "keys" / "log.key", "waterdam")
    async with open_desk(database, "nowhere") as desk:
        yield Town(desk, key)


def question(
    stream: str | None = None,
    by: Sender = AUDITOR,
    *,
    organisation: str | None = None,
    size: int | None = None,
    opened: bool = False,
    erased: bool = False,
    **filters: Any,  # noqa: ANN401 (any filter)
) -> Question:
    """Ask for sealed events."""
    scope = Scope(stream, organisation)
    return Question(scope, Filters(**filters), by, erased, opened, size)


__all__ = ["START", "Town", "question", "town"]
