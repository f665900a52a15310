"""A sealer is kept going: through failures, rotations and the deaths of workers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from temporalio import activity
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Worker

from activities.contracts import TASK_QUEUE
from activities.contracts.log import (
    PUBLISH,
    SEALING,
    SEALING_ID,
    SEALING_QUEUE,
    SealRequest,
)
from activities.sealing import rest, start_sealing
from evidence.census import LOG_STREAM
from evidence.checkpoint import verify_checkpoint
from servers import PostgresServer, TemporalServer
from servers.worker import WorkerProcess
from storage import proofs
from storage.errors import NoLogKey
from storage.log import Stored
from storage.logkey import LogKey, create, read, rotate
from storage.ownlog import events as events_of
from storage.pool import Pool, connection, make_pool
from storage.record import append
from tests.services import create_database, own_namespace, until
from tests.storage.logs import Filling, check_log
from tests.storage.streams import STREAM, batch, events
from tests.workflows.replaying import replayer
from workers.sealing import make_sealer, publish_every, sealing
from workflows import policies
from workflows.sealing import SealingWorkflow

_numbers = count(1)


class Ground:
    """A namespace, a database and a key of a test's own, and who is told of sizes."""

    def __init__(self, client: Client, database: str, pool: Pool, key: Path) -> None:
        """Nothing runs yet."""
        self.client = client
        self.database = database
        self.pool = pool
        self.key_path = key
        self.told: list[int] = []
        self.refuse = False

    @property
    def key(self) -> LogKey:
        """The log's key."""
        return create(self.key_path, "waterdam")

    @activity.defn(name=PUBLISH)
    async def publish(self, size: int) -> None:
        """Take note of a checkpoint that was published."""
        self.told.append(size)
        if self.refuse:
            message = "nobody takes it"
            raise RuntimeError(message)

    @asynccontextmanager
    async def sealing(
        self, publish_every: timedelta = timedelta(hours=1)
    ) -> AsyncGenerator[None]:
        """Run the workflow and a sealer with its key."""
        other = Worker(self.client, task_queue=TASK_QUEUE, activities=[self.publish])
        sealer = make_sealer(self.client, self.pool, self.key_path, publish_every)
        async with other, sealer:
            await start_sealing(self.client)
            yield

    async def newest(self, *, published: bool = False) -> Stored | None:
        """Return the newest checkpoint."""
        async with connection(self.pool) as conn:
            return await proofs.newest(conn, published=published)

    async def has(self, size: int, *, published: bool = False) -> None:
        """Wait until there is a checkpoint of at least this size."""

        async def is_there() -> bool:
            found = await self.newest(published=published)
            return found is not None and found.size >= size

        await until(is_there)


@pytest.fixture(scope="module")
async def client(temporal_client: Client) -> Client:
    """Give a namespace where nobody else seals."""
    return await own_namespace(temporal_client, "sealing")


@pytest.fixture
async def ground(
    client: Client, postgres_server: PostgresServer, tmp_path: Path
) -> AsyncGenerator[Ground]:
    """Give a record that nobody has sealed; afterwards nobody does any more."""
    name = f"sealing-{next(_numbers)}"
    database = await create_database(postgres_server.address, name)
    key = tmp_path / "keys" / "log.key"
    create(key, "waterdam")
    async with make_pool(database) as pool:
        yield Ground(client, database, pool, key)
    if await is_started(client):
        await client.get_workflow_handle(SEALING_ID).terminate()


async def is_started(client: Client) -> bool:
    """Tell whether the sealer's workflow runs."""
    try:
        told = await client.get_workflow_handle(SEALING_ID).describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return False
    return told.status is WorkflowExecutionStatus.RUNNING


async def holds(that: Callable[[], bool]) -> None:
    """Wait until something holds."""

    async def is_so() -> bool:
        return that()

    await until(is_so)


async def test_what_is_recorded_is_in_the_log_soon_and_published(
    ground: Ground,
) -> None:
    """In seconds, with nobody asking; each publication is passed on once."""
    filling = Filling(ground.pool)
    async with ground.sealing(timedelta(seconds=3)):
        await filling.grow(STREAM, 3)
        await ground.has(3)
        await ground.has(4, published=True)
        await holds(lambda: len(ground.told) >= 1)
        await filling.grow(STREAM, 2)
        await ground.has(7, published=True)
        await holds(lambda: len(ground.told) >= 2)
    assert ground.told == sorted(set(ground.told))
    await check_log(ground.pool, ground.key.vkeys)
    history = await ground.client.get_workflow_handle(SEALING_ID).fetch_history()
    await replayer(SealingWorkflow).replay_workflow(history)


