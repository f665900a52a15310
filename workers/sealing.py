"""The worker that seals with the log's key, and makes packs: for who has that key."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import structlog
from temporalio.client import Client
from temporalio.worker import Worker

from activities.contracts.log import SEALING_QUEUE
from activities.packing import Make, Packing
from activities.sealing import PUBLISH_EVERY, Sealing, start_sealing
from desk.packs_apart import Maker
from storage.logkey import create
from storage.pool import Pool
from workers.making import put_together
from workflows.packing import PackingWorkflow
from workflows.sealing import SealingWorkflow

log = structlog.get_logger()


def make_sealer(
    client: Client,
    pool: Pool,
    key: Path,
    publish_every: timedelta = PUBLISH_EVERY,
    make: Make | None = None,
) -> Worker:
    """Put a worker together that seals, and makes packs where it can ``make`` them.

    On a queue of its own, for no other worker can seal, and without a version: the
    sealer's workflow outlives every build. Raises `storage.errors.NoLogKey` and
    `BadLogKey`.
    """
    seals = Sealing(pool, key, publish_every=publish_every).seal
    packs = [Packing(make).pack] if make else []
    return put_together(
        client, SEALING_QUEUE, [SealingWorkflow, PackingWorkflow], [seals, *packs]
    )


@asynccontextmanager
async def sealing(
    client: Client, pool: Pool, environment: Mapping[str, str]
) -> AsyncGenerator[None]:
    """Seal as long as the block lasts, if there is a key to do it with."""
    told = environment.get("POLDER_LOG_KEY")
    if not told:
        log.info("this worker does not seal: POLDER_LOG_KEY is not set")
        yield
        return
    key, name = Path(told), environment.get("POLDER_LOG_NAME")
    if name:
        create(key, name)
    database, keys = str(pool.conninfo), environment.get("KEYS_DATABASE_URL")
    maker = Maker(database, keys, key)
    every = publish_every(environment)
    async with make_sealer(client, pool, key, every, maker.make):
        await start_sealing(client)
        yield


def publish_every(environment: Mapping[str, str]) -> timedelta:
    """Read how often a checkpoint is published; an hour by default."""
    told = environment.get("POLDER_PUBLISH_EVERY")
    if not told:
        return PUBLISH_EVERY
    if not told.isascii() or not told.isdigit() or int(told) == 0:
        message = "POLDER_PUBLISH_EVERY is a whole number of seconds, 1 or more"
        raise SystemExit(message)
    return timedelta(seconds=int(told))
