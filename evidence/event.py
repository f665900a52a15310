"""An event is its canonical bytes; its hash covers them, and the hash before it.

Source: ``docs/audit-format.md``. Everything here is deterministic, because a
workflow calls it: time, ids and salts come in as arguments.
"""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha1, sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from evidence.canonical import canonical
from evidence.errors import MalformedEvent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evidence.canonical import JsonValue

VERSION: Final = 1
"""The member ``v`` of every event written by this program."""

ZERO_HASH: Final = "0" * 64
"""``prev`` of the first event of a stream."""

EVENT_NAMESPACE: Final = uuid.UUID("e3ecfe17-8eaa-5da1-94da-c5a5822da1ef")
"""The namespace of event ids (RFC 9562 §5.5). Fixed for ever.

It is uuid5(NAMESPACE_URL, "https://polder.example/event/v1").
"""

_NAMESPACE: Final = EVENT_NAMESPACE.bytes

_PLAIN: Final = re.compile(r"[0-9A-Za-z:._-]*", re.ASCII)
"""Text that JSON writes as it is; most names and causes are."""

MAX_EVENT_BYTES: Final = 32 * 1024
"""How large an event may be that is chained, and so one that is kept."""

MAX_BATCH_EVENTS: Final = 100
MAX_BATCH_BYTES: Final = 256 * 1024
"""How many events, of how many bytes together, go on record at once."""

SALT_BYTES: Final = 32
"""The length of a commitment's salt."""

_EVENT_TAG: Final = b"polder/event/v1\n"
_FIELD_TAG: Final = b"polder/field/v1\n"
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z", re.ASCII
)


class Sealed(NamedTuple):
    """One event, ready for the record."""

    body: bytes
    """The canonical bytes."""
    hash: str
    """The event's hash, 64 hex digits."""
    id: str
    """The event's id, a UUIDv5 in text."""
    seq: int
    """Its place in the stream, from 1."""


def seal(  # noqa: PLR0913 - these are the members of an event, each named at the call
    *,
    stream: str,
    seq: int,
    prev: str,
    cause: str,
    position: int,
    type: str,
    at: datetime,
    actor: Mapping[str, JsonValue],
    mandate: Mapping[str, JsonValue] | None,
    data: Mapping[str, JsonValue],
    private: Mapping[str, str],
) -> Sealed:
    """Write an event down: its bytes, its hash and its id.

    ``position`` counts the events of one cause from 0; ``prev`` is the hash of
    ``seq`` − 1. Raises ``NotCanonical`` for values the format cannot hold, and
    ``MalformedEvent`` for a private pointer whose target is not a null in ``data``
    and for an instant without a zone.
    """
    for pointer in private:
        check_private_pointer(pointer, data)
    identity = event_id(stream, cause, position)
    body = canonical(
        {
            "v": VERSION,
            "stream": stream,
            "seq": seq,
            "prev": prev,
            "id": identity,
            "type": type,
            "at": format_instant(at),
            "actor": actor,
            "mandate": mandate,
            "cause": cause,
            "data": data,
            "private": private,
        }
    )
    return Sealed(body, event_hash(body), identity, seq)


def rechained(body: bytes, prev: str) -> Sealed:
    """Write an event behind another one: for an event that is on no record yet."""
    event = json.loads(body)
    moved = canonical({**event, "prev": prev})
    return Sealed(moved, event_hash(moved), event["id"], event["seq"])


def event_hash(body: bytes) -> str:
    r"""Return SHA-256("polder/event/v1\n" ‖ canonical bytes), in hex."""
    return sha256(_EVENT_TAG + body).hexdigest()


def event_id(stream: str, cause: str, position: int) -> str:
    """Return the UUIDv5 of JCS([stream, cause, position]) in ``EVENT_NAMESPACE``.

    A retry at any layer arrives at the same id.
    """
    if _PLAIN.fullmatch(stream) and _PLAIN.fullmatch(cause):
        # As `canonical` would write it: there is nothing to escape.
        written = f'["{stream}","{cause}",{position}]'.encode("ascii")
    else:
        written = canonical([stream, cause, position])
    name = _NAMESPACE + written
    # RFC 9562 §5.5, as `uuid.uuid5` does it: every event is checked for its id.
    text = sha1(name, usedforsecurity=False).hexdigest()
    variant = "89ab"[int(text[16], 16) & 3]
    return (
        f"{text[:8]}-{text[8:12]}-5{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}"
    )


def commitment(*, salt: bytes, stream: str, subject: str, value: JsonValue) -> str:
    r"""Return the commitment to a private value, in hex.

    SHA-256("polder/field/v1\n" ‖ salt ‖ JCS([stream, subject, value])); the salt is
    32 random bytes, made where there is randomness. Raises ``NotCanonical``.
    """
    if len(salt) != SALT_BYTES:
        message = f"a salt is {SALT_BYTES} bytes, this one has {len(salt)}"
        raise MalformedEvent(message)
    return sha256(_FIELD_TAG + salt + canonical([stream, subject, value])).hexdigest()


def format_instant(at: datetime) -> str:
    """Write an instant in UTC with microseconds and ``Z`` (RFC 3339)."""
    if at.tzinfo is None:
        message = "an instant needs a zone"
        raise MalformedEvent(message)
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat(timespec="microseconds")[:26] + "Z"


@lru_cache(maxsize=64)
def parse_instant(text: str) -> datetime:
    """Read what ``format_instant`` wrote, and nothing else (``MalformedEvent``)."""
    if not _INSTANT.fullmatch(text):
        message = "an instant is written like 2026-11-21T16:20:00.123456Z"
        raise MalformedEvent(message)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        message = "an instant names a day or an hour that does not exist"
        raise MalformedEvent(message) from None


def check_private_pointer(pointer: str, data: JsonValue) -> None:
    """Refuse a pointer (RFC 6901) whose target in ``data`` is not an existing null.

    Raises ``MalformedEvent``.
    """
    if not pointer.startswith("/"):
        message = "a private pointer begins with / and is not empty"
        raise MalformedEvent(message)
    target = data
    for token in pointer[1:].split("/"):
        target = _step(target, token)
    if target is not None:
        message = f"the target of the private pointer {pointer} is not null"
        raise MalformedEvent(message)


_BAD_ESCAPE: Final = re.compile(r"~(?![01])")
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)


def _step(target: JsonValue, token: str) -> JsonValue:
    if not _BAD_ESCAPE.search(token):
        if isinstance(target, dict):
            name = token.replace("~1", "/").replace("~0", "~")
            if name in target:
                return target[name]
        elif isinstance(target, list | tuple) and _INDEX.fullmatch(token):
            index = int(token)
            if index < len(target):
                return target[index]
    message = "a private pointer leads nowhere"
    raise MalformedEvent(message)
