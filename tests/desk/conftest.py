"""One town hall for the tests that need one, in a namespace and database of its own."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest
from temporalio.client import Client

from tests.desk.town_hall import TownHall, town_hall
from tests.services import own_namespace


@pytest.fixture(scope="session")
async def townspace(temporal_client: Client) -> Client:
    """Give a namespace for this suite."""
    return await own_namespace(temporal_client, "town-hall")


@pytest.fixture(scope="module")
async def hall(
    townspace: Client,
    module_database: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncGenerator[TownHall]:
    """Give the servers with a desk and a worker."""
    home = tmp_path_factory.mktemp("hall")
    async with town_hall(townspace, module_database, home) as opened:
        yield opened
