"""One target is brought up to date, however long that takes, and then there is rest.

Started and told by a signal that there may be a newer checkpoint. The activity finds
the newest by itself, so ten signals in a row are one errand. It runs on a queue of its
own, by workers without a version: a target can be dead for longer than a build lives.
"""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from activities.contracts import (
    CHECKPOINT_PUBLISHED,
    NO_TARGET,
    PUBLISH_TO,
    PUBLISHING,
    PublishedTo,
)
from workflows import policies


@workflow.defn(name=PUBLISHING)
class PublishingWorkflow:
    """Brings the newest checkpoint to one target; ends when nobody asks for more."""

    def __init__(self) -> None:
        """Whoever starts it asks for something."""
        self._asked = True

    @workflow.signal(name=CHECKPOINT_PUBLISHED)
    def published(self) -> None:
        """Look once more: there is a newer checkpoint, or something to add to it."""
        self._asked = True

    @workflow.run
    async def run(self, target: str) -> None:
        """Try until it is there; ends where no setting names ``target`` any more."""
        while self._asked:
            self._asked = False
            try:
                await self._bring(target)
            except ActivityError as error:
                if _is_gone(error):
                    return
                # It failed for a whole day: a fresh history, and on with it.
                workflow.continue_as_new(target)

    async def _bring(self, target: str) -> None:
        await workflow.execute_activity(
            PUBLISH_TO,
            target,
            result_type=PublishedTo,
            start_to_close_timeout=policies.PUBLISH_TIMEOUT,
            schedule_to_close_timeout=policies.PUBLISH_PATIENCE,
            retry_policy=policies.PUBLISH_RETRY,
        )


def _is_gone(error: ActivityError) -> bool:
    cause = error.cause
    return isinstance(cause, ApplicationError) and cause.type == NO_TARGET
