"""An answer that was lost changes nothing: asking again gives it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from storage.errors import Unavailable
from storage.pool import Pool, connect, make_pool
from storage.projecting import Projections
from storage.record import Receipt, append
from tests.storage.dialogues import Play
from tests.storage.streams import STREAM, batch, events


class Proxy:
    """A wire between client and server that can swallow the server's answers."""

    def __init__(self, host: str, port: int) -> None:
        """Lead to a server."""
        self._to = (host, port)
        self._pass = 0
        self._deaf = False
        self.cut = 0

    def lose_answer(self, after: int = 0) -> None:
        """Let ``after`` answers pass, and then drop the connection instead of one."""
        self._pass, self._deaf = after, True

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        up_reader, up_writer = await asyncio.open_connection(*self._to)
        forth = asyncio.create_task(self._carry(reader, up_writer))
        try:
            while data := await up_reader.read(65_536):
                if self._deaf and self._pass == 0:
                    # The server has answered, so it did its work. Nobody hears it.
                    self._deaf = False
                    self.cut += 1
                    break
                self._pass -= self._deaf
                writer.write(data)
                await writer.drain()
        finally:
            forth.cancel()
            for end in (writer, up_writer):
                end.close()
                with suppress(OSError):
                    await end.wait_closed()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
        writer.close()

    @asynccontextmanager
    async def listening(self, url: str) -> AsyncGenerator[str]:
        """Give the URL that leads through this wire."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        parts = urlsplit(url)
        user = parts.netloc.rsplit("@", 1)[0]
        yield urlunsplit(parts._replace(netloc=f"{user}@127.0.0.1:{port}"))
        server.close()
        await asyncio.sleep(0.05)


@asynccontextmanager
async def wired(url: str) -> AsyncGenerator[tuple[Proxy, str]]:
    """Give a wire to the database, and the URL through it."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    proxy = Proxy(parts.hostname, parts.port)
    async with proxy.listening(url) as through:
        yield proxy, through


async def count(url: str) -> int:
    """Return how many events are on record."""
    async with await connect(url) as conn:
        row = await (await conn.execute("SELECT count(*) FROM audit.event")).fetchone()
    assert row is not None
    return row[0]


async def test_an_answer_lost_after_commit_is_asked_again(url: str) -> None:
    """The connection drops between COMMIT and its answer: the receipt comes anyway."""
    made = events(2)
    async with wired(url) as (proxy, through), make_pool(through, max_size=1) as pool:
        await append(pool, batch(made[:1]))
        proxy.lose_answer()
        receipt = await append(pool, batch(made[1:], after=made[0]))
        assert proxy.cut == 1
    assert receipt == Receipt(STREAM, 2, made[1].hash, 0)
    assert receipt.added == 0
    assert await count(url) == 2


async def test_an_answer_lost_on_a_connection_of_ones_own_is_said_so(url: str) -> None:
    """With one connection the caller is told, and asks again on another."""
    made = events(1)
    async with wired(url) as (proxy, through):
        conn = await connect(through)
        proxy.lose_answer()
        with pytest.raises(Unavailable):
            await append(conn, batch(made))
        await conn.close()
        assert await count(url) == 1
        async with await connect(through) as again:
            assert (await append(again, batch(made))).added == 0
    assert await count(url) == 1


@pytest.mark.parametrize("answer", range(5))
async def test_any_answer_of_a_start_may_be_lost(url: str, answer: int) -> None:
    """Whichever answer is lost, contents, events and projections are there once."""
    play = Play()
    start = play.batch(play.starts())
    async with wired(url) as (proxy, through), make_pool(through, max_size=1) as pool:
        async with pool.connection() as conn:
            await conn.execute("SELECT 1")
        proxy.lose_answer(after=answer)
        receipt = await append(pool, start, Projections())
        assert await append(pool, start, Projections()) == receipt
        assert proxy.cut == 1
    async with await connect(url) as conn:
        cursor = await conn.execute("SELECT version FROM read.dialogue")
        assert await cursor.fetchall() == [(1,)]
        cursor = await conn.execute("SELECT count(*) FROM audit.content")
        assert await cursor.fetchall() == [(2,)]
    assert await count(url) == 1


async def test_a_killed_backend_costs_one_retry_inside(url: str, pool: Pool) -> None:
    """The server cuts every session: the next append finds a new connection."""
    made = events(3)
    await append(pool, batch(made[:1]))
    for after in (1, 2):
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as boss:
            await boss.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        new = batch(made[after : after + 1], after=made[after - 1])
        assert (await append(pool, new)).added == 1
    assert await count(url) == 3


async def test_appending_inside_a_callers_transaction_waits_for_it(url: str) -> None:
    """With a connection in a transaction, the caller commits, or nothing happened."""
    made = batch(events(1))
    async with await connect(url) as conn:
        async with conn.transaction(force_rollback=True):
            await append(conn, made)
        assert await count(url) == 0
        async with conn.transaction():
            await append(conn, made)
    assert await count(url) == 1
