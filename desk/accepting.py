"""A command whose caller does not wait for ever: accepted now, its outcome later.

What is accepted is durable in Temporal. What became of it is asked of the record first,
which keeps it for good, and else of Temporal, which knows it while the run lasts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, NamedTuple

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
from desk.answer import Answer
from desk.desk import Desk, Wish
from desk.errors import NotFound, Unreachable
from desk.gathering import gathers, respond
from desk.sending import cut_off, send, update_id
from domain.commands import RecordResponse
from domain.messages import kind_of
from language import mark
from storage.queries import events_of_cause

_RESPONSE: Final = kind_of(RecordResponse)
_PAUSE: Final = 0.02
_LONGEST_PAUSE: Final = 1.0
_POLL_SECONDS: Final = 5
_ACCEPTED: Final = Stage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ACCEPTED
_UNKNOWN: Final = mark(
    "No command {id} of {stream} is known. One that was refused at once is not kept."
)
_NO_WORD: Final = mark("Temporal could not say what became of the command: {problem}")


class Accepted(NamedTuple):
    """A command that was taken in, by its id and that of its body (`update_id`)."""

    id: str
    digest: str


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
            return await respond(
                desk, wish.stream, wish.body, wish.sender, submission=wish.id
            )

    async def soon(client: Client, envelope: Mapping[str, Any]) -> Answer | Accepted:
        return await _soon(client, wish, envelope, desk.patience, within)

    found = await carry(desk, wish, soon)
    if isinstance(found, Accepted):
        return found
    return await as_first_told(desk, wish, found)


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
                return Accepted(str(envelope["id"]), name.rpartition(":")[2])
            await asyncio.wait({asked}, timeout=pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        return asked.result()
    finally:
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)


async def outcome(
    desk: Desk, stream: str, name: str, digest: str | None = None
) -> Answer | Accepted:
    """Say what became of a command: its answer, or that it is still under way.

    ``digest`` is what its acceptance said. Raises `Refused` as it was refused, and
    `NotFound` where nothing is known of it.
    """
    events = await events_of_cause(desk.pool, stream, name)
    if events:
        named = [event.named for event in events]
        return Answer(events[-1].seq, recorded=True, events=named)
    polled = None
    if digest is not None:
        client = await desk.client()
        polled = await _poll(client, stream, f"{name}:{digest}")
        if polled is not None and polled.HasField("outcome"):
            return await _told(client, polled)
    if polled is None:
        raise NotFound(_UNKNOWN, id=name, stream=stream)
    return Accepted(name, digest or "")


async def _told(client: Client, polled: Polled) -> Answer:
    """Read what a dialogue answered. Raises `Refused`."""
    found = polled.outcome
    if found.HasField("failure"):
        cause = await client.data_converter.decode_failure(found.failure)
        cut_off(WorkflowUpdateFailedError(cause))
        raise NotFound(_UNKNOWN, id="-", stream="-")
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
