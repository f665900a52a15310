"""What would come of a command: the core is asked, and nothing is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from desk.desk import Sender
from desk.errors import Refused
from domain.clock import to_dialogue_time
from domain.commands import COMMANDS
from domain.decide import decide
from domain.errors import DomainError
from domain.events import Event
from domain.evolve import evolve
from domain.facts import Cause
from domain.messages import private_fields
from domain.rights import acting_role
from domain.state import Dialogue
from workflows.intake import read_command, read_envelope

_SEALED: Final = {"commitment": "0" * 64}
"""Stands for a private text where nothing is sent."""


def tried(
    stream: str, state: Dialogue, kind: str, body: Mapping[str, Any], sender: Sender
) -> tuple[Dialogue, tuple[Event, ...]]:
    """Give the state as it would be after a command, and its events.

    Raises `Refused`.
    """
    role = sender.role or acting_role(state.plan, state.roles, sender.id)
    now = to_dialogue_time(state.clock, datetime.now(UTC))
    words = {n: _SEALED for n in private_fields(COMMANDS[kind]) if n in body}
    envelope = {
        "id": f"dry-run-{state.version}",
        "actor": {"id": sender.id, "role": role},
        "command": {**body, **words},
    }
    try:
        read = read_envelope(envelope)
        by = Cause(stream=stream, id=read.id, actor=read.actor, at=now)
        events = decide(state, read_command(kind, read), by)
    except DomainError as error:
        raise Refused.of(error).about(state) from error
    for event in events:
        state = evolve(state, event)
    return state, events
