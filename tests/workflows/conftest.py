"""One worker for the whole suite, in a namespace and on a database of its own."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from itertools import count

import pytest
from temporalio.client import Client

from servers import PostgresServer
from tests.services import create_database, drop_database, own_namespace
from tests.workflows.playing import Engine
from tests.workflows.running import engine_on

_numbers = count(1)


@pytest.fixture(scope="session")
async def engine(
    temporal_client: Client, postgres_server: PostgresServer
) -> AsyncGenerator[Engine]:
    """Give the servers with a worker."""
    name = f"workflows-{next(_numbers)}"
    client = await own_namespace(temporal_client, name)
    database = await create_database(postgres_server.address, name)
    async with engine_on(client, database) as running:
        yield running
    await drop_database(postgres_server.address, name)
