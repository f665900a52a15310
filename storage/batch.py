"""A batch is some events of one stream in order, checked before PostgreSQL sees it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Final, NamedTuple, Protocol, cast

from evidence.census import LOG_STREAM
from evidence.chain import is_hash, is_stream, read_event
from evidence.errors import EvidenceError
from evidence.event import (
    MAX_BATCH_BYTES,
    MAX_BATCH_EVENTS,
    MAX_EVENT_BYTES,
    ZERO_HASH,
    event_hash,
)
from storage.errors import BatchTooBig, NotSound
from storage.keeping import about, kept_under

MAX_CONTENT_BYTES: Final = 2 * 1024 * 1024


class Content(NamedTuple):
    """A compiled method or calendar: what it is, and its canonical bytes."""

    kind: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """Events to be added to one stream, right after the one the sender names.

    ``after_seq`` and ``after_hash`` are the sender's head before these events: 0 and
    ``ZERO_HASH`` for a new stream. ``contents`` are the methods and calendars that
    the events refer to, by their SHA-256 in hex. ``token`` is what a restore was given
    when it took the stream over; its first batch brings it.
    """

    stream: str
    epoch: int
    after_seq: int
    after_hash: str
    events: tuple[bytes, ...]
    contents: Mapping[str, Content] = field(default_factory=dict[str, Content])
    token: str | None = field(default=None, repr=False)


class WrittenContent(Protocol):
    """A content as text."""

    @property
    def kind(self) -> str:
        """What it is."""
        ...

    @property
    def text(self) -> str:
        """Its canonical form."""
        ...


class WrittenBatch(Protocol):
    """A batch as text, as whoever chained the events hands it over."""

    @property
    def stream(self) -> str:
        """The stream it is for."""
        ...

    @property
    def epoch(self) -> int:
        """The epoch of whoever hands it over."""
        ...

    @property
    def after_seq(self) -> int:
        """The place of the event before it."""
        ...

    @property
    def after_hash(self) -> str:
        """The hash of that event."""
        ...

    @property
    def events(self) -> Sequence[str]:
        """The events in order."""
        ...

    @property
    def token(self) -> str | None:
        """What a take-over gave, for the first batch after it."""
        ...

    @property
    def contents(self) -> Mapping[str, WrittenContent]:
        """The contents by their hash."""
        ...


def batch_of(written: WrittenBatch) -> Batch:
    """Return the batch that was handed over as text."""
    return Batch(
        stream=written.stream,
        epoch=written.epoch,
        after_seq=written.after_seq,
        after_hash=written.after_hash,
        events=tuple(body.encode() for body in written.events),
        contents={
            digest: Content(content.kind, content.text.encode())
            for digest, content in written.contents.items()
        },
        token=written.token,
    )


class Entry(NamedTuple):
    """One event of a batch: its bytes, its hash and its members."""

    body: bytes
    hash: str
    members: Mapping[str, Any]

    @property
    def seq(self) -> int:
        """Its place in the stream."""
        return cast("int", self.members["seq"])


def check(batch: Batch) -> tuple[Entry, ...]:
    """Hash and chain the events of a batch anew.

    Raises ``BatchTooBig``, and ``NotSound`` for what does not form a chain.
    """
    _check_size(batch)
    if not is_stream(batch.stream) or not _is_ours(batch.stream):
        raise NotSound(f"{batch.stream[:130]!r} cannot be the name of a stream")
    if batch.after_seq < 0 or batch.epoch < 0 or not is_hash(batch.after_hash):
        raise NotSound("a batch follows an event, given by its number and hash")
    if (batch.after_seq == 0) != (batch.after_hash == ZERO_HASH):
        raise NotSound("before the first event of a stream comes the hash of zeros")
    _check_contents(batch)
    entries: list[Entry] = []
    seq, prev = batch.after_seq, batch.after_hash
    for body in batch.events:
        seq += 1
        entry = _read(batch.stream, seq, body)
        if (entry.members["stream"], entry.seq) != (batch.stream, seq):
            raise NotSound(f"event {seq} of {batch.stream} says it is another")
        if entry.members["prev"] != prev:
            raise NotSound(f"event {seq} of {batch.stream} breaks the chain")
        prev = entry.hash
        entries.append(entry)
    return tuple(entries)


def _is_ours(stream: str) -> bool:
    """Tell whether Polder writes this stream: of its own there is only the log's."""
    organisation, _, name = stream.partition(":")
    if organisation == "org":
        return name not in {"org", "polder"}
    return organisation != "polder" or stream == LOG_STREAM


def _read(stream: str, seq: int, body: bytes) -> Entry:
    try:
        return Entry(body, event_hash(body), read_event(body))
    except EvidenceError as error:
        raise NotSound(f"event {seq} of {stream}: {error}") from error


def _check_size(batch: Batch) -> None:
    sizes = [len(body) for body in batch.events]
    if not sizes:
        raise NotSound("a batch holds at least one event")
    if len(sizes) > MAX_BATCH_EVENTS or sum(sizes) > MAX_BATCH_BYTES:
        raise BatchTooBig(
            f"{len(sizes)} events of {sum(sizes)} bytes: at most {MAX_BATCH_EVENTS}"
            f" events and {MAX_BATCH_BYTES} bytes at once"
        )
    if max(sizes) > MAX_EVENT_BYTES:
        raise BatchTooBig(
            f"an event of {max(sizes)} bytes: at most {MAX_EVENT_BYTES} are allowed"
        )


def _check_contents(batch: Batch) -> None:
    for digest, content in batch.contents.items():
        if len(content.body) > MAX_CONTENT_BYTES:
            raise BatchTooBig(f"a {content.kind} of {len(content.body)} bytes")
        if sha256(content.body).hexdigest() != digest:
            raise NotSound(f"the {content.kind} {digest} has another hash")


def rest(batch: Batch, entries: tuple[Entry, ...], seq: int) -> Batch:
    """Return the part of ``batch`` after event ``seq``, which is one of its own."""
    done = seq - batch.after_seq
    return replace(
        batch,
        after_seq=seq,
        after_hash=entries[done - 1].hash,
        events=batch.events[done:],
    )


def columns(batch: Batch, entries: tuple[Entry, ...]) -> dict[str, object]:
    """Return the parameters of the statement that appends these entries."""
    members = [entry.members for entry in entries]
    private = [
        (
            kept_under(entry.members),
            path,
            bytes.fromhex(commitment),
            entry.seq,
            about(entry.members),
        )
        for entry in entries
        for path, commitment in entry.members["private"].items()
    ]
    return {
        "stream": batch.stream,
        "epoch": batch.epoch,
        "after_seq": batch.after_seq,
        "after_hash": batch.after_hash,
        "hashes": [bytes.fromhex(entry.hash) for entry in entries],
        "ids": [uuid.UUID(m["id"]) for m in members],
        "types": [m["type"] for m in members],
        "ats": [m["at"] for m in members],
        "causes": [m["cause"] for m in members],
        "actors": [m["actor"]["id"] for m in members],
        "roles": [m["actor"]["role"] for m in members],
        "bodies": [entry.body for entry in entries],
        "token": None if batch.token is None else batch.token.encode(),
        "private_causes": [cause for cause, *_ in private],
        "private_paths": [path for _, path, *_ in private],
        "commitments": [commitment for _, _, commitment, *_ in private],
        "private_seqs": [seq for *_, seq, _ in private],
        "private_about": [whom for *_, whom in private],
    }
