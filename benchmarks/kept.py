"""A town that stays: what took minutes to put on record is measured more than once.

With ``POLDER_BENCHMARK_TOWN`` a database of this name is used, on the server that the
environment names; where there is none it is made, and left there afterwards. Without,
a town is made for one measurement, and dropped.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from benchmarks.ground import Ground
from benchmarks.made import database
from benchmarks.town import CITY, Size, Town, build
from desk.upkeep import migrate

NAME: Final = "POLDER_BENCHMARK_TOWN"

_STREAMS: Final = """SELECT stream, seq FROM audit.stream
WHERE stream ~ '^[a-z0-9-]+:d[0-9]{3}-[0-9]{3}$' ORDER BY stream"""


@asynccontextmanager
async def town_of(ground: Ground, size: Size) -> AsyncGenerator[tuple[str, Town]]:
    """Give the address of a record with a town on it, and who lives there."""
    name = os.environ.get(NAME)
    if name is None:
        async with database(ground) as url:
            yield url, await _made(url, size)
    else:
        yield await _kept(ground, name, size)


async def _kept(ground: Ground, name: str, size: Size) -> tuple[str, Town]:
    url = urlunsplit(urlsplit(ground.database)._replace(path=f"/{name}"))
    named = sql.Identifier(name)
    async with await psycopg.AsyncConnection.connect(
        ground.database, autocommit=True
    ) as conn:
        there = "SELECT FROM pg_database WHERE datname = %s"
        if await (await conn.execute(there, [name])).fetchone() is not None:
            await migrate(url)
            return url, await _known(url)
        await conn.execute(sql.SQL("CREATE DATABASE {}").format(named))
        try:
            await migrate(url)
            return url, await _made(url, size)
        except BaseException:
            # Half a town would be taken for a small one.
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            await conn.execute(drop.format(named))
            raise


async def _made(url: str, size: Size) -> Town:
    async with await _owner(url) as conn:
        return await build(conn, size)


async def _known(url: str) -> Town:
    """Read who lives in a town that was made before."""
    async with await _owner(url) as conn:
        rows = await (await conn.execute(_STREAMS)).fetchall()
    streams = tuple(str(stream) for stream, _ in rows)
    others = {each.partition(":")[0] for each in streams} - {CITY}
    played = {each.partition(":")[2][1:4] for each in streams}
    directors = tuple(f"p-{int(each)}" for each in sorted(played))
    return Town(sum(seq for _, seq in rows), streams, tuple(sorted(others)), directors)


async def _owner(url: str) -> psycopg.AsyncConnection[Any]:
    return await psycopg.AsyncConnection.connect(url, autocommit=True)
