"""Where a dialogue stands: its state, its ledger, and refusals that wait for room.

Everything that happens to a dialogue happens here, in one breath: decide, evolve,
chain, outbox. Nothing here waits, so no lock is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple

from temporalio import workflow
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from domain.clock import to_dialogue_time
from domain.commands import (
    AnyCommand,
    ArchiveDialogue,
    CancelDialogue,
    CompleteDialogue,
)
from domain.decide import decide, refuse, was_handled
from domain.errors import (
    DialogueFull,
    DomainError,
    Fault,
    NotStarted,
    RecordContradicts,
    RecordFull,
)
from domain.events import Event
from domain.evolve import evolve, id_digest
from domain.facts import OWN_PREFIX, Actor, Cause
from domain.messages import kind_of
from domain.signed import brought, takes_unsigned
from domain.state import Dialogue
from evidence.event import Sealed
from workflows.beginning import Carried, Parked
from workflows.fullness import MAX_TO_CARRY, Fullness
from workflows.intake import (
    Envelope,
    body_digest,
    most_bytes,
    read_command,
    read_envelope,
    read_json,
)
from workflows.ledger import Ledger, LedgerState
from workflows.refusals import nameable
from workflows.signatures import believed

Via = Literal["update", "signal"]

_MAX_PARKED_BYTES: Final = 120_000
"""As much of refusals is kept whole while there is no room, some two thousand of them;
what is beyond it is counted."""

_UNPARKED_AT_ONCE: Final = 100
"""As many as go in one batch, so that no workflow task takes long."""

_ENDING: Final = (ArchiveDialogue, CancelDialogue, CompleteDialogue)

_INTAKE_ACTOR: Final = Actor(id="polder", role="clock", via="signal")


class Decision(NamedTuple):
    """What follows from a message, and what the record will hold; () for a repeat."""

    events: tuple[Event, ...] = ()
    sealed: Sequence[Sealed] = ()


class _Last(NamedTuple):
    """A decision, the state it was made on, and the message it was made about."""

    state: Dialogue
    asked: tuple[str, Via, datetime, list[Payload], str]
    decision: Decision


class Standing:
    """State and ledger of one dialogue, changed together.

    ``contradicted`` is set once the record holds something else: nothing more is
    taken then. ``stopped`` is set once this workflow may not go on at all.
    """

    def __init__(
        self,
        stream: str,
        now: Callable[[], datetime],
        changed: Callable[[], None],
        *,
        unbound: bool = False,
    ) -> None:
        """Begin with nothing; ``changed`` is called after each change.

        ``unbound`` is a run that began under a build that did not ask for answers yet.
        """
        self.stream = stream
        self._unbound = unbound
        self.state: Dialogue | None = None
        self.ledger = Ledger(LedgerState(stream=stream, epoch=1))
        self.contradicted = False
        self.stopped: ApplicationError | None = None
        self._parked: list[Parked] = []
        self._uncounted = 0
        self._last: _Last | None = None
        self._latest: datetime | None = None
        self._fullness = Fullness()
        self._real_now = now
        self._changed = changed

    def resume(self, carried: Carried) -> None:
        """Go on where an earlier run left off."""
        self.state = carried.state
        self._fullness.measure(carried.state)
        self.ledger = Ledger(carried.ledger)
        self._parked = list(carried.parked)
        self._uncounted = carried.parked_more

    def carried(self) -> Carried:
        """Give what the next run needs to go on."""
        return Carried(
            state=self.known,
            ledger=self.ledger.carried(),
            parked=tuple(self._parked),
            parked_more=self._uncounted,
        )

    @property
    def known(self) -> Dialogue:
        """The state; raises `NotStarted` before there is one."""
        if self.state is None:
            raise NotStarted
        return self.state

    @property
    def waits(self) -> bool:
        """Whether there is something that can be recorded."""
        return self.ledger.waiting and not self.contradicted

    def now(self) -> datetime:
        """Give the dialogue's time: the workflow's, or the demo clock's reading."""
        now = self._real_now()
        return to_dialogue_time(self.state.clock, now) if self.state else now

    def _at(self, state: Dialogue, came: datetime) -> datetime:
        """Give the dialogue's time of a message: no earlier than the last event."""
        at = to_dialogue_time(state.clock, came)
        return max(at, self._latest) if self._latest else at

    def begin(self, command: AnyCommand, by: Cause) -> None:
        """Obey the command that starts the dialogue."""
        events = decide(self.state, command, by)
        self.take(Decision(events, self.ledger.seal(events)))

    def decide(
        self,
        name: str,
        args: Sequence[RawValue],
        via: Via,
        came: datetime | None = None,
    ) -> Decision:
        """Decide on a message without applying it; raises a `DomainError`.

        ``came`` is when it came in, where that is not now.
        """
        state = self.known
        if self.contradicted:
            raise RecordContradicts
        # An update's validator has asked the same a moment ago, most often.
        came = came or self._real_now()
        payloads = [each.payload for each in args]
        asked = (name, via, came, payloads, self.ledger.hash)
        if self._last and self._last.state is state and self._last.asked == asked:
            return self._last.decision
        decision = self._surely(state, *asked[:3], args)
        self._last = _Last(state, asked, decision)
        return decision

    def _surely(
        self,
        state: Dialogue,
        name: str,
        via: Via,
        came: datetime,
        args: Sequence[RawValue],
    ) -> Decision:
        """Decide; a fault of ours refuses the one message, and nothing has changed.

        Raised, it would fail the workflow task for as long as the message is there.
        """
        try:
            envelope = _read(name, args)
            by = self._cause(envelope, name, via, self._at(state, came))
            return self._decide(state, name, envelope, by, via)
        except DomainError:
            raise
        except Exception as error:
            told = nameable(name)
            workflow.logger.exception("a fault while deciding on %s", told)
            raise Fault from error

    def _decide(
        self, state: Dialogue, name: str, envelope: Envelope, by: Cause, via: Via
    ) -> Decision:
        # Once is once, whatever else has become of the command's form since.
        if was_handled(state, by):
            return Decision()
        command = read_command(name, envelope)
        keys = state.desk_keys or brought(command)
        by = believed(by, via, name, envelope, keys)
        if self._fullness.is_full and not isinstance(command, _ENDING):
            raise DialogueFull
        events = decide(state, command, by)
        sealed = self.ledger.seal(events)
        if self._carries_much:
            raise RecordFull
        return Decision(events, sealed)

    @property
    def _has_room(self) -> bool:
        return self.ledger.has_room and not self._carries_much

    @property
    def _carries_much(self) -> bool:
        return self._fullness.bytes + self.ledger.size > MAX_TO_CARRY

    def take(self, decision: Decision) -> None:
        """Apply what was decided on this very state.

        At this point it is durable in Temporal as soon as the workflow task is; if
        we crash before, nothing happened and the message comes again.
        """
        self._last = None
        for event in decision.events:
            self.state = evolve(self.state, event)
            self._latest = event.at
        self.ledger.take(decision.events, decision.sealed)
        size = sum(len(one.body) for one in decision.sealed)
        if self.state is not None:
            self._fullness.grew(self.state, len(decision.events), size)
        self._changed()

    def own(self, command: AnyCommand, name: str, actor: Actor) -> bool:
        """Obey a command of Polder's own; what is refused was overtaken."""
        if self.contradicted:
            return False
        kind = kind_of(type(command))
        by = Cause(
            stream=self.stream,
            id=f"{OWN_PREFIX}{name}",
            actor=actor,
            at=self.now(),
            digest=body_digest(kind, command.model_dump(mode="json")),
        )
        try:
            self._force(decide(self.state, command, by))
        except DomainError as error:
            workflow.logger.info("overtaken %s: %s", kind, type(error).__name__)
            return False
        return True

    def refuse(self, name: str, args: Sequence[RawValue], error: DomainError) -> None:
        """Put on record that a signal was refused: its name and the error only.

        The refusal is what the command's id did, so a repeat of the same message is
        no second event. Where the id can't be read, or has done something else, the
        refusal has a cause of its own; also where the sender may be anybody, who must
        not use up the ids of others.
        """
        claimed, by = self._sender(name, args)
        told = Parked(nameable(name), claimed, type(error).__name__)
        if self.contradicted or not self._has_room:
            self._park(told)
            return
        if by is None or id_digest(by.id) in self.known.handled:
            by = self._anonymous()
        self._force(refuse(self.known, *told, by))

    def unpark(self) -> None:
        """Put refusals on record for which there was no room, some at a time."""
        for _ in range(_UNPARKED_AT_ONCE):
            if not self._has_room:
                return
            if self._parked:
                told = self._parked.pop(0)
            elif self._uncounted:
                self._uncounted -= 1
                told = Parked(None, None, RecordFull.__name__)
            else:
                return
            self._force(refuse(self.known, *told, self._anonymous()))

    def _park(self, told: Parked) -> None:
        if sum(map(_size, self._parked)) + _size(told) <= _MAX_PARKED_BYTES:
            self._parked.append(told)
        else:
            self._uncounted += 1

    def _force(self, events: tuple[Event, ...]) -> None:
        """Apply events of Polder's own, however much waits already."""
        self.take(Decision(events, self.ledger.seal(events, forced=True)))

    def _cause(self, envelope: Envelope, name: str, via: Via, at: datetime) -> Cause:
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
            unbound=self._unbound,
            # A name may hold anything; one that no command can have says nothing.
            digest=body_digest(nameable(name) or "", envelope.command),
        )

    def _sender(
        self, name: str, args: Sequence[RawValue]
    ) -> tuple[str | None, Cause | None]:
        """Give the id that a message claims, and its cause where that is believed."""
        claimed, keys = None, self.known.desk_keys
        try:
            envelope = _read(name, args)
            by = self._cause(envelope, name, "signal", self.now())
            claimed = by.id
            by = believed(by, "signal", name, envelope, keys)
        except Exception:  # noqa: BLE001  (refusing may not fail, whatever came in)
            return claimed, None
        taken = by.signed or not keys or takes_unsigned(self.known.unsigned, name)
        return claimed, by if taken else None

    def _anonymous(self) -> Cause:
        number = self.known.refused + 1
        name = f"{OWN_PREFIX}refused:{number}"
        return Cause(stream=self.stream, id=name, actor=_INTAKE_ACTOR, at=self.now())


def _read(name: str, args: Sequence[RawValue]) -> Envelope:
    if len(args) != 1:
        return read_envelope(None)
    return read_envelope(read_json(args[0].payload, most_bytes(name)))


def _size(told: Parked) -> int:
    """Give about how many bytes a refusal takes when it is carried."""
    return sum(len(part or "null") for part in told) + len('["","",""],')
