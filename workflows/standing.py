"""Where a dialogue stands: its state, its ledger, and refusals that wait for room.

Everything that happens to a dialogue happens here, in one breath: decide, evolve,
chain, outbox. Nothing here waits, so no lock is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

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
from domain.signed import brought
from domain.state import Dialogue
from evidence.event import Sealed
from workflows.beginning import Carried, Parked
from workflows.fullness import MAX_TO_CARRY, Fullness
from workflows.intake import (
    Envelope,
    body_digest,
    read_command,
)
from workflows.ledger import Ledger, LedgerState
from workflows.parking import AT_ONCE, Parking
from workflows.refusals import nameable
from workflows.senders import Senders, Via, envelope_of
from workflows.signatures import believed

_ENDING: Final = (ArchiveDialogue, CancelDialogue, CompleteDialogue)


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
        self._senders = Senders(stream, unbound)
        self.state: Dialogue | None = None
        self.ledger = Ledger(LedgerState(stream=stream, epoch=1))
        self.contradicted = False
        self.stopped: ApplicationError | None = None
        self._parking = Parking()
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
        self._parking = Parking(carried.parked, carried.parked_more)

    def carried(self) -> Carried:
        """Give what the next run needs to go on."""
        return Carried(
            state=self.known,
            ledger=self.ledger.carried(),
            parked=self._parking.whole,
            parked_more=self._parking.more,
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
            envelope = envelope_of(name, args)
            by = self._senders.cause(envelope, name, via, self._at(state, came))
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
        senders, state = self._senders, self.known
        claimed, by = senders.of_refused(state, name, args, self.now())
        told = Parked(nameable(name), claimed, type(error).__name__)
        if self.contradicted or not self._has_room:
            self._parking.park(told)
            return
        if by is None or id_digest(by.id) in state.handled:
            by = senders.nobody(state, self.now())
        self._force(refuse(state, *told, by))

    def unpark(self) -> None:
        """Put refusals on record for which there was no room, some at a time."""
        for _ in range(AT_ONCE):
            if not self._has_room or (told := self._parking.take()) is None:
                return
            by = self._senders.nobody(self.known, self.now())
            self._force(refuse(self.known, *told, by))

    def _force(self, events: tuple[Event, ...]) -> None:
        """Apply events of Polder's own, however much waits already."""
        self.take(Decision(events, self.ledger.seal(events, forced=True)))
