"""Real servers for the whole run: a PostgreSQL, and a Temporal that can skip time.

The fixtures of `tests/conftest.py` start each at most once, and only for a test that
asks for it. Every suite keeps to ids and databases of its own, so they can share.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit, urlunsplit

import psycopg
from google.protobuf.duration_pb2 import Duration
from psycopg import sql
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError, RPCStatusCode

from servers import Home, PostgresServer, TemporalServer
from storage.migrate import migrate
from tests.memory import in_memory, lay_down
from workflows.search import SEARCH_ATTRIBUTES

TEMPLATE = "polder_template"
CARELESS = {
    # The tests that need durability over a power cut run servers of their own. What was
    # acknowledged outlives a crash of the server all the same: commits are written.
    "fsync": "off",
    "full_page_writes": "off",
    # What lies in memory is kept short.
    "min_wal_size": "32MB",
    "max_wal_size": "96MB",
    # It would work on what is dropped soon, and hold its snapshots meanwhile.
    "autovacuum": "off",
}
"""How a PostgreSQL of tests is set up, beyond Polder's own settings."""

TIME_SKIPPING = {"frontend.WorkflowTimeSkippingEnabled": "true"}
"""Lets a client move the clock of one workflow; no other workflow notices."""


@asynccontextmanager
async def postgres_running(directory: Path) -> AsyncGenerator[PostgresServer]:
    """Run a PostgreSQL with a migrated template, and remove it afterwards.

    In memory where there is room, else in ``directory``.
    """
    with in_memory(directory) as place:
        home = Home(place / "home")
        if place != directory:
            lay_down(home.pg, place / "pg")
        server = PostgresServer(home.pg, settings=CARELESS, tell=lambda _: None)
        try:
            await server.start()
            await create_database(server.address, TEMPLATE, "template0")
            await asyncio.to_thread(migrate, url_of(server.address, TEMPLATE))
            yield server
        finally:
            await _drop_dead(server)
            home.destroy()


async def _drop_dead(server: PostgresServer) -> None:
    """Stop it in its immediate mode: nobody will look at what it would still write."""
    if server.pid is not None:
        os.kill(server.pid, signal.SIGQUIT)
    await server.stop()


@asynccontextmanager
async def temporal_running(
    directory: Path,
    *,
    skips_time: bool = True,
    dynamic_config: Mapping[str, str] = MappingProxyType({}),
) -> AsyncGenerator[TemporalServer]:
    """Run a Temporal that knows our search attributes, and end it afterwards.

    In memory where there is room, else in ``directory``.
    """
    with in_memory(directory) as place:
        server = TemporalServer(
            Home(place / "home").temporal,
            headless=True,
            search_attributes=SEARCH_ATTRIBUTES,
            dynamic_config={**(TIME_SKIPPING if skips_time else {}), **dynamic_config},
        )
        try:
            await server.start()
            yield server
        finally:
            await server.kill()


async def create_database(server: str, name: str, template: str = TEMPLATE) -> str:
    """Create a database with the newest schema; return its URL.

    The keys of its vault are in another one, beside it.
    """
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
    ours = [(name, template)]
    if template == TEMPLATE:
        ours.append((f"{name}_keys", f"{TEMPLATE}_keys"))
    async with await psycopg.AsyncConnection.connect(server, autocommit=True) as conn:
        for one, of in ours:
            await conn.execute(create.format(sql.Identifier(one), sql.Identifier(of)))
    return url_of(server, name)


async def drop_database(server: str, name: str) -> None:
    """Remove a database and the one of its keys, whoever is still connected.

    Each goes with its test: to remove hundreds at the end takes twice as long.
    """
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    async with await psycopg.AsyncConnection.connect(server, autocommit=True) as conn:
        for one in (name, f"{name}_keys"):
            await conn.execute(drop.format(sql.Identifier(one)))


def url_of(server: str, database: str) -> str:
    """Return the URL of another database on the same server."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{database}"))


async def connect(temporal: TemporalServer) -> Client:
    """Connect as Polder does, without telling the machine's name."""
    return await Client.connect(
        temporal.address, data_converter=pydantic_data_converter, identity="tests"
    )


async def own_namespace(client: Client, name: str) -> Client:
    """Make a namespace for one suite, so that its workers take no other's tasks."""
    asked = RegisterNamespaceRequest(
        namespace=name, workflow_execution_retention_period=Duration(seconds=86_400)
    )
    await until(lambda: _registered(client, asked))
    config = client.config()
    config["namespace"] = name
    own = Client(**config)
    wanted = AddSearchAttributesRequest(namespace=name)
    for key, kind in SEARCH_ATTRIBUTES.items():
        wanted.search_attributes[key] = IndexedValueType.Value(
            f"INDEXED_VALUE_TYPE_{kind.upper()}"
        )
    await until(lambda: _added(client, wanted))
    return own


async def _registered(client: Client, asked: RegisterNamespaceRequest) -> bool:
    """Register a namespace; false when the connection closed beneath the call.

    The server ends each connection after five minutes, also one that rested until now.
    """
    try:
        await client.workflow_service.register_namespace(asked)
    except RPCError as error:
        if error.status is RPCStatusCode.ALREADY_EXISTS:
            return True
        if error.status in {RPCStatusCode.CANCELLED, RPCStatusCode.UNAVAILABLE}:
            return False
        raise
    return True


async def _added(client: Client, wanted: AddSearchAttributesRequest) -> bool:
    """Register search attributes; false while the namespace is not known yet."""
    try:
        await client.operator_service.add_search_attributes(wanted)
    except RPCError as error:
        if error.status in {RPCStatusCode.NOT_FOUND, RPCStatusCode.UNAVAILABLE}:
            return False
        raise
    return True


async def until(
    holds: Callable[[], Awaitable[bool]], within: float = 30, every: float = 0.05
) -> None:
    """Wait until something holds; raises `TimeoutError` when it does not in time."""
    async with asyncio.timeout(within):
        while not await holds():
            await asyncio.sleep(every)
