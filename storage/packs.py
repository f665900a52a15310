"""A pack lies ready for a while, in parts that only who asked for it can read.

Each is encrypted for one key that the asker made for this pack and that never leaves
its memory: X25519 (RFC 7748), HKDF-SHA256 (RFC 5869), and AES-256-GCM with the part's
number as nonce, under a key of this pack alone.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import timedelta
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.errors import Unreadable
from storage.pool import Source, connection
from storage.statements import statement

PART: Final = 1024 * 1024
"""Bytes in a part, the last one's excepted."""

KEPT: Final = timedelta(minutes=10)

_INFO: Final = b"polder/pack/v1\n"


class Letterbox:
    """Where one pack is sent to: a key of its own."""

    def __init__(self) -> None:
        """Make a fresh key."""
        self._private = X25519PrivateKey.generate()

    @property
    def address(self) -> str:
        """The public key, in base64."""
        return _told(self._private.public_key())

    def cipher(self, sender: str) -> AESGCM:
        """Give what opens the parts that ``sender`` encrypted."""
        theirs = _read(sender)
        shared = self._private.exchange(theirs)
        return _cipher(shared, sender, self.address)


async def put(source: Source, id: str, stream: str, pack: bytes, to: str) -> str:
    """Lay a pack ready for an address; return the key to open it with, in base64.

    Takes away what nobody fetched, and what was laid ready under this id before.
    """
    own = X25519PrivateKey.generate()
    sender = _told(own.public_key())
    cipher = _cipher(own.exchange(_read(to)), sender, to)
    async with connection(source) as conn, conn.transaction():
        await conn.execute(statement("packs", "sweep"), {"older": KEPT})
        await conn.execute(statement("packs", "away"), {"id": id})
        for number in range(count(len(pack))):
            part = pack[number * PART : (number + 1) * PART]
            body = cipher.encrypt(_nonce(number), part, None)
            row = {"id": id, "part": number, "stream": stream, "body": body}
            await conn.execute(statement("packs", "put"), row)
    return sender


def count(size: int) -> int:
    """Return in how many parts so many bytes come."""
    return -(-size // PART)


async def part(source: Source, id: str, number: int, cipher: AESGCM) -> bytes:
    """Return one part, opened. Raises ``Unreadable`` where it is not there."""
    where = {"id": id, "part": number}
    async with connection(source) as conn:
        row = await (await conn.execute(statement("packs", "part"), where)).fetchone()
    if row is None:
        raise Unreadable(f"part {number} of the pack is gone")
    try:
        return cipher.decrypt(_nonce(number), row[0], None)
    except InvalidTag as error:
        raise Unreadable(f"part {number} is not what was put there") from error


async def away(source: Source, id: str) -> None:
    """Take a pack away."""
    async with connection(source) as conn:
        await conn.execute(statement("packs", "away"), {"id": id})


def _cipher(shared: bytes, sender: str, to: str) -> AESGCM:
    info = _INFO + f"{sender}\n{to}".encode()
    return AESGCM(HKDF(SHA256(), 32, None, info).derive(shared))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _told(key: X25519PublicKey) -> str:
    return b64encode(key.public_bytes_raw()).decode()


def _read(told: str) -> X25519PublicKey:
    try:
        return X25519PublicKey.from_public_bytes(b64decode(told, validate=True))
    except ValueError as error:
        message = "this is no address of a pack"
        raise Unreadable(message) from error
