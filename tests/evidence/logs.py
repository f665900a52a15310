"""A log in memory, and packs from it, to be broken in every way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evidence.canonical import JsonValue, canonical
from evidence.census import CENSUS_TAKEN, LOG_STREAM, Head, census_data, prove_head
from evidence.checkpoint import Checkpoint, sign_checkpoint
from evidence.event import ZERO_HASH, commitment, seal
from evidence.note import sign_note, verifier_key
from evidence.pack import (
    FORMAT,
    Census,
    Contents,
    Inclusion,
    Opening,
    write_pack,
    write_zip,
)
from evidence.tree import Tree, leaf_hash

STREAM = "gemeente-waterdam:parkzicht"
OTHER = "gemeente-waterdam:elders"
ORIGIN = "polder/waterdam"
START = datetime(2026, 11, 21, 9, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(sha256(b"the log").digest())
STRANGER = Ed25519PrivateKey.from_private_bytes(sha256(b"somebody else").digest())
VKEY = str(verifier_key(ORIGIN, KEY))

Files = dict[str, bytes]


class Log:
    """Streams of events, sealed in the order of their recording."""

    def __init__(self, key: Ed25519PrivateKey = KEY) -> None:
        """Begin without events."""
        self.key = key
        self.bodies: dict[str, list[bytes]] = {}
        self.heads: dict[str, Head] = {}
        self.places: dict[str, list[int]] = {}
        self.tree = Tree()
        self.vault: dict[tuple[str, int, str], Opening] = {}
        self.published: dict[int, bytes] = {}

    def record(
        self,
        stream: str,
        kind: str,
        data: Mapping[str, JsonValue],
        private: Mapping[str, JsonValue] | None = None,
    ) -> int:
        """Record and seal an event; return its seq. ``private`` is path → value."""
        head = self.heads.get(stream, Head(stream, 0, ZERO_HASH))
        seq = head.seq + 1
        openings = [
            Opening(
                seq, path, sha256(f"{stream}{seq}{path}".encode()).digest(), "s-1", v
            )
            for path, v in (private or {}).items()
        ]
        for one in openings:
            self.vault[stream, seq, one.path] = one
        event = seal(
            stream=stream,
            seq=seq,
            prev=head.hash,
            cause=f"c-{seq}",
            position=0,
            type=kind,
            at=START + timedelta(minutes=self.tree.size),
            actor={"id": "p-1", "role": "process_director", "via": "http"},
            mandate=None,
            data=data,
            private={
                one.path: commitment(
                    salt=one.salt, stream=stream, subject=one.subject, value=one.value
                )
                for one in openings
            },
        )
        self.bodies.setdefault(stream, []).append(event.body)
        self.places.setdefault(stream, []).append(self.tree.size)
        self.heads[stream] = Head(stream, seq, event.hash)
        self.tree.extend([leaf_hash(bytes.fromhex(event.hash))])
        return seq

    def erase(self, stream: str, *fields: tuple[int, str]) -> int:
        """Erase private fields, and say so."""
        for field in fields:
            del self.vault[(stream, *field)]
        paths: JsonValue = [list(field) for field in fields]
        return self.record(stream, "personal_data_erased", {"paths": paths})

    def publish(self) -> bytes:
        """Take a census and sign a checkpoint; return the note."""
        heads = list(self.heads.values())
        self.taken = heads
        self.record(LOG_STREAM, CENSUS_TAKEN, census_data(self.tree.size, heads))
        self.checkpoint = Checkpoint(ORIGIN, self.tree.size, self.tree.root())
        note = sign_checkpoint(self.checkpoint, self.key)
        self.published[self.tree.size] = note
        return note

    def contents(
        self, stream: str = STREAM, withheld: Iterable[tuple[int, str]] = ()
    ) -> Contents:
        """Return what goes into a pack of a stream, as of the last checkpoint."""
        hidden = set(withheld)
        census = self.checkpoint.size - 1
        return Contents(
            stream=stream,
            bodies=self.bodies[stream],
            places=[self.included(index) for index in self.places[stream]],
            checkpoint=self.checkpoint,
            checkpoint_note=self.published[self.checkpoint.size],
            key=verifier_key(ORIGIN, self.key),
            census=Census(
                self.bodies[LOG_STREAM][-1],
                self.included(census),
                prove_head(self.taken, stream),
            ),
            consistency={
                size: self.tree.consistency(size, self.checkpoint.size)
                for size in self.published
                if size < self.checkpoint.size
            },
            openings=[
                one
                for (of, seq, path), one in self.vault.items()
                if of == stream and (seq, path) not in hidden
            ],
            withheld=hidden,
            created_at=START + timedelta(days=1),
            created_by="a-1",
        )

    def included(self, index: int) -> Inclusion:
        """Return the place of a leaf, with its audit path."""
        return Inclusion(index, self.tree.inclusion(index, self.checkpoint.size))


def small_log() -> Log:
    """Return a log of two dialogues with three checkpoints, one field erased."""
    log = Log()
    log.record(LOG_STREAM, "log_started", {})
    log.record(STREAM, "dialogue_started", {"title": "Parkzicht, één wijk"})
    log.record(OTHER, "dialogue_started", {"title": "Elders"})
    reasons = {"/reason": "De zaal was niet vrij.", "/who/0": "J. de Vries"}
    data: dict[str, JsonValue] = {"reason": None, "who": [None], "n": 1}
    log.record(STREAM, "items_waived", data, reasons)
    log.publish()
    log.record(STREAM, "items_completed", {"items": ["opdracht.aanleiding"]})
    log.record(OTHER, "items_completed", {"items": ["opdracht.scope"]})
    log.record(STREAM, "response_recorded", {"text": None}, {"/text": {"é": [1, True]}})
    log.publish()
    log.erase(STREAM, (2, "/who/0"))
    log.record(OTHER, "dialogue_completed", {})
    log.record(STREAM, "items_completed", {"items": ["opdracht.scope"]})
    log.publish()
    return log


LOG = small_log()
CONTENTS = LOG.contents()
PACK = write_pack(CONTENTS, KEY)


def files_of(pack: bytes = PACK) -> Files:
    """Return the files of a pack."""
    with ZipFile(BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def refitted(files: Files, **members: JsonValue) -> Files:
    """Return the files with hashes in pack.json that fit, and the old pack.note."""
    manifest = json.loads(files["pack.json"])
    manifest["files"] = {
        name: sha256(data).hexdigest()
        for name, data in files.items()
        if name not in {"pack.json", "pack.note"}
    }
    return {**files, "pack.json": canonical({**manifest, **members})}


def reissued(
    files: Files,
    key: Ed25519PrivateKey = KEY,
    origin: str = ORIGIN,
    **members: JsonValue,
) -> bytes:
    """Return a pack in which everything fits, because its issuer lies."""
    files = refitted(files, **members)
    note = f"{FORMAT}\n{sha256(files['pack.json']).hexdigest()}\n"
    return write_zip({**files, "pack.note": sign_note(note, origin, key)})


def with_lines(name: str, change: Callable[[list[Any]], list[Any]]) -> Files:
    """Return the sound pack's files, with the values of a ``.jsonl`` changed."""
    files = files_of()
    values = [json.loads(line) for line in files[name].splitlines()]
    lines = [canonical(value) + b"\n" for value in change(values)]
    return {**files, name: b"".join(lines)}


def with_value(name: str, **members: JsonValue) -> Files:
    """Return the sound pack's files, with members of a ``.json`` replaced."""
    files = files_of()
    return {**files, name: canonical({**json.loads(files[name]), **members})}
