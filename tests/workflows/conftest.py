"""One worker for the whole suite, in a namespace and on a database of its own."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import cast

import pytest
from temporalio.api.common.v1 import TimeSkippingConfig
from temporalio.client import Client
from temporalio.testing import TimeSkipper

from activities.notify import Messenger
from servers import PostgresServer
from storage.pool import make_pool
from tests.services import create_database, own_namespace
from worker import check_search_attributes, make_worker

pytest.register_assert_rewrite("tests.workflows.playing")

from tests.workflows.letters import Letters  # noqa: E402
from tests.workflows.playing import Engine  # noqa: E402  (after what explains asserts)


@pytest.fixture(scope="session")
async def engine(
    temporal_client: Client, postgres_server: PostgresServer
) -> AsyncGenerator[Engine]:
    """Give the servers with a worker that Polder's own root put together."""
    client = await own_namespace(temporal_client, "workflows")
    database = await create_database(postgres_server.address, "workflows")
    await check_search_attributes(client)
    skipper = TimeSkipper(client, config=TimeSkippingConfig(enabled=False))
    letters = Letters()
    async with (
        make_pool(database) as pool,
        make_worker(client, pool, cast("Messenger", letters)),
    ):
        yield Engine(client, skipper, database, letters)
