"""Long work in an event loop gives way to others every few milliseconds."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Final

AFTER: Final = 0.005
"""Seconds of work after which others come first."""


class GivingWay:
    """Made where long work begins; to be asked in between, at each part of it."""

    def __init__(self) -> None:
        """Begin now."""
        self._since = monotonic()

    async def now_and_then(self) -> None:
        """Let others go first, if this has taken long enough."""
        if monotonic() - self._since >= AFTER:
            await asyncio.sleep(0)
            self._since = monotonic()