_DELAYS = """
SELECT extract(epoch FROM l.sealed_at - e.recorded_at)::float
FROM audit.leaf l JOIN audit.event e ON e.stream = l.stream AND e.seq = l.seq
WHERE l.stream = %s AND l.seq > 1"""


async def test_a_ring_wakes_the_sealer(ground: Ground) -> None:
    """What is recorded at a quiet moment has its leaf long before the next look."""
    filling = Filling(ground.pool)
    async with ground.sealing():
        for size in range(1, 12):
            await filling.grow(STREAM, 1)
            await ground.has(size)
            # It has gone back to sleep: a look each second would find the next late.
            await asyncio.sleep(0.4)
    async with connection(ground.pool) as conn:
        rows = await (await conn.execute(_DELAYS, [STREAM])).fetchall()
    delays = sorted(row[0] for row in rows)
    assert len(delays) == 10
    assert delays[5] < 0.25


@pytest.mark.parametrize(
    ("took", "rests"), [(0, 0.1), (0.02, 0.1), (0.1, 0.5), (0.2, 1), (30, 1)]
)
def test_whoever_sealed_for_long_rests_for_longer(took: float, rests: float) -> None:
    """A tenth of a second at least, a second at most, five times as long between."""
    assert rest(took) == pytest.approx(rests)


async def test_an_empty_log_is_not_published(ground: Ground) -> None:
    """There is nothing to speak for before the first event."""
    async with ground.sealing(timedelta(seconds=1)):
        await holds_still(ground)
        assert await events_of(ground.pool, LOG_STREAM) == []
        await append(ground.pool, batch(events(1)))
        await ground.has(2, published=True)


async def holds_still(ground: Ground) -> None:
    """Wait until the sealer has had its turn a few times."""
    await asyncio.sleep(2.5)
    assert await ground.newest() is None


async def test_whoever_is_told_holds_up_nobody(ground: Ground) -> None:
    """While passing on fails, sealing and publishing go on; later the newest goes."""
    filling = Filling(ground.pool)
    ground.refuse = True
    async with ground.sealing(timedelta(seconds=2)):
        await filling.grow(STREAM, 1)
        await ground.has(2, published=True)
        await holds(lambda: bool(ground.told))
        await filling.grow(STREAM, 1)
        await ground.has(4, published=True)
        ground.refuse = False
        await holds(lambda: ground.told[-1] >= 4)


async def test_a_record_that_was_put_back_is_passed_on_as_well(ground: Ground) -> None:
    """Its log is shorter than what was passed on: who holds that has to find it out."""
    filling = Filling(ground.pool)
    await filling.grow(STREAM, 1)
    await ground.client.start_workflow(
        SEALING,
        SealRequest(told=1_000),
        id=SEALING_ID,
        task_queue=SEALING_QUEUE,
    )
    async with ground.sealing(timedelta(seconds=2)):
        await holds(lambda: any(size > 0 for size in ground.told))
        size = ground.told[-1]
        await ground.has(size + 1, published=True)
        await holds(lambda: ground.told[-1] > size)
    assert ground.told[-1] < 1_000


