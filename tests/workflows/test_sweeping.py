"""The vault is swept of what nobody will ever commit to, and of nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import psycopg
import pytest
from temporalio.client import Client

from activities.sweeping import sweep_once, sweeping
from servers import PostgresServer
from storage.keys import Keys, beside
from storage.pool import Pool, connection, make_pool
from storage.vault import PrivateField, openings, pending, put
from tests.services import create_database, own_namespace, until
from tests.workflows.playing import FIRST, Engine, Play, envelope
from tests.workflows.running import engine_on

AT_ONCE = {"older_than": timedelta(), "settle": timedelta()}
TEXT = PrivateField("/note", "p-1", "Besproken met de wethouder")


@pytest.fixture(scope="module")
async def own(
    temporal_client: Client, postgres_server: PostgresServer
) -> AsyncGenerator[Engine]:
    """A worker whose vault no other test fills."""
    client = await own_namespace(temporal_client, "sweeping")
    database = await create_database(postgres_server.address, "sweeping")
    async with engine_on(client, database) as engine:
        yield engine


@pytest.fixture
async def pool(own: Engine) -> AsyncGenerator[Pool]:
    """The writer's pool on that database, whose vault holds nothing that waits."""
    async with make_pool(own.database) as opened:
        async with connection(opened) as conn:
            await conn.execute("DELETE FROM vault.value WHERE status = 'pending'")
        yield opened


@pytest.fixture
async def keys(own: Engine) -> AsyncGenerator[Keys]:
    """The keys of its vault."""
    async with Keys(beside(own.database)) as opened:
        yield opened


async def completes(
    play: Play, pool: Pool, keys: Keys, name: str
) -> asyncio.Task[object]:
    """Send a command with a note that lies in the vault; its answer is a task."""
    note = (await put(pool, keys, play.stream, name, [TEXT]))["/note"]
    command = {"items": FIRST[:1], "note": {"commitment": note}}
    return asyncio.create_task(play.update("complete_items", envelope(command, name)))


async def test_texts_of_what_never_came_go(own: Engine, pool: Pool, keys: Keys) -> None:
    """Of a running dialogue go the texts that no event took, and only in due time."""
    play = await own.start()
    await (await completes(play, pool, keys, "arrives"))
    await put(pool, keys, play.stream, "never-arrives", [TEXT])
    assert await sweep_once(own.client, pool) == 0
    assert await sweep_once(own.client, pool, **AT_ONCE) == 1
    assert await pending(pool) == 0
    assert [o.value for o in await openings(pool, keys, play.stream)] == [TEXT.value]


async def test_what_is_still_to_be_recorded_keeps_its_text(
    own: Engine, pool: Pool, keys: Keys
) -> None:
    """While a dialogue's events wait for the record no text of it goes."""
    play = await own.start()
    lock = b"SELECT FROM audit.stream WHERE stream = %s FOR UPDATE"
    async with await psycopg.AsyncConnection.connect(own.database) as conn:
        await conn.execute(lock, (play.stream,))
        answer = await completes(play, pool, keys, "waits")

        async def is_accepted() -> bool:
            head = await play.handle.query("head")
            return head["seq"] > head["recordedSeq"]

        await until(is_accepted)
        assert await sweep_once(own.client, pool, **AT_ONCE) == 0
        await conn.commit()
    await answer
    assert await pending(pool) == 0
    assert [o.value for o in await openings(pool, keys, play.stream)] == [TEXT.value]


async def test_who_moves_on_meanwhile_keeps_its_texts(
    own: Engine, pool: Pool, keys: Keys
) -> None:
    """A dialogue that hears something between two looks may have more to hear."""
    play = await own.start()
    await put(pool, keys, play.stream, "c-1", [TEXT])
    settle, soon = timedelta(seconds=3), timedelta()
    sweep = asyncio.create_task(
        sweep_once(own.client, pool, older_than=soon, settle=settle)
    )
    await asyncio.sleep(1)
    await play.does("complete_items", items=FIRST[:1])
    assert await sweep == 0
    assert await sweep_once(own.client, pool, **AT_ONCE) == 1


async def test_who_does_not_answer_keeps_its_texts(
    own: Engine, pool: Pool, keys: Keys
) -> None:
    """A dialogue that no worker carries, and so can't tell, loses nothing."""
    handle = await own.client.start_workflow(
        "Dialogue", envelope({}), id="gemeente-waterdam:stil", task_queue="nobody"
    )
    await put(pool, keys, handle.id, "c-1", [TEXT])
    assert await sweep_once(own.client, pool, **AT_ONCE) == 0
    await handle.terminate()


async def test_what_temporal_does_not_know(own: Engine, pool: Pool, keys: Keys) -> None:
    """Texts go of what never began or is archived, not of what can be restored."""
    await put(pool, keys, "gemeente-waterdam:nooit", "c-1", [TEXT])
    assert await sweep_once(own.client, pool, **AT_ONCE) == 1
    play = await own.start()
    await put(pool, keys, play.stream, "c-1", [TEXT])
    elsewhere = await own_namespace(own.client, "sweeping-elsewhere")
    assert await sweep_once(elsewhere, pool, **AT_ONCE) == 0
    async with connection(pool) as conn:
        await conn.execute(
            "UPDATE read.dialogue SET status = 'archived' WHERE stream = %s",
            (play.stream,),
        )
    assert await sweep_once(elsewhere, pool, **AT_ONCE) == 1


async def test_of_many_sweepers_one_sweeps(own: Engine, pool: Pool, keys: Keys) -> None:
    """Sweepers at the same moment don't do the same work, and between them do it."""
    play = await own.start()
    for number in range(5):
        await put(pool, keys, play.stream, f"c-{number}", [TEXT])
    async with make_pool(own.database) as other:
        gone = await asyncio.gather(
            *(sweep_once(own.client, p, **AT_ONCE) for p in (pool, other))
        )
    assert sorted(each or 0 for each in gone) == [0, 5]
    assert await pending(pool) == 0


async def test_a_worker_sweeps_by_itself_also_after_a_failure(
    own: Engine, pool: Pool, keys: Keys
) -> None:
    """It goes on by itself when the record was away, and ends with the block."""
    play = await own.start()
    await put(pool, keys, play.stream, "c-1", [TEXT])
    async with await psycopg.AsyncConnection.connect(own.database) as conn:
        await conn.execute("UPDATE vault.value SET created_at = now() - interval '2 d'")
        await conn.execute("ALTER TABLE vault.value RENAME TO away")
        await conn.commit()
        soon = timedelta(milliseconds=100)
        async with sweeping(own.client, pool, first=soon, every=soon):
            await asyncio.sleep(0.5)
            await conn.execute("ALTER TABLE vault.away RENAME TO value")
            await conn.commit()
            await until(lambda: _nothing_waits(pool))
    before = asyncio.all_tasks()
    assert not [each for each in before if "_now_and_then" in repr(each)]


async def _nothing_waits(pool: Pool) -> bool:
    return await pending(pool) == 0
