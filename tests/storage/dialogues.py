"""Real dialogues: commands that the core decides, sealed as the workflow seals them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

from calendars.compilation import compile_calendar
from domain.calendar import Calendar
from domain.clock import Clock
from domain.commands import AnyCommand, Compiled, Deadline, StartDialogue
from domain.decide import decide
from domain.events import to_data
from domain.evolve import evolve
from domain.facts import Actor, Cause
from domain.state import Dialogue
from evidence.canonical import canonical
from evidence.event import ZERO_HASH, Sealed, seal
from methods.load import LoadedMethod, load
from storage.batch import Batch, Content

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
DIRECTOR = Actor(id="p-1", role="process_director", via="update")
METHODS = Path(__file__).parents[2] / "methods"


@cache
def method() -> LoadedMethod:
    """Return a method that Polder ships."""
    return load(METHODS / "stakeholderdialoog.yaml")


@cache
def calendar(years: int = 3) -> tuple[Calendar, bytes]:
    """Return a compiled calendar and its canonical bytes."""
    made = compile_calendar("NL", "Europe/Amsterdam", 2026, years)
    return made, canonical(made.model_dump(mode="json"))


class Play:
    """One dialogue, driven by commands; ``sealed`` are all its events so far."""

    def __init__(self, slug: str = "parkzicht") -> None:
        """Begin before the start."""
        self.stream = f"gemeente-waterdam:{slug}"
        self.state: Dialogue | None = None
        self.sealed: list[Sealed] = []
        self.now = START

    def does(
        self, command: AnyCommand, actor: Actor = DIRECTOR, cause: str | None = None
    ) -> list[Sealed]:
        """Obey a command, with ``cause`` as its id; return its events."""
        self.now += timedelta(minutes=1)
        by = Cause(
            stream=self.stream,
            id=cause or f"c-{len(self.sealed) + 1}",
            actor=actor,
            at=self.now,
            digest="ab" * 8,
        )
        new: list[Sealed] = []
        for position, event in enumerate(decide(self.state, command, by)):
            self.state = evolve(self.state, event)
            data, private = to_data(event)
            new.append(
                seal(
                    stream=self.stream,
                    seq=event.seq,
                    prev=self.sealed[-1].hash if self.sealed else ZERO_HASH,
                    cause=event.cause,
                    position=position,
                    type=event.type,
                    at=event.at,
                    actor=event.actor.model_dump(),
                    mandate=None,
                    data=data,
                    private=private,
                )
            )
            self.sealed.append(new[-1])
        return new

    def starts(self) -> list[Sealed]:
        """Start the dialogue."""
        return self.does(
            StartDialogue(
                method=method().method.id,
                title="Parkzicht",
                roles={"process_director": ("p-1",), "sounding_board": ("p-2", "p-3")},
                deadlines=(Deadline(title="Raadsbesluit", date="2027-03-01"),),
                clock=Clock(real_start=START, start=START),
                compiled=Compiled(
                    method=method().method,
                    method_hash=method().hash,
                    calendar=calendar()[0],
                    calendar_hash=sha256(calendar()[1]).hexdigest(),
                ),
            )
        )

    def batch(self, new: list[Sealed], epoch: int = 0) -> Batch:
        """Return the batch that records these events."""
        first = new[0].seq
        return Batch(
            self.stream,
            epoch,
            first - 1,
            self.sealed[first - 2].hash if first > 1 else ZERO_HASH,
            tuple(event.body for event in new),
            contents() if first == 1 else {},
        )


@cache
def contents() -> dict[str, Content]:
    """Return the method and the calendar, as a batch brings them."""
    body = calendar()[1]
    return {
        method().hash: Content("method", method().canonical),
        sha256(body).hexdigest(): Content("calendar", body),
    }
