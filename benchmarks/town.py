"""A portfolio made quickly: a few hundred dialogues that the core decides, many times.

Folding two million events would take longer than all measurements together. So some
hundred dialogues are played out for real, command by command, each with another start
and another process director; and each of them goes on record many times, under other
names. Every copy has events of its own (name, ids, hashes and chain follow from the
name) in `audit.event`, by COPY, and its rows in schema `read`, by the function that an
append calls. So the record is sound: `storage.verify` finds nothing in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from random import Random
from typing import Any, Final, NamedTuple

import psycopg

from calendars.compilation import compile_calendar
from domain.alarms import CLOCK_ACTOR, due
from domain.calendar import Calendar
from domain.commands import (
    AnyCommand,
    Compiled,
    CompleteItems,
    CompleteStep,
    OpenWindow,
    RecordResponse,
    ReopenItems,
    StartDialogue,
    StartStep,
)
from domain.decide import decide
from domain.errors import DomainError
from domain.events import Event, to_data
from domain.evolve import evolve
from domain.facts import Actor, Cause
from domain.state import Dialogue
from evidence.canonical import canonical
from evidence.event import ZERO_HASH, event_hash, event_id, seal
from methods.load import LoadedMethod, shipped
from storage.lists import Lists
from storage.projection import fold, lay_out

METHODS: Final = ("stakeholderdialoog", "imvo-dialoog", "belangen-op-tafel")
_BEGIN: Final = datetime(2026, 9, 1, 8, tzinfo=UTC)
_NAME: Final = "name-of-the-stream"
_RARELY: Final = 0.05
"""How often a step is completed where it can be: else all would soon be over."""

_MADE_UP: Final = {"commitment": sha256(b"because").hexdigest()}
_COPY: Final = """COPY audit.event (stream, seq, event_id, hash, prev, type, at, cause,
    actor_id, actor_role, body, db_epoch) FROM STDIN"""
_PROJECT: Final = """SELECT read.project(%s::jsonb, %s::jsonb, %s::jsonb, %s::jsonb,
    %s::jsonb)"""
_STREAM: Final = """INSERT INTO audit.stream (stream, epoch, seq, head)
VALUES (%s, 1, %s, decode(%s, 'hex'))"""
_CONTENT: Final = """INSERT INTO audit.content (sha256, kind, body)
VALUES (decode(%s, 'hex'), %s, %s) ON CONFLICT DO NOTHING"""


CITY: Final = "gemeente-groot"
"""The organisation that has one of each copy; each of the others has those of one."""

DIRECTOR: Final = "p-all"
"""Who directs all dialogues there are, beside the director of each."""


class Town(NamedTuple):
    """What is on record: streams, organisations other than the city, and directors."""

    events: int
    streams: tuple[str, ...]
    organisations: tuple[str, ...]
    directors: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large a town is: ``played`` dialogues of ``events``, ``copies`` of each.

    All are the city's; so many ``organisations`` beside it have ``copies`` each.
    """

    played: int
    copies: int
    events: int
    organisations: int


async def build(conn: psycopg.AsyncConnection[Any], size: Size) -> Town:
    """Put a town on record, as the owner of the tables."""
    streams: list[str] = []
    events = 0
    directors = [f"p-{n}" for n in range(size.played)]
    for number, director in enumerate(directors):
        pattern = _Pattern(number, director, size.events)
        await pattern.put_contents(conn)
        owners = [CITY] + [f"gemeente-{number:02}"] * (number < size.organisations)
        names = [
            f"{owner}:d{number:03}-{n:03}"
            for owner in owners
            for n in range(size.copies)
        ]
        await pattern.copy(conn, names)
        streams += names
        events += len(names) * len(pattern.events)
    # As the server does by itself, some time after so much was written.
    await conn.execute("VACUUM ANALYZE")
    every = sorted({name.split(":")[0] for name in streams} - {CITY})
    return Town(events, tuple(streams), tuple(every), tuple(directors))


class _Piece(NamedTuple):
    """One event, cut open where the name of the stream decides what is written."""

    before_id: bytes
    before_prev: bytes
    before_stream: bytes
    after: bytes
    position: int
    event: Event


