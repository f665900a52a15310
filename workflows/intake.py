"""Intake: what arrives becomes an envelope and a command, or a refusal with a reason.

Everything comes in as raw bytes, so that nothing malformed is dropped by a decoder
before Polder has seen it. A refusal never repeats what was sent.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from pydantic import StringConstraints, ValidationError
from temporalio.api.common.v1 import Payload

from domain.commands import COMMANDS, AnyCommand, RenewCalendar, StartDialogue
from domain.errors import (
    CalendarUnfit,
    MalformedCommand,
    MalformedEnvelope,
    MethodUnfit,
    NotEntitled,
    PlainTextRefused,
    ReservedId,
    TooLarge,
    UnknownCommand,
)
from domain.facts import OWN_PREFIX, Actor, Fact, Mandate, OpaqueId
from domain.messages import kind_of, private_fields
from domain.method import CLOCK
from domain.plan_facts import MigrateMethod
from domain.signed_facts import KeyId
from evidence.canonical import canonical, content_hash, parse
from evidence.errors import EvidenceError

MAX_COMMAND_BYTES: Final = 64 * 1024
MAX_START_BYTES: Final = 1024 * 1024
MAX_PARTS: Final = 20_000
_BYTES_PER_PART: Final = 8
"""Commas in a message, roughly its members: reading takes as long as they are many. No
command has as many as these, nor one for each eight bytes of the most it may take."""

_TEXT: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)

_MOST_NAMED: Final = 50
"""Things that are off in a command; of more only the number is told."""

_BRINGS_A_METHOD: Final = kind_of(MigrateMethod)
_EXTERNAL: Final = sorted(k for k, c in COMMANDS.items() if not c.internal)
_OWN_WAYS: Final = frozenset({"timer", "activity", "update", "signal", "start"})
"""What Polder says of how something came; nobody says it of themselves."""

_LEFT_OUT_OF_DIGEST: Final = frozenset(
    {"compiled", "desk_keys", "event_type", "received_at", "unsigned", "was"}
)
"""What a desk puts in anew each time a command is sent; the command is the same."""


class Signature(Fact):
    """A desk's signature (`evidence.actor`): by which key, and its value in base64."""

    key: KeyId
    value: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{86}==$")]


class Envelope(Fact):
    """What a message carries (docs/integrators.md): who, under which id, and what."""

    id: OpaqueId
    actor: Actor
    mandate: Mandate | None = None
    if_version: int | None = None
    sig: Signature | None = None
    command: dict[str, Any]


def most_bytes(kind: str) -> int:
    """Give how large a message of this kind may be; one may bring a whole method."""
    return MAX_START_BYTES if kind == _BRINGS_A_METHOD else MAX_COMMAND_BYTES


def read_json(payload: Payload, limit: int) -> object:
    """Read a payload as strict JSON of at most ``limit`` bytes."""
    if len(payload.data) > limit:
        raise TooLarge(size=len(payload.data), limit=limit)
    if _has_more_parts(payload.data, min(MAX_PARTS, limit // _BYTES_PER_PART)):
        raise MalformedEnvelope(problem="it has more parts than any command")
    encoding = payload.metadata.get("encoding", b"")
    if encoding not in {b"json/plain", b"json/protobuf"}:
        raise MalformedEnvelope(problem="it is not JSON")
    try:
        return parse(payload.data)
    except (EvidenceError, RecursionError) as error:
        raise MalformedEnvelope(problem=type(error).__doc__ or "no JSON") from error


def _has_more_parts(data: bytes, most: int) -> bool:
    """Whether JSON has more commas than so many.

    Those in texts do not count, but where telling them apart would itself take long.
    """
    if data.count(b",") <= most:
        return False
    large = len(data) > MAX_COMMAND_BYTES
    return large or _TEXT.sub(b"", data).count(b",") > most


def read_envelope(value: object) -> Envelope:
    """Read an envelope; raises `MalformedEnvelope` naming the member that is off."""
    if not isinstance(value, dict):
        raise MalformedEnvelope(problem="it is not an object")
    try:
        envelope = Envelope.model_validate(value)
    except ValidationError as error:
        raise MalformedEnvelope(problem=_named(error, Envelope)) from error
    if envelope.id.startswith(OWN_PREFIX):
        raise ReservedId
    _check_outside(envelope.actor)
    return envelope


def _check_outside(actor: Actor) -> None:
    """Raise where somebody passes for a part of Polder."""
    if actor.role == CLOCK:
        raise NotEntitled(role=CLOCK, entitled="the clock of Polder alone")
    if f"{actor.id}:".startswith(OWN_PREFIX):
        raise ReservedId
    if actor.via in _OWN_WAYS:
        problem = "actor.via is Polder's to fill in, leave it out"
        raise MalformedEnvelope(problem=problem)


def read_command(kind: str, envelope: Envelope) -> AnyCommand:
    """Read the command inside an envelope that came under the name ``kind``."""
    model = COMMANDS.get(kind)
    if model is None or model.internal:
        raise UnknownCommand(known=", ".join(_EXTERNAL))
    for field in private_fields(model):
        value = envelope.command.get(field)
        if value is not None and not isinstance(value, dict):
            raise PlainTextRefused(field=field)
    try:
        command = model.model_validate(envelope.command)
    except ValidationError as error:
        raise MalformedCommand(kind=kind, problem=_named(error, model)) from error
    check_compiled(command)
    return command


def check_compiled(command: AnyCommand) -> None:
    """Check that compiled forms have the hashes that are claimed for them."""
    match command:
        case StartDialogue(compiled=compiled) if compiled is not None:
            if _hash(compiled.method) != compiled.method_hash:
                raise MethodUnfit(problem="its hash is another than the one given")
            if _hash(compiled.calendar) != compiled.calendar_hash:
                raise CalendarUnfit(problem="its hash is another than the one given")
        case MigrateMethod(compiled=compiled) if compiled is not None:
            if _hash(compiled.method) != compiled.method_hash:
                raise MethodUnfit(problem="its hash is another than the one given")
        case RenewCalendar():
            if _hash(command.calendar) != command.calendar_hash:
                raise CalendarUnfit(problem="its hash is another than the one given")
        case _:
            return


def content_text(content: Fact) -> str:
    """Give the canonical JSON of a compiled method or calendar."""
    return canonical(content.model_dump(mode="json")).decode()


def _hash(content: Fact) -> str:
    return content_hash(content.model_dump(mode="json"))


def body_digest(kind: str, command: dict[str, Any]) -> str:
    """Give the first 16 hex digits of the SHA-256 of a command's body.

    The body is the canonical JSON of ``{"command": …, "kind": …}``, without
    what a desk puts in: compiled forms, its keys, and when it had a response.
    """
    told = {k: v for k, v in command.items() if k not in _LEFT_OUT_OF_DIGEST}
    return content_hash({"command": told, "kind": kind})[:16]


def _named(error: ValidationError, model: type[Fact]) -> str:
    """Say which members are off, naming only members that the model has itself.

    Of very many none is named: to write them all down could take seconds, in which the
    dialogue does nothing else.
    """
    if error.error_count() > _MOST_NAMED:
        return f"{error.error_count()} of its members are off"
    problems: list[str] = []
    for found in error.errors(include_url=False, include_input=False):
        place = ".".join(
            str(part)
            for part in found["loc"]
            if isinstance(part, int) or _is_known(model, str(part))
        )
        problems.append(f"{place or 'a member'}: {found['msg']}")
    return "; ".join(problems[:5])


def _is_known(model: type[Fact], name: str) -> bool:
    return name in model.model_fields or name in {"id", "role", "via", "commitment"}
