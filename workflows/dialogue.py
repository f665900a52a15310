"""The Dialogue workflow: a shell that carries what the core decides.

A message is decided on, applied, chained and put in the outbox in one breath, so no
lock is needed. One flusher records the outbox in order; effects start once the event
that asks for them is on record; the clock sends its commands like anybody else.
Messages that can't be obeyed are refused to their sender, or, if they were signals,
on record. Nothing that arrives can end or block the workflow.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NoReturn, cast

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, ApplicationError

from activities.contracts import (
    APPEND,
    COMPILE,
    CONTRADICTED,
    NOTIFY,
    Appended,
    Sent,
)
from domain.alarms import CLOCK_ACTOR, due, next_alarm
from domain.clock import real_wait, to_dialogue_time, to_real
from domain.commands import (
    AnyCommand,
    Compiled,
    ReportEffect,
    RestoreDialogue,
    kind_of,
)
from domain.decide import decide, refuse, was_handled
from domain.errors import (
    DomainError,
    IdReused,
    NotStarted,
    RecordContradicts,
    RecordFull,
)
from domain.events import Event
from domain.evolve import evolve
from domain.facts import OWN_PREFIX, Actor, Cause
from domain.progress import progress
from domain.revisit import preview_revisit
from domain.state import Dialogue, Effect
from workflows import policies
from workflows.beginning import (
    Carried,
    Parked,
    Start,
    compile_request,
    read_start,
    started,
)
from workflows.intake import (
    MAX_COMMAND_BYTES,
    Envelope,
    body_digest,
    read_command,
    read_envelope,
    read_json,
)
from workflows.ledger import Ledger, LedgerState
from workflows.letter import notice
from workflows.refusals import nameable, refusal
from workflows.search import Attributes, attributes, updates

NO_ARGUMENT: RawValue = cast("RawValue", None)
"""Stands for an argument that was left out; a start without one is refused."""

_ABANDON = workflow.HandlerUnfinishedPolicy.ABANDON
_WORKER_ACTOR = Actor(id="polder", role="clock", via="activity")
_INTAKE_ACTOR = Actor(id="polder", role="clock", via="signal")


@workflow.defn(name="Dialogue")
class DialogueWorkflow:
    """One dialogue. Its id is ``organisation:slug``; its argument is an envelope."""

    @workflow.init
    def __init__(self, start: RawValue = NO_ARGUMENT) -> None:
        """Restore what was carried, or begin anew; handlers may run right after."""
        self._stream = workflow.info().workflow_id
        self._state: Dialogue | None = None
        self._ledger = Ledger(LedgerState(stream=self._stream, epoch=1))
        self._start: Start | Carried | None = None
        self._failure: ApplicationError | None = None
        self._contradicted = False
        self._leaving = False
        self._performing = False
        self._updates = 0
        self._armed: set[datetime] = set()
        self._shown: Attributes | None = None
        self._early: list[tuple[str, Sequence[RawValue]]] = []
        self._parked: list[Parked] = []
        try:
            self._begin(read_start(self._stream, start))
        except DomainError as error:
            self._failure = refusal(error)

    def _begin(self, start: Start | Carried) -> None:
        self._start = start
        if isinstance(start, Carried):
            self._state = start.state
            self._ledger = Ledger(start.ledger)
            self._parked = list(start.parked)
            if start.restored:
                seq, epoch = start.state.version, start.ledger.epoch
                restore = RestoreDialogue(epoch=epoch, from_seq=seq)
                self._own(restore, f"restore:{epoch}", _WORKER_ACTOR)
            self._arm()
        elif start.command.compiled is not None:
            self._obey(*started(self._stream, start, None, workflow.now()))

    @workflow.run
    async def run(self, start: RawValue = NO_ARGUMENT) -> dict[str, Any]:
        """Record, act and keep time until the dialogue is archived.

        Gives the last ``version`` and its ``hash``. Ends in failure when the start
        was malformed, the dialogue exists already, or a restored one took over.
        """
        del start  # read in __init__, before any handler ran
        await self._fetch_compiled()
        if self._failure is not None:
            raise self._failure
        effects = asyncio.create_task(self._perform_effects())
        while not self._is_over():
            await workflow.wait_condition(
                lambda: self._can_flush() or self._must_move_on() or self._is_over()
            )
            if self._can_flush():
                await self._flush()
            if self._must_move_on():
                await self._move_on()
        effects.cancel()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return {"version": self._ledger.seq, "hash": self._ledger.hash}

    async def _fetch_compiled(self) -> None:
        """Get method and calendar for a start that came without; messages wait."""
        start = self._start
        if self._failure is not None or self._state is not None or start is None:
            return
        if not isinstance(start, Start):
            return
        try:
            compiled = await workflow.execute_activity(
                COMPILE,
                compile_request(start.command, workflow.now()),
                result_type=Compiled,
                start_to_close_timeout=policies.COMPILE_TIMEOUT,
                retry_policy=policies.COMPILE_RETRY,
            )
            self._obey(*started(self._stream, start, compiled, workflow.now()))
        except ActivityError as error:
            self._failure = _reason(error)
        except DomainError as error:
            self._failure = refusal(error)
        early, self._early = self._early, []
        for name, args in early:
            self._hear(name, args)

    # Messages. Both handlers apply what they carry before they first wait.

    @workflow.update(dynamic=True, unfinished_policy=_ABANDON)
    async def command(self, name: str, args: Sequence[RawValue]) -> dict[str, Any]:
        """Obey a command and answer once its events are on record."""
        self._updates += 1
        if self._state is None:
            await workflow.wait_condition(lambda: self._state or self._failure)
        try:
            events = self._receive(name, args, "update")
        except DomainError as error:
            raise refusal(error) from error
        hashes = self._ledger.hashes_of(events)
        version = self._ledger.seq
        # At this point the command is applied and durable in Temporal once this task
        # completes; the caller waits for more: its events on record.
        await workflow.wait_condition(
            lambda: (
                self._ledger.recorded_seq >= version
                or self._leaving
                or self._contradicted
            )
        )
        if self._contradicted and self._ledger.recorded_seq < version:
            raise refusal(RecordContradicts())
        return _answer(version, events, hashes, self._ledger.recorded_seq)

    @command.validator
    def _check(self, name: str, args: Sequence[RawValue]) -> None:
        """Refuse what can't be obeyed before it costs any history."""
        if self._state is None:
            return
        try:
            self._decide(name, args, "update")
        except DomainError as error:
            raise refusal(error) from error

    @workflow.signal(dynamic=True, unfinished_policy=_ABANDON)
    async def message(self, name: str, args: Sequence[RawValue]) -> None:
        """Obey a command whose sender does not wait; refuse it on record."""
        if self._state is None and self._failure is None:
            self._early.append((name, args))
        else:
            self._hear(name, args)

    def _hear(self, name: str, args: Sequence[RawValue]) -> None:
        if self._state is None:
            return
        try:
            self._receive(name, args, "signal")
        except DomainError as error:
            self._refuse(name, args, error)

    def _receive(
        self, name: str, args: Sequence[RawValue], via: str
    ) -> tuple[Event, ...]:
        command, by = self._decide(name, args, via)[:2]
        return self._obey(command, by)

    def _decide(
        self, name: str, args: Sequence[RawValue], via: str
    ) -> tuple[AnyCommand, Cause, tuple[Event, ...]]:
        """Decide on a message without applying it."""
        if self._state is None:
            raise NotStarted
        if self._contradicted:
            raise RecordContradicts
        envelope = self._read(args)
        by = self._cause(envelope, name, via)
        # Once is once, whatever else has become of the command's form since.
        was_handled(self._state, by)
        command = read_command(name, envelope)
        events = decide(self._state, command, by)
        self._ledger.seal(events)
        return command, by, events

    def _read(self, args: Sequence[RawValue]) -> Envelope:
        if len(args) != 1:
            return read_envelope(None)
        return read_envelope(read_json(args[0].payload, MAX_COMMAND_BYTES))

    def _cause(self, envelope: Envelope, name: str, via: str) -> Cause:
        actor = envelope.actor
        if actor.via is None:
            actor = actor.model_copy(update={"via": via})
        return Cause(
            stream=self._stream,
            id=envelope.id,
            actor=actor,
            at=self._now(),
            mandate=envelope.mandate,
            if_version=envelope.if_version,
            digest=body_digest(name, envelope.command),
        )

    def _refuse(self, name: str, args: Sequence[RawValue], error: DomainError) -> None:
        """Put on record that a signal was refused: its name and the error only.

        The refusal is what the command's id did, so a repeat of the same message is
        no second event. Where the id can't be read, or has done something else, the
        refusal has a cause of its own.
        """
        state = self._state
        if state is None or self._contradicted:
            return
        try:
            by = self._cause(self._read(args), name, "signal")
            fresh = not isinstance(error, IdReused)
        except DomainError:
            by, fresh = self._anonymous(state), False
        command = by.id if not by.id.startswith(OWN_PREFIX) else None
        if not fresh:
            by = self._anonymous(state)
        refused = Parked(nameable(name), command, type(error).__name__)
        if isinstance(error, RecordFull):
            self._parked.append(refused)
            return
        self._apply(refuse(state, *refused, by), forced=True)

    def _unpark(self) -> None:
        """Put refusals on record that the full outbox had no room for."""
        while self._state is not None and self._parked and self._ledger.has_room:
            refused = self._parked.pop(0)
            by = self._anonymous(self._state)
            self._apply(refuse(self._state, *refused, by), forced=True)

    def _anonymous(self, state: Dialogue) -> Cause:
        number = state.refused + 1
        return Cause(
            stream=self._stream,
            id=f"{OWN_PREFIX}refused:{number}",
            actor=_INTAKE_ACTOR,
            at=self._now(),
        )

    # Applying: decide, evolve, chain, outbox, in one breath.

    def _obey(self, command: AnyCommand, by: Cause) -> tuple[Event, ...]:
        events = decide(self._state, command, by)
        self._apply(events)
        return events

    def _own(self, command: AnyCommand, name: str, actor: Actor) -> None:
        """Obey a command of Polder's own; what is refused was overtaken."""
        kind = kind_of(type(command))
        by = Cause(
            stream=self._stream,
            id=f"{OWN_PREFIX}{name}",
            actor=actor,
            at=self._now(),
            digest=body_digest(kind, command.model_dump(mode="json")),
        )
        try:
            self._apply(decide(self._state, command, by), forced=True)
        except DomainError as error:
            workflow.logger.info("overtaken %s: %s", kind, type(error).__name__)

    def _apply(self, events: tuple[Event, ...], *, forced: bool = False) -> None:
        sealed = self._ledger.seal(events, forced=forced)
        for event in events:
            self._state = evolve(self._state, event)
        self._ledger.take(events, sealed)
        self._arm()
        self._show()

    def _now(self) -> datetime:
        """Give the dialogue's time: the workflow's, or the demo clock's reading."""
        now = workflow.now()
        return to_dialogue_time(self._state.clock, now) if self._state else now

    def _show(self) -> None:
        """Keep the search attributes true; no change costs no history."""
        if self._state is None:
            return
        shown = attributes(self._state)
        changes = updates(self._shown, shown)
        if changes:
            workflow.upsert_search_attributes(changes)
        self._shown = shown

    # The clock. A timer that wakes re-checks what is due; extending a window leaves
    # the old timer to wake for nothing rather than restart it on every message.

    def _arm(self) -> None:
        alarm = next_alarm(self._state) if self._state else None
        if alarm is None or (self._armed and min(self._armed) <= alarm):
            return
        self._armed.add(alarm)
        task = asyncio.create_task(self._ring(alarm))
        task.set_name(f"alarm {alarm.isoformat()}")

    async def _ring(self, alarm: datetime) -> None:
        if self._state is None:
            return
        wait = real_wait(self._state.clock, self._now(), alarm)
        await workflow.sleep(max(wait, timedelta(seconds=1)))
        self._armed.discard(alarm)
        for name, command in due(self._state, self._now()):
            self._own(command, name.removeprefix(OWN_PREFIX), CLOCK_ACTOR)
        self._arm()

    # The record. One batch in flight; what waits is carried to the next run.

    def _can_flush(self) -> bool:
        return self._ledger.waiting and not self._contradicted

    async def _flush(self) -> None:
        """Record the oldest batch; give up waiting, not recording, when moving on."""
        recording = workflow.start_activity(
            APPEND,
            self._ledger.next_batch(),
            result_type=Appended,
            start_to_close_timeout=policies.APPEND_TIMEOUT,
            retry_policy=policies.APPEND_RETRY,
        )
        await workflow.wait_condition(lambda: recording.done() or self._must_move_on())
        if not recording.done() and not await _within_grace(recording):
            # At this point the batch may or may not be on record. The next run sends
            # it again: appending is idempotent.
            return
        try:
            receipt = await recording
        except ActivityError as error:
            self._stop_recording(_reason(error))
        else:
            self._ledger.recorded(receipt.seq, receipt.hash)
            self._unpark()

    def _stop_recording(self, reason: ApplicationError) -> None:
        """Stop for good, or, on a contradiction, refuse until an operator acts."""
        if reason.type != CONTRADICTED:
            raise reason
        workflow.logger.error("the record contradicts this dialogue: %s", reason)
        self._contradicted = True

    # Effects. Record first, act second; their outcome is a command again.

    def _owed(self) -> Effect | None:
        if self._state is None or self._contradicted or self._must_move_on():
            return None
        recorded = self._ledger.recorded_seq
        effects = self._state.effects.values()
        ready = (e for e in effects if e.status == "pending" and e.seq <= recorded)
        return next(ready, None)

    async def _perform_effects(self) -> None:
        while True:
            await workflow.wait_condition(lambda: self._owed() is not None)
            effect = self._owed()
            if effect is not None and self._state is not None:
                self._performing = True
                report = await self._perform(self._state, effect)
                self._performing = False
                name = f"effect:{effect.id}:{effect.attempt}"
                self._own(report, name, _WORKER_ACTOR)

    async def _perform(self, state: Dialogue, effect: Effect) -> ReportEffect:
        began = self._now()
        patience = to_real(state.clock, began + policies.PATIENCE) - to_real(
            state.clock, began
        )
        try:
            sent = await workflow.execute_activity(
                NOTIFY,
                notice(self._stream, state, effect),
                result_type=Sent,
                start_to_close_timeout=policies.NOTIFY_TIMEOUT,
                heartbeat_timeout=policies.NOTIFY_HEARTBEAT,
                schedule_to_close_timeout=max(patience, policies.LEAST_PATIENCE),
                retry_policy=policies.NOTIFY_RETRY,
            )
        except ActivityError as error:
            problem = nameable(_snake(_reason(error).type)) or "unknown"
            return ReportEffect(
                effect=effect.id,
                attempt=effect.attempt,
                succeeded=False,
                problem=problem,
            )
        return ReportEffect(
            effect=effect.id,
            attempt=effect.attempt,
            succeeded=True,
            sent=sent.sent,
            undeliverable=sent.undeliverable,
        )

    # Moving on to a next run, and ending.

    def _must_move_on(self) -> bool:
        info = workflow.info()
        return self._state is not None and (
            info.is_continue_as_new_suggested()
            or info.get_current_history_length() > policies.HISTORY_BUDGET
            or self._updates >= policies.UPDATE_BUDGET
            or info.is_target_worker_deployment_version_changed()
        )

    def _is_over(self) -> bool:
        archived = self._state is not None and self._state.status == "archived"
        return archived and not self._ledger.waiting

    async def _move_on(self) -> NoReturn:
        """Hand everything to the next run; callers still waiting are answered."""
        if self._performing:
            await _wait(lambda: not self._performing, policies.DRAIN_GRACE * 6)
        self._leaving = True
        await workflow.wait_condition(workflow.all_handlers_finished)
        state = self._state
        if state is None:
            raise NotStarted
        carried = Carried(
            state=state, ledger=self._ledger.carried(), parked=tuple(self._parked)
        )
        workflow.continue_as_new(carried.model_dump(mode="json"))

    # Queries.

    @workflow.query
    def state(self) -> dict[str, Any]:
        """Give the whole state."""
        return self._state.model_dump(mode="json") if self._state else {}

    @workflow.query
    def progress(self) -> dict[str, Any]:
        """Give phase, steps, counts and the next deadline."""
        return progress(self._state) if self._state else {}

    @workflow.query
    def head(self) -> dict[str, Any]:
        """Give the head of the chain, and how much of it is on record."""
        return {
            "seq": self._ledger.seq,
            "hash": self._ledger.hash,
            "recordedSeq": self._ledger.recorded_seq,
            "epoch": self._ledger.epoch,
        }

    @workflow.query
    def outbox(self) -> dict[str, Any]:
        """Give the events that are not on record yet, for a restore that supersedes."""
        return self._ledger.carried().model_dump(mode="json")

    @workflow.query
    def preview_revisit(self, step: str) -> dict[str, Any]:
        """Give what a revisit of ``step`` would void, withdraw, reopen and tell."""
        if self._state is None:
            raise NotStarted
        return preview_revisit(self._state, step)


