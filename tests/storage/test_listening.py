"""Whoever listens looks at once, and learns nothing that is not for everybody."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from pathlib import Path

import psycopg
import pytest

from storage.errors import Forked
from storage.listening import RECORDED, SEALED, listening
from storage.logkey import create
from storage.pool import Pool, connect, connection
from storage.record import append
from storage.sealing import seal
from tests.storage.logs import Filling
from tests.storage.streams import STREAM, batch, events

SOON = 5.0


async def heard(url: str, during: Awaitable[object]) -> list[tuple[str, str]]:
    """What a listener to both channels hears meanwhile."""
    conn = await connect(url, role="polder_reader")
    async with conn:
        for channel in (RECORDED, SEALED):
            await conn.execute(f"LISTEN {channel}".encode())
        await during
        return [(n.channel, n.payload) async for n in conn.notifies(timeout=0.3)]


async def test_an_append_rings_and_says_nothing_else(url: str, pool: Pool) -> None:
    """Neither stream nor number: who may know them reads them."""
    assert await heard(url, append(pool, batch(events(2)))) == [(RECORDED, "")]


async def test_what_was_there_already_or_is_refused_does_not_ring(
    url: str, pool: Pool
) -> None:
    """There is nothing new to look at."""
    made = events(2)
    await append(pool, batch(made))

    async def nothing_new() -> None:
        await append(pool, batch(made))
        with pytest.raises(Forked):
            await append(pool, batch(events(1, mark="d", after=made[:1]), made[0]))

    assert await heard(url, nothing_new()) == []


async def test_one_of_many_who_append_at_once_rings(url: str, pool: Pool) -> None:
    """Who can't say it while another does is not kept waiting, and is not in vain."""
    filling = Filling(pool)
    async with connection(pool) as one, one.transaction():
        await append(one, batch(events(1)))
        assert await heard(url, filling.grow("gemeente-waterdam:bb", 1)) == []
    assert await heard(url, filling.grow("gemeente-waterdam:bb", 1)) == [(RECORDED, "")]


async def test_a_seal_tells_how_long_the_log_is(
    url: str, pool: Pool, tmp_path: Path
) -> None:
    """Which everybody may know: a checkpoint says so too."""
    key = create(tmp_path / "keys" / "log.key", "waterdam")
    await append(pool, batch(events(3)))
    assert await heard(url, seal(pool, key)) == [(SEALED, "3")]
    assert await heard(url, seal(pool, key)) == []


async def test_a_bell_keeps_its_ring_until_somebody_waits(url: str, pool: Pool) -> None:
    """Also one that came while nobody waited; and it rings once for many."""
    async with listening(url, RECORDED) as bell:
        await asyncio.wait_for(bell.rung(), SOON)  # it listens from here on
        await append(pool, batch(events(1)))
        await Filling(pool).grow("gemeente-waterdam:bb", 2)
        await asyncio.sleep(0.3)
        await asyncio.wait_for(bell.rung(), SOON)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(bell.rung(), 0.2)


async def test_a_bell_rings_after_its_connection_was_lost(url: str, pool: Pool) -> None:
    """What was recorded meanwhile was said to nobody."""
    async with listening(pool, RECORDED) as bell:
        await asyncio.wait_for(bell.rung(), SOON)
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
            ended = await conn.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE 'LISTEN%' AND datname = current_database()"
            )
            assert len(await ended.fetchall()) == 1
        await append(pool, batch(events(1, stream=STREAM)))
        await asyncio.wait_for(bell.rung(), SOON)


async def test_a_listener_that_leaves_while_it_connects_leaves_nothing_open(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else has the connection yet, so nobody else could close it."""
    made: list[psycopg.AsyncConnection] = []
    waits = asyncio.Event()

    async def endless(conn: psycopg.AsyncConnection, _statement: object) -> None:
        made.append(conn)
        waits.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(psycopg.AsyncConnection, "execute", endless)
    async with listening(url, SEALED):
        await waits.wait()
    assert [conn.closed for conn in made] == [True]
