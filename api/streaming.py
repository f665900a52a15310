"""Events as a stream (Server-Sent Events): each under its place in the log.

Whoever comes back says which place they had last (``Last-Event-ID``) and goes on behind
it, with nothing lost and nothing twice; also whoever had nothing yet, for the first
thing that is sent is a place. Source of the form: HTML standard, section 9.2.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import lru_cache
from typing import Final

import structlog
from fastapi.responses import StreamingResponse
from starlette.types import Send

from api.problems import Problem
from desk.desk import Desk
from desk.errors import DeskError
from desk.feed import Follower
from desk.happening import Happened
from desk.reachable import reaching
from domain.facts import written

MEDIA_TYPE: Final = "text/event-stream"

HEARTBEAT: Final = 15.0
"""Seconds without an event after which something is sent all the same."""

STALLED: Final = 30.0
"""Seconds after which somebody who takes nothing is let go."""

BACK_MS: Final = 2_000
"""Milliseconds after which a stream that ended is to be opened again."""

Follow = Callable[[], AbstractAsyncContextManager[Follower]]
"""Begins to follow."""

Renew = Callable[[], Awaitable[Desk]]
"""Says that somebody may still follow, with the desk to read through; raises if not."""

log = structlog.get_logger()


@lru_cache(maxsize=1_024)
def told(event: Happened) -> bytes:
    """Give an event as JSON; under ``event`` the very bytes that were hashed."""
    around = {
        "leaf": event.leaf,
        "dialogue": event.dialogue,
        "seq": event.seq,
        "type": event.type,
        "at": event.at,
        "recordedAt": written(event.recorded_at),
        "hash": event.hash,
    }
    outside = json.dumps(around, separators=(",", ":")).encode()
    return outside[:-1] + b',"event":' + event.body + b"}"


@lru_cache(maxsize=1_024)
def frame(event: Happened) -> bytes:
    """Give an event as it stands in a stream. Its JSON has no line ends in it."""
    head = f"id: {event.leaf}\nevent: {event.type}\ndata: ".encode()
    return head + told(event) + b"\n\n"


class Stream(StreamingResponse):
    """An answer that goes on for as long as somebody takes what is sent."""

    async def stream_response(self, send: Send) -> None:
        """Send; let go of whoever takes nothing for long."""

        async def timely(message: object) -> None:
            async with asyncio.timeout(STALLED):
                await send(message)  # type: ignore[arg-type]

        try:
            await super().stream_response(timely)
        except TimeoutError:
            # Without a last message the server breaks the connection off.
            log.info("who followed took nothing and was let go")


def stream(follow: Follow, renew: Renew) -> Stream:
    """Answer with the events that somebody follows, until either side ends."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    sent = _events(follow, renew)
    return Stream(sent, media_type=MEDIA_TYPE, headers=headers)


async def _events(follow: Follow, renew: Renew) -> AsyncGenerator[bytes]:
    try:
        with reaching():
            async with follow() as follower:
                yield _place(follower, f"retry: {BACK_MS}\n")
                async for some in _followed(follower, renew):
                    yield some
    except (DeskError, Problem) as error:
        # It began well, so this can't be told otherwise: who comes back hears why.
        log.info("a stream of events ended", problem=type(error).__name__)
    yield f"retry: {BACK_MS}\n: end\n\n".encode()


async def _followed(follower: Follower, renew: Renew) -> AsyncGenerator[bytes]:
    loop = asyncio.get_running_loop()
    renewed = loop.time()
    while not follower.ended:
        found = await follower.next(HEARTBEAT)
        if loop.time() - renewed >= HEARTBEAT:
            follower.renew(await renew())
            renewed = loop.time()
        if found:
            yield b"".join(map(frame, found))
        elif not follower.ended:
            yield _place(follower, ":\n")


def _place(follower: Follower, before: str) -> bytes:
    """Say where somebody is; without data, so that it is no event."""
    return f"{before}id: {follower.place - 1}\n\n".encode()
