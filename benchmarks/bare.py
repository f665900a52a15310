"""A workflow that does nothing: what Temporal itself costs on this machine."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from temporalio import activity, workflow

BARE_QUEUE: Final = "polder-benchmark"
"""Its task queue; its worker has the settings of Polder's own."""


@activity.defn
async def do_nothing() -> None:
    """Do nothing, where an append would write."""


@workflow.defn(name="BenchmarkBare")
class Bare:
    """Takes updates, signals and queries, and does nothing about them."""

    def __init__(self) -> None:
        """Nothing was said yet."""
        self._over = False
        self._told = 0

    @workflow.run
    async def run(self) -> None:
        """Stay until told to end."""
        await workflow.wait_condition(lambda: self._over)

    @workflow.update
    async def nothing(self) -> None:
        """Be answered: the no-op that all else is compared with."""

    @workflow.update
    async def activity(self) -> None:
        """Be answered after an activity that does nothing."""
        await workflow.execute_activity(
            do_nothing, start_to_close_timeout=timedelta(seconds=20)
        )

    @workflow.signal
    def tell(self) -> None:
        """Be told something."""
        self._told += 1

    @workflow.query
    def told(self) -> int:
        """Say how often something was told."""
        return self._told

    @workflow.signal
    def end(self) -> None:
        """End."""
        self._over = True
