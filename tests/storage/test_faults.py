"""An answer that was lost changes nothing: asking again gives it."""

from __future__ import annotations

import psycopg
import pytest

from storage.batch import Batch
from storage.errors import Forked, Unavailable
from storage.pool import Pool, connect, make_pool
from storage.projecting import Projections
from storage.queries import incidents
from storage.record import Receipt, append
from tests.storage.dialogues import Play
from tests.storage.streams import STREAM, batch, events
from tests.storage.wire import wired


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


async def test_a_collision_inside_a_callers_transaction_is_recorded(url: str) -> None:
    """The incident is there when the caller commits, and the transaction goes on."""
    made = events(2)
    body = made[1].body.replace(made[1].id.encode(), made[0].id.encode())
    clash = Batch(STREAM, 0, 1, made[0].hash, (body,))
    async with await connect(url) as conn:
        async with conn.transaction():
            await append(conn, batch(made[:1]))
            with pytest.raises(Forked):
                await append(conn, clash)
        assert [found.kind for found in await incidents(conn)] == ["forked"]
    assert await count(url) == 1