class _Pattern:
    """One dialogue that was played, to be copied under other names."""

    def __init__(self, number: int, director: str, events: int) -> None:
        self.events: list[Event] = []
        play = _Play(number, director)
        self.method = play.method
        self._contents = {
            play.method.hash: play.method.method,
            _calendar()[2]: _calendar()[0],
        }
        self.events = play.until(events)
        self._pieces = list(_pieces(self.events))
        members = list(_bodies(self.events))
        lists = Lists()
        pairs = [(each, ZERO_HASH) for each in members]
        folded, rows = lay_out(
            fold(f"{_NAME}:x", None, pairs, self._contents, lists), lists
        )
        del folded
        self._dialogue: dict[str, Any] = json.loads(rows.dialogue)
        self._deadlines: list[dict[str, Any]] = json.loads(rows.deadlines or "[]")
        self._rest = (rows.parts, rows.entries, rows.needs)

    async def put_contents(self, conn: psycopg.AsyncConnection[Any]) -> None:
        """Put the method and the calendar on record."""
        days, body, digest = _calendar()
        del days
        method = self.method
        for told in (
            (method.hash, "method", method.canonical),
            (digest, "calendar", body),
        ):
            await conn.execute(_CONTENT, told)

    async def copy(
        self, conn: psycopg.AsyncConnection[Any], names: Sequence[str]
    ) -> None:
        """Put the dialogue on record under each of these names."""
        heads: dict[str, str] = {}
        async with conn.cursor() as cursor:
            async with cursor.copy(_COPY) as copying:
                for name in names:
                    head = ZERO_HASH
                    for row in self._rows(name):
                        await copying.write_row(row)
                        head = row[3].hex()
                    heads[name] = head
            told = [(name, len(self.events), head) for name, head in heads.items()]
            await cursor.executemany(_STREAM, told)
            made = [self._projected(name, head) for name, head in heads.items()]
            await cursor.executemany(_PROJECT, made)

    def _rows(self, name: str) -> Iterator[tuple[Any, ...]]:
        prev = ZERO_HASH
        stream = name.encode()
        for piece in self._pieces:
            event = piece.event
            identity = event_id(name, event.cause, piece.position)
            body = b"".join((
                piece.before_id, identity.encode(), piece.before_prev, prev.encode(),
                piece.before_stream, stream, piece.after,
            ))  # fmt: skip
            hashed = event_hash(body)
            yield (
                name, event.seq, identity, bytes.fromhex(hashed), bytes.fromhex(prev),
                event.type, event.at, event.cause, event.actor.id, event.actor.role,
                body, 1,
            )  # fmt: skip
            prev = hashed

    def _projected(self, name: str, head: str) -> tuple[str | None, ...]:
        organisation, slug = name.split(":")
        named = {"stream": name, "organisation": organisation, "slug": slug}
        dialogue = {**self._dialogue, **named, "head": head}
        due_now = [{**row, "stream": name} for row in self._deadlines]
        return json.dumps(dialogue), json.dumps(due_now), *self._rest


def _pieces(events: Sequence[Event]) -> Iterator[_Piece]:
    """Cut events open: their canonical members come in the order id, prev, stream."""
    mark_id, mark_prev = "00000000-0000-5000-8000-000000000000", ZERO_HASH
    for event, position in _positions(events):
        data, private = to_data(event)
        sealed = seal(
            stream=f"{_NAME}:x",
            seq=event.seq,
            prev=mark_prev,
            cause=event.cause,
            position=position,
            type=event.type,
            at=event.at,
            actor=event.actor.model_dump(mode="json"),
            mandate=None,
            data=data,
            private=private,
        )
        body = sealed.body.replace(sealed.id.encode(), mark_id.encode())
        first, rest = body.split(mark_id.encode())
        second, rest = rest.split(mark_prev.encode())
        third, last = rest.split(f"{_NAME}:x".encode())
        yield _Piece(first, second, third, last, position, event)


