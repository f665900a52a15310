"""A sound proof of one event, what forgers make of it, and what finds each."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from evidence.canonical import canonical, parse
from evidence.checkpoint import Checkpoint, sign_checkpoint
from evidence.event import event_hash
from evidence.note import verifier_key
from evidence.pack import Opening
from evidence.proof import Proven, write_proof
from evidence.tree import Tree, leaf_hash
from tests.evidence.logs import CONTENTS, ORIGIN, STRANGER, STREAM, VKEY

Members = dict[str, Any]

SEQ: Final = next(
    one.seq for one in CONTENTS.openings if 1 < one.seq < len(CONTENTS.bodies)
)
"""The event of the proof: one with an opened field, and neighbours on both sides."""
STRANGERS: Final = str(verifier_key(ORIGIN, STRANGER))
"""A key that has the log's name, and is another."""


def proven(seq: int, openings: tuple[Opening, ...] = ()) -> bytes:
    """Return the proof of one event of the small log's dialogue."""
    bodies = CONTENTS.bodies
    of = Proven(
        body=bodies[seq - 1],
        before=bodies[seq - 2] if seq > 1 else None,
        after=bodies[seq] if seq < len(bodies) else None,
        place=CONTENTS.places[seq - 1],
        checkpoint_note=CONTENTS.checkpoint_note,
        consistency=CONTENTS.consistency,
        openings=openings,
    )
    return write_proof(of)


OPENED: Final = tuple(one for one in CONTENTS.openings if one.seq == SEQ)
SOUND: Final = proven(SEQ, OPENED)


def members(proof: bytes = SOUND) -> Members:
    """Return a proof as a value that can be changed."""
    found: Any = parse(proof)
    return found


class Forgery(NamedTuple):
    """A proof that somebody changed, and the check that finds it."""

    proof: bytes
    check: str
    keys: tuple[str, ...] = (str(VKEY),)


def forged(check: str, change: Callable[[Members], object]) -> Forgery:
    """Change the members of the sound proof."""
    made = members()
    change(made)
    return Forgery(canonical(made), check)


def _flipped(node: str) -> str:
    raw = bytearray(b64decode(node))
    raw[0] ^= 1
    return b64encode(bytes(raw)).decode()


def _swapped(made: Members) -> None:
    made["proof"][:2] = made["proof"][1::-1]


def _flip(made: Members) -> None:
    made["proof"][-1] = _flipped(made["proof"][-1])


def _another_root(made: Members) -> None:
    """Sign, with the log's own key, a log of only this event."""
    body = canonical(made["event"])
    tree = Tree([leaf_hash(bytes.fromhex(event_hash(body)))])
    point = Checkpoint(ORIGIN, 1, tree.root())
    made["checkpoint"] = sign_checkpoint(point, STRANGER).decode()
    made["leaf_index"], made["proof"] = 0, []
    made["consistency"] = []


def _rechained(made: Members) -> None:
    """Change the event, and have the one after it name what it is now."""
    made["event"]["data"]["forged"] = True
    made["after"]["prev"] = event_hash(canonical(made["event"]))


FORGERIES: Final[dict[str, Forgery]] = {
    "a word of the event": forged("proof", _rechained),
    "a word of the event alone": forged(
        "prev", lambda m: m["event"]["data"].update(forged=True)
    ),
    "who did it": forged("proof", lambda m: m["event"]["actor"].update(id="p-9")),
    "when": forged(
        "proof", lambda m: m["event"].update(at="2020-01-01T00:00:00.000000Z")
    ),
    "no such day": forged(
        "malformed", lambda m: m["event"].update(at="2026-02-30T00:00:00.000000Z")
    ),
    "the event before it": forged(
        "prev", lambda m: m["before"]["data"].update(forged=True)
    ),
    "another one before it": forged("seq", lambda m: m["before"].update(seq=SEQ + 2)),
    "one before it of another stream": forged(
        "stream", lambda m: m["before"].update(stream="gemeente-elders:parkzicht")
    ),
    "the event after it": forged(
        "prev", lambda m: m["after"].update(prev="0" * 63 + "1")
    ),
    "a node of the path": forged("proof", _flip),
    "two nodes swapped": forged("proof", _swapped),
    "a node more": forged("proof", lambda m: m["proof"].append(m["proof"][0])),
    "a node less": forged("proof", lambda m: m["proof"].pop()),
    "a node that is none": forged(
        "malformed", lambda m: m["proof"].__setitem__(0, "AAAA")
    ),
    "another place in the log": forged(
        "proof", lambda m: m.update(leaf_index=m["leaf_index"] ^ 1)
    ),
    "beyond the log": forged("proof", lambda m: m.update(leaf_index=10**6)),
    "the root of the checkpoint": forged(
        "signature",
        lambda m: m.update(checkpoint=m["checkpoint"].replace("\n13\n", "\n14\n")),
    ),
    "a log of its own, signed by a stranger": forged("checkpoint", _another_root),
    "a signature of nobody": forged(
        "malformed", lambda m: m.update(checkpoint=m["checkpoint"].split("—")[0])
    ),
    "what was said": forged(
        "opening", lambda m: m["openings"][0].update(value="Iets anders.")
    ),
    "the salt": forged(
        "opening",
        lambda m: m["openings"][0].update(salt=_flipped(m["openings"][0]["salt"])),
    ),
    "whose text it is": forged(
        "opening", lambda m: m["openings"][0].update(subject="s-9")
    ),
    "a text of another event": forged(
        "opening", lambda m: m["openings"][0].update(seq=SEQ + 1)
    ),
    "a member more": forged("malformed", lambda m: m.update(sound=True)),
    "a member less": forged("malformed", lambda m: m.pop("after")),
    "a proof of consistency": forged(
        "consistency",
        lambda m: m["consistency"].append({"from": 11, "proof": m["proof"]}),
    ),
    "white space": Forgery(SOUND.replace(b":", b": ", 1), "canonical"),
    "a member twice": Forgery(
        SOUND.replace(b'{"after":', b'{"after":null,"after":', 1), "canonical"
    ),
    "a fraction": Forgery(SOUND.replace(b'"v":1', b'"v":1.0'), "canonical"),
    "a key with the same name": Forgery(SOUND, "checkpoint", (STRANGERS,)),
    "a key of another log": Forgery(
        SOUND, "checkpoint", (str(verifier_key("polder/elders", STRANGER)),)
    ),
}
"""By what is not true."""

assert members()["event"]["stream"] == STREAM
