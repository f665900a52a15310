"""One target is brought up to date, however long that takes, and then there is rest.

Started and told by a signal that there may be a newer checkpoint. The activity finds
the newest by itself, so ten signals in a row are one errand. It runs on a queue of its
own, by workers without a version: a target can be dead for longer than a build lives.
"""

from __future__ import annotations

from contextlib import suppress

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from activities.contracts.log import (
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
        self._failures = 0

    @workflow.signal(name=CHECKPOINT_PUBLISHED)
    def published(self) -> None:
        """Look once more: there is a newer checkpoint, or something to add to it."""
        self._asked = True

    @workflow.run
    async def run(self, target: str) -> None:
        """Try until it is there; ends where no setting names ``target`` any more."""
        while self._asked or self._failures:
            self._asked = False
            try:
                await self._bring(target)
                self._failures = 0
            except ActivityError as error:
                cause = error.cause
                if isinstance(cause, ApplicationError) and cause.type == NO_TARGET:
                    return
                self._failures += 1
                await self._pause(cause)
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(target)

    async def _bring(self, target: str) -> None:
        await workflow.execute_activity(
            PUBLISH_TO,
            target,
            result_type=PublishedTo,
            start_to_close_timeout=policies.PUBLISH_TIMEOUT,
            retry_policy=policies.ONCE,
        )

    async def _pause(self, cause: BaseException | None) -> None:
        """Wait longer each time, or as the target asks; a signal cuts it short."""
        if isinstance(cause, ApplicationError) and cause.next_retry_delay:
            await workflow.sleep(cause.next_retry_delay)
            return
        with suppress(TimeoutError):
            pause = policies.publish_pause(self._failures)
            await workflow.wait_condition(lambda: self._asked, timeout=pause)
