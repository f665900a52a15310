"""Whoever subscribed is woken the moment something of theirs is sealed.

The notification only makes the look come sooner: now and then all are looked at, so
that nothing hangs on it. Who is being delivered to in this process hears it at once;
for others their workflow is started, or told.
"""

from __future__ import annotations

import asyncio
from asyncio import TaskGroup
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Final

import structlog
from temporalio.client import Client
from temporalio.service import RPCError

from activities.contracts import DELIVERING, DELIVERY_QUEUE, EVENTS_SEALED
from activities.deliver import Delivering
from observing.beside import beside
from storage.deliveries import size
from storage.errors import StorageError
from storage.listening import SEALED, listening
from storage.waking import forget_attempts, new_since, to_wake

EVERY: Final = 30.0
"""Seconds between two looks at all subscriptions."""

_FORGET_EVERY: Final = 3_600.0

_log: structlog.stdlib.BoundLogger = structlog.get_logger("polder.delivery")


@asynccontextmanager
async def waking(
    client: Client, delivering: Delivering, every: float = EVERY
) -> AsyncGenerator[None]:
    """Wake subscriptions as long as the block lasts."""
    async with beside(_Waker(client, delivering, every).run()):
        yield


class _Waker:
    def __init__(self, client: Client, delivering: Delivering, every: float) -> None:
        self._client = client
        self._delivering = delivering
        self._pool = delivering.pool
        self._every = every
        self._seen: int | None = None
        self._forget_at = monotonic() + _FORGET_EVERY

    async def run(self) -> None:
        async with listening(self._pool, SEALED) as bell:
            look = monotonic()
            while True:
                all_of_them = self._seen is None or monotonic() >= look
                try:
                    await self._look(all_of_them=all_of_them)
                except (StorageError, RPCError, ExceptionGroup) as error:
                    _log.warning("nobody_was_woken", problem=str(error))
                    self._seen = None
                    await asyncio.sleep(1)
                    continue
                if all_of_them:
                    look = monotonic() + self._every
                await bell.rung_within(look - monotonic())

    async def _look(self, *, all_of_them: bool) -> None:
        stop, organisations = await size(self._pool), None
        # Who rings while nothing is new has changed a subscription.
        if not all_of_them and self._seen is not None and stop > self._seen:
            organisations = await new_since(self._pool, self._seen, stop)
        ours = list(self._delivering.under_way)
        found = await to_wake(self._pool, organisations, stop, ours)
        # Told first, noted then: what could not be told is told at the next look.
        async with TaskGroup() as group:
            for id in found:
                if not self._delivering.ring(id):
                    group.create_task(wake(self._client, id))
        self._seen = stop
        if monotonic() >= self._forget_at:
            self._forget_at = monotonic() + _FORGET_EVERY
            await forget_attempts(self._pool)


async def wake(client: Client, id: str) -> None:
    """Start the workflow of a subscription, or tell the one that runs to look."""
    await client.start_workflow(
        DELIVERING,
        id,
        id=f"polder:delivery:{id}",
        task_queue=DELIVERY_QUEUE,
        start_signal=EVENTS_SEALED,
    )
