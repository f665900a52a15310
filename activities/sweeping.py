"""What waited too long in the vault goes, unless its event may still come.

Beside its activities a worker sweeps the vault, an hour after the last time: private
text of commands that were refused or never arrived has no place there. A value is
spared while its dialogue has events that are not on record, and whenever that can't be
told, so that no outage, however long, costs what somebody said in it.

A dialogue that did not get to say which texts it is without is told to look again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, Final

import structlog
from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from activities.contracts import LOOK_FOR_ERASURES
from observing.beside import beside
from storage import drafts
from storage.absent import streams
from storage.errors import StorageError
from storage.pool import Pool
from storage.vault import PENDING_FOR, Overdue, alone, overdue, sweep

FIRST: Final = timedelta(minutes=5)
"""After a start: workers that were all away have caught up by then."""
EVERY: Final = timedelta(hours=1)
UNSAID_FOR: Final = timedelta(minutes=1)
"""How long a dialogue may take to name what the vault does not have."""

_SETTLE: Final = timedelta(seconds=10)
"""Between two looks; who has messages to hear moves on within a second or two."""
_PATIENCE: Final = timedelta(seconds=5)

log = structlog.get_logger()


@asynccontextmanager
async def sweeping(
    client: Client, pool: Pool, *, first: timedelta = FIRST, every: timedelta = EVERY
) -> AsyncGenerator[None]:
    """Sweep now and then, for as long as the block lasts."""
    async with beside(_now_and_then(client, pool, first, every)):
        yield


async def _now_and_then(
    client: Client, pool: Pool, first: timedelta, every: timedelta
) -> None:
    pause = first
    while True:
        await asyncio.sleep(pause.total_seconds())
        pause = every
        try:
            await sweep_once(client, pool)
            await drafts.sweep(pool)
            await remind(client, pool)
        except StorageError as error:
            log.warning("the vault was not swept", problem=str(error))
        except Exception:
            # Nobody waits for this task: a fault in it must be seen, and end nothing.
            log.exception("the vault was not swept")


async def sweep_once(
    client: Client,
    pool: Pool,
    *,
    older_than: timedelta = PENDING_FOR,
    settle: timedelta = _SETTLE,
) -> int | None:
    """Destroy what no event will commit to; return how many values went.

    None where another worker is sweeping at this moment. Raises ``StorageError``; what
    went before that has gone, and the next time takes the rest.
    """
    async with alone(pool) as ours:
        if not ours:
            return None
        streams = await overdue(pool, older_than)
        over = await _over(client, streams, settle)
        # At this point every command that reached these dialogues is on record with
        # its values. What arrives from here on comes more than a day after its text.
        gone = await sweep(pool, over, older_than=older_than)
    log.info("the vault was swept", destroyed=gone, spared=len(streams) - len(over))
    return gone


async def remind(
    client: Client, pool: Pool, *, older_than: timedelta = UNSAID_FOR
) -> int:
    """Tell dialogues that have texts to name to look them up; return how many.

    Harmless to repeat. One that does not run is passed over: a restore tells it.
    """
    told = 0
    for stream in await streams(pool, older_than):
        with suppress(RPCError):
            await client.get_workflow_handle(stream).signal(LOOK_FOR_ERASURES)
            told += 1
    return told


async def _over(
    client: Client, streams: Sequence[Overdue], settle: timedelta
) -> list[str]:
    """Give the streams that no event can come to any more for what waits there.

    Seen twice with the same head: a dialogue that has many messages at once hears them
    bit by bit, and in between all that it heard may be on record.
    """
    before = {each: await _end(client, each) for each in streams}
    over = [each for each, end in before.items() if end is not None]
    if over:
        await asyncio.sleep(settle.total_seconds())
    return [each.stream for each in over if await _end(client, each) == before[each]]


async def _end(client: Client, waiting: Overdue) -> str | None:
    """Give where a dialogue ends, if all of it is on record; None if that is unsure."""
    try:
        head: dict[str, Any] = await client.get_workflow_handle(waiting.stream).query(
            "head", rpc_timeout=_PATIENCE
        )
    except RPCError as error:
        # A dialogue on record that Temporal has lost can be restored, or come back
        # with a backup of Temporal and what it had not recorded yet.
        unknown = error.status is RPCStatusCode.NOT_FOUND
        return "nowhere" if unknown and not waiting.lives else None
    except WorkflowQueryFailedError:
        return None
    # Before its first event a dialogue still has its start, and what came early, in
    # hand: it fetches its method.
    return head["hash"] if 0 < head["seq"] == head["recordedSeq"] else None
