"""Restoring: a dialogue whose workflow is lost starts again from its record.

A restore raises the stream's epoch first. From then on a workflow of an older epoch,
should a Temporal database be put back, is told that it was superseded, and stops.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any, Final

from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
)
from temporalio.common import WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode

from activities.contracts import TASK_QUEUE
from desk.errors import NotFound, Refused, Unreachable
from desk.gone import NO_DIALOGUE, refuse_destroyed
from desk.sending import Answer
from domain.errors import DialogueEnded
from language import mark
from storage.absent import unnamed
from storage.batch import batch_of
from storage.errors import AppendRefused
from storage.folding import fold_stream
from storage.open_incidents import close_all
from storage.pool import Pool
from storage.projecting import Projections
from storage.queries import events
from storage.record import alone, append, head, take_over
from workflows.beginning import Carried
from workflows.erasing import LOOK_UP
from workflows.ledger import Ledger, LedgerState

_PAUSE = 0.05

_RUNS: Final = mark(
    "Temporal runs {stream}: there is nothing to restore. To replace the running "
    "workflow all the same, add --supersede."
)
SILENT: Final = mark("Temporal does not answer: {problem}")
_CANNOT_ASK: Final = mark(
    "The running workflow can't be asked what it has not recorded yet: {problem}. "
    "Start a worker and try again."
)
_NOBODY_CARRIES_ON: Final = mark(
    "{stream} was restored, but no worker carries it on yet."
)


async def restore(
    client: Client,
    pool: Pool,
    stream: str,
    *,
    supersede: bool,
    patience: timedelta,
) -> Answer:
    """Start a dialogue's workflow from the record; wait until that is on record.

    Refuses while Temporal runs it, unless ``supersede`` is given: then what the
    running workflow has not recorded yet is saved and the workflow ended first.
    """
    async with alone(pool, stream):
        after = await _start_again(client, pool, stream, supersede=supersede)
        answer = await _recorded(pool, stream, after, patience)
        if await unnamed(pool, stream):
            # The workflow that was lost did not get to say what is missing.
            await client.get_workflow_handle(stream).signal(LOOK_UP)
    await close_all(pool, stream, "superseded" if supersede else "restored")
    return answer


async def _start_again(
    client: Client, pool: Pool, stream: str, *, supersede: bool
) -> int:
    """Start the workflow; give the last event that was on record before."""
    handle = client.get_workflow_handle(stream)
    if await _runs(handle):
        if not supersede:
            message = _RUNS.format(stream=stream)
            raise Refused("DialogueRuns", message, {"stream": stream}, template=_RUNS)
        await _save_outbox(handle, pool)
        await handle.terminate("superseded by a restore from the record")
    held = await head(pool, stream)
    if held is None:
        raise NotFound(NO_DIALOGUE, stream=stream)
    await refuse_destroyed(pool, stream)
    moment = await fold_stream(pool, stream)
    if moment.state.status == "archived":
        raise Refused.of(DialogueEnded(status="archived"))
    # At this point nothing has changed. If we crash after the epoch was raised and
    # before the workflow started, the restore is simply done again.
    taken = await take_over(pool, held)
    ledger = LedgerState(
        stream=stream,
        epoch=taken.epoch,
        seq=moment.seq,
        hash=moment.hash,
        recorded_seq=moment.seq,
        recorded_hash=moment.hash,
        token=taken.token,
    )
    carried = Carried(state=moment.state, ledger=ledger, restored=True)
    await client.start_workflow(
        "Dialogue",
        carried.model_dump(mode="json"),
        id=stream,
        task_queue=TASK_QUEUE,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
    )
    return moment.seq


async def _runs(handle: WorkflowHandle[Any, Any]) -> bool:
    try:
        described = await handle.describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise Unreachable(SILENT, problem=str(error)) from error
    return described.status is WorkflowExecutionStatus.RUNNING


async def _save_outbox(handle: WorkflowHandle[Any, Any], pool: Pool) -> None:
    """Record what the running workflow has accepted and not recorded yet.

    Where the record contradicts it there is nothing to save: that is what the
    restore is for.
    """
    try:
        carried = await handle.query("outbox")
    except (WorkflowQueryFailedError, WorkflowQueryRejectedError, RPCError) as error:
        raise Unreachable(_CANNOT_ASK, problem=str(error)) from error
    ledger = Ledger(LedgerState.model_validate(carried))
    projections = Projections()
    while ledger.waiting:
        batch = batch_of(ledger.next_batch())
        try:
            receipt = await append(pool, batch, projections)
        except AppendRefused:
            return
        ledger.recorded(receipt.seq, receipt.hash)


async def _recorded(pool: Pool, stream: str, after: int, patience: timedelta) -> Answer:
    try:
        async with asyncio.timeout(patience.total_seconds()):
            found = await events(pool, stream, after_seq=after, limit=1)
            while not found:
                await asyncio.sleep(_PAUSE)
                found = await events(pool, stream, after_seq=after, limit=1)
    except TimeoutError as error:
        raise Unreachable(_NOBODY_CARRIES_ON, stream=stream) from error
    first = found[0]
    return Answer(first.seq, recorded=True, events=[first.named])
