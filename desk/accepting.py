"""A command whose caller does not wait for ever: accepted now, its outcome later.

What is accepted is durable in Temporal. What became of it is asked of the record first,
which keeps it for good, and else of Temporal, which knows it while the run lasts. What
got no answer at all may have arrived: it is noted, and nobody is told that it did not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import structlog
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import UpdateWorkflowExecutionLifecycleStage as Stage
from temporalio.api.update.v1 import UpdateRef, WaitPolicy
from temporalio.api.workflowservice.v1 import (
    PollWorkflowExecutionUpdateRequest as Poll,
)
from temporalio.api.workflowservice.v1 import (
    PollWorkflowExecutionUpdateResponse as Polled,
)
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.service import RPCError, RPCStatusCode

from desk.acting import as_first_told, carry
from desk.answer import Accepted, Answer
from desk.desk import Desk, Wish
from desk.errors import NotFound, Unreachable
from desk.gathering import gathers, left_of, respond
from desk.gone import no_dialogue
from desk.sending import UNKNOWN, cut_off, send, update_id
from desk.starting import under_way
from domain.commands import RecordResponse
from domain.messages import kind_of
from language import mark
from storage.errors import StorageError
from storage.queries import events_of_cause
from storage.record import head
from storage.unsettled import Unsettled, note, noted

_RESPONSE: Final = kind_of(RecordResponse)
_PAUSE: Final = 0.02
_LONGEST_PAUSE: Final = 1.0
_NO_UPDATE: Final = "0" * 16
_POLL_SECONDS: Final = 5
_ACCEPTED: Final = Stage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ACCEPTED
_NO_WORD: Final = mark("Temporal could not say what became of the command: {problem}")

log = structlog.get_logger()


Found = Answer | Accepted


async def command(
    desk: Desk, wish: Wish, within: timedelta | None = None
) -> Answer | Accepted:
    """Send a command; if it is not answered ``within`` this time, it was accepted.

    The wish has an id. A response to a public window goes together with others, and is
    answered. Raises `Refused`, `NotFound`, or `Unreachable` where it was not accepted.
    """
    alone = (wish.if_version, wish.mandate) != (None, None)
    if wish.kind == _RESPONSE and not alone:
        state = await desk.dialogue(wish.stream)
        if gathers(state, wish.body):
            return await _gathered(desk, wish)

    async def soon(client: Client, envelope: Mapping[str, Any]) -> Answer | Accepted:
        sent = Unsettled(_digest(wish.kind, envelope), wish.sender.id)
        try:
            told = await _soon(client, wish, envelope, desk.patience, within)
        except Unreachable:
            await _note(desk, wish.stream, str(envelope["id"]), sent)
            raise
        if isinstance(told, Accepted):
            await _note(desk, wish.stream, told.id, sent)
        return told

    found = await carry(desk, wish, soon)
    if isinstance(found, Accepted):
        return found
    return await as_first_told(desk, wish, found)


async def _gathered(desk: Desk, wish: Wish) -> Answer:
    """Record a response with others; one that has to wait is noted as whose it is."""
    told = await respond(desk, wish.stream, wish.body, wish.sender, submission=wish.id)
    if not told.recorded and wish.id is not None:
        # The inbox knows what became of it: there is no update to ask after.
        sent = Unsettled(_NO_UPDATE, wish.sender.id)
        await _note(desk, wish.stream, wish.id, sent)
    return told


async def _soon(
    client: Client,
    wish: Wish,
    envelope: Mapping[str, Any],
    patience: timedelta,
    within: timedelta | None,
) -> Answer | Accepted:
    sending = send(client, wish.stream, wish.kind, envelope, patience)
    if within is None:
        return await sending
    asked, name = asyncio.create_task(sending), update_id(wish.kind, envelope)
    try:
        await asyncio.wait({asked}, timeout=within.total_seconds())
        pause = _PAUSE
        while not asked.done():
            # At this point we may crash: what was accepted goes on without us, and
            # what was not is asked again with the same id.
            polled = await _poll(client, wish.stream, name)
            if polled is not None and polled.stage >= _ACCEPTED:
                return Accepted(str(envelope["id"]), _digest(wish.kind, envelope))
            await asyncio.wait({asked}, timeout=pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        return asked.result()
    finally:
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)


async def _note(desk: Desk, stream: str, name: str, sent: Unsettled) -> None:
    """Note what was sent, as far as the record takes it: the answer is what counts."""
    try:
        await note(desk.pool, stream, name, sent)
    except StorageError as error:
        log.warning("a command without an answer is not noted", problem=str(error))


def _digest(kind: str, envelope: Mapping[str, Any]) -> str:
    return update_id(kind, envelope).rpartition(":")[2]


async def outcome(
    desk: Desk,
    stream: str,
    name: str,
    digest: str | None = None,
    *,
    only_of: str | None = None,
) -> Answer | Accepted:
    """Say what became of a command: its answer, or that it is still under way.

    ``digest`` is what its acceptance said; ``only_of`` the only actor whose commands
    are told of. Raises `Refused` as it was refused, and `NotFound` where nothing is
    known of it and none of that id was left without an answer.
    """
    found = await _on_record(desk, stream, name, only_of)
    if found is not None:
        return found
    try:
        return await _under_way(desk, stream, name, digest, only_of)
    except NotFound:
        # It may have got on record between the two looks.
        found = await _on_record(desk, stream, name, only_of)
        if found is None:
            raise
        return found


async def _on_record(
    desk: Desk, stream: str, name: str, only_of: str | None
) -> Answer | None:
    events = await events_of_cause(desk.pool, stream, name)
    if not events:
        return None
    _see(only_of, {event.members["actor"]["id"] for event in events}, name, stream)
    named = [event.named for event in events]
    return Answer(events[-1].seq, recorded=True, events=named)


async def _under_way(
    desk: Desk, stream: str, name: str, digest: str | None, only_of: str | None
) -> Found:
    sent = await noted(desk.pool, stream, name)
    actors = {each.actor for each in sent}
    ours = only_of is None or actors == {only_of}
    left = await left_of(desk, stream, name, None if ours else only_of)
    if left is not None:
        return left
    _see(only_of, actors, name, stream)
    bodies = [each.digest for each in sent] if digest is None else [digest]
    for body in bodies:
        found = await _asked(desk, stream, name, body)
        if found is not None:
            return found
    if not sent:
        return await _starting(desk, stream, name)
    return Accepted(name, bodies[0], sure=False)


async def _starting(desk: Desk, stream: str, name: str) -> Accepted:
    """Say that this command starts a dialogue that is not on record yet.

    Raises `NotFound` where it does not, and `Refused` as the start was refused.
    """
    if await head(desk.pool, stream) is not None:
        raise NotFound(UNKNOWN, id=name, stream=stream)
    found = await under_way(await desk.client(), stream, name)
    if found is None:
        raise await no_dialogue(desk.pool, stream)
    return found


def _see(only_of: str | None, actors: set[str], name: str, stream: str) -> None:
    """Raise `NotFound` for a command of others, as for one that is not there."""
    if only_of is not None and actors != {only_of}:
        raise NotFound(UNKNOWN, id=name, stream=stream)


async def _asked(desk: Desk, stream: str, name: str, digest: str) -> Found | None:
    """Ask Temporal what became of a command; None where it knows none like it."""
    client = await desk.client()
    polled = await _poll(client, stream, f"{name}:{digest}")
    if polled is None:
        return None
    if polled.HasField("outcome"):
        return await _told(client, polled)
    # One that is only admitted is nowhere on disk yet: nobody can vouch for it.
    return Accepted(name, digest, sure=polled.stage >= _ACCEPTED)


async def _told(client: Client, polled: Polled) -> Answer:
    """Read what a dialogue answered. Raises `Refused`."""
    found = polled.outcome
    if found.HasField("failure"):
        cause = await client.data_converter.decode_failure(found.failure)
        cut_off(WorkflowUpdateFailedError(cause))
        raise NotFound(UNKNOWN, id="-", stream="-")
    [answer] = await client.data_converter.decode(found.success.payloads, [dict])
    return Answer(
        version=answer["version"],
        recorded=answer["recorded"],
        events=answer["events"],
        repeated=answer.get("repeated", False),
    )


async def _poll(client: Client, stream: str, name: str) -> Polled | None:
    """Ask at once how far an update is; None where Temporal does not know it."""
    asked = Poll(
        namespace=client.namespace,
        update_ref=UpdateRef(
            workflow_execution=WorkflowExecution(workflow_id=stream), update_id=name
        ),
        identity=client.identity,
        wait_policy=WaitPolicy(
            lifecycle_stage=Stage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_UNSPECIFIED
        ),
    )
    try:
        return await client.workflow_service.poll_workflow_execution_update(
            asked, timeout=timedelta(seconds=_POLL_SECONDS)
        )
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise Unreachable(_NO_WORD, problem=error.status.name.lower()) from error
