"""What one running API has open, and the desk of each organisation behind its wall."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from api.settings import Settings
from desk.desk import Desk, open_desk


class Service:
    """One for each app. Whatever an area keeps open hangs in ``open`` under its name.

    ``stopping`` is set when the server is told to stop: answers that have no end of
    their own end then.
    """

    def __init__(self, settings: Settings, desk: Desk) -> None:
        """Use a desk that is open, before any wall: for who calls, not for what."""
        self.settings = settings
        self.desk = desk
        self.stopping = asyncio.Event()
        self.open: dict[str, Any] = {}
        self._desks: dict[str, Desk] = {}

    def desk_of(self, organisation: str) -> Desk:
        """Give the desk of an organisation: one, so that its callers go together."""
        known = self._desks.get(organisation)
        if known is None:
            known = self._desks[organisation] = self._walled(organisation)
        return known

    def _walled(self, organisation: str) -> Desk:
        del organisation
        return self.desk


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
            )
        )
        service = Service(settings, desk)
        stack.callback(service.stopping.set)
        yield service
