"""Clients that keep a dialogue busy while something is broken under it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from tests.faults.telling import Told, Way, fresh, noted

WAYS: Final[tuple[Way, ...]] = ("desk", "update", "signal")
_EACH: Final = 2
"""Clients by each way."""

_PAUSE: Final = 0.1
"""Seconds: signals know no back-pressure, and no run can end under a flood of them."""


async def _client(told: Told, way: Way, enough: asyncio.Event) -> None:
    while not enough.is_set():
        name = fresh("load")
        await told.insist(way, "note_signal", noted(name), name)
        await asyncio.sleep(_PAUSE)


@asynccontextmanager
async def loaded(told: Told) -> AsyncGenerator[None]:
    """Keep clients of every way busy as long as this lasts; each insists."""
    enough = asyncio.Event()
    clients = [asyncio.create_task(_client(told, way, enough)) for way in WAYS * _EACH]
    try:
        yield
    finally:
        enough.set()
        await asyncio.wait_for(asyncio.gather(*clients), 120)
