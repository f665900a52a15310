"""Tree, proofs and notes are those of the Go library for transparent logs.

The module that checks every Go program's downloads (golang.org/x/mod, its packages
tlog and note) knows nothing of Polder, and must come to the same bytes and verdicts.
"""

from __future__ import annotations

import json
import subprocess
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evidence.checkpoint import Checkpoint, sign_checkpoint, verify_checkpoint
from evidence.errors import BadSignature
from evidence.note import parse_note, verifier_key, verify_note
from evidence.signer import make_signer
from evidence.tree import Tree, leaf_hash, verify_consistency, verify_inclusion
from tests.evidence.logs import KEY, ORIGIN, STRANGER
from tests.independent.building import built

LARGEST = 70
ENTRIES = [sha256(f"event {number}".encode()).digest() for number in range(600)]
TREE = Tree(leaf_hash(entry) for entry in ENTRIES)
SIZES = [*range(1, LARGEST + 1), 127, 128, 129, 255, 256, 257, 512, 599, 600]


@pytest.fixture(scope="module")
def program() -> str:
    """The Go program; skips, with the reason, where it can't be built."""
    return built("agree")


def go(program: str, **asked: object) -> dict[str, Any]:
    """Ask the Go library; every answer is about ``ENTRIES``."""
    question = json.dumps({"entries": [encoded(entry) for entry in ENTRIES], **asked})
    done = subprocess.run(
        [program], input=question, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def encoded(raw: bytes) -> str:
    """Bytes as Go's JSON has them."""
    return b64encode(raw).decode()


def hashes(proofs: list[list[str] | None]) -> list[tuple[bytes, ...]]:
    """Proofs as ours are; an empty one is null in Go's JSON."""
    return [tuple(b64decode(one) for one in proof or []) for proof in proofs]


def test_every_root_is_the_same(program: str) -> None:
    """For small trees one by one, and around the sizes where a tree gets a level."""
    told = go(program, roots=SIZES)
    assert [b64decode(root) for root in told["roots"]] == [
        TREE.root(size) for size in SIZES
    ]


def test_every_inclusion_proof_is_the_same(program: str) -> None:
    """Each leaf of each small tree, and some of larger ones; theirs holds for us."""
    pairs = [(at, size) for size in SIZES[:LARGEST] for at in range(size)]
    pairs += [(at, size) for size in SIZES[LARGEST:] for at in range(0, size, 17)]
    told = hashes(go(program, leaves=pairs)["leaves"])
    assert told == [TREE.inclusion(at, size) for at, size in pairs]
    assert all(
        verify_inclusion(leaf_hash(ENTRIES[at]), at, size, proof, TREE.root(size))
        for (at, size), proof in zip(pairs, told, strict=True)
    )


def test_every_consistency_proof_is_the_same(program: str) -> None:
    """Between all pairs of sizes; theirs holds for us."""
    pairs = [(old, new) for new in SIZES for old in SIZES if old <= new]
    told = hashes(go(program, trees=pairs)["trees"])
    assert told == [TREE.consistency(old, new) for old, new in pairs]
    assert all(
        verify_consistency(old, new, TREE.root(old), TREE.root(new), proof)
        for (old, new), proof in zip(pairs, told, strict=True)
    )


def test_what_holds_and_what_does_not_is_the_same(program: str) -> None:
    """Right proofs, and proofs with a hash too few, too many, changed or swapped."""
    checks: list[dict[str, Any]] = []
    ours: list[bool] = []
    for old, new in ((1, 2), (3, 7), (4, 7), (6, 64), (65, 129), (256, 600)):
        for proof in spoiled(TREE.consistency(old, new)):
            root = TREE.root(old)
            ours.append(verify_consistency(old, new, root, TREE.root(new), proof))
            checks.append(judged(-1, old, new, root, proof))
        for proof in spoiled(TREE.inclusion(old, new)):
            leaf = leaf_hash(ENTRIES[old])
            ours.append(verify_inclusion(leaf, old, new, proof, TREE.root(new)))
            checks.append(judged(old, 0, new, leaf, proof))
    assert go(program, checks=checks)["checks"] == ours
    assert {True, False} == set(ours)


def judged(
    index: int, old: int, new: int, leaf: bytes, proof: tuple[bytes, ...]
) -> dict[str, Any]:
    """A proof as the Go program judges it."""
    return {
        "index": index,
        "old": old,
        "new": new,
        "leaf": encoded(leaf),
        "root": encoded(TREE.root(new)),
        "proof": [encoded(one) for one in proof],
    }


def spoiled(proof: tuple[bytes, ...]) -> list[tuple[bytes, ...]]:
    """A proof, and ways to spoil it."""
    found = [proof, (*proof, bytes(32)), proof[1:], proof[:-1], proof[::-1]]
    found += [
        (*proof[:at], bytes([proof[at][0] ^ 1]) + proof[at][1:], *proof[at + 1 :])
        for at in range(len(proof))
    ]
    return list(dict.fromkeys(found))


def test_a_note_of_ours_is_one_for_go(program: str) -> None:
    """Opened under the log's key, and under no other; not when a byte was changed."""
    note = sign_checkpoint(Checkpoint(ORIGIN, 600, TREE.root()), KEY)
    key, stranger = (str(verifier_key(ORIGIN, each)) for each in (KEY, STRANGER))
    changed = note.replace(b"600", b"601")
    asked = [
        {"note": encoded(one), "key": by}
        for one, by in ((note, key), (note, stranger), (changed, key))
    ]
    assert go(program, notes=asked)["notes"] == [True, False, False]
    with pytest.raises(BadSignature):
        verify_checkpoint(changed, [verifier_key(ORIGIN, KEY)])


def test_a_note_of_go_is_one_for_us(program: str) -> None:
    """With a private key as we write it: the same signature, to the last byte."""
    seed = sha256(b"the log").digest()
    signer = make_signer(ORIGIN, seed)
    checkpoint = Checkpoint(ORIGIN, 600, TREE.root())
    asked = {"text": checkpoint.text(), "signer": signer.secret()}
    theirs = b64decode(go(program, sign=asked)["signed"])
    key = Ed25519PrivateKey.from_private_bytes(seed)
    assert theirs == sign_checkpoint(checkpoint, key)
    assert verify_note(theirs, [signer.vkey])[0] == parse_note(theirs)
