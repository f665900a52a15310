"""A command of health goes the way of every command, and its answer is checked."""

from __future__ import annotations

from datetime import timedelta

from temporalio.client import (
    Client,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.contracts import CANARY_ID, CANARY_WORKFLOW, SING, TASK_QUEUE, Sung


async def sing(client: Client, patience: timedelta) -> str | None:
    """Have the canary sing; give what went wrong, or None where nothing did.

    Where no canary lives one is started. A call ends a little before ``patience`` does:
    cut off from outside it would leave loose ends.
    """
    within = patience * 0.9
    try:
        try:
            sung = await _sing(client, within)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            await _start(client, within)
            sung = await _sing(client, within)
    except WorkflowUpdateFailedError as error:
        return _failed(error)
    except WorkflowUpdateRPCTimeoutOrCancelledError:
        return "no answer in time"
    except RPCError as error:
        return f"Temporal {error.status.name}"
    return None if sung.read >= sung.written else "the record forgets"


async def _sing(client: Client, within: timedelta) -> Sung:
    canary = client.get_workflow_handle(CANARY_ID)
    return await canary.execute_update(SING, result_type=Sung, rpc_timeout=within)


async def _start(client: Client, within: timedelta) -> None:
    await client.start_workflow(
        CANARY_WORKFLOW,
        id=CANARY_ID,
        task_queue=TASK_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        rpc_timeout=within,
    )


def _failed(error: WorkflowUpdateFailedError) -> str:
    cause: BaseException | None = error.cause
    if isinstance(cause, ActivityError):
        cause = cause.cause
    named = cause.type if isinstance(cause, ApplicationError) else None
    return named or type(cause).__name__
