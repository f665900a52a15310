"""Signatures are checked here, purely: now and on replay alike.

The keys are of the dialogue's state, so nothing is asked of anybody. An update's
validator has asked the same a moment ago, and its decision is kept: a signature is
checked once for each message (`workflows.standing`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.facts import Cause
from domain.signed import BadSignature
from evidence.actor import holds, signed_bytes
from workflows.intake import Envelope

DESK: Final = "desk"
"""How something came that is signed and does not say how."""


def signer(
    stream: str, kind: str, envelope: Envelope, keys: Mapping[str, str]
) -> str | None:
    """Give the id of the key, of these, that signed an envelope; None where it is not.

    Raises `BadSignature`: what claims to be signed, and is not, is never taken as if it
    did not claim that. Without keys there is nothing to check it by.
    """
    sig = envelope.sig
    if sig is None or not keys:
        return None
    public = keys.get(sig.key)
    if public is None:
        raise BadSignature(problem="the key it names is not trusted here")
    told = envelope.model_dump(exclude={"sig", "command"})
    message = signed_bytes(stream, kind, told | {"command": envelope.command})
    if not holds(public, sig.value, message):
        raise BadSignature(problem="it is over something else, or by another key")
    return sig.key


def believed(
    by: Cause, via: str, kind: str, envelope: Envelope, keys: Mapping[str, str]
) -> Cause:
    """Give the cause with the key that signed it; unsigned it came by no desk.

    What is signed came by the way that it says, else over a desk. Without keys all is
    taken at its word. Raises `BadSignature`.
    """
    if not keys:
        return by
    key = signer(by.stream, kind, envelope, keys)
    way = via if key is None else envelope.actor.via or DESK
    actor = by.actor.model_copy(update={"via": way})
    return by.model_copy(update={"actor": actor, "signed": key})
