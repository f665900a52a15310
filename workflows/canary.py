"""The canary takes the way of every command, and puts nothing on record.

Client, Temporal, a worker, an activity, PostgreSQL, and back: what answers here is what
a dialogue needs to answer. It lives for ever on the queue of dialogues, one run after
another.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.common import RetryPolicy, VersioningBehavior

from activities.contracts import CANARY, CANARY_WORKFLOW, SING, Sung

MOST: Final = 100
"""Songs of one run: then another begins, so that no history grows."""

_TIMEOUT: Final = timedelta(seconds=5)
_ONCE: Final = RetryPolicy(maximum_attempts=1)
"""Whoever asks for health wants to know how it goes now."""


@workflow.defn(name=CANARY_WORKFLOW)
class CanaryWorkflow:
    """Sings when it is asked."""

    def __init__(self) -> None:
        """It has not sung yet."""
        self._songs = 0

    @workflow.run
    async def run(self) -> None:
        """Begin another run after enough songs, once nobody waits for one."""
        await workflow.wait_condition(
            lambda: self._songs >= MOST and workflow.all_handlers_finished()
        )
        workflow.continue_as_new()

    @workflow.update(name=SING)
    async def sing(self) -> Sung:
        """Have the record write and read; an error of it is the answer."""
        self._songs += 1
        return await workflow.execute_activity(
            CANARY,
            result_type=Sung,
            start_to_close_timeout=_TIMEOUT,
            schedule_to_close_timeout=_TIMEOUT,
            retry_policy=_ONCE,
        )


@workflow.defn(
    name=CANARY_WORKFLOW, versioning_behavior=VersioningBehavior.AUTO_UPGRADE
)
class MovingCanaryWorkflow(CanaryWorkflow):
    """The same for workers that have a build: it moves to the newest by itself.

    Pinned to a build that is gone it would tell of trouble that no dialogue has.
    """

    @workflow.run
    async def run(self) -> None:
        """Do the same."""
        await super().run()
