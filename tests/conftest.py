"""What every test may count on, whatever it tests."""

from __future__ import annotations

import gc
import os
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from temporalio.client import Client

from servers import Home, PostgresServer, TemporalServer
from servers.worker import OUT_OF_REACH
from tests.services import (
    connect,
    create_database,
    drop_database,
    postgres_running,
    temporal_running,
)

# Its asserts explain themselves, whichever suite is the first to play with it.
pytest.register_assert_rewrite("tests.workflows.playing")

settings.register_profile(
    "polder",
    # A shared machine is slow at times; that is no failure of an example.
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("polder")

_WAITING = (
    "tests/acceptance/",
    "tests/faults/",
    "tests/benchmarks/",
    "tests/docs/",
    "tests/cluster/",
    "tests/api/",
    "tests/workflows/",
)
"""Folders whose files take minutes, most of which they wait for servers."""

_BUSY = ("tests/pages/",)
"""Whose browser takes all the processor there is."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long files first, those that wait between those that are busy.

    What takes long is not left for the end, nor do all processes compute at once.
    """
    files = dict.fromkeys(item.path for item in items)
    of = {item.path: item.nodeid for item in items}
    places: dict[Path, float] = dict.fromkeys(files, 1.0)
    waiting = (path for each in _WAITING for path in files if of[path].startswith(each))
    busy = (path for path in files if of[path].startswith(_BUSY))
    for group in (list(waiting), list(busy)):
        places |= {path: n / len(group) for n, path in enumerate(group)}
    items.sort(key=lambda item: places[item.path])


def pytest_collection_finish() -> None:
    """Have the collector never again go through all that was imported and collected."""
    gc.collect()
    gc.freeze()


_ENVIRONMENT = (
    "DATABASE_URL",
    "KEYS_DATABASE_URL",
    "POLDER_DAY",
    "POLDER_API_METRICS_PORT",
    "POLDER_HOME",
    "POLDER_LOG_LEVEL",
    "POLDER_METRICS_PORT",
    "POLDER_PORT",
    "SMTP_URL",
)
_PREFIXES = ("OTEL_", "TEMPORAL_", "PG", *OUT_OF_REACH)


@pytest.fixture(scope="session", autouse=True)
def own_environment() -> Generator[None]:
    """No test meets the servers that the person who runs it uses for real."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name in _ENVIRONMENT or name.startswith(_PREFIXES):
                patch.delenv(name)
        yield


@pytest.fixture
def home(tmp_path: Path) -> Generator[Home]:
    """A home of the test's own, gone afterwards with all it has elsewhere."""
    own = Home(tmp_path / "home")
    yield own
    if own.path.exists():
        own.destroy()


_databases = count(1)


@pytest.fixture(scope="session")
async def postgres_server(
    own_environment: None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[PostgresServer]:
    """One PostgreSQL for the whole run; its superuser's URL is its `address`."""
    async with postgres_running(tmp_path_factory.mktemp("services")) as server:
        yield server


@pytest.fixture(scope="session")
async def temporal_server(
    own_environment: None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[TemporalServer]:
    """One Temporal for the whole run."""
    async with temporal_running(tmp_path_factory.mktemp("services")) as server:
        yield server


@pytest.fixture(scope="session")
async def temporal_client(temporal_server: TemporalServer) -> Client:
    """A client of that Temporal, with Polder's data converter."""
    return await connect(temporal_server)


@pytest.fixture
async def database(postgres_server: PostgresServer) -> AsyncGenerator[str]:
    """URL of a migrated database of the test's own."""
    async with _database(postgres_server.address) as url:
        yield url


@pytest.fixture(scope="module")
async def module_database(postgres_server: PostgresServer) -> AsyncGenerator[str]:
    """URL of a migrated database that the tests of a module share."""
    async with _database(postgres_server.address) as url:
        yield url


@asynccontextmanager
async def _database(server: str) -> AsyncGenerator[str]:
    name = f"own_{next(_databases)}"
    yield await create_database(server, name)
    await drop_database(server, name)
