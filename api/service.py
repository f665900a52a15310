"""What one running API has open, and the desk of each organisation behind its wall."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from api.settings import Settings
from desk.access.caller import Caller
from desk.access.walls import Pool, Walled, api_pool
from desk.desk import Desk, open_desk
from desk.feed import feeding
from desk.health import Health


class Service:
    """One for each app. Whatever an area keeps open hangs in ``open`` under its name.

    ``stopping`` is set when the server is told to stop: answers that have no end of
    their own end then.
    """

    def __init__(self, settings: Settings, desk: Desk, walled: Pool) -> None:
        """Use a desk and a pool that are open.

        The desk stands before any wall: for who calls, not for what. Behind the walls
        all share ``walled``.
        """
        self.settings = settings
        self.desk = desk
        self.walled = walled
        self.stopping = asyncio.Event()
        self.open: dict[str, Any] = {}
        self.health = Health(desk.pool, desk.client)
        self._desks: dict[str, tuple[Desk, Walled]] = {}

    def desk_of(self, caller: Caller) -> Desk:
        """Give the desk of an organisation: one, so that its callers go together."""
        if caller.organisation not in self._desks:
            wall = Walled(self.walled, caller.badge, self.desk.pool)
            self._desks[caller.organisation] = self.desk.within(wall), wall
        desk, wall = self._desks[caller.organisation]
        wall.renew(caller.badge)
        return desk


@asynccontextmanager
async def serving(settings: Settings) -> AsyncGenerator[Service]:
    """Open what an API needs, and close it afterwards. Raises `Unreachable`."""
    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(
            open_desk(
                settings.database,
                settings.temporal,
                settings.namespace,
                settings.patience,
                keys=settings.keys,
                signer=settings.signer,
                walled=True,
            )
        )
        walled = await stack.enter_async_context(api_pool(settings.database))
        service = Service(settings, desk, walled)
        service.open["feed"] = await stack.enter_async_context(
            feeding(desk, settings.database, service.stopping)
        )
        stack.callback(service.stopping.set)
        yield service
