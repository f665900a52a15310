"""A checkpoint is the whole log so far in three lines, signed.

C2SP tlog-checkpoint: origin, size in decimal, root in base64. Extension lines are
allowed and ignored; the log's key carries the origin as its name.
"""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import UTC
from typing import TYPE_CHECKING, Final, NamedTuple

from evidence.canonical import MAX_INTEGER
from evidence.errors import BadSignature, MalformedCheckpoint, MalformedNote
from evidence.note import (
    Note,
    VerifierKey,
    parse_note,
    sign_note,
    signed_by,
    strict_base64,
)
from evidence.tree import HASH_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
_LINES: Final = 3

MAX_PROVED: Final = 1_000
"""Up to so many published checkpoints a pack proves consistency from all of them."""


class Checkpoint(NamedTuple):
    """What a log says of itself: so many events, with this root."""

    origin: str
    size: int
    root: bytes
    """The root of the tree of ``size`` leaves, 32 bytes."""

    def text(self) -> str:
        """Return the text of the note."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def origin_of(log_name: str) -> str:
    """Return the origin of a log, which is the name of its key as well."""
    return f"polder/{log_name}"


def sign_checkpoint(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> bytes:
    """Return the note by which a log vouches for ``checkpoint``."""
    return sign_note(checkpoint.text(), checkpoint.origin, key)


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a note; raises ``MalformedCheckpoint``."""
    lines = text.split("\n")[:-1]
    if len(lines) < _LINES or not text.endswith("\n") or not all(lines):
        raise MalformedCheckpoint
    origin, size, root = lines[:_LINES]
    if not _SIZE.fullmatch(size) or int(size) > MAX_INTEGER:
        raise MalformedCheckpoint("the size of a checkpoint is a decimal number")
    try:
        raw = strict_base64(root)
    except MalformedNote:
        raw = b""
    if len(raw) != HASH_BYTES:
        raise MalformedCheckpoint("the root of a checkpoint is 32 bytes in base64")
    return Checkpoint(origin, int(size), raw)


def worth_proving(published: Iterable[tuple[int, datetime]]) -> list[int]:
    """Return the sizes from which a pack proves consistency, rising.

    ``published`` are sizes with their moments. All of them, up to ``MAX_PROVED``; of
    more, the last of each day in UTC.
    """
    every = sorted(published)
    if len(every) <= MAX_PROVED:
        return sorted({size for size, _ in every})
    daily = {at.astimezone(UTC).date(): size for size, at in every}
    return sorted(set(daily.values()))


class Signed(NamedTuple):
    """A checkpoint that was verified, with the note that carries it."""

    checkpoint: Checkpoint
    note: Note
    key: VerifierKey
    """Which of the log's keys signed."""


def verify_checkpoint(note: bytes, keys: Iterable[VerifierKey]) -> Signed:
    """Return a checkpoint that one of the log's keys signed.

    A log has more than one key where keys were rotated. Raises ``MalformedNote``,
    ``MalformedCheckpoint``, or ``BadSignature``: also when the signer's name is not
    the origin.
    """
    read = parse_note(note)
    checkpoint = parse_checkpoint(read.text)
    own = [key for key in keys if key.name == checkpoint.origin]
    for key in own:
        if signed_by(read, key):
            return Signed(checkpoint, read, key)
    raise BadSignature
