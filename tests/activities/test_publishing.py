"""Every target gets each checkpoint by itself, however long another one is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.worker import Worker

from activities.contracts import TASK_QUEUE
from activities.directory import Directory
from activities.publishing import Publishing
from activities.target import Contradiction, Newest, NotPublished, Target
from activities.timestamps import Authority, read_certificates
from activities.webhook import Webhook
from activities.witness import Witness
from evidence.note import cosigned_at, parse_note
from storage.pool import Pool
from storage.publications import Publication, publications
from tests.activities.authority import authority_serving, make_authority, openssl
from tests.activities.checkpoints import LOOPBACK, Journal, journal, serving
from tests.activities.witnesses import OUR_WITNESS, cosignature
from tests.services import own_namespace
from tests.services import until as until_within
from workers.publishing import make_publisher

__all__ = ["journal"]

_NOWHERE = "http://127.0.0.1:9"

until = partial(until_within, within=90)


@pytest.fixture(scope="module")
async def client(temporal_client: Client) -> Client:
    """A namespace of this module's own."""
    return await own_namespace(temporal_client, "publishing")


@asynccontextmanager
async def worker_with(client: Client, publishing: Publishing) -> AsyncGenerator[None]:
    """Run the root's own worker for targets, and what wakes them."""
    teller = Worker(client, task_queue=TASK_QUEUE, activities=[publishing.publish])
    async with make_publisher(client, publishing), teller:
        yield


async def status(journal: Journal) -> dict[str, Publication]:
    """How far each target is, by the kind that it is of."""
    found = await publications(journal.pool)
    return {each.target.partition(":")[0]: each for each in found}


def has(journal: Journal, kind: str, size: int) -> Callable[[], Any]:
    """Whether a target has the checkpoint of a size."""

    async def look() -> bool:
        found = (await status(journal)).get(kind)
        return found is not None and found.size == size

    return look


async def rests(client: Client, target: str) -> bool:
    """Whether the target's workflow has ended well."""
    handle = client.get_workflow_handle(f"polder:publishing:{target}")
    return (await handle.describe()).status is WorkflowExecutionStatus.COMPLETED


class Moody:
    """A target that takes what it is told to take."""

    def __init__(self, name: str) -> None:
        """It has nothing against anybody yet."""
        self.id = name
        self.problem: NotPublished | None = None
        self.taken: list[int] = []

    async def publish(self, pool: Pool, newest: Newest) -> bool:
        """Take it, or say why not."""
        if self.problem is not None:
            raise self.problem
        self.taken.append(newest.size)
        return False


async def test_one_dead_target_holds_up_no_other(
    journal: Journal, client: Client, tmp_path: Path
) -> None:
    """What is dead gets the newest when it is back, and not all that it missed."""
    got: list[bytes] = []
    lives = False

    async def receive(request: web.Request) -> web.Response:
        if not lives:
            return web.Response(status=503)
        got.append(await request.read())
        return web.Response()

    out = tmp_path / "out"
    async with serving(receive) as url:
        webhook = Webhook(url, (b"s" * 24,), LOOPBACK)
        witness = Witness(OUR_WITNESS, _NOWHERE, LOOPBACK)
        publishing = Publishing(journal.pool, [webhook, witness, Directory(out)])
        async with worker_with(client, publishing):
            sizes: list[int] = []
            for _ in range(2):
                newest = await journal.grow()
                sizes.append(newest.size)
                await publishing.wake(client)
                await until(has(journal, "directory", newest.size))
            there = {path.name for path in out.glob("[0-9]*")}
            assert there == {f"{size}.checkpoint" for size in sizes}

            async def failed() -> bool:
                found = await status(journal)
                return found["webhook"].failures > 1 and found["witness"].failures > 0

            await until(failed)
            found = await status(journal)
            assert found["webhook"].size is None
            assert found["webhook"].error == "the webhook answered 503"
            assert "can't be reached" in (found["witness"].error or "")
            assert found["directory"].error is None
            lives = True
            await until(has(journal, "webhook", sizes[-1]))
            assert len(got) == 1
            assert (await status(journal))["webhook"].failures == 0
            await until(lambda: rests(client, "directory"))
            await until(lambda: rests(client, webhook.id))


