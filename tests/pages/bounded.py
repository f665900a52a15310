"""A bound on how long the body of a test may take: what hangs says where, and fails.

Playwright has waits without an end of their own; one such test held up all others.
What fixtures wait for is outside it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Final

BOUND: Final = 240.0
"""Seconds: many times what the longest test takes on a machine that does much else."""

Test = Callable[..., Awaitable[None]]


def bounded(test: Test, seconds: float = BOUND) -> Test:
    """Give a test that raises `TimeoutError`, from where it is then, after so long."""

    @wraps(test)
    async def within(**given: Any) -> None:  # noqa: ANN401 (fixtures of any kind)
        async with asyncio.timeout(seconds):
            await test(**given)

    return within
