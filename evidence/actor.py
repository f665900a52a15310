"""Who sends a command says so by signing it, bound to what it says and where it goes.

What is signed is ``polder/actor/v1``, a newline and the canonical JSON of ``{"stream",
"kind","id","actor","mandate","if_version","command"}``: the envelope that is sent, with
the dialogue and the kind of command it is for. A member that may be left out is null
there. Of compiled forms, which can be large, their hashes are signed.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evidence.canonical import canonical
from evidence.errors import MalformedKey, MalformedNote
from evidence.note import is_own, strict_base64, verifies

SEED_BYTES: Final = 32
"""The length of what a desk's private key is made from."""

_LABEL: Final = b"polder/actor/v1\n"
_COMPILED: Final = "compiled"
_HASHES: Final = ("method_hash", "calendar_hash")
_ID_DIGITS: Final = 16


class DeskKey(NamedTuple):
    """The key that a desk signs with."""

    private: Ed25519PrivateKey
    public: str
    """The public key, in base64."""

    @property
    def id(self) -> str:
        """The first 16 hex digits of the SHA-256 of the public key."""
        return key_id(self.public)

    def __repr__(self) -> str:
        """Tell whose key it is, and nothing of the key."""
        return f"DeskKey({self.id})"

    def secret(self) -> str:
        """Return the private key as it is kept: its seed in base64."""
        return b64encode(self.private.private_bytes_raw()).decode()


def make_key(seed: bytes) -> DeskKey:
    """Return the key that is made from 32 random bytes; raises ``MalformedKey``."""
    if len(seed) != SEED_BYTES:
        raise MalformedKey(f"a private key is made from {SEED_BYTES} bytes")
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    return DeskKey(private, b64encode(public).decode())


def parse_secret(text: str) -> DeskKey:
    """Read what ``DeskKey.secret`` wrote; raises ``MalformedKey``, saying no secret."""
    try:
        return make_key(strict_base64(text))
    except MalformedNote:
        raise MalformedKey("the text is no private key of a desk") from None


def public_key(text: str) -> bytes:
    """Read a public key in base64; raises ``MalformedKey``.

    Also for one by which others than its owner could sign.
    """
    try:
        raw = strict_base64(text)
    except MalformedNote:
        raw = b""
    if not is_own(raw):
        raise MalformedKey("the public key is not one that only its owner can use")
    return raw


def key_id(public: str) -> str:
    """Give the id of a public key in base64; raises ``MalformedKey``."""
    return sha256(public_key(public)).hexdigest()[:_ID_DIGITS]


def signed_bytes(stream: str, kind: str, envelope: Mapping[str, Any]) -> bytes:
    """Give what is signed of an envelope; raises ``NotCanonical``."""
    actor = envelope["actor"]
    told = {
        "stream": stream,
        "kind": kind,
        "id": envelope["id"],
        "actor": {name: actor.get(name) for name in ("id", "role", "via")},
        "mandate": envelope.get("mandate"),
        "if_version": envelope.get("if_version"),
        "command": _told(envelope["command"]),
    }
    return _LABEL + canonical(told)


def sign(
    key: DeskKey, stream: str, kind: str, envelope: Mapping[str, Any]
) -> dict[str, str]:
    """Give the ``sig`` of an envelope: which key, and its signature in base64."""
    value = key.private.sign(signed_bytes(stream, kind, envelope))
    return {"key": key.id, "value": b64encode(value).decode()}


def holds(public: str, value: str, message: bytes) -> bool:
    """Tell whether ``value``, in base64, is this key's signature over ``message``."""
    try:
        return verifies(message, strict_base64(value), public_key(public))
    except (MalformedKey, MalformedNote):
        return False


def _ready() -> None:
    """Have the library find its own exception now, and not inside a workflow.

    There it would load itself a second time, which ends the whole process.
    """
    holds(make_key(bytes(SEED_BYTES)).public, b64encode(bytes(64)).decode(), b"")


def _told(command: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a command as it is signed: of compiled forms the hashes alone."""
    compiled: object = command.get(_COMPILED)
    if not isinstance(compiled, Mapping):
        return command
    forms = cast("Mapping[str, Any]", compiled)
    hashes = {name: forms[name] for name in _HASHES if name in forms}
    return {**command, _COMPILED: hashes}


_ready()
