"""A signed note is text that whoever has the key can believe, and nobody else should.

C2SP signed-note, with Ed25519 (RFC 8032) in two kinds: a plain signature (0x01), by
which a log signs, and a cosignature (0x04, C2SP tlog-cosignature), by which a witness
says that it saw the note at a time.

What implementations differ in is decided here: S lies below the group's order; the
equation is checked without cofactor, over the bytes of R as they stand; a public key
that is not canonical or of small order is refused when it is read, because under such
a key anybody can sign.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from evidence.errors import BadSignature, MalformedKey, MalformedNote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SIGNATURE: Final = 0x01
"""The kind of key that signs a note's text."""

COSIGNATURE: Final = 0x04
"""The kind of key by which a witness cosigns a checkpoint."""

MAX_SIGNATURES: Final = 100
"""A note with more is refused; C2SP asks for at least 16."""

_SIGNATURE_BYTES: Final = 64
_TIME_BYTES: Final = 8
_KEY_ID_BYTES: Final = 4
_KEY_BYTES: Final = 32
_MAX_TIME: Final = 2**63 - 1
_PRIME: Final = 2**255 - 19
_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
_SMALL_ORDER: Final = frozenset(
    {
        0,
        1,
        _PRIME - 1,
        2707385501144840649318225287225658788936804267575313519463743609750303402022,
        55188659117513257062467267217118295137698188065244968500265048394206261417927,
    }
)
"""The y of the eight points of small order on the curve."""


class VerifierKey(NamedTuple):
    """Whose signature is looked for, and how it is checked."""

    name: str
    kind: int
    """``SIGNATURE`` or ``COSIGNATURE``."""
    public: bytes
    """The public key, 32 bytes."""

    @property
    def id(self) -> bytes:
        """The first 4 bytes of SHA-256(name ‖ 0x0A ‖ kind ‖ public key)."""
        told = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return sha256(told).digest()[:_KEY_ID_BYTES]

    def __str__(self) -> str:
        """Return the key as it is published: name+id+base64(kind ‖ public key)."""
        encoded = b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{encoded}"


def verifier_key(
    name: str, key: Ed25519PrivateKey, kind: int = SIGNATURE
) -> VerifierKey:
    """Return what others need to check the signatures of ``key`` under ``name``."""
    return _sane(VerifierKey(name, kind, key.public_key().public_bytes_raw()))


def parse_key(text: str) -> VerifierKey:
    """Read a verifier key; raises ``MalformedKey``."""
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    try:
        raw = strict_base64(encoded)
    except MalformedNote:
        raise MalformedKey from None
    if len(raw) != 1 + _KEY_BYTES:
        raise MalformedKey
    key = _sane(VerifierKey(name, raw[0], raw[1:]))
    if key.id.hex() != key_id:
        raise MalformedKey("the key's id is not that of its name and public key")
    return key


def _sane(key: VerifierKey) -> VerifierKey:
    if not is_key_name(key.name) or key.kind not in {SIGNATURE, COSIGNATURE}:
        raise MalformedKey
    if not is_own(key.public):
        raise MalformedKey("the public key is not one that only its owner can use")
    return key


def is_own(public: bytes) -> bool:
    """Tell whether only its owner can sign by this public key of Ed25519."""
    y = int.from_bytes(public, "little") & (2**255 - 1)
    return len(public) == _KEY_BYTES and y < _PRIME and y not in _SMALL_ORDER


def is_key_name(name: str) -> bool:
    """Tell whether ``name`` may name a key: some text without spaces and plus signs."""
    # A lone surrogate is no UTF-8; a control character may not stand in a note.
    return bool(name) and not re.search(r"[\s+\x00-\x20\ud800-\udfff]", name)


