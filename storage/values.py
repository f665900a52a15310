"""A value as it lies in the vault, and how it opens."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from storage.cipher import Spot, decrypt
from storage.errors import KeyMissing, SchemaMismatch, Unreadable


class Row(NamedTuple):
    """A value as it lies in the vault."""

    stream: str
    command_id: str
    path: str
    subject: str
    salt: bytes
    value: bytes
    commitment: str
    seq: int | None
    key_id: uuid.UUID | None
    nonce: bytes | None

    def opened(self, secret: Mapping[uuid.UUID, bytes]) -> bytes:
        """Return the plain bytes. Raises ``KeyMissing`` and ``Unreadable``."""
        return opened(Spot(*self[:4]), self.value, self.key_id, self.nonce, secret)


def opened(
    spot: Spot,
    value: bytes,
    key_id: uuid.UUID | None,
    nonce: bytes | None,
    secret: Mapping[uuid.UUID, bytes],
) -> bytes:
    """Return the canonical bytes of a value, with the keys that there are.

    Raises ``KeyMissing`` where its key is not among them, and ``Unreadable`` where it
    does not open.
    """
    if key_id is None or nonce is None:
        message = "a value in the vault is not encrypted yet: run polder db migrate"
        raise SchemaMismatch(message)
    if key_id not in secret:
        raise KeyMissing(
            f"the key of the value at {spot.path} of {spot.stream} is gone"
        )
    return decrypt(secret[key_id], spot, nonce, value)


def key_ids(rows: Iterable[Row]) -> set[uuid.UUID]:
    """Give the keys that open these."""
    return {row.key_id for row in rows if row.key_id is not None}


def plain_of(
    row: Row, secret: Mapping[uuid.UUID, bytes], *, skip: bool
) -> bytes | None:
    """Give the plain bytes; None for what does not open, where that may be skipped."""
    try:
        return row.opened(secret)
    except Unreadable:
        if skip:
            return None
        raise
