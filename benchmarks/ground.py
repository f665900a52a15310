"""Where it is measured: Polder's own servers, or those that the environment names.

Both workers run as processes of their own, as they do for real. Embedded servers have
the settings that `polder up` gives them; that PostgreSQL counts its statements is the
one addition.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from desk.upkeep import migrate, register_search_attributes
from servers import Home, PostgresServer, TemporalServer
from servers.files import private_directory
from servers.worker import WorkerProcess
from storage.keys import Keys, beside
from storage.pool import Pool, make_pool
from workflows.search import SEARCH_ATTRIBUTES

ROOT: Final = Path(__file__).parent.parent
COUNTING: Final = {"shared_preload_libraries": "pg_stat_statements"}


@dataclass(frozen=True)
class Ground:
    """Servers, both workers, and names that no other run uses.

    ``pool`` and ``keys`` are for texts that commands refer to.

    ``temporal_file`` is the database of an embedded Temporal; with servers that were
    given there is none.
    """

    client: Client
    database: str
    temporal: str
    directory: Path
    polder: WorkerProcess
    bare: WorkerProcess
    temporal_file: Path | None
    organisation: str
    pool: Pool
    keys: Keys

    @property
    def embedded(self) -> bool:
        """Whether the servers are Polder's own."""
        return self.temporal_file is not None


@asynccontextmanager
async def ground(directory: Path) -> AsyncGenerator[Ground]:
    """Use the servers of the environment if it names both, else start our own."""
    database = os.environ.get("DATABASE_URL")
    temporal = os.environ.get("TEMPORAL_ADDRESS")
    if database and temporal:
        namespace = os.environ.get("TEMPORAL_NAMESPACE", "default")
        async with _working(directory, database, temporal, namespace, None) as given:
            yield given
    else:
        async with embedded(directory) as own:
            yield own


@asynccontextmanager
async def embedded(directory: Path) -> AsyncGenerator[Ground]:
    """Start servers of our own in a directory, and remove them afterwards."""
    home = Home(directory / "home")
    private_directory(home.path)
    postgres = PostgresServer(home.pg, settings=COUNTING, tell=lambda _: None)
    temporal = TemporalServer(
        home.temporal, headless=True, search_attributes=SEARCH_ATTRIBUTES
    )
    try:
        async with postgres, temporal:
            file = home.temporal / "temporal.db"
            async with _working(
                directory, postgres.address, temporal.address, "default", file
            ) as own:
                yield own
    finally:
        home.destroy()


@asynccontextmanager
async def _working(
    directory: Path, database: str, temporal: str, namespace: str, file: Path | None
) -> AsyncGenerator[Ground]:
    """Prepare the servers and run both workers."""
    await migrate(database)
    client = await Client.connect(
        temporal, namespace=namespace, data_converter=pydantic_data_converter
    )
    await register_search_attributes(client)
    settings = {
        **os.environ,
        "DATABASE_URL": database,
        "TEMPORAL_ADDRESS": temporal,
        "TEMPORAL_NAMESPACE": namespace,
    }
    polder = WorkerProcess(directory / "worker", settings)
    bare = WorkerProcess(directory / "bare", settings, module="benchmarks.bare_worker")
    organisation = f"benchmark-{secrets.token_hex(4)}"
    vault_keys = os.environ.get("KEYS_DATABASE_URL")
    async with AsyncExitStack() as stack:
        for program in (polder, bare):
            stack.push_async_callback(program.stop)
            await program.start()
        pool = await stack.enter_async_context(make_pool(database))
        keys = await stack.enter_async_context(Keys(vault_keys or beside(database)))
        yield Ground(
            client=client,
            database=database,
            temporal=temporal,
            directory=directory,
            polder=polder,
            bare=bare,
            temporal_file=file,
            organisation=organisation,
            pool=pool,
            keys=keys,
        )
        if file is None:
            await _clear(client, organisation)


async def _clear(client: Client, organisation: str) -> None:
    """End what runs on servers that others use; the record keeps what it got."""
    query = f'PolderOrganisation = "{organisation}" OR WorkflowType = "BenchmarkBare"'
    async for found in client.list_workflows(f"({query}) AND CloseTime IS NULL"):
        handle = client.get_workflow_handle(found.id)
        await handle.terminate("the benchmark is over")
