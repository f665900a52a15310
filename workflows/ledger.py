"""The ledger: the head of the chain, and what is not on record yet.

The workflow hashes and chains its own events, so Temporal holds the head of every
live dialogue independently of PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from activities.contracts import AppendRequest, Content
from domain.errors import RecordFull, TooLarge
from domain.events import CalendarRenewed, DialogueStarted, Event, to_data
from domain.facts import Fact
from domain.plan_facts import MethodMigrated
from evidence.event import (
    MAX_BATCH_BYTES,
    MAX_BATCH_EVENTS,
    MAX_EVENT_BYTES,
    ZERO_HASH,
    Sealed,
    rechained,
    seal,
)
from workflows.intake import content_text

MAX_OUTBOX_BYTES: Final = 1024 * 1024


class LedgerState(Fact):
    """What a ledger carries across continue-as-new.

    ``outbox`` holds the bodies of events that are not on record, ``hashes`` theirs,
    and ``contents`` the compiled forms that go with them, by seq. ``token`` proves to
    the record that this is the run that was restored, until something is on record.
    """

    stream: str
    epoch: int
    seq: int = 0
    hash: str = ZERO_HASH
    recorded_seq: int = 0
    recorded_hash: str = ZERO_HASH
    outbox: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    contents: dict[int, dict[str, Content]] = {}
    token: str | None = None


class _Waiting(NamedTuple):
    body: str
    seq: int
    hash: str


class Ledger:
    """Chains events and keeps them until they are on record."""

    def __init__(self, carried: LedgerState) -> None:
        """Go on where ``carried`` left off."""
        self.stream = carried.stream
        self.epoch = carried.epoch
        self.seq = carried.seq
        self.hash = carried.hash
        self.recorded_seq = carried.recorded_seq
        self.recorded_hash = carried.recorded_hash
        first = carried.recorded_seq + 1
        self._outbox = [
            _Waiting(body, first + i, hashed)
            for i, (body, hashed) in enumerate(
                zip(carried.outbox, carried.hashes, strict=True)
            )
        ]
        self._bytes = sum(_carried_size(waiting.body) for waiting in self._outbox)
        self._contents = dict(carried.contents)
        self._bytes += sum(_kept_size(s, c) for s, c in self._contents.items())
        self._token = carried.token
        self.rechained_seq = 0
        """Up to where hashes are others than those that events were first given."""

    def seal(self, events: Sequence[Event], *, forced: bool = False) -> list[Sealed]:
        """Chain events to the head without taking them in; raises if they don't fit.

        ``forced`` events, Polder's own, go in whatever waits already.
        """
        sealed: list[Sealed] = []
        prev = self.hash
        for position, event in enumerate(events):
            one = self._seal_one(event, position, prev)
            if len(one.body) > MAX_EVENT_BYTES:
                raise TooLarge(size=len(one.body), limit=MAX_EVENT_BYTES)
            sealed.append(one)
            prev = one.hash
        size = self._bytes + sum(_carried_size(one.body.decode()) for one in sealed)
        size += sum(_kept_size(event.seq, _contents(event)) for event in events)
        if size > MAX_OUTBOX_BYTES and not forced:
            raise RecordFull
        return sealed

    def _seal_one(self, event: Event, position: int, prev: str) -> Sealed:
        data, private = to_data(event)
        mandate = event.mandate
        return seal(
            stream=self.stream,
            seq=event.seq,
            prev=prev,
            cause=event.cause,
            position=position,
            type=event.type,
            at=event.at,
            actor=event.actor.model_dump(mode="json"),
            mandate=mandate.model_dump(mode="json") if mandate else None,
            data=data,
            private=private,
        )

    def take(self, events: Sequence[Event], sealed: Sequence[Sealed]) -> None:
        """Take sealed events in: from here on they will be recorded."""
        for event, one in zip(events, sealed, strict=True):
            body = one.body.decode()
            self._outbox.append(_Waiting(body, one.seq, one.hash))
            self._bytes += _carried_size(body)
            self.seq, self.hash = one.seq, one.hash
            contents = _contents(event)
            if contents:
                self._contents[one.seq] = contents
                self._bytes += _kept_size(one.seq, contents)

    @property
    def waiting(self) -> bool:
        """Whether there is something to record."""
        return bool(self._outbox)

    @property
    def size(self) -> int:
        """Give the bytes that the outbox takes when it is carried."""
        return self._bytes

    @property
    def length(self) -> int:
        """Count the events that wait for the record."""
        return len(self._outbox)

    @property
    def has_room(self) -> bool:
        """Whether another event fits below the limit on what may wait."""
        return self._bytes + MAX_EVENT_BYTES < MAX_OUTBOX_BYTES

    def next_batch(self) -> AppendRequest:
        """Give the oldest events that wait, as many as go in one batch."""
        batch: list[_Waiting] = []
        size = 0
        for waiting in self._outbox[:MAX_BATCH_EVENTS]:
            size += len(waiting.body.encode())
            if batch and size > MAX_BATCH_BYTES:
                break
            batch.append(waiting)
        contents: dict[str, Content] = {}
        for waiting in batch:
            contents |= self._contents.get(waiting.seq, {})
        return AppendRequest(
            stream=self.stream,
            epoch=self.epoch,
            after_seq=self.recorded_seq,
            after_hash=self.recorded_hash,
            events=tuple(waiting.body for waiting in batch),
            contents=contents,
            token=self._token,
        )

    def recorded(self, seq: int, head: str) -> None:
        """Note that everything up to ``seq`` is on record, the last of it as ``head``.

        That is the hash of what was sent, by the history. A replay by another build
        may have written an event otherwise, in a word or by an instant; what is on
        record stays as it is then, and what comes next goes behind that.
        """
        done = seq - self.recorded_seq
        if done > 0 and self._outbox[done - 1].hash != head:
            self._rechain(done, head)
        for waiting in self._outbox[:done]:
            self._bytes -= _carried_size(waiting.body)
            kept = self._contents.pop(waiting.seq, {})
            self._bytes -= _kept_size(waiting.seq, kept)
        del self._outbox[:done]
        self._token = None
        self.recorded_seq, self.recorded_hash = seq, head

    def _rechain(self, done: int, head: str) -> None:
        self.hash, self.rechained_seq = head, self.seq
        for place in range(done, len(self._outbox)):
            moved = rechained(self._outbox[place].body.encode(), self.hash)
            self._outbox[place] = _Waiting(moved.body.decode(), moved.seq, moved.hash)
            self.hash = moved.hash

    def carried(self) -> LedgerState:
        """Give what the next run needs to go on."""
        return LedgerState(
            stream=self.stream,
            epoch=self.epoch,
            seq=self.seq,
            hash=self.hash,
            recorded_seq=self.recorded_seq,
            recorded_hash=self.recorded_hash,
            outbox=tuple(waiting.body for waiting in self._outbox),
            hashes=tuple(waiting.hash for waiting in self._outbox),
            contents=self._contents,
            token=self._token,
        )


def _contents(event: Event) -> dict[str, Content]:
    """Give the compiled forms that the record has to keep along with an event."""
    match event.data:
        case DialogueStarted(plan=plan, days=days) as data if plan and days:
            return {
                data.method.hash: Content(kind="method", text=content_text(plan)),
                data.calendar.hash: Content(kind="calendar", text=content_text(days)),
            }
        case CalendarRenewed(days=days) as data if days:
            text = content_text(days)
            return {data.calendar.hash: Content(kind="calendar", text=text)}
        case MethodMigrated(plan=plan) as data if plan:
            return {data.method.hash: Content(kind="method", text=content_text(plan))}
        case _:
            return {}


def _kept_size(seq: int, contents: Mapping[str, Content]) -> int:
    """Count what compiled forms take in what is carried, but for those of a start.

    Every dialogue has those once. A method that comes later comes on top of them.
    """
    return sum(_carried_size(each.text) for each in contents.values() if seq > 1)


def _carried_size(body: str) -> int:
    """Count the bytes of a body inside JSON, where quotes are escaped."""
    return len(body.encode()) + body.count('"') + body.count("\\")
