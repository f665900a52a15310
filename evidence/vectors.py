"""A whole log small enough to write out, for who writes a verifier of their own.

``python -m evidence.vectors`` prints it; ``docs/audit-format.md`` holds what it prints.
The private key is that of test 1 of RFC 8032 §7.1, which everybody knows.
"""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZipFile

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evidence.canonical import canonical, parse
from evidence.census import CENSUS_TAKEN, LOG_STREAM, Head, census_data, prove_head
from evidence.checkpoint import Checkpoint, origin_of, sign_checkpoint
from evidence.event import ZERO_HASH, Sealed, commitment, parse_instant, seal
from evidence.note import sign_note, verifier_key
from evidence.pack import (
    FORMAT,
    Census,
    Contents,
    Inclusion,
    entry_of,
    write_pack,
    write_zip,
)
from evidence.proof import Proven, write_proof
from evidence.tree import Frontier, Tree, leaf_hash

if TYPE_CHECKING:
    from evidence.canonical import JsonValue

SEED: Final = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
STREAM: Final = "gemeente-waterdam:parkzicht"
SALT: Final = bytes(range(32))
SUBJECT: Final = "s-1"
VALUE: Final = "De zaal was niet vrij."


def _event(
    head: Head,
    kind: str,
    data: dict[str, JsonValue],
    private: dict[str, str] | None = None,
) -> Sealed:
    """Return the event that follows ``head`` in its stream."""
    return seal(
        stream=head.stream,
        seq=head.seq + 1,
        prev=head.hash,
        cause=f"c-{head.seq + 1}",
        position=0,
        type=kind,
        at=datetime(2026, 11, 21, 16, 20, head.seq, 123456, tzinfo=UTC),
        actor={"id": "p-1", "role": "process_director", "via": "http"},
        mandate=None,
        data=data,
        private=private or {},
    )


def _dialogue() -> list[Sealed]:
    """Return a dialogue of three events: the third erases what the second held."""
    committed = commitment(salt=SALT, stream=STREAM, subject=SUBJECT, value=VALUE)
    first = _event(
        Head(STREAM, 0, ZERO_HASH), "dialogue_started", {"title": "Één wijk"}
    )
    reason: dict[str, JsonValue] = {"items": ["a.b"], "reason": None}
    private = {"/reason": committed}
    second = _event(Head(STREAM, 1, first.hash), "items_waived", reason, private)
    erased: dict[str, JsonValue] = {"paths": [[2, "/reason"]]}
    third = _event(Head(STREAM, 2, second.hash), "personal_data_erased", erased)
    return [first, second, third]


def _log() -> tuple[list[Sealed], list[Head]]:
    """Return all events in the order of the log, the census last, and its heads."""
    started = _event(Head(LOG_STREAM, 0, ZERO_HASH), "log_started", {})
    own = Head(LOG_STREAM, started.seq, started.hash)
    dialogue = _dialogue()
    heads = [Head(STREAM, len(dialogue), dialogue[-1].hash), own]
    census = _event(own, CENSUS_TAKEN, census_data(1 + len(dialogue), heads))
    return [started, *dialogue, census], heads


