"""A worker may die while it delivers: nothing is lost, and order holds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from temporalio.client import Client

from activities.turn import PAGE
from servers.worker import WorkerProcess
from storage.keys import Keys, beside
from storage.logkey import create
from storage.pool import make_pool
from tests.activities.hooks import Hook, Town, hooked, until
from tests.services import own_namespace

pytestmark = pytest.mark.faults


@pytest.fixture
async def client(temporal_client: Client) -> Client:
    """A namespace of this test's own."""
    return await own_namespace(temporal_client, "killed-deliveries")


@asynccontextmanager
async def town_of(database: str, directory: Path) -> AsyncGenerator[Town]:
    """A town on a database of its own."""
    key = create(directory / "keys" / "log.key", "test")
    async with make_pool(database) as pool, Keys(beside(database)) as keys:
        yield Town(pool, keys, key)


async def test_a_worker_that_is_killed_while_it_delivers(
    client: Client, database: str, tmp_path: Path
) -> None:
    """All comes, in the order of each dialogue; what comes twice has the same id.

    Killed thrice, at no chosen moment, while there is always more to send.
    """
    hook = Hook(seconds=0.05)
    environment = {
        "DATABASE_URL": database,
        "TEMPORAL_ADDRESS": client.service_client.config.target_host,
        "TEMPORAL_NAMESPACE": client.namespace,
        "POLDER_ALLOW_PRIVATE_TARGETS": "127.0.0.1",
    }
    slugs = ["parkzicht", "aardlaan", "stationsweg"]
    async with (
        hooked(hook) as url,
        town_of(database, tmp_path) as town,
        WorkerProcess(tmp_path / "worker", environment) as worker,
    ):
        id = await town.subscribe(url)
        for _ in range(3):
            await town.grow(30, *slugs)
            await until(hook.has(len(hook.taken) + 20), 60)
            await worker.kill()
            await worker.start()

        async def caught_up() -> bool:
            now = await town.now(id)
            return now.cursor == now.log_size and not now.held

        await until(caught_up, 120)
        await asyncio.sleep(0.2)
    numbers = hook.numbers()
    for slug in slugs:
        came = numbers[f"gemeente-waterdam:{slug}"]
        firsts = list(dict.fromkeys(came))
        assert firsts == [*range(1, 91)]
    known = {got.headers["webhook-id"] for got in hook.taken}
    assert len(known) == 3 * 90
    assert len(hook.taken) - len(known) <= 3 * PAGE
