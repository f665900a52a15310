"""A stream is sound when each event is well formed and names the one before it.

``check_chain`` reads the bodies of one stream in order, holds no more than one of
them, and reports findings as data: what to make of them is for the caller.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from evidence.canonical import parse_canonical
from evidence.errors import (
    BadPrivateField,
    EvidenceError,
    MalformedEvent,
    NotCanonical,
    NotInCanonicalForm,
    UnknownVersion,
)
from evidence.event import (
    VERSION,
    ZERO_HASH,
    check_private_pointer,
    event_hash,
    parse_instant,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from evidence.canonical import JsonValue


class Finding(NamedTuple):
    """Something that a check found to be wrong."""

    stream: str
    seq: int | None
    """The place in the stream, or None where it concerns the whole stream."""
    check: str
    """The name of the check: see ``docs/audit-format.md``."""
    detail: str
    """What is wrong, in words; never a value from the event's data."""


def check_chain(
    bodies: Iterable[bytes], stream: str, *, after_seq: int = 0, after: str = ZERO_HASH
) -> Iterator[Finding]:
    """Check the bodies of ``stream`` in order; yield what is wrong, if anything.

    The first body must be number ``after_seq`` + 1 and name ``after`` as its
    predecessor: the defaults are those of a whole stream.
    """
    chain = Chain(stream, after_seq=after_seq, after=after)
    for body in bodies:
        yield from chain.follow(body)


class Chain:
    """The check of one stream, event by event, for who reads more than bodies.

    ``seq`` and ``head`` are those of the event followed last, ``members`` what it
    says, or None where it could not be read.
    """

    def __init__(
        self, stream: str, *, after_seq: int = 0, after: str = ZERO_HASH
    ) -> None:
        """Begin after an event; the defaults are before the first."""
        self.stream = stream
        self.seq = after_seq
        self.head = after
        self.members: dict[str, JsonValue] | None = None

    def follow(self, body: bytes) -> list[Finding]:
        """Check the next body of the stream; return what is wrong."""
        self.seq += 1
        found = [
            Finding(self.stream, self.seq, *finding) for finding in self._check(body)
        ]
        self.head = event_hash(body)
        return found

    def take(self, body: bytes, members: dict[str, JsonValue]) -> None:
        """Take in the next body of the stream, which the caller has found sound."""
        self.seq += 1
        self.head = event_hash(body)
        self.members = members

    def _check(self, body: bytes) -> Iterator[tuple[str, str]]:
        self.members = None
        try:
            event = read_event(body)
        except EvidenceError as error:
            yield _CHECK_OF.get(type(error), "malformed"), str(error)
            return
        self.members = event
        if event["stream"] != self.stream:
            yield "stream", f"says it belongs to {event['stream']}"
        if event["seq"] != self.seq:
            yield "seq", f"says it is number {event['seq']}"
        if event["prev"] != self.head:
            yield "prev", "does not name the hash of the event before it"


_CHECK_OF: Final[dict[type[EvidenceError], str]] = {
    NotCanonical: "canonical",
    NotInCanonicalForm: "canonical",
    UnknownVersion: "version",
    BadPrivateField: "private",
}


def read_event(body: bytes) -> dict[str, JsonValue]:
    """Return the members of one event, having checked each as the format says.

    Its place in a stream is not looked at. Raises an ``EvidenceError``: of an
    unknown version, ``UnknownVersion``.
    """
    event = parse_canonical(body)
    if not isinstance(event, dict):
        message = "an event is an object"
        raise MalformedEvent(message)
    version = event.get("v")
    if _is_integer(version) and version != VERSION:
        raise UnknownVersion
    if not _is_well_formed(event):
        # At this point something is wrong, and what it is can take its time.
        _check_members(event, _MEMBERS, "event")
    _check_private(event)
    return event


_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NAME: Final = r"[a-z0-9][a-z0-9-]{1,62}"
# Of `polder` there is one stream, and neither it nor `org` is an organisation.
_STREAM: Final = re.compile(
    rf"polder:log|org:(?!(?:org|polder)\Z){_NAME}|(?!(?:org|polder):){_NAME}:{_NAME}",
    re.ASCII,
)
_EVENT_ID: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII
)