async def test_what_comes_back_goes_into_the_directory_too(
    journal: Journal, client: Client, tmp_path: Path
) -> None:
    """The newest checkpoint there has the cosignature, and its timestamp beside it."""
    openssl()
    tsa, out = make_authority(tmp_path / "tsa"), tmp_path / "out"

    async def cosign(request: web.Request) -> web.Response:
        note = (await request.read()).partition(b"\n\n")[2]
        return web.Response(body=cosignature(note).encode())

    async with authority_serving(tsa) as url, serving(cosign) as witness_url:
        authority = Authority(url, read_certificates(tsa.roots), LOOPBACK)
        witness = Witness(OUR_WITNESS, witness_url, LOOPBACK)
        directory = Directory(out, [authority.name])
        targets: list[Target] = [directory, witness, authority]
        publishing = Publishing(journal.pool, targets)
        async with worker_with(client, publishing):
            newest = await journal.grow()
            await publishing.wake(client)

            async def complete() -> bool:
                latest = out / "latest.checkpoint"
                if not (out / f"{newest.size}.tsr").exists() or not latest.exists():
                    return False
                note = parse_note(latest.read_bytes())
                return cosigned_at(note, OUR_WITNESS) is not None

            await until(complete)
    assert (out / f"{newest.size}.checkpoint").read_bytes() == newest.note


async def test_the_sealer_is_done_as_soon_as_all_are_told(
    journal: Journal, client: Client
) -> None:
    """The activity that the sealer's workflow asks for waits for no target."""
    moody = Moody("moody:told")
    moody.problem = NotPublished("not now")
    publishing = Publishing(journal.pool, [moody])
    newest = await journal.grow()
    async with worker_with(client, publishing):
        await client.start_activity(
            "publish",
            newest.size,
            id="told",
            task_queue=TASK_QUEUE,
            start_to_close_timeout=timedelta(seconds=20),
        )
        await until(lambda: noted(journal, moody.id))
        moody.problem = None
        await until(lambda: rests(client, moody.id))
    assert moody.taken == [newest.size]


async def noted(journal: Journal, target: str) -> bool:
    """Whether a failure of a target is on record."""
    return any(
        each.target == target and each.failures
        for each in await publications(journal.pool)
    )


async def test_a_contradiction_is_told_apart_from_a_target_that_is_away(
    journal: Journal, client: Client
) -> None:
    """It stays until the target takes a checkpoint again."""
    moody = Moody("moody:contradicts")
    moody.problem = Contradiction("it holds another log")
    publishing = Publishing(journal.pool, [moody])
    await journal.grow()
    async with worker_with(client, publishing):
        await publishing.wake(client)
        await until(lambda: noted(journal, moody.id))
        [found] = await publications(journal.pool)
        assert found.contradicts
        assert found.error == "it holds another log"
        moody.problem = None
        await until(lambda: rests(client, moody.id))
    [found] = await publications(journal.pool)
    assert not found.contradicts
    assert found.error is None


async def test_a_newer_checkpoint_is_tried_at_once(
    journal: Journal, client: Client
) -> None:
    """However often a target failed, it is not left alone when there is news."""
    moody = Moody("moody:often")
    moody.problem = NotPublished("not now")
    publishing = Publishing(journal.pool, [moody])
    await journal.grow()

    async def failed_often() -> bool:
        [found] = await publications(journal.pool)
        return found.failures >= 5

    async with worker_with(client, publishing):

        async def nagged() -> bool:
            await publishing.wake(client)
            return await failed_often()

        await until(nagged, every=0.3)
        newest = await journal.grow()
        moody.problem = None
        await publishing.wake(client)
        # Its pause was half a minute by now, and more.
        await until_within(lambda: rests(client, moody.id), within=15)
    assert set(moody.taken) == {newest.size}


async def test_a_target_is_left_alone_as_long_as_it_asks(
    journal: Journal, client: Client
) -> None:
    """News is no reason to trouble who asked for a pause."""
    moody = Moody("moody:asks")
    moody.problem = NotPublished("later", wait=timedelta(seconds=4))
    publishing = Publishing(journal.pool, [moody])
    await journal.grow()
    async with worker_with(client, publishing):
        await publishing.wake(client)
        await until(lambda: noted(journal, moody.id))
        for _ in range(10):
            await publishing.wake(client)
            await asyncio.sleep(0.1)
        [found] = await publications(journal.pool)
        assert found.failures == 1
        moody.problem = None
        await until(lambda: rests(client, moody.id))


async def test_a_target_that_no_setting_names_is_let_go(
    journal: Journal, client: Client
) -> None:
    """Its workflow ends; nothing tries for ever what nobody wants any more."""
    gone = Moody("moody:gone")
    await journal.grow()
    async with worker_with(client, Publishing(journal.pool, [])):
        await Publishing(journal.pool, [gone]).wake(client)
        await until(lambda: rests(client, gone.id))
    assert gone.taken == []


async def test_with_nothing_published_there_is_nothing_to_do(
    journal: Journal, client: Client
) -> None:
    """A worker that starts before the first checkpoint troubles nobody."""
    idle = Moody("moody:idle")
    publishing = Publishing(journal.pool, [idle])
    async with worker_with(client, publishing):
        await publishing.wake(client)
        await until(lambda: rests(client, idle.id))
    assert idle.taken == []
    [found] = await publications(journal.pool)
    assert (found.size, found.error, found.tried_at) == (None, None, None)
