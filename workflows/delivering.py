"""One subscription is served, however long that takes, and then there is rest.

Started and told by a signal that there may be more. The activity finds by itself what
is next, so ten signals in a row are one errand. A target that is away is left alone for
as long as the activity says; new events don't cut that short, a person does. It runs on
a queue of its own, by workers without a version: a target can be dead for longer than a
build lives, and holds up no other.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from temporalio import workflow

from activities.contracts import (
    DELIVER,
    DELIVERING,
    EVENTS_SEALED,
    SUBSCRIPTION_CHANGED,
    Delivered,
)
from workflows import policies


@workflow.defn(name=DELIVERING)
class DeliveryWorkflow:
    """Delivers to one subscription; ends when there is nothing more to send."""

    def __init__(self) -> None:
        """Whoever starts it asks for something."""
        self._more = True
        self._changed = False

    @workflow.signal(name=EVENTS_SEALED)
    def sealed(self) -> None:
        """Look once more: there are new events."""
        self._more = True

    @workflow.signal(name=SUBSCRIPTION_CHANGED)
    def changed(self) -> None:
        """Look once more, and now: somebody asked for something."""
        self._more = self._changed = True

    @workflow.run
    async def run(self, subscription: str) -> None:
        """Deliver until nobody asks for more, or the subscription is over."""
        while self._more:
            self._more = self._changed = False
            came = await self._deliver(subscription)
            if came.wait_ms is not None and not came.over:
                await self._pause(came.wait_ms)
                self._more = True
            if workflow.info().is_continue_as_new_suggested() and self._more:
                workflow.continue_as_new(subscription)

    async def _deliver(self, subscription: str) -> Delivered:
        return await workflow.execute_activity(
            DELIVER,
            subscription,
            result_type=Delivered,
            start_to_close_timeout=policies.DELIVER_TIMEOUT,
            heartbeat_timeout=policies.DELIVER_HEARTBEAT,
            retry_policy=policies.DELIVER_RETRY,
        )

    async def _pause(self, wait_ms: int) -> None:
        """Leave the target alone, unless a person asks; then it is tried again."""
        if wait_ms == 0:
            return
        with suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self._changed, timeout=timedelta(milliseconds=wait_ms)
            )
