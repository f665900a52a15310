"""What a desk that died left half done is finished: a worker looks now and then.

Responses that wait in the inbox go on their way, and suspensions of organisations reach
the dialogues that they did not reach. Both are the very commands that were sent before,
or would have been, so that it does no harm to do it twice, or at once with a desk.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import structlog

from desk.desk import Desk
from desk.errors import DeskError
from desk.gathering import carry
from desk.signing import vouch
from desk.stopping import reach
from observing.beside import beside
from storage.errors import StorageError
from storage.inbox import left_waiting
from storage.suspensions import organisations

EVERY: Final = timedelta(seconds=30)
LEFT_FOR: Final = timedelta(seconds=30)
"""How long a desk has for what it took in."""

log = structlog.get_logger()


@asynccontextmanager
async def minding(desk: Desk, *, every: timedelta = EVERY) -> AsyncGenerator[None]:
    """Look now and then, for as long as the block lasts."""
    async with beside(_now_and_then(desk, every)):
        yield


async def _now_and_then(desk: Desk, every: timedelta) -> None:
    known = False
    while True:
        known = known or await say_key(desk)
        await asyncio.sleep(every.total_seconds())
        try:
            await bring_in(desk)
            await keep_stopped(desk)
        except StorageError as error:
            log.warning("what was left was not looked at", problem=str(error))
        except Exception:
            # Nobody waits for this task: a fault in it must be seen, and end nothing.
            log.exception("what was left was not looked at")


async def say_key(desk: Desk) -> bool:
    """Say on record which key signs here; tell whether it is there."""
    if desk.signer is None:
        return True
    try:
        await vouch(desk.pool, desk.signer.key)
    except (StorageError, DeskError) as error:
        log.warning("the desk's key is not on record yet", problem=str(error))
        return False
    return True


async def bring_in(desk: Desk, *, older_than: timedelta = LEFT_FOR) -> int:
    """Record what waits too long in the inbox; return in how many windows."""
    done = 0
    for left in await left_waiting(desk.pool, older_than):
        try:
            await carry(desk, left)
        except DeskError as error:
            log.warning("responses wait", stream=left.stream, problem=str(error))
            continue
        done += 1
        log.info("responses were brought in", stream=left.stream)
    return done


async def keep_stopped(desk: Desk) -> int:
    """Stop and let go whom suspensions did not reach; return how many dialogues."""
    done = 0
    for organisation in await organisations(desk.pool):
        client = await desk.client()
        for each in await reach(desk, client, organisation):
            trouble = str(each.trouble) if each.trouble else None
            log.info("a suspension reached", stream=each.stream, problem=trouble)
            done += each.trouble is None
    return done
