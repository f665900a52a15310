"""A pack is one dialogue to take home: with it nobody needs us to check anything.

A ZIP of fixed files, in fixed order, at a fixed date: the same input gives the same
bytes. It is written from what the record says, right or wrong: to judge is for the
verifier, ``evidence/verify.py``, of which a copy goes along.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files as resources
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from evidence.canonical import canonical, parse
from evidence.errors import EvidenceError
from evidence.event import event_hash, format_instant
from evidence.note import sign_note
from evidence.readme import readme

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from evidence.canonical import JsonValue
    from evidence.census import HeadProof
    from evidence.checkpoint import Checkpoint
    from evidence.note import VerifierKey

FORMAT: Final = "polder-pack/1"
"""What ``pack.json`` and the issuer's note call this."""

_DATE: Final = (1980, 1, 1, 0, 0, 0)
_READABLE_FILE: Final = 0o100644 << 16
_UNIX: Final = 3

Field = tuple[int, str]
"""A private field: the number of its event, and the JSON pointer."""


class Inclusion(NamedTuple):
    """Where an event is in the log, and the audit path from there to the root."""

    leaf_index: int
    proof: Sequence[bytes]


class Opening(NamedTuple):
    """What a private field holds, with all that its commitment was made of."""

    seq: int
    path: str
    salt: bytes
    subject: str
    value: JsonValue


class Census(NamedTuple):
    """The census that speaks for this pack, and the head it gives the stream."""

    body: bytes
    """The canonical bytes of the event ``census_taken``."""
    place: Inclusion
    head: HeadProof


@dataclass(frozen=True, slots=True)
class Contents:
    """All that goes into a pack."""

    stream: str
    bodies: Sequence[bytes]
    """The canonical bytes of every event, in order from seq 1."""
    places: Sequence[Inclusion]
    """For each event, against the checkpoint."""
    checkpoint: Checkpoint
    checkpoint_note: bytes
    """The signed note that carries it, with whatever lines witnesses added."""
    key: VerifierKey
    """The log's key, by which the note is signed."""
    census: Census
    consistency: Mapping[int, Sequence[bytes]]
    """By size: the proof from a published checkpoint to this one."""
    openings: Collection[Opening]
    withheld: Collection[Field]
    """The private fields that this reader may not see."""
    created_at: datetime
    created_by: str
    """The id of the actor who asked for the pack."""


def write_pack(contents: Contents, key: Ed25519PrivateKey) -> bytes:
    """Return the pack as a ZIP file, vouched for by ``key``, the log's private key.

    Deterministic. Raises ``NotCanonical`` where a value has no canonical form.
    """
    files = _files(contents)
    manifest = canonical(_manifest(contents, files))
    note = f"{FORMAT}\n{sha256(manifest).hexdigest()}\n"
    files["pack.json"] = manifest
    files["pack.note"] = sign_note(note, contents.key.name, key)
    return write_zip(files)


def write_zip(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of stored files, sorted by name, in which nothing else can vary."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED, allowZip64=False) as archive:
        for name in sorted(files):
            entry = ZipInfo(name, _DATE)
            entry.create_system = _UNIX
            entry.external_attr = _READABLE_FILE
            archive.writestr(entry, files[name])
    return out.getvalue()


def _files(contents: Contents) -> dict[str, bytes]:
    """Return every file but the two that vouch for the others."""
    return {
        "LEESMIJ.md": readme(contents, "nl"),
        "README.md": readme(contents, "en"),
        "census.json": canonical(_census(contents.census)),
        "checkpoint.txt": contents.checkpoint_note,
        "consistency.jsonl": _lines(
            {"from": size, "proof": _base64(proof)}
            for size, proof in sorted(contents.consistency.items())
        ),
        "events.jsonl": b"".join(body + b"\n" for body in contents.bodies),
        "log.vkey": f"{contents.key}\n".encode(),
        "openings.jsonl": _openings(contents.openings),
        "proofs.jsonl": _lines(
            {"leaf_index": at.leaf_index, "proof": _base64(at.proof), "seq": seq}
            for seq, at in enumerate(contents.places, 1)
        ),
        "verify.py": resources("evidence").joinpath("verify.py").read_bytes(),
    }


def _manifest(contents: Contents, files: Mapping[str, bytes]) -> dict[str, JsonValue]:
    root = b64encode(contents.checkpoint.root).decode()
    return {
        "checkpoint": {"root": root, "size": contents.checkpoint.size},
        "counts": dict(Counter(_types(contents.bodies))),
        "created_at": format_instant(contents.created_at),
        "created_by": contents.created_by,
        "files": {name: sha256(data).hexdigest() for name, data in files.items()},
        "first_seq": 1,
        "format": FORMAT,
        "last_seq": len(contents.bodies),
        "stream": contents.stream,
        "withheld": [list(field) for field in sorted(contents.withheld, key=_order)],
    }


def _types(bodies: Iterable[bytes]) -> Iterable[str]:
    """Yield the types of events; of one that can't be read there is none to count."""
    for body in bodies:
        try:
            event = parse(body)
        except EvidenceError:
            continue
        kind = event.get("type") if isinstance(event, dict) else None
        if isinstance(kind, str):
            yield kind


def _census(census: Census) -> dict[str, JsonValue]:
    return {
        "event": parse(census.body),
        "head": list(census.head.head),
        "head_index": census.head.head_index,
        "head_proof": _base64(census.head.proof),
        "leaf_index": census.place.leaf_index,
        "proof": _base64(census.place.proof),
    }


def _openings(openings: Iterable[Opening]) -> bytes:
    return _lines(
        {
            "path": opening.path,
            "salt": b64encode(opening.salt).decode(),
            "seq": opening.seq,
            "subject": opening.subject,
            "value": opening.value,
        }
        for opening in sorted(openings, key=lambda one: _order((one.seq, one.path)))
    )


def _order(field: Field) -> tuple[int, bytes]:
    return field[0], field[1].encode()


def _base64(proof: Sequence[bytes]) -> list[str]:
    return [b64encode(node).decode() for node in proof]


def _lines(values: Iterable[JsonValue]) -> bytes:
    return b"".join(canonical(value) + b"\n" for value in values)


def entry_of(body: bytes) -> bytes:
    """Return what an event is in the log's tree: its hash, 32 raw bytes."""
    return bytes.fromhex(event_hash(body))
