"""Desk keys: wishes to believe what a desk signs, or only what it signs, and what came.

Which keys a dialogue believes is part of its state, so that whoever decides on a
message, now or on replay, decides alike.
"""

from __future__ import annotations

import base64
import binascii
from hashlib import sha256
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints

from domain.facts import Fact, Private
from domain.messages import Command

MAX_KEYS: Final = 8
"""Desk keys that one dialogue trusts at a time."""


def key_id(public: str) -> str:
    """Give the id of a public key: the first 16 hex digits of its SHA-256."""
    return sha256(base64.b64decode(public)).hexdigest()[:16]


def by_id(keys: tuple[str, ...]) -> dict[str, str]:
    """Give public keys by their ids."""
    return {key_id(public): public for public in keys}


def _strict(public: str) -> str:
    try:
        raw = base64.b64decode(public, validate=True)
    except binascii.Error as error:
        message = "a public key is 32 bytes in base64"
        raise ValueError(message) from error
    if base64.b64encode(raw).decode() != public:
        message = "a public key is in base64 that re-encodes to itself"
        raise ValueError(message)
    return public


PublicKey = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9+/]{43}=$"),
    AfterValidator(_strict),
]
"""A desk's public key: 32 bytes of Ed25519 in base64."""

KeyId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
"""The first 16 hex digits of the SHA-256 of a public key."""

PublicKeys = Annotated[tuple[PublicKey, ...], Field(max_length=MAX_KEYS)]

_Kind = Annotated[str, StringConstraints(pattern=r"^(\*|[a-z][a-z0-9_]{0,62})$")]

Kinds = Annotated[tuple[_Kind, ...], Field(max_length=200)]
"""Kinds of command; ``*`` is every kind."""


class TrustDeskKey(Command):
    """Believe what a desk signs with this key.

    In a dialogue that trusts no key yet, that very key has to have signed it.
    """

    public: PublicKey


class DistrustDeskKey(Command):
    """Believe a desk's key no more. Private: ``reason``."""

    key: KeyId
    reason: Private


class AllowUnsigned(Command):
    """Take these kinds of command unsigned, and no others; ``*`` is every kind."""

    commands: Kinds = ()


class DeskKeyTrusted(Fact):
    """What a desk signs with this key is believed here. Nothing private."""

    key: KeyId
    public: PublicKey


class DeskKeyDistrusted(Fact):
    """A desk's key is believed no more. Private: ``reason``."""

    key: KeyId
    reason: Private


class UnsignedAllowed(Fact):
    """These kinds of command are taken unsigned; null is all. Nothing private."""

    commands: tuple[str, ...] | None


SignedCommand = TrustDeskKey | DistrustDeskKey | AllowUnsigned
SignedEvent = DeskKeyTrusted | DeskKeyDistrusted | UnsignedAllowed
