"""Who can sign as a log: a private key with the name it signs under.

Written as the Go library for signed notes writes it:
``PRIVATE+KEY+<name>+<key id in hex>+<base64(0x01 ‖ seed)>``.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Final, NamedTuple, TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evidence.errors import MalformedKey, MalformedNote
from evidence.note import SIGNATURE, VerifierKey, strict_base64, verifier_key

PrivateKey: TypeAlias = Ed25519PrivateKey

SEED_BYTES: Final = 32
"""The length of what a private key is made from."""

_PREFIX: Final = "PRIVATE+KEY+"


class Signer(NamedTuple):
    """A private key, and what others need to check its signatures."""

    vkey: VerifierKey
    private: Ed25519PrivateKey

    def __repr__(self) -> str:
        """Tell whose key it is, and nothing of the key."""
        return f"Signer({self.vkey})"

    def secret(self) -> str:
        """Return the private key as it is kept, on one line."""
        encoded = b64encode(bytes([SIGNATURE]) + self.private.private_bytes_raw())
        return f"{_PREFIX}{self.vkey.name}+{self.vkey.id.hex()}+{encoded.decode()}"


def make_signer(name: str, seed: bytes) -> Signer:
    """Return the signer of ``name`` from 32 random bytes; raises ``MalformedKey``."""
    if len(seed) != SEED_BYTES:
        raise MalformedKey(f"a private key is made from {SEED_BYTES} bytes")
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return Signer(verifier_key(name, private), private)


def parse_signer(text: str) -> Signer:
    """Read what ``Signer.secret`` wrote; raises ``MalformedKey``, saying no secret."""
    name, _, rest = text.removeprefix(_PREFIX).partition("+")
    key_id, _, encoded = rest.partition("+")
    try:
        raw = strict_base64(encoded)
    except MalformedNote:
        raw = b""
    if not text.startswith(_PREFIX) or raw[:1] != bytes([SIGNATURE]):
        raise MalformedKey("the text is no private key of a log")
    signer = make_signer(name, raw[1:])
    if signer.vkey.id.hex() != key_id:
        raise MalformedKey("the key's id is not that of its name and public key")
    return signer


def is_secret(text: str) -> bool:
    """Tell whether ``text`` begins as a private key does."""
    return text.startswith(_PREFIX)
