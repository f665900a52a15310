"""The Dialogue workflow: a shell that carries what the core decides.

A message is decided on and taken in one breath (`workflows.standing`). One recorder
puts the outbox on record in order; effects start once the event that asks for them is
on record; the clock sends its commands like anybody else. Messages that can't be
obeyed are refused to their sender, or, if they were signals, on record. Nothing that
arrives can end or block the workflow.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final, NoReturn

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, ApplicationError

from domain.commands import CancelDialogue, RestoreDialogue
from domain.errors import (
    DomainError,
    MalformedEnvelope,
    NotStarted,
    RecordContradicts,
    UnknownCommand,
)
from domain.messages import kind_of
from domain.planning import preview_plan
from domain.progress import progress
from domain.revisit import preview_revisit
from workflows import policies
from workflows.again import RECORD_AGAIN
from workflows.alarms import Alarms
from workflows.beginning import (
    Carried,
    Start,
    carry,
    read_start,
    started,
)
from workflows.compiling import fetched
from workflows.effects import WORKER_ACTOR, Effects
from workflows.erasing import LOOK_UP, Erasing
from workflows.inbox import Heard, Inbox, Message
from workflows.moments import Moments
from workflows.recorder import Recorder
from workflows.refusals import reason, refusal
from workflows.search import Attributes, attributes, updates
from workflows.standing import Decision, Standing
from workflows.tasks import Tasks

ANSWERS_ASKED: Final = "answers-asked"
"""Since when a dialogue completes only when every response was answered or left."""

MOMENTS_MARKED: Final = "moments-marked"
"""Since when a task that reads the clock leaves a mark; see `workflows.moments`."""

_CANCEL: Final = "temporal_cancel"
_CANCEL_BY: Final = kind_of(CancelDialogue)
_ABANDON: Final = workflow.HandlerUnfinishedPolicy.ABANDON
_UPGRADE: Final = workflow.ContinueAsNewVersioningBehavior.AUTO_UPGRADE


@workflow.defn(name="Dialogue")
class DialogueWorkflow:
    """One dialogue. Its id is ``organisation:slug``; its argument is an envelope."""

    @workflow.init
    def __init__(self, *arguments: RawValue) -> None:
        """Restore what was carried, or begin anew; handlers may run right after."""
        stream = workflow.info().workflow_id
        # The history of a run of an earlier build has to be decided on as it was then.
        marked = workflow.patched(MOMENTS_MARKED)
        unbound = not marked and not workflow.patched(ANSWERS_ASKED)
        self._standing = Standing(stream, workflow.now, self._changed, unbound=unbound)
        self._moments = Moments(self._standing, unmarked=not marked)
        keep = self._moments.keep
        self._tasks = Tasks()
        self._inbox = Inbox(self._standing, self._moments, self._hear)
        self._alarms = Alarms(
            self._standing, self._tasks, lambda: self._inbox.is_empty, keep
        )
        self._effects = Effects(self._standing, self._must_move_on, keep)
        self._erasing = Erasing(self._standing, keep)
        self._recorder = Recorder(self._standing, self._may_move_on)
        self._shown: Attributes | None = None
        self._start: Start | None = None
        self._failure: ApplicationError | None = None
        self._leaving = False
        self._updates = 0
        self._callers = 0
        self._cancelled = 0
        self._continued = workflow.info().continued_run_id is not None
        try:
            self._begin(read_start(stream, arguments, continued=self._continued))
        except DomainError as error:
            if self._continued:
                # A build that can't go on must not end a dialogue that runs: the task
                # fails, and is tried again by one that can.
                message = f"an earlier run can't be continued: {error}"
                raise RuntimeError(message) from error
            self._failure = refusal(error)

    def _begin(self, start: Start | Carried) -> None:
        if isinstance(start, Carried):
            self._go_on(start)
            return
        self._start = start
        if start.command.compiled is not None:
            stream = self._standing.stream
            self._standing.begin(*started(stream, start, None, workflow.now()))

    def _go_on(self, carried: Carried) -> None:
        try:
            self._standing.resume(carried)
            if carried.restored:
                seq, epoch = carried.state.version, carried.ledger.epoch
                restore = RestoreDialogue(epoch=epoch, from_seq=seq)
                self._standing.own(restore, f"restore:{epoch}", WORKER_ACTOR)
            self._changed()
        except Exception as error:
            if self._continued:
                raise
            # Anybody can start a workflow with a state that makes no sense.
            self._standing.state = None
            problem = "the carried state can't be gone on with"
            raise MalformedEnvelope(problem=problem) from error

    @workflow.run
    async def run(self, *arguments: RawValue) -> dict[str, Any]:
        """Record, act and keep time until the dialogue is archived.

        Gives the last ``version`` and its ``hash``. Ends in failure when the start
        was malformed, the dialogue exists already, or a restored one took over.
        """
        del arguments  # read in __init__, before any handler ran
        self._tasks.open()
        await self._fetch_compiled()
        if self._failure is not None:
            raise self._failure
        self._tasks.start(self._effects.perform_all(), "effects")
        self._tasks.start(self._inbox.hear_all(), "inbox")
        self._tasks.start(self._erasing.carry_out(), "erasures")
        while not self._is_over():
            try:
                await workflow.wait_condition(self._has_work)
                with self._moments.away():
                    await self._work()
            except asyncio.CancelledError:
                if workflow.cancellation_reason() is None:
                    raise
                self._refuse_cancel()
        self._tasks.cancel()
        await workflow.wait_condition(workflow.all_handlers_finished)
        if self._standing.stopped is not None:
            raise self._standing.stopped
        ledger = self._standing.ledger
        return {"version": ledger.seq, "hash": ledger.hash}

    def _has_work(self) -> bool:
        return (
            self._standing.waits
            or self._may_move_on()
            or self._is_over()
            or self._tasks.fault is not None
        )

    async def _work(self) -> None:
        if self._tasks.fault is not None:
            raise self._tasks.fault
        answered = True
        if self._standing.waits:
            self._moments.look()
            answered = await self._recorder.flush()
            if not self._standing.waits and not self._callers:
                self._moments.keep()
        # While the record answers, callers are told that they are on record; a dialogue
        # that is never quiet hands over all the same.
        now = not answered or not self._standing.waits or self._is_long(2)
        if now and self._may_move_on() and not self._is_over():
            await self._move_on()

    def _refuse_cancel(self) -> None:
        """Refuse Temporal's own cancel like a signal: it has no actor, no reason."""
        self._standing.refuse(_CANCEL, (), UnknownCommand(known=_CANCEL_BY))
        self._moments.keep()

    def _note_cancel(self) -> None:
        self._cancelled += 1

    async def _fetch_compiled(self) -> None:
        """Get method and calendar for a start that came without; messages wait."""
        start = self._start
        if start is None or self._failure or self._standing.state:
            return
        try:
            with self._moments.away():
                compiled = await fetched(start.command, self._note_cancel)
            stream = self._standing.stream
            self._standing.begin(*started(stream, start, compiled, workflow.now()))
        except ActivityError as error:
            self._failure = reason(error)
        except DomainError as error:
            self._failure = refusal(error)
        if self._standing.state is not None:
            for _ in range(self._cancelled):
                self._refuse_cancel()
        self._inbox.hear()

    # Messages. What they carry is applied at once, or in its turn.

    @workflow.update(dynamic=True, unfinished_policy=_ABANDON)
    async def command(self, name: str, args: Sequence[RawValue]) -> dict[str, Any]:
        """Obey a command and answer once its events are on record."""
        self._updates += 1
        self._moments.look()
        standing = self._standing
        message = self._inbox.put(name, args, "update")
        if message.outcome is None:
            await workflow.wait_condition(lambda: self._is_heard(message))
        if standing.stopped is not None and message.outcome is None:
            raise standing.stopped
        heard = message.outcome or NotStarted()
        if isinstance(heard, DomainError):
            raise refusal(heard) from heard
        decision, version = heard
        # At this point the command is applied, and durable in Temporal once this task
        # completes; the caller waits for more: its events on record.
        self._callers += 1
        await workflow.wait_condition(lambda: self._is_answerable(version))
        self._callers -= 1
        recorded = standing.ledger.recorded_seq >= version
        if standing.stopped is not None and not recorded:
            raise standing.stopped
        if standing.contradicted and not recorded:
            raise refusal(RecordContradicts())
        if version <= standing.ledger.rechained_seq:
            # What the record has is as an earlier build wrote it: see there.
            decision = Decision()
        return _answer(version, decision, recorded=recorded)

    def _is_heard(self, message: Message) -> bool:
        ended = self._failure is not None or self._standing.stopped is not None
        return ended or message.outcome is not None

    def _is_answerable(self, version: int) -> bool:
        standing = self._standing
        stuck = self._leaving or standing.contradicted or standing.stopped is not None
        return stuck or standing.ledger.recorded_seq >= version

    @command.validator
    def _check(self, name: str, args: Sequence[RawValue]) -> None:
        """Refuse what can't be obeyed before it costs any history."""
        if self._standing.state is None or not self._inbox.is_empty:
            return
        try:
            self._standing.decide(name, args, "update")
        except DomainError as error:
            raise refusal(error) from error

    @workflow.signal(dynamic=True, unfinished_policy=_ABANDON)
    async def message(self, name: str, args: Sequence[RawValue]) -> None:
        """Obey a command whose sender does not wait; refuse it on record."""
        if name == RECORD_AGAIN:
            self._standing.contradicted = False
            self._changed()
        elif name == LOOK_UP:
            self._erasing.ask()
        else:
            self._inbox.put(name, args, "signal")
        self._moments.keep()

    def _hear(self, message: Message) -> None:
        standing, (name, args, via) = self._standing, message.asked
        try:
            decision = standing.decide(name, args, via, message.came)
        except DomainError as error:
            message.outcome = error
            if via == "signal":
                standing.refuse(name, args, error)
        else:
            standing.take(decision)
            message.outcome = Heard(decision, standing.ledger.seq)

    def _changed(self) -> None:
        """Keep timers and search attributes true; no change costs no history."""
        self._alarms.arm()
        if self._standing.state is not None:
            shown = attributes(self._standing.state)
            changes = updates(self._shown, shown)
            if changes:
                workflow.upsert_search_attributes(changes)  # pyright: ignore[reportUnknownMemberType]  (the SDK's own type is partial)
            self._shown = shown

    # Moving on to a next run, and ending.

    def _must_move_on(self) -> bool:
        return self._standing.state is not None and (
            self._moments.suggested or self._is_long(1)
        )

    def _is_long(self, times: int) -> bool:
        if self._moments.length > times * policies.HISTORY_BUDGET:
            return True
        updates = policies.UPDATE_BUDGET + (times - 1) * policies.UPDATE_MARGIN
        return self._updates >= updates

    def _may_move_on(self) -> bool:
        busy = self._effects.busy or self._erasing.busy
        return self._inbox.is_empty and not busy and self._must_move_on()

    def _is_over(self) -> bool:
        standing = self._standing
        archived = standing.state is not None and standing.state.status == "archived"
        return standing.stopped is not None or (
            archived and self._inbox.is_empty and not standing.ledger.waiting
        )

    async def _move_on(self) -> NoReturn:
        """Hand everything to the next run; callers still waiting are answered."""
        self._leaving = True
        await workflow.wait_condition(
            lambda: workflow.all_handlers_finished() and self._inbox.is_empty
        )
        changed = workflow.info().is_target_worker_deployment_version_changed()
        workflow.continue_as_new(
            carry(self._standing.carried()),
            # A pinned run would hand over to its own build again, for ever.
            initial_versioning_behavior=_UPGRADE if changed else None,
        )

    # Queries.

    @workflow.query
    def state(self) -> dict[str, Any]:
        """Give the whole state."""
        state = self._standing.state
        return state.model_dump(mode="json") if state else {}

    @workflow.query
    def progress(self) -> dict[str, Any]:
        """Give phase, steps, counts and the next deadline."""
        return progress(self._standing.state) if self._standing.state else {}

    @workflow.query
    def head(self) -> dict[str, Any]:
        """Give the head of the chain, and how much of it is on record."""
        ledger = self._standing.ledger
        return {
            "seq": ledger.seq,
            "hash": ledger.hash,
            "recordedSeq": ledger.recorded_seq,
            "epoch": ledger.epoch,
        }

    @workflow.query
    def outbox(self) -> dict[str, Any]:
        """Give the events that are not on record yet, for a restore that supersedes."""
        return self._standing.ledger.carried().model_dump(mode="json")

    @workflow.query
    def preview_revisit(self, step: str) -> dict[str, Any]:
        """Give what a revisit of ``step`` would void, withdraw, reopen and tell."""
        standing = self._standing
        return preview_revisit(standing.known, step, standing.now())

    @workflow.query
    def preview_plan(self, kind: str, command: dict[str, Any]) -> dict[str, Any]:
        """Give what a command that changes the plan would do."""
        return preview_plan(self._standing.known, kind, command)


def _answer(version: int, decision: Decision, *, recorded: bool) -> dict[str, Any]:
    events = [
        {"seq": event.seq, "type": event.type, "hash": sealed.hash}
        for event, sealed in zip(decision.events, decision.sealed, strict=True)
    ]
    answer = {"version": version, "recorded": recorded, "events": events}
    return answer if events else {**answer, "repeated": True}
