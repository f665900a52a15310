"""A notification says that there is something to look at, and never what.

PostgreSQL gives it when the transaction commits, to whoever listens at that moment: it
makes a look come sooner, and is never a reason to leave one out. It holds nothing that
an organisation may not see of another: at most how long the log is, which is public.
What is new, everybody reads with the rights they have.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Final

import psycopg
from psycopg import sql

from storage.errors import SchemaMismatch, Unavailable
from storage.pool import Pool, Role, connect

RECORDED: Final = "polder_recorded"
"""Something was put on record, now or at most some milliseconds from now: of those who
append at one moment only one says it, or their commits would have to queue for it."""

SEALED: Final = "polder_sealed"
"""The log has new leaves; the payload is how many it has, in decimal."""

_AGAIN: Final = 1.0
"""Seconds between two attempts to listen."""


class Bell:
    """Whether something came since somebody looked last."""

    def __init__(self) -> None:
        """Nothing came yet."""
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Say that there may be something to look at."""
        self._rung.set()

    async def rung(self) -> None:
        """Wait until it was rung since the last time that this returned.

        May be cancelled at any moment without losing a ring.
        """
        await self._rung.wait()
        self._rung.clear()

    async def rung_within(self, seconds: float) -> None:
        """Do so for at most so long.

        Not by `wait_for`, which forgets until Python 3.12 that it was cancelled, where
        that comes in one step with the ring (CPython gh-86296).
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.rung()


@asynccontextmanager
async def listening(
    where: str | Pool, channel: str, role: Role = "polder_reader"
) -> AsyncGenerator[Bell]:
    """Listen on a connection of its own, as long as the block lasts.

    ``where`` is a URL, or a pool of connections to the same database; ``role`` one that
    its user may take: to listen needs no right at all.

    The bell rings for each notification, and whenever the connection was made anew,
    since what was said in between was said to nobody. Where the database can't be
    reached it stays silent and goes on trying: look now and then all the same.
    """
    bell = Bell()
    task = asyncio.create_task(_listen(_url(where), channel, role, bell))
    try:
        yield bell
    finally:
        task.cancel()
        # Told once: it waits as psycopg does, which forgets no end. Not awaited itself:
        # our own end would be taken for its end.
        await asyncio.wait({task})
        if not task.cancelled():
            task.result()


def _url(where: str | Pool) -> str:
    url = where if isinstance(where, str) else where.conninfo
    if not isinstance(url, str):
        message = "a pool that makes up its URL each time can't say where to listen"
        raise TypeError(message)
    return url


async def _listen(url: str, channel: str, role: Role, bell: Bell) -> None:
    listen = sql.SQL("LISTEN {}").format(sql.Identifier(channel))
    while True:
        with suppress(Unavailable, SchemaMismatch, psycopg.OperationalError):
            conn = await connect(url, role=role)
            async with conn:
                await conn.execute(listen)
                bell.ring()
                async for _ in conn.notifies():
                    bell.ring()
        await asyncio.sleep(_AGAIN)