def vectors() -> dict[str, JsonValue]:
    """Return everything that is hashed or signed in the small log."""
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(SEED))
    origin = origin_of("vectors")
    events, heads = _log()
    leaves = [leaf_hash(entry_of(event.body)) for event in events]
    tree = Tree(leaves)
    point = Checkpoint(origin, tree.size, tree.root())
    manifest = canonical({"format": FORMAT})
    return {
        "key": {"seed": SEED, "vkey": str(verifier_key(origin, key))},
        "private": {
            "salt": b64encode(SALT).decode(),
            "preimage": canonical([STREAM, SUBJECT, VALUE]).decode(),
            "commitment": commitment(
                salt=SALT, stream=STREAM, subject=SUBJECT, value=VALUE
            ),
        },
        "events": [
            {"body": event.body.decode(), "hash": event.hash, "leaf": leaf.hex()}
            for event, leaf in zip(events, leaves, strict=True)
        ],
        "nodes": [
            {
                "level": node.place.level,
                "index": node.place.nth,
                "hash": node.hash.hex(),
            }
            for node in Frontier().extend(leaves)
            if node.place.level
        ],
        "roots": [tree.root(size).hex() for size in range(tree.size + 1)],
        "inclusion": [_base64(tree.inclusion(n)) for n in range(tree.size)],
        "consistency": [_base64(tree.consistency(m + 1)) for m in range(tree.size)],
        "heads": [_shown(heads, head) for head in heads],
        "checkpoint": sign_checkpoint(point, key).decode(),
        "pack_note": sign_note(_issued(manifest), origin, key).decode(),
        "proof": _proof(events, tree, key),
        "pack": _pack(events, heads, tree, key),
    }


def _proof(events: list[Sealed], tree: Tree, key: Ed25519PrivateKey) -> str:
    """Return the proof of the second event of the dialogue."""
    point = Checkpoint(origin_of("vectors"), tree.size, tree.root())
    before, event, after = (each.body for each in events[1:4])
    of = Proven(
        body=event,
        before=before,
        after=after,
        place=Inclusion(2, tree.inclusion(2)),
        checkpoint_note=sign_checkpoint(point, key),
        consistency={3: tree.consistency(3)},
    )
    return write_proof(of).decode()


def _pack(
    events: list[Sealed], heads: list[Head], tree: Tree, key: Ed25519PrivateKey
) -> JsonValue:
    """Return the files of a pack of the dialogue, and the hash of the whole ZIP.

    Texts for people are one line, so that the numbers stay when those change.
    """
    origin = origin_of("vectors")
    point = Checkpoint(origin, tree.size, tree.root())
    last = tree.size - 1
    contents = Contents(
        stream=STREAM,
        bodies=[event.body for event in events[1:last]],
        places=[Inclusion(n, tree.inclusion(n)) for n in range(1, last)],
        checkpoint=point,
        checkpoint_note=sign_checkpoint(point, key),
        key=verifier_key(origin, key),
        census=Census(
            events[-1].body,
            Inclusion(last, tree.inclusion(last)),
            prove_head(heads, STREAM),
        ),
        consistency={3: tree.consistency(3)},
        openings=[],
        withheld=[],
        created_at=parse_instant("2026-11-21T16:30:00.000000Z"),
        created_by="a-1",
    )
    with ZipFile(BytesIO(write_pack(contents, key))) as whole:
        files = {name: whole.read(name) for name in whole.namelist()}
    files |= dict.fromkeys(("LEESMIJ.md", "README.md", "verify.py"), b"...\n")
    manifest = parse(files.pop("pack.json"))
    del files["pack.note"]
    assert isinstance(manifest, dict)  # noqa: S101 - we have just written it
    named = {name: sha256(data).hexdigest() for name, data in sorted(files.items())}
    files["pack.json"] = canonical({**manifest, "files": named})
    files["pack.note"] = sign_note(_issued(files["pack.json"]), origin, key)
    return {
        "files": {name: data.decode() for name, data in sorted(files.items())},
        "sha256": sha256(write_zip(files)).hexdigest(),
    }


def _shown(heads: list[Head], head: Head) -> JsonValue:
    shown = prove_head(heads, head.stream)
    return {
        "head": list(head),
        "leaf": head.leaf().hex(),
        "head_index": shown.head_index,
        "head_proof": _base64(shown.proof),
    }


def _issued(manifest: bytes) -> str:
    """Return the text of a pack's note, over a ``pack.json`` that says the least."""
    return f"{FORMAT}\n{sha256(manifest).hexdigest()}\n"


def _base64(proof: tuple[bytes, ...]) -> list[str]:
    return [b64encode(node).decode() for node in proof]


def text() -> str:
    """Return the vectors as the documentation holds them."""
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
