"""One record for the attacks on it; after each it is as it was."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from servers import PostgresServer
from tests.attacks.owner import put_back
from tests.attacks.record import Record, make_record
from tests.services import create_database


@pytest.fixture(scope="session")
async def attacked(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Record:
    """The record."""
    url = await create_database(postgres_server.address, "attacked")
    return await make_record(url, tmp_path_factory.mktemp("attacked"))


@pytest.fixture
async def record(attacked: Record) -> AsyncGenerator[Record]:
    """The record, to be changed: it is put back afterwards."""
    yield attacked
    await put_back(attacked.url)
