"""Sending a command until it is answered: once, however often it has to be sent.

The update's id is made from the command's id and body, so that a retry at any layer
is the same update, and another body under the same id is another one, which the
dialogue itself refuses.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, Final, TypeVar

from temporalio.client import (
    Client,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
    WorkflowUpdateStage,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from desk.answer import PATIENCE, Answer
from desk.errors import NotFound, Refused, Unreachable
from language import mark
from workflows.intake import body_digest

UNKNOWN: Final = mark(
    "No command {id} of {stream} is known. One that was refused at once is not kept. "
    "If you had no answer to it, send it again with the same id: it has one effect."
)
NO_ANSWER: Final = mark(
    "No answer from {stream} within {seconds} s ({problem}). Is a worker running? The "
    "command may still be carried out: send it again with the same id to find out."
)
_NONE_RUNS: Final = mark("No dialogue runs under the name {stream}.")
_NOT_TAKEN: Final = mark("Temporal could not take the command: {problem}")
_T = TypeVar("_T")
_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 2.0
_CUT_OFF: Final = frozenset({"AcceptedUpdateCompletedWorkflow"})
_TRY_AGAIN: Final = frozenset(
    {
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.ABORTED,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.INTERNAL,
        RPCStatusCode.CANCELLED,
    }
)


async def send(
    client: Client,
    stream: str,
    kind: str,
    envelope: Mapping[str, Any],
    patience: timedelta = PATIENCE,
) -> Answer:
    """Send a command and wait until its events are on record.

    Raises `Refused`, `NotFound` (no dialogue runs under this name) or `Unreachable`.
    """
    handle = client.get_workflow_handle(stream)

    async def ask() -> dict[str, Any]:
        return await handle.execute_update(
            kind, envelope, id=update_id(kind, envelope), result_type=dict
        )

    answer = await _persist(ask, stream, patience)
    return Answer(
        version=answer["version"],
        recorded=answer["recorded"],
        events=answer["events"],
        repeated=answer.get("repeated", False),
    )


async def accept(
    client: Client,
    stream: str,
    kind: str,
    envelope: Mapping[str, Any],
    patience: timedelta = PATIENCE,
) -> None:
    """Send a command and return once it is durable in Temporal."""
    handle = client.get_workflow_handle(stream)

    async def ask() -> None:
        await handle.start_update(
            kind,
            envelope,
            id=update_id(kind, envelope),
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
        )

    await _persist(ask, stream, patience)


def update_id(kind: str, envelope: Mapping[str, Any]) -> str:
    """Give the id under which a command's update is known to Temporal."""
    return f"{envelope['id']}:{body_digest(kind, envelope['command'])}"


async def _persist(
    ask: Callable[[], Awaitable[_T]], stream: str, patience: timedelta
) -> _T:
    """Ask until there is an answer, pausing longer each time, while patience lasts."""
    pause = _FIRST_PAUSE
    problem = "it gave no answer"
    try:
        async with asyncio.timeout(patience.total_seconds()):
            while True:
                try:
                    return await ask()
                except WorkflowUpdateFailedError as error:
                    problem = cut_off(error)
                except RPCError as error:
                    problem = _passing(error, stream)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
        seconds = round(patience.total_seconds())
        raise Unreachable(
            NO_ANSWER, stream=stream, seconds=seconds, problem=problem
        ) from error


def cut_off(error: WorkflowUpdateFailedError) -> str:
    """Let a caller that a hand-over between runs cut off try again; refuse others."""
    cause = error.cause
    if isinstance(cause, ApplicationError):
        if cause.type in _CUT_OFF:
            return "the dialogue was moving on to a new run"
        facts = cause.details[0] if cause.details else None
        raise Refused(cause.type or "Refused", cause.message, facts) from error
    raise Refused("Refused", str(cause or error)) from error


def _passing(error: RPCError, stream: str) -> str:
    """Say what is wrong when it may pass; raise when it won't."""
    if error.status is RPCStatusCode.NOT_FOUND:
        raise NotFound(_NONE_RUNS, stream=stream) from error
    if error.status in _TRY_AGAIN:
        return f"Temporal: {error.status.name.lower().replace('_', ' ')}"
    raise Unreachable(_NOT_TAKEN, problem=str(error)) from error