def is_hash(value: object) -> bool:
    """Tell whether ``value`` is a SHA-256 in lower-case hex."""
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def is_stream(value: object) -> bool:
    """Tell whether ``value`` can be the name of a stream."""
    return isinstance(value, str) and _STREAM.fullmatch(value) is not None


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_seq(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def is_event_id(value: object) -> bool:
    """Tell whether ``value`` is a UUIDv5 as text."""
    return isinstance(value, str) and _EVENT_ID.fullmatch(value) is not None


def _is_instant(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        parse_instant(value)
    except MalformedEvent:
        return False
    return True


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _is_actor(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    members = cast("dict[str, JsonValue]", value)
    _check_members(members, _ACTOR, "actor")
    return True


def _is_text_or_null(value: object) -> bool:
    return value is None or _is_text(value)


def _is_mandate(value: object) -> bool:
    if value is None:
        return True
    if not isinstance(value, dict):
        return False
    _check_members(cast("dict[str, JsonValue]", value), _MANDATE, "mandate")
    return True


_ACTOR: Final[dict[str, Callable[[object], bool]]] = {
    "id": _is_text,
    "role": _is_text,
    "via": _is_text_or_null,
}
_MANDATE: Final[dict[str, Callable[[object], bool]]] = {
    # Whose mandate it is, is for who reads it to look up; here it is a reference.
    "stream": _is_text,
    "seq": _is_integer,
    "hash": is_hash,
}
_MEMBERS: Final[dict[str, Callable[[object], bool]]] = {
    "v": _is_integer,
    "stream": is_stream,
    "seq": _is_seq,
    "prev": is_hash,
    "id": is_event_id,
    "type": _is_text,
    "at": _is_instant,
    "actor": _is_actor,
    "mandate": _is_mandate,
    "cause": _is_text,
    "data": _is_object,
    "private": _is_object,
}


def _check_members(
    value: dict[str, JsonValue], members: dict[str, Callable[[object], bool]], what: str
) -> None:
    if value.keys() != members.keys():
        message = f"the {what} does not have exactly its members"
        raise MalformedEvent(message)
    for name, holds in members.items():
        if not holds(value[name]):
            message = f"the member {name} of the {what} is not as it should be"
            raise MalformedEvent(message)


def _is_well_formed(event: dict[str, Any]) -> bool:
    """Tell quickly that an event is as `_MEMBERS` has it; where unsure, False."""
    try:
        actor: dict[str, Any] = event["actor"]
        cause, kind, person = event["cause"], event["type"], actor["id"]
        role, via = actor["role"], actor["via"]
        return (
            event.keys() == _MEMBERS.keys()
            and type(event["v"]) is int
            and actor.keys() == _ACTOR.keys()
            and type(event["seq"]) is int
            and event["seq"] >= 1
            and event["mandate"] is None
            and type(cause) is type(kind) is type(person) is type(role) is str
            and (via is None or type(via) is str)
            and "" not in {cause, kind, person, role, via}
            and type(event["data"]) is dict
            and type(event["private"]) is dict
            and _HASH.fullmatch(event["prev"]) is not None
            and _EVENT_ID.fullmatch(event["id"]) is not None
            and _is_name(event["stream"])
            and _is_instant(event["at"])
        )
    except (LookupError, TypeError, AttributeError):
        return False


@lru_cache(maxsize=64)
def _is_name(stream: object) -> bool:
    return is_stream(stream)


def _check_private(event: dict[str, JsonValue]) -> None:
    private = cast("dict[str, JsonValue]", event["private"])
    for pointer, committed in private.items():
        if not is_hash(committed):
            message = "a commitment is 64 hex digits"
            raise BadPrivateField(message)
        try:
            check_private_pointer(pointer, event["data"])
        except MalformedEvent as error:
            raise BadPrivateField(str(error)) from None
