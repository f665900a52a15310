"""Who sent a message, as far as that is believed: the cause of what follows from it.

Whose a message is that is refused is known once its envelope was read and its signature
checked; where that fails the refusal has a cause of Polder's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple

from temporalio.common import RawValue

from domain.facts import OWN_PREFIX, Actor, Cause
from domain.signed import takes_unsigned
from domain.state import Dialogue
from workflows.intake import (
    Envelope,
    body_digest,
    most_bytes,
    read_envelope,
    read_json,
)
from workflows.refusals import nameable
from workflows.signatures import believed

Via = Literal["update", "signal"]

_INTAKE_ACTOR: Final = Actor(id="polder", role="clock", via="signal")


class Senders(NamedTuple):
    """Makes causes for the messages of one dialogue.

    ``unbound`` is a run that began under a build that did not ask for answers yet.
    """

    stream: str
    unbound: bool

    def cause(self, envelope: Envelope, name: str, via: Via, at: datetime) -> Cause:
        """Give the cause that a message claims to be."""
        actor = envelope.actor
        if actor.via is None:
            actor = actor.model_copy(update={"via": via})
        return Cause(
            stream=self.stream,
            id=envelope.id,
            actor=actor,
            at=at,
            mandate=envelope.mandate,
            if_version=envelope.if_version,
            unbound=self.unbound,
            # A name may hold anything; one that no command can have says nothing.
            digest=body_digest(nameable(name) or "", envelope.command),
        )

    def of_refused(
        self, state: Dialogue, name: str, args: Sequence[RawValue], at: datetime
    ) -> tuple[str | None, Cause | None]:
        """Give the id that a signal claims, and its cause where that is believed."""
        claimed, keys = None, state.desk_keys
        try:
            envelope = envelope_of(name, args)
            by = self.cause(envelope, name, "signal", at)
            claimed = by.id
            by = believed(by, "signal", name, envelope, keys)
        except Exception:  # noqa: BLE001  (refusing may not fail, whatever came in)
            return claimed, None
        taken = by.signed or not keys or takes_unsigned(state.unsigned, name)
        return claimed, by if taken else None

    def nobody(self, state: Dialogue, at: datetime) -> Cause:
        """Give a cause of Polder's own for the next refusal."""
        name = f"{OWN_PREFIX}refused:{state.refused + 1}"
        return Cause(stream=self.stream, id=name, actor=_INTAKE_ACTOR, at=at)


def envelope_of(name: str, args: Sequence[RawValue]) -> Envelope:
    """Read what came with a message. Raises a `DomainError`."""
    if len(args) != 1:
        return read_envelope(None)
    return read_envelope(read_json(args[0].payload, most_bytes(name)))
