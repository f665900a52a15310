"""An activity says that it lives, also while what it waits for takes long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from temporalio import activity

from observing.beside import beside

_EVERY: Final = 2.0
"""Seconds between two heartbeats."""


@asynccontextmanager
async def heartbeats() -> AsyncGenerator[None]:
    """Send heartbeats for as long as the block lasts."""
    async with beside(_beat()):
        yield


async def _beat() -> None:
    while True:
        activity.heartbeat()
        await asyncio.sleep(_EVERY)