async def test_a_long_run_hands_over_and_forgets_nothing(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what was not passed on yet."""
    monkeypatch.setattr(policies, "SEAL_HISTORY", 12)
    filling = Filling(ground.pool)
    async with ground.sealing(timedelta(seconds=1)):
        handle = ground.client.get_workflow_handle(SEALING_ID)
        first = (await handle.describe()).run_id
        await filling.grow(STREAM, 1)

        async def has_moved() -> bool:
            return (await handle.describe()).run_id != first

        await until(has_moved)
        size = (await ground.newest() or pytest.fail("no checkpoint")).size
        await ground.has(size + 2, published=True)
        await holds(lambda: ground.told[-1] >= size + 2)
    await check_log(ground.pool, ground.key.vkeys)


async def test_what_contradicts_the_record_is_told_once(ground: Ground) -> None:
    """In the log's own stream, with what to do about it, and sealed like the rest."""
    made = events(3)
    await append(ground.pool, batch(made[:2]))
    async with connection(ground.pool) as conn:
        for seq in (1, 2):
            detail = f'{{"seq": {seq}}}'
            await conn.execute("SET ROLE polder_sealer")
            await conn.execute(
                "SELECT audit.note_not_sealed(%s, %s::jsonb)", (STREAM, detail)
            )
        await conn.execute("SET ROLE polder_writer")

    async def told() -> list[str]:
        found = await events_of(ground.pool, LOG_STREAM, ["incident_found"])
        assert all(one.data["stream"] == STREAM for one in found)
        assert all(one.data["todo"] == "verify" for one in found)
        return [one.data["incident"] for one in found]

    async def both() -> bool:
        return len(await told()) == 2

    for _ in range(2):
        async with ground.sealing(timedelta(seconds=1)):
            await until(both)
            size = (await ground.newest() or pytest.fail("no checkpoint")).size
            await ground.has(size + 1, published=True)
    assert len(set(await told())) == 2


async def test_a_new_key_signs_from_the_moment_it_is_there(ground: Ground) -> None:
    """The sealer looks at the file, and the log says so itself."""
    filling = Filling(ground.pool)
    old = ground.key
    async with ground.sealing():
        await filling.grow(STREAM, 1)
        await ground.has(1)
        new = rotate(ground.key_path)
        await filling.grow(STREAM, 1)
        # One of the stream, and one that says that the key changed.
        await ground.has(4)
    newest = await ground.newest()
    assert newest is not None
    assert verify_checkpoint(newest.note, [new.vkey]).key == new.vkey
    assert old.vkey in new.vkeys
    await check_log(ground.pool, new.vkeys)


async def test_a_workers_successor_goes_on_where_it_was_killed(
    ground: Ground, temporal_server: TemporalServer, tmp_path: Path
) -> None:
    """With no order and no help: of two workers either may die at any moment."""
    settings = {
        "DATABASE_URL": ground.database,
        "TEMPORAL_ADDRESS": temporal_server.address,
        "TEMPORAL_NAMESPACE": ground.client.namespace,
        "POLDER_LOG_KEY": str(ground.key_path),
        "POLDER_PUBLISH_EVERY": "2",
    }
    filling = Filling(ground.pool)
    workers = [WorkerProcess(tmp_path / f"w{n}", settings) for n in range(2)]
    async with AsyncExitStack() as stack:
        for each in workers:
            await stack.enter_async_context(each)
        size = 0
        for dying in workers:
            await filling.grow(STREAM, 5)
            size += 5
            await ground.has(size, published=True)
            await dying.kill()
            await filling.grow(STREAM, 5)
            size += 5
            if dying is workers[1]:
                await workers[0].start()
            await ground.has(size, published=True)
    tree = await check_log(ground.pool, ground.key.vkeys)
    assert tree.size > size


async def test_without_a_key_a_worker_does_not_seal(ground: Ground) -> None:
    """And no workflow of the sealer is started."""
    async with sealing(ground.client, ground.pool, {}):
        assert not await is_started(ground.client)


async def test_a_worker_makes_the_key_only_of_a_log_it_can_name(
    ground: Ground, tmp_path: Path
) -> None:
    """A key that is not where it should be is no reason to begin another log."""
    path = tmp_path / "elsewhere" / "log.key"
    settings = {"POLDER_LOG_KEY": str(path)}
    with pytest.raises(NoLogKey):
        async with sealing(ground.client, ground.pool, settings):
            pytest.fail("it seals without a key")
    async with sealing(
        ground.client, ground.pool, settings | {"POLDER_LOG_NAME": "waterdam"}
    ):
        assert read(path).vkey.name == "polder/waterdam"


@pytest.mark.parametrize("told", ["0", "-1", "x", "1.5", "²"])
def test_how_often_is_a_number_of_seconds(told: str) -> None:
    """Anything else is refused when the worker starts."""
    with pytest.raises(SystemExit):
        publish_every({"POLDER_PUBLISH_EVERY": told})
    assert publish_every({}) == timedelta(hours=1)
    assert publish_every({"POLDER_PUBLISH_EVERY": "90"}) == timedelta(seconds=90)
