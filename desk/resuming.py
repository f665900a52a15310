"""What was decided to go and did not go yet, goes: a worker sees to it now and then.

After a crash, an outage of Temporal, a dialogue that was lost and restored, or a hold
that was lifted, nobody has to remember that something was left.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import structlog

from desk.desk import Desk
from desk.destroying import forget_runs
from desk.errors import DeskError
from desk.executing import execute
from observing.beside import beside
from storage import destroying, erasing
from storage.errors import StorageError

FIRST: Final = timedelta(seconds=20)
EVERY: Final = timedelta(minutes=5)

log = structlog.get_logger()


@asynccontextmanager
async def resuming(
    desk: Desk, *, first: timedelta = FIRST, every: timedelta = EVERY
) -> AsyncGenerator[None]:
    """Carry out what is left, for as long as the block lasts."""
    async with beside(_now_and_then(desk, first, every)):
        yield


async def _now_and_then(desk: Desk, first: timedelta, every: timedelta) -> None:
    pause = first
    while True:
        await asyncio.sleep(pause.total_seconds())
        pause = every
        try:
            await resume(desk)
        except StorageError as error:
            log.warning("erasures were not resumed", problem=str(error))
        except Exception:
            # Nobody waits for this task: a fault in it must be seen, and end nothing.
            log.exception("erasures were not resumed")


async def resume(desk: Desk) -> int:
    """Carry out all that is left, once; return how many erasures were finished.

    What one can't do does not keep the next from it.
    """
    done = 0
    for organisation, erasure in await erasing.granted(desk.pool):
        try:
            found = await execute(desk, organisation, erasure, None)
        except (DeskError, StorageError) as error:
            log.warning("erasure waits", erasure=erasure, problem=str(error))
            continue
        done += found.case.status == "executed"
        log.info(
            "erasure resumed",
            erasure=erasure,
            status=found.case.status,
            dialogues=len(found.untold),
            holds=len(found.held),
        )
    for stream in await destroying.unfinished(desk.pool):
        await forget_runs(desk, await desk.client(), stream)
    return done
