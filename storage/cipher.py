"""A value is readable with its subject's own key, in its own place, and no other way.

AES-256-GCM (NIST SP 800-38D) under a key that encrypts only this subject's values. What
a value is bound to, its stream, command, place and subject, goes in as associated data,
so that a row that was moved or renamed does not open.
"""

from __future__ import annotations

import secrets
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from evidence.canonical import canonical
from storage.errors import Unreadable

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
"""Random: two alike in 2^32 values of one subject are as good as impossible."""

_BOUND_TO: Final = b"polder/value/v1\n"


class Spot(NamedTuple):
    """Where a value lies and whom it is about: what its encryption is bound to."""

    stream: str
    command_id: str
    path: str
    subject: str

    @property
    def bound(self) -> bytes:
        """The associated data: a prefix and the canonical list of the four."""
        return _BOUND_TO + canonical(list(self))


def encrypt(key: bytes, spot: Spot, plain: bytes) -> tuple[bytes, bytes]:
    """Return a fresh nonce of 12 bytes, and the ciphertext with its tag of 16."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce, AESGCM(key).encrypt(nonce, plain, spot.bound)


def decrypt(key: bytes, spot: Spot, nonce: bytes, value: bytes) -> bytes:
    """Return the plain bytes. Raises ``Unreadable`` for what this key did not make."""
    try:
        return AESGCM(key).decrypt(nonce, value, spot.bound)
    except (InvalidTag, ValueError) as error:
        detail = f"the value at {spot.path} of {spot.stream} is not what was put there"
        raise Unreadable(detail) from error
