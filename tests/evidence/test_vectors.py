"""The numbers in the documentation are those of the program, and of plain hashing."""

from __future__ import annotations

import json
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import Any

from evidence import vectors, verify
from evidence.pack import write_zip

PAGE = Path(vectors.__file__).parent.parent / "docs" / "audit-format.md"
BLOCK = PAGE.read_text("utf-8").split("```json\n")[1].split("```")[0]
TOLD: dict[str, Any] = json.loads(BLOCK)


def hashed(*parts: bytes | str) -> str:
    """Return the SHA-256 of parts; a text among them is a hash in hex."""
    raw = [bytes.fromhex(part) if isinstance(part, str) else part for part in parts]
    return sha256(b"".join(raw)).hexdigest()


def test_the_page_holds_what_the_command_prints() -> None:
    """The block in the documentation is the command's output, to the byte."""
    assert vectors.text() == BLOCK


def test_the_numbers_follow_from_the_page() -> None:
    """Every hash can be computed from the texts, as the page says, by hand."""
    leaves = [event["leaf"] for event in TOLD["events"]]
    for event in TOLD["events"]:
        body = event["body"].encode()
        assert event["hash"] == hashed(b"polder/event/v1\n", body)
        assert event["leaf"] == hashed(b"\0", event["hash"])
    private = TOLD["private"]
    salt, preimage = b64decode(private["salt"]), private["preimage"].encode()
    assert private["commitment"] == hashed(b"polder/field/v1\n", salt, preimage)
    assert private["commitment"] in TOLD["events"][2]["body"]
    left = hashed(b"\1", leaves[0], leaves[1])
    right = hashed(b"\1", leaves[2], leaves[3])
    four = hashed(b"\1", left, right)
    assert [node["hash"] for node in TOLD["nodes"]] == [left, right, four]
    assert TOLD["roots"][0] == hashed()
    assert TOLD["roots"][1:3] == [leaves[0], left]
    assert TOLD["roots"][3] == hashed(b"\1", left, leaves[2])
    assert TOLD["roots"][4:] == [four, hashed(b"\1", four, leaves[4])]


def test_the_census_follows_from_the_page() -> None:
    """The heads' leaves and root are those in the census."""
    heads = TOLD["heads"]
    for head in heads:
        told = json.dumps(head["head"], separators=(",", ":")).encode()
        assert head["leaf"] == hashed(b"\0", told)
    root = hashed(b"\1", heads[0]["leaf"], heads[1]["leaf"])
    data = json.loads(TOLD["events"][-1]["body"])["data"]
    assert data == {"events": 4, "heads_root": root, "streams": 2}


def test_the_verifier_accepts_the_numbers() -> None:
    """Proofs, checkpoint and note verify with the verifier that goes into packs."""
    key = verify.parse_key(TOLD["key"]["vkey"])
    note = verify.parse_note(TOLD["checkpoint"].encode())
    point = verify.parse_checkpoint(note.text)
    assert verify.signed_by(note, key) == [None]
    assert point.root.hex() == TOLD["roots"][point.size]
    for index, proof in enumerate(TOLD["inclusion"]):
        leaf = bytes.fromhex(TOLD["events"][index]["leaf"])
        path = verify.nodes(proof)
        assert verify.root_of_path(leaf, index, point.size, path) == point.root
    for size, proof in enumerate(TOLD["consistency"], 1):
        old = bytes.fromhex(TOLD["roots"][size])
        path = verify.nodes(proof)
        assert verify.is_consistent(size, point.size, old, point.root, path)
    issued = verify.parse_note(TOLD["pack_note"].encode())
    assert verify.signed_by(issued, key) == [None]
    manifest = sha256(b'{"format":"polder-pack/1"}').hexdigest()
    assert issued.text == f"polder-pack/1\n{manifest}\n"


def test_the_pack_is_sound() -> None:
    """Its files make the ZIP that is told, and the verifier accepts it."""
    pack = write_zip({n: text.encode() for n, text in TOLD["pack"]["files"].items()})
    assert sha256(pack).hexdigest() == TOLD["pack"]["sha256"]
    report = verify.examine(pack, [TOLD["key"]["vkey"]])
    assert report.verdict == verify.SOUND
    assert report.as_json()["private"] == {"opened": 0, "withheld": 0, "erased": 1}
    older = TOLD["checkpoint"].encode()
    assert verify.examine(pack, [TOLD["key"]["vkey"]], since=older).verdict == 0
    for name, text in TOLD["pack"]["files"].items():
        if name not in {"pack.json", "pack.note"}:
            told = json.loads(TOLD["pack"]["files"]["pack.json"])["files"][name]
            assert told == hashed(text.encode())
