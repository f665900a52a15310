"""One pack is made for somebody who asked, by a worker that has the log's key."""

from __future__ import annotations

from temporalio import workflow

from activities.contracts.log import PACK, PACKING, PackMade, PackRequest
from workflows import policies


@workflow.defn(name=PACKING)
class PackingWorkflow:
    """Passes the wish on, and tells where the pack lies."""

    @workflow.run
    async def run(self, request: PackRequest) -> PackMade:
        """Have it made; an answer that was lost makes it once more."""
        return await workflow.execute_activity(
            PACK,
            request,
            result_type=PackMade,
            start_to_close_timeout=policies.PACK_TIMEOUT,
            retry_policy=policies.PACK_RETRY,
        )
