"""Real servers for the whole run: a PostgreSQL, and a Temporal that can skip time.

The fixtures of `tests/conftest.py` start each at most once, and only for a test that
asks for it. Every suite keeps to ids and databases of its own, so they can share.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from servers import Home, PostgresServer, TemporalServer
from storage.migrate import migrate
from workflows.search import KEYS

TEMPLATE = "polder_template"
SEARCH_ATTRIBUTES = {
    key.name: "Datetime" if key.name.endswith("Deadline") else "Keyword" for key in KEYS
}
TIME_SKIPPING = {"frontend.WorkflowTimeSkippingEnabled": "true"}
"""Lets a client move the clock of one workflow; no other workflow notices."""


@asynccontextmanager
async def postgres_running(directory: Path) -> AsyncGenerator[PostgresServer]:
    """Run a PostgreSQL with a migrated template, and remove it afterwards."""
    home = Home(directory)
    # The tests that need durability over a power cut run servers of their own.
    server = PostgresServer(home.pg, settings={"fsync": "off"}, tell=lambda _: None)
    try:
        async with server:
            await create_database(server.address, TEMPLATE, "template0")
            await asyncio.to_thread(migrate, url_of(server.address, TEMPLATE))
            yield server
    finally:
        home.destroy()


@asynccontextmanager
async def temporal_running(directory: Path) -> AsyncGenerator[TemporalServer]:
    """Run a Temporal that knows our search attributes, and stop it afterwards."""
    server = TemporalServer(
        Home(directory).temporal,
        headless=True,
        search_attributes=SEARCH_ATTRIBUTES,
        dynamic_config=TIME_SKIPPING,
    )
    async with server:
        yield server


async def create_database(server: str, name: str, template: str = TEMPLATE) -> str:
    """Create a database with the newest schema; return its URL."""
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    async with await psycopg.AsyncConnection.connect(server, autocommit=True) as conn:
        await conn.execute(
            create.format(sql.Identifier(name), sql.Identifier(template))
        )
    return url_of(server, name)


def url_of(server: str, database: str) -> str:
    """Return the URL of another database on the same server."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{database}"))


async def connect(temporal: TemporalServer) -> Client:
    """Connect as Polder does."""
    return await Client.connect(
        temporal.address, data_converter=pydantic_data_converter
    )
