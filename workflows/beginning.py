"""How a run begins: with the envelope that starts a dialogue, or with carried state."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple

from pydantic import ValidationError
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue

from domain.clock import to_dialogue_time
from domain.commands import Compiled, StartDialogue
from domain.errors import MalformedCommand, MalformedEnvelope
from domain.facts import Cause, Fact
from domain.messages import kind_of
from domain.signed import brought
from domain.state import Dialogue
from workflows.intake import (
    MAX_START_BYTES,
    Envelope,
    body_digest,
    read_command,
    read_envelope,
    read_json,
)
from workflows.ledger import LedgerState
from workflows.sharing import shared
from workflows.signatures import DESK, signer

_STREAM: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,62}:[a-z0-9][a-z0-9-]{1,62}")
_OURS: Final = frozenset({"org", "polder"})
_MAX_CARRIED_BYTES: Final = 2_000_000
START: Final = kind_of(StartDialogue)


class Parked(NamedTuple):
    """A refused signal for which there was no room: its name, id and error."""

    name: str | None
    command: str | None
    error: str


class Carried(Fact):
    """What one run hands to the next, or a restore to the first.

    ``parked_more`` counts the refusals beyond those that are kept in ``parked``.
    ``restored`` is set by a restore: the run begins with a ``dialogue_restored``.
    """

    carried: Literal[1] = 1
    state: Dialogue
    ledger: LedgerState
    parked: tuple[Parked, ...] = ()
    parked_more: int = 0
    restored: bool = False


class Start(Fact):
    """A start of a new dialogue, as it was asked for; ``signed`` by a key it brings."""

    envelope: Envelope
    command: StartDialogue
    signed: str | None = None


def read_start(
    stream: str, arguments: Sequence[RawValue], *, continued: bool = False
) -> Start | Carried:
    """Read a workflow's argument; raises a domain error that says what is wrong.

    Only a run that another one ``continued`` in, or a restore, may carry a state.
    """
    if not _STREAM.fullmatch(stream) or stream.split(":", maxsplit=1)[0] in _OURS:
        problem = "the workflow id is not organisation:slug in lower-case letters"
        raise MalformedEnvelope(problem=problem)
    if len(arguments) != 1:
        problem = f"the workflow was started with {len(arguments)} arguments, not one"
        raise MalformedEnvelope(problem=problem)
    argument = arguments[0]
    if argument.payload.data.startswith(b'{"carried":'):
        return _read_carried(stream, argument, continued=continued)
    envelope = read_envelope(read_json(argument.payload, MAX_START_BYTES))
    command = read_command(START, envelope)
    if not isinstance(command, StartDialogue):
        raise MalformedCommand(kind=START, problem="it is another command")
    signed = signer(stream, START, envelope, brought(command))
    if command.compiled is not None:
        command = command.model_copy(update={"compiled": shared(command.compiled)})
        # Their text, too, is more than all else that a dialogue holds.
        told = {k: v for k, v in envelope.command.items() if k != "compiled"}
        envelope = envelope.model_copy(update={"command": told})
    return Start(envelope=envelope, command=command, signed=signed)


def _read_carried(stream: str, argument: RawValue, *, continued: bool) -> Carried:
    """Read a carried state; a member that only another build knows is left out."""
    try:
        carried = Carried.model_validate_json(argument.payload.data, extra="ignore")
    except ValidationError as error:
        raise MalformedEnvelope(problem="the carried state can't be read") from error
    if not (continued or carried.restored):
        raise MalformedEnvelope(problem="it carries a state and nothing was restored")
    ledger = carried.ledger
    if ledger.stream != stream:
        raise MalformedEnvelope(problem="it carries the state of another dialogue")
    waiting = ledger.seq - ledger.recorded_seq
    whole = {len(ledger.outbox), len(ledger.hashes)} == {waiting}
    if not whole or carried.state.version != ledger.seq:
        raise MalformedEnvelope(problem="the carried state contradicts itself")
    return carried


def carry(carried: Carried) -> RawValue:
    """Write what the next run gets.

    Raises `RuntimeError` beyond what Temporal takes: it would end the dialogue for
    it, while a workflow task that fails is tried again, by a better build.
    """
    data = carried.model_dump_json().encode()
    if len(data) > _MAX_CARRIED_BYTES:
        message = f"{len(data)} bytes are too much to hand over"
        raise RuntimeError(message)
    return RawValue(Payload(metadata={"encoding": b"json/plain"}, data=data))


def started(
    stream: str, start: Start, compiled: Compiled | None, now: datetime
) -> tuple[StartDialogue, Cause]:
    """Give the start command with its compiled forms, and its cause."""
    command = start.command
    if compiled is not None:
        command = command.model_copy(update={"compiled": shared(compiled)})
    at = to_dialogue_time(command.clock, now) if command.clock else now
    envelope = start.envelope
    actor = envelope.actor
    if actor.via is None:
        way = "start" if start.signed is None else DESK
        actor = actor.model_copy(update={"via": way})
    return command, Cause(
        stream=stream,
        id=envelope.id,
        actor=actor,
        at=at,
        mandate=envelope.mandate,
        digest=body_digest(START, envelope.command),
        signed=start.signed,
    )
