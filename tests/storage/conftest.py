"""A real PostgreSQL for the whole run, and a fresh, migrated database for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import count

import pytest
import pytest_asyncio

from storage.keys import Keys, beside
from storage.pool import Pool, make_pool
from tests.services import create_database, drop_database, postgres_running

_numbers = count(1)


@pytest_asyncio.fixture(scope="package")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Start PostgreSQL; give the URL of its superuser, and a migrated template."""
    async with postgres_running(tmp_path_factory.mktemp("postgres")) as postgres:
        yield postgres.address


async def create(server: str, name: str, template: str = "template0") -> str:
    """Create a database, and one for its keys if it has a schema; return its URL."""
    return await create_database(server, name, template)


@pytest_asyncio.fixture
async def url(server: str) -> AsyncIterator[str]:
    """Give a database of the test's own, with the newest schema."""
    name = f"test_{next(_numbers)}"
    yield await create_database(server, name)
    await drop_database(server, name)


@pytest_asyncio.fixture
async def pool(url: str) -> AsyncIterator[Pool]:
    """Give the writer's pool."""
    async with make_pool(url) as opened:
        yield opened


@pytest_asyncio.fixture
async def keys(url: str) -> AsyncIterator[Keys]:
    """Give the keys of its vault."""
    async with Keys(beside(url)) as opened:
        yield opened
