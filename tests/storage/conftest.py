"""A real PostgreSQL for the whole run, and a fresh, migrated database for each test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql

from servers.postgres import PostgresServer
from storage.keys import Keys, beside
from storage.migrate import migrate
from storage.pool import Pool, make_pool

_numbers = count(1)
TEMPLATE = "polder_template"


def url_of(server: str, database: str) -> str:
    """Return the URL of another database on the same server."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{database}"))


@pytest_asyncio.fixture(scope="session")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Start PostgreSQL; give the URL of its superuser, and a migrated template."""
    postgres = PostgresServer(
        tmp_path_factory.mktemp("postgres"), settings={"fsync": "off"}
    )
    try:
        url = await postgres.start()
        await create(url, TEMPLATE)
        await asyncio.to_thread(migrate, url_of(url, TEMPLATE))
        yield url
    finally:
        await postgres.destroy()


async def create(server: str, name: str, template: str = "template0") -> str:
    """Create a database, and one for its keys if it has a schema; return its URL."""
    ours = [(name, template)]
    if template == TEMPLATE:
        ours.append((f"{name}_keys", f"{TEMPLATE}_keys"))
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    async with await psycopg.AsyncConnection.connect(server, autocommit=True) as conn:
        for one, of in ours:
            await conn.execute(make.format(sql.Identifier(one), sql.Identifier(of)))
    return url_of(server, name)


@pytest_asyncio.fixture
async def url(server: str) -> AsyncIterator[str]:
    """Give a database of the test's own, with the newest schema.

    It goes with the test: to remove hundreds at the end takes twice as long.
    """
    name = f"test_{next(_numbers)}"
    yield await create(server, name, TEMPLATE)
    await drop(server, name, f"{name}_keys")


async def drop(server: str, *names: str) -> None:
    """Remove databases, whoever is still connected."""
    gone = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    async with await psycopg.AsyncConnection.connect(server, autocommit=True) as conn:
        for name in names:
            await conn.execute(gone.format(sql.Identifier(name)))


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