def _bodies(events: Sequence[Event]) -> Iterator[dict[str, Any]]:
    for event, _ in _positions(events):
        data, private = to_data(event)
        yield {
            "seq": event.seq,
            "at": event.at,
            "type": event.type,
            "actor": event.actor.model_dump(mode="json"),
            "mandate": None,
            "cause": event.cause,
            "data": data,
            "private": private,
        }


def _positions(events: Sequence[Event]) -> Iterator[tuple[Event, int]]:
    """Give each event with its place among those of its cause."""
    seen: dict[str, int] = {}
    for event in events:
        position = seen.get(event.cause, 0)
        seen[event.cause] = position + 1
        yield event, position


@cache
def _calendar() -> tuple[Calendar, bytes, str]:
    made = compile_calendar("NL", "Europe/Amsterdam", _BEGIN.year)
    body = canonical(made.model_dump(mode="json"))
    return made, body, sha256(body).hexdigest()


@dataclass
class _Play:
    """A dialogue in which things happen by chance, until enough has happened."""

    number: int
    director: str
    events: list[Event] = field(default_factory=list[Event])
    state: Dialogue | None = None

    def __post_init__(self) -> None:
        self.method: LoadedMethod = shipped()[METHODS[self.number % len(METHODS)]]
        self._chance = Random(self.number)
        self._now = _BEGIN + timedelta(hours=7 * self.number)
        self._commands = 0

    def until(self, number: int) -> list[Event]:
        """Play until there are so many events."""
        self._does(self._start())
        while len(self.events) < number:
            self._now += timedelta(minutes=self._chance.randint(20, 400))
            self._clock()
            self._one_act()
        return self.events

    @property
    def _known(self) -> Dialogue:
        assert self.state is not None
        return self.state

    def _start(self) -> StartDialogue:
        method, (calendar, _, digest) = self.method, _calendar()
        roles = {role.id: self._holders(role.id) for role in method.method.roles}
        steering = next(r.id for r in method.method.roles if "steer" in r.may)
        self._actor = Actor(id=self.director, role=steering, via="update")
        return StartDialogue(
            method=method.method.id,
            title=f"Parkzicht {self.number}",
            roles={**roles, steering: (self.director, DIRECTOR)},
            compiled=Compiled(
                method=method.method,
                method_hash=method.hash,
                calendar=calendar,
                calendar_hash=digest,
            ),
        )

    def _holders(self, role: str) -> tuple[str, ...]:
        return tuple(f"{role}-{self.number}-{n}".replace("_", "-") for n in range(6))

    def _clock(self) -> None:
        for name, command in due(self._known, self._now):
            self._does(command, CLOCK_ACTOR, name)

    def _one_act(self) -> None:
        """Try acts by chance until one is obeyed."""
        acts = [*self._possible()]
        self._chance.shuffle(acts)
        for act in acts:
            if self._does(act):
                return
        raise AssertionError("nothing can be done any more")

    def _possible(self) -> Iterator[AnyCommand]:
        state = self._known
        for step in state.plan.steps:
            yield StartStep(step=step)
            if self._chance.random() < _RARELY:
                yield CompleteStep(step=step)
            missing = state.open_items(step)
            if missing:
                yield CompleteItems(items=(missing[0],))
            current = state.round(step)
            if current and current.marks and current.status == "started":
                done = self._chance.choice(sorted(current.marks))
                yield ReopenItems.model_validate({"items": (done,), "reason": _MADE_UP})
        for name, run in state.open_windows().items():
            if run.silent:
                yield RecordResponse(window=name, respondent=run.silent[0])
        for name in state.plan.windows:
            yield OpenWindow(window=name)

    def _does(
        self, command: AnyCommand, actor: Actor | None = None, cause: str | None = None
    ) -> bool:
        self._commands += 1
        by = Cause(
            stream=f"{_NAME}:x",
            id=cause or f"c-{self._commands}",
            actor=actor or self._actor,
            at=self._now,
            digest="ab" * 8,
        )
        try:
            events = decide(self.state, command, by)
        except DomainError:
            return False
        for event in events:
            self.state = evolve(self.state, event)
            self.events.append(event)
        return True