class Signature(NamedTuple):
    """One signature line of a note."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """Return the line as it stands under a note, newline included."""
        return f"— {self.name} {b64encode(self.key_id + self.signature).decode()}\n"


class Note(NamedTuple):
    """A text, and who put their name under it. Not believed until verified."""

    text: str
    """Ends in a newline."""
    signatures: tuple[Signature, ...]

    def to_bytes(self) -> bytes:
        """Return the note as it is sent and stored."""
        lines = "".join(signature.line() for signature in self.signatures)
        return f"{self.text}\n{lines}".encode()


_LINE: Final = re.compile(r"— ([^ \n]+) ([A-Za-z0-9+/]+={0,2})")
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")


def parse_note(note: bytes) -> Note:
    """Read a note, believing nothing of it; raises ``MalformedNote``.

    ``parse_note(note).to_bytes() == note``.
    """
    try:
        whole = note.decode()
    except UnicodeDecodeError:
        raise MalformedNote("a note is UTF-8") from None
    text, blank, below = whole.rpartition("\n\n")
    if not blank or not below.endswith("\n") or _CONTROL.search(whole):
        raise MalformedNote
    lines = below[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise MalformedNote("a note with so many signatures is not read")
    return Note(text + "\n", tuple(_parse_line(line) for line in lines))


def _parse_line(line: str) -> Signature:
    match = _LINE.fullmatch(line)
    if match is None or not is_key_name(match[1]):
        raise MalformedNote("a line under the note is no signature")
    raw = strict_base64(match[2])
    if len(raw) <= _KEY_ID_BYTES:
        raise MalformedNote("a line under the note is no signature")
    return Signature(match[1], raw[:_KEY_ID_BYTES], raw[_KEY_ID_BYTES:])


def strict_base64(text: str) -> bytes:
    """Read base64 (RFC 4648 §4) that re-encodes to itself; raises ``MalformedNote``."""
    try:
        raw = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        raw = b""
    if not raw or b64encode(raw).decode() != text:
        raise MalformedNote("this is not strict base64")
    return raw


def sign(text: str, name: str, key: Ed25519PrivateKey) -> Signature:
    """Sign ``text`` as ``name``; raises ``MalformedNote`` for what no note can hold."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise MalformedNote("a note's text ends in a newline and has no control signs")
    return Signature(name, verifier_key(name, key).id, key.sign(text.encode()))


def sign_note(text: str, name: str, key: Ed25519PrivateKey) -> bytes:
    """Return a note over ``text`` with one signature."""
    return Note(text, (sign(text, name, key),)).to_bytes()


def add_signatures(note: bytes, lines: bytes) -> bytes:
    """Put signature lines, as a witness answers them, under a note.

    Lines that are there already are left out. Raises ``MalformedNote``.
    """
    signed = parse_note(note)
    added = parse_note(b"\n\n" + lines).signatures
    both = dict.fromkeys((*signed.signatures, *added))
    return signed._replace(signatures=tuple(both)).to_bytes()


def signed_by(note: Note, key: VerifierKey) -> bool:
    """Tell whether a line by ``key`` is there.

    Every line that claims to be by that key must hold: otherwise ``BadSignature``.
    """
    claimed = [
        line for line in note.signatures if (line.name, line.key_id) == (key[0], key.id)
    ]
    for line in claimed:
        if not _holds(note.text.encode(), line.signature, key):
            raise BadSignature(f"the signature of {key.name} does not hold")
    return bool(claimed)


def verify_note(note: bytes, keys: Iterable[VerifierKey]) -> tuple[Note, VerifierKey]:
    """Return a note that one of ``keys`` signed, and which.

    Lines by other keys are ignored. Raises ``MalformedNote``, and ``BadSignature`` when
    no key signed it or a line by one of them fails.
    """
    read = parse_note(note)
    signers = [key for key in keys if signed_by(read, key)]
    if not signers:
        raise BadSignature
    return read, signers[0]


def cosigned_at(note: Note, key: VerifierKey) -> int | None:
    """Return when a witness cosigned, in seconds since 1970, or None if it did not."""
    if key.kind != COSIGNATURE or not signed_by(note, key):
        return None
    return max(
        int.from_bytes(line.signature[:_TIME_BYTES])
        for line in note.signatures
        if (line.name, line.key_id) == (key.name, key.id)
    )


def _holds(text: bytes, signature: bytes, key: VerifierKey) -> bool:
    if key.kind == COSIGNATURE:
        if len(signature) != _TIME_BYTES + _SIGNATURE_BYTES:
            return False
        at, signature = signature[:_TIME_BYTES], signature[_TIME_BYTES:]
        seconds = int.from_bytes(at)
        if seconds > _MAX_TIME:
            return False
        text = b"cosignature/v1\ntime %d\n" % seconds + text
    return verifies(text, signature, key.public)


def verifies(message: bytes, signature: bytes, public: bytes) -> bool:
    """Tell whether this is a signature of Ed25519 over ``message`` by this key."""
    if len(signature) != _SIGNATURE_BYTES:
        return False
    if int.from_bytes(signature[32:], "little") >= _ORDER:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
