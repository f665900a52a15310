"""One sealer is kept going, and what it published is passed on.

The activity seals for as long as it lives and returns when a checkpoint was published.
Passing that on is an errand of its own, which however long it takes never holds up the
sealer. The workflow runs on the sealers' own queue, by workers without a version: it
outlives every build, so a change to it has to replay what is under way.
"""

from __future__ import annotations

import asyncio

from temporalio import workflow

from activities.contracts import TASK_QUEUE
from activities.contracts.log import (
    PUBLISH,
    SEAL,
    SEALING,
    SEALING_QUEUE,
    SealedUpTo,
    SealRequest,
)
from workflows import policies


@workflow.defn(name=SEALING)
class SealingWorkflow:
    """Seals for ever. Its argument is the last checkpoint that was passed on."""

    @workflow.init
    def __init__(self, state: SealRequest) -> None:
        """Go on where another run stopped."""
        self._told = state.told
        self._published = state.told

    @workflow.run
    async def run(self, state: SealRequest) -> None:
        """Keep a sealer going until this run has become long."""
        del state
        teller = asyncio.create_task(self._tell())
        while not self._is_long():
            sealed: SealedUpTo = await workflow.execute_activity(
                SEAL,
                SealRequest(told=self._published),
                result_type=SealedUpTo,
                task_queue=SEALING_QUEUE,
                start_to_close_timeout=policies.SEAL_TIMEOUT,
                heartbeat_timeout=policies.SEAL_HEARTBEAT,
                retry_policy=policies.SEAL_RETRY,
            )
            # Less than before, where a backup was put in the place of the record.
            self._published = sealed.published
        teller.cancel()
        # What was not passed on yet, the next run passes on.
        workflow.continue_as_new(SealRequest(told=self._told))

    async def _tell(self) -> None:
        while True:
            await workflow.wait_condition(lambda: self._told != self._published)
            size = self._published
            await workflow.execute_activity(
                PUBLISH,
                size,
                task_queue=TASK_QUEUE,
                start_to_close_timeout=policies.PUBLISH_TIMEOUT,
                retry_policy=policies.PUBLISH_RETRY,
            )
            self._told = size

    def _is_long(self) -> bool:
        info = workflow.info()
        return (
            info.is_continue_as_new_suggested()
            or info.get_current_history_length() >= policies.SEAL_HISTORY
        )
