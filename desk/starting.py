"""Starting a dialogue: its workflow begins, and its first event gets on record."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.contracts import TASK_QUEUE
from desk.answer import Accepted, Answer
from desk.errors import NotFound, Refused, Unreachable
from desk.gone import NO_DIALOGUE
from domain.errors import DialogueEnded, DialogueExists, IdReused
from domain.events import DIGEST
from language import mark
from storage.pool import Pool
from storage.queries import Recorded, dialogue, events
from workflows.beginning import START
from workflows.intake import body_digest

_PAUSE: Final = 0.05

NOT_YET: Final = mark(
    "{stream} was started, but is not on record yet. Is a worker running? Start it "
    "again with the same id to find out."
)
_NOT_TOLD: Final = mark("Temporal could not say what became of the start: {problem}")
_NOT_STARTED: Final = mark("Temporal could not start the dialogue: {problem}")
NOT_RUN: Final = mark(
    "{stream} is on record, but Temporal does not run it (any more). Bring it back "
    "with: polder dialogue restore {stream}"
)


async def start(
    client: Client,
    pool: Pool,
    stream: str,
    envelope: Mapping[str, Any],
    patience: timedelta,
    *,
    within: timedelta | None = None,
) -> Answer | Accepted:
    """Start a dialogue and wait until that is on record.

    If that is not so ``within`` this time, it was accepted. Raises `Refused`
    (`DialogueExists` among others) or `Unreachable`.
    """
    known = await _first_event(pool, stream)
    if known is not None:
        return _again(stream, envelope, known)
    handle = await _begin(client, stream, envelope)
    # At this point it is durable in Temporal: it goes on without us.
    wait = patience if within is None else min(within, patience)
    try:
        async with asyncio.timeout(wait.total_seconds()):
            while (first := await _first_event(pool, stream)) is None:
                await _raise_failure(handle)
                await asyncio.sleep(_PAUSE)
    except TimeoutError as error:
        if within is not None and within < patience:
            return Accepted(str(envelope["id"]), _digest(envelope))
        raise Unreachable(NOT_YET, stream=stream) from error
    if first.members["cause"] != envelope["id"]:
        return _again(stream, envelope, first)
    return Answer(first.seq, recorded=True, events=[first.named])


async def under_way(client: Client, stream: str, name: str) -> Accepted | None:
    """Say whether a dialogue that is not on record is being started by this command.

    Raises `Refused` as its start was refused, and `Unreachable`.
    """
    handle = client.get_workflow_handle(stream)
    try:
        async for first in handle.fetch_history_events(page_size=1):
            begun = first.workflow_execution_started_event_attributes.input
            [envelope, *_] = await client.data_converter.decode(begun.payloads, [dict])
            break
        else:
            return None
        if envelope.get("id") != name:
            return None
        await _raise_failure(handle)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        problem = error.status.name.lower()
        raise Unreachable(_NOT_TOLD, problem=problem) from error
    return Accepted(name, _digest(envelope))


def _digest(envelope: Mapping[str, Any]) -> str:
    return body_digest(START, envelope["command"])


async def _begin(
    client: Client, stream: str, envelope: Mapping[str, Any]
) -> WorkflowHandle[Any, Any]:
    try:
        return await client.start_workflow(
            "Dialogue",
            envelope,
            id=stream,
            task_queue=TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            static_summary=str(envelope["command"]["title"])[:200],
        )
    except WorkflowAlreadyStartedError:
        # It may be our own start, whose answer was lost: the record will tell.
        return client.get_workflow_handle(stream)
    except RPCError as error:
        raise Unreachable(_NOT_STARTED, problem=str(error)) from error


async def _raise_failure(handle: WorkflowHandle[Any, Any]) -> None:
    """Raise what ended the workflow, if it ended instead of starting."""
    described = await handle.describe()
    if described.status is not WorkflowExecutionStatus.FAILED:
        return
    try:
        await handle.result()
    except WorkflowFailureError as error:
        cause = error.cause
        if isinstance(cause, ApplicationError):
            facts = cause.details[0] if cause.details else None
            raise Refused(cause.type or "Refused", cause.message, facts) from error
        raise


async def _first_event(pool: Pool, stream: str) -> Recorded | None:
    first = await events(pool, stream, limit=1)
    return first[0] if first else None


def _again(stream: str, envelope: Mapping[str, Any], first: Recorded) -> Answer:
    """Answer a start of a dialogue that is on record: the same one, or refused."""
    members = first.members
    if members["cause"] != envelope["id"]:
        raise Refused.of(DialogueExists(stream=stream))
    if members["data"][DIGEST] != body_digest(START, envelope["command"]):
        raise Refused.of(IdReused(id=str(envelope["id"])))
    return Answer(first.seq, recorded=True, events=[first.named], repeated=True)


async def explain_absence(pool: Pool, stream: str, absent: NotFound) -> None:
    """Raise what is the matter with a dialogue that no workflow runs for."""
    row = await dialogue(pool, stream)
    if row is None:
        raise NotFound(NO_DIALOGUE, stream=stream) from absent
    if row.status == "archived":
        raise Refused.of(DialogueEnded(status=row.status)) from absent
    raise Unreachable(NOT_RUN, stream=stream) from absent
