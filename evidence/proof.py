"""The proof of one event: its bytes, those of its neighbours, and its place in the log.

One file, in canonical form, that whoever has the log's key can check alone, with
``evidence/verify.py`` or in a browser. It has no private text but what is opened here.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from evidence.canonical import canonical, parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evidence.canonical import JsonValue
    from evidence.pack import Inclusion, Opening

FORMAT: Final = "polder-proof/1"
"""What a proof calls itself."""


@dataclass(frozen=True, slots=True)
class Proven:
    """All that goes into the proof of one event; events by their canonical bytes."""

    body: bytes
    before: bytes | None
    """The event before it; None: it is the first, or is not shown."""
    after: bytes | None
    """The event after it; None: there is none, or it is not shown."""
    place: Inclusion
    """Against the checkpoint."""
    checkpoint_note: bytes
    """The signed note, with whatever lines witnesses added."""
    consistency: Mapping[int, Sequence[bytes]] = field(
        default_factory=dict[int, "Sequence[bytes]"]
    )
    """By size: the proof from an older checkpoint to this one."""
    openings: Sequence[Opening] = ()
    """Of private fields of this event."""


def write_proof(of: Proven) -> bytes:
    """Return the proof as a file. Raises ``NotCanonical`` for what has no such form."""
    return canonical(
        {
            "after": None if of.after is None else parse(of.after),
            "before": None if of.before is None else parse(of.before),
            "checkpoint": of.checkpoint_note.decode(),
            "consistency": [
                {"from": size, "proof": _base64(proof)}
                for size, proof in sorted(of.consistency.items())
            ],
            "event": parse(of.body),
            "format": FORMAT,
            "leaf_index": of.place.leaf_index,
            "openings": [
                _opening(one)
                for one in sorted(of.openings, key=lambda one: one.path.encode())
            ],
            "proof": _base64(of.place.proof),
        }
    )


def _opening(one: Opening) -> dict[str, JsonValue]:
    return {
        "path": one.path,
        "salt": b64encode(one.salt).decode(),
        "seq": one.seq,
        "subject": one.subject,
        "value": one.value,
    }


def _base64(proof: Sequence[bytes]) -> list[str]:
    return [b64encode(node).decode() for node in proof]
