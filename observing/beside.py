"""Work that goes on beside a block, for as long as that lasts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final

_AGAIN: Final = 5.0
"""Seconds that work has for leaving things in order, before it is told once more."""


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    """Have ``work`` done meanwhile; what is not done when the block ends is left.

    Raises what it failed on. It is told to end until it does: `asyncio.wait_for`, by
    which libraries wait, forgets until Python 3.12 that it was cancelled when that
    comes in one step with what it waits for (CPython gh-86296). Who is cancelled
    themselves while they wait for that told it once, and goes on.
    """
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        while not task.done():
            task.cancel()
            # Not awaited itself: our own end would be taken for its end.
            await asyncio.wait({task}, timeout=_AGAIN)
        if not task.cancelled():
            task.result()
