"""Records made for a measurement, each in a database of its own on the same server."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from benchmarks.dialogues import REASON
from benchmarks.ground import Ground
from benchmarks.script import Script
from desk.upkeep import migrate
from storage.keys import Keys, beside
from storage.pool import Pool, make_pool
from storage.projecting import Projections
from storage.record import append
from storage.vault import put

BATCH = 50
"""How many events go on record together: an even number."""


@asynccontextmanager
async def database(ground: Ground) -> AsyncGenerator[str]:
    """Give the address of an empty record, and drop it afterwards."""
    name = f"benchmark_{secrets.token_hex(4)}"
    async with await psycopg.AsyncConnection.connect(
        ground.database, autocommit=True
    ) as conn:
        await conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        url = urlunsplit(urlsplit(ground.database)._replace(path=f"/{name}"))
        try:
            await migrate(url)
            yield url
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            await conn.execute(drop.format(sql.Identifier(name)))


async def fill(
    url: str, organisation: str, dialogues: int, events: int, *, private: bool
) -> None:
    """Put so many dialogues of about so many events on record.

    ``private``: with projections, and in the vault a reason for every other event.
    Otherwise the events commit to reasons that nobody has, and nothing is projected.
    """
    async with make_pool(url) as pool, Keys(beside(url)) as keys:
        for number in range(dialogues):
            script = Script(f"{organisation}:d{number}")
            if private:
                await write(pool, keys, script, events)
            else:
                await append(pool, script.start())
                for _ in range(events // BATCH):
                    await append(pool, script.next(BATCH))


async def write(pool: Pool, keys: Keys, script: Script, events: int) -> None:
    """Put one dialogue on record, from its start, with all that belongs to it."""
    projections = Projections()
    await append(pool, script.start(), projections)
    for _ in range(events // BATCH):
        stored = await asyncio.gather(
            *(
                put(pool, keys, script.stream, command, [REASON])
                for command in script.upcoming(BATCH)
            )
        )
        reasons = [each["/reason"] for each in stored]
        await append(pool, script.next(BATCH, reasons), projections)
