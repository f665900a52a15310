"""Polder's path on Temporal with PostgreSQL behind it, as it runs at scale."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError
from temporalio.worker import Worker

from cluster.run import Running
from cluster.schema import HERE, SCHEMAS, Store, create_schemas
from storage.errors import Unavailable
from storage.keys import Keys
from storage.migrate import status
from storage.pool import connect
from tests.cluster.compose import REQUIRED, ROOT, load
from tests.cluster.probe import ATTRIBUTE, Probe, note
from tests.cluster.scripts import (
    compose_script,
    register_search_attributes,
    set_up_keys,
    set_up_record,
)

pytestmark = pytest.mark.cluster

QUEUE = "cluster-probe"


async def found(client: Client, text: str) -> list[str]:
    """The ids of the workflows that the attribute finds, within half a minute."""
    query = f'{ATTRIBUTE.name} = "{text}"'
    for _ in range(60):
        try:
            ids = [each.id async for each in client.list_workflows(query)]
        except RPCError:
            # The frontend learns of an attribute some seconds after it was made.
            ids = []
        if ids:
            return ids
        await asyncio.sleep(0.5)
    return []


async def start(client: Client) -> WorkflowHandle[Any, list[str]]:
    """Start a probe with an id of its own."""
    return await client.start_workflow(
        Probe.run, id=f"probe-{uuid4()}", task_queue=QUEUE
    )


async def add(handle: WorkflowHandle[Any, list[str]], text: str) -> int:
    """Have the probe note a text; how many it then has."""
    probe: Any = handle
    return int(await probe.execute_update(Probe.add, text))


def worker(client: Client) -> Worker:
    """A worker for probes."""
    return Worker(client, task_queue=QUEUE, workflows=[Probe], activities=[note])


async def test_a_workflow_makes_its_round(client: Client) -> None:
    """Start, update, timer, activity, query, signal and end: all of it works."""
    async with worker(client):
        handle = await start(client)
        assert await add(handle, "one") == 1
        assert await handle.query(Probe.notes) == ["noted one"]
        await handle.signal(Probe.end)
        assert await handle.result() == ["noted one"]


async def test_a_search_attribute_finds_a_workflow(client: Client) -> None:
    """An attribute that was registered and set finds its workflow, and no other."""
    async with worker(client):
        one, other = await start(client), await start(client)
        await add(one, one.id)
        await add(other, other.id)
        assert await found(client, one.id) == [one.id]
        await one.signal(Probe.end)
        await other.signal(Probe.end)


async def test_a_killed_server_loses_nothing(running: Running, client: Client) -> None:
    """What was answered before a kill is there after it, and goes on."""
    async with worker(client):
        handle = await start(client)
        await add(handle, "before")
        await running.temporal.kill()
        await running.temporal.start()
        assert await add(handle, "after") == 2
        await handle.signal(Probe.end)
        assert await handle.result() == ["noted before", "noted after"]


async def test_the_schemas_can_be_made_again(running: Running) -> None:
    """The set-up that runs on every start changes nothing the second time."""
    store = Store.from_url(running.temporal_db.address)

    def versions() -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        for database in SCHEMAS:
            url = running.temporal_db.address.rpartition("/")[0] + f"/{database}"
            with psycopg.connect(url) as connection:
                asked = "SELECT * FROM schema_version, schema_update_history"
                rows += connection.execute(asked).fetchall()
        return rows

    before = await asyncio.to_thread(versions)
    await create_schemas(store)
    assert await asyncio.to_thread(versions) == before
    assert before


def test_compose_names_settings_that_exist(running: Running) -> None:
    """The server and its tool know every setting that docker-compose.yml gives them."""
    services = load(REQUIRED)["services"]
    for service, program in {
        "temporal": HERE / "bin" / "temporal-server",
        "temporal-schema": HERE / "bin" / "temporal-sql-tool",
    }.items():
        code = program.read_bytes()
        names = services[service]["environment"]
        assert names
        assert [name for name in names if name.encode() not in code] == []


def test_compose_sets_up_the_schemas(running: Running) -> None:
    """The script in docker-compose.yml brings both databases to what they are."""
    store = Store.from_url(running.temporal_db.address)
    done = compose_script(
        "temporal-schema",
        SQL_HOST=store.host,
        SQL_PORT=str(store.port),
        SQL_USER=store.user,
        SQL_PASSWORD=store.password,
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("UpdateSchemaTask done") == len(SCHEMAS)


async def test_compose_makes_a_login_that_only_adds(running: Running) -> None:
    """The login of workers can write and read the record, and not become its owner."""
    url = await asyncio.to_thread(set_up_record, running)
    assert await asyncio.to_thread(set_up_record, running) == url
    keys_url = await asyncio.to_thread(set_up_keys, running)
    assert await asyncio.to_thread(set_up_keys, running) == keys_url
    assert not (await asyncio.to_thread(status, url, keys_url)).pending
    with pytest.raises(Unavailable):
        await asyncio.to_thread(status, url)  # with the login of the record
    async with Keys(keys_url) as keys, keys.held("waterdam", ["p-1"]) as held:
        assert await keys.get([held["p-1"].id])
    async with await connect(url) as writer:
        await writer.execute("SELECT count(*) FROM audit.event")
        for forbidden in ("SET ROLE polder_owner", "DELETE FROM audit.event"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await writer.execute(forbidden)


@pytest.mark.parametrize("time", ["first", "second"])
def test_compose_makes_the_namespace(running: Running, time: str) -> None:
    """The script in docker-compose.yml makes a namespace once, ready for use."""
    done = compose_script(
        "temporal-namespace",
        TEMPORAL_ADDRESS=running.temporal.address,
        TEMPORAL_NAMESPACE="of-compose",
    )
    assert done.returncode == 0, done.stdout
    assert ("successfully registered" in done.stdout) == (time == "first")
    assert ("720h0m0s" in done.stdout) == (time == "second"), "kept for 30 days"


@pytest.mark.parametrize("time", ["first", "second"])
def test_compose_registers_search_attributes(running: Running, time: str) -> None:
    """The command in docker-compose.yml registers what is lacking, and only that."""
    register_search_attributes(running)


@pytest.mark.parametrize(
    ("there", "command"),
    [
        ("tests/acceptance/test_*.py", ("pytest", "-q", "tests/acceptance")),
        ("benchmarks/__main__.py", ("benchmarks", "--short")),
    ],
)
def test_polder_on_the_cluster(
    running: Running, there: str, command: tuple[str, ...]
) -> None:
    """What runs on the embedded servers runs on the cluster: acceptance, benchmark."""
    if not list(ROOT.glob(there)):
        pytest.skip(f"there is no {there}")
    set_up_record(running)
    register_search_attributes(running)
    finished = on_the_cluster(running, *command)
    assert finished.returncode == 0, finished.stdout[-8000:]


def on_the_cluster(running: Running, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a Python module with its servers on the cluster, and wait for its end.

    Tests forget the servers of whoever runs them, so that none is met by chance; the
    second pair of names is for those that are to use the cluster on purpose.
    """
    settings = running.settings
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={
            **os.environ,
            **settings,
            "POLDER_TEST_TEMPORAL_ADDRESS": settings["TEMPORAL_ADDRESS"],
            "POLDER_TEST_DATABASE_URL": settings["DATABASE_URL"],
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=1800,
        check=False,
    )