async def _wait(condition: Any, limit: timedelta) -> bool:  # noqa: ANN401
    try:
        await workflow.wait_condition(condition, timeout=limit)
    except asyncio.TimeoutError:
        return False
    return True


async def _within_grace(recording: workflow.ActivityHandle[Appended]) -> bool:
    return await _wait(recording.done, policies.DRAIN_GRACE)


def _reason(error: ActivityError) -> ApplicationError:
    """Give what an activity failed with, as an error that is not tried again."""
    cause = error.cause
    if isinstance(cause, ApplicationError):
        return ApplicationError(
            cause.message, *cause.details, type=cause.type, non_retryable=True
        )
    kind = type(cause or error).__name__
    return ApplicationError(str(cause or error), type=kind, non_retryable=True)


def _snake(name: str | None) -> str:
    letters = (f"_{c.lower()}" if c.isupper() else c for c in name or "")
    return "".join(letters).strip("_")


def _answer(
    version: int, events: tuple[Event, ...], hashes: list[str], recorded: int
) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "version": version,
        "recorded": recorded >= version,
        "events": [
            {"seq": event.seq, "type": event.type, "hash": hashed}
            for event, hashed in zip(events, hashes, strict=True)
        ],
    }
    return answer if events else {**answer, "repeated": True}
