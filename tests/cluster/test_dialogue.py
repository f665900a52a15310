"""Dialogues on the cluster, driven by a stranger's Temporal client.

The client knows what `docs` say of the contract and imports nothing of Polder's. Two
worker processes share the work, under the login that can only add to the record.
"""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from cluster.run import Running
from servers.mail import MailServer
from tests.cluster.scripts import (
    register_search_attributes,
    set_up_keys,
    set_up_record,
)
from tests.cluster.workers import Workers

pytestmark = pytest.mark.cluster

DIRECTOR = {"id": "director-1", "role": "process_director"}
ITEMS = ["opdracht.waartoe", "opdracht.aanleiding", "opdracht.scope"]
FIRST = 0
PATIENCE = 90
"""Seconds for one command, through a death of a worker or of the cluster."""


def envelope(command: dict[str, Any], id: str | None = None) -> dict[str, Any]:
    """A command as the contract has it, with an id of its own."""
    return {
        "id": id or str(uuid4()),
        "actor": DIRECTOR,
        "mandate": None,
        "if_version": None,
        "sig": None,
        "command": command,
    }


class Dialogue:
    """A dialogue by its id, through a client that knows no types of Polder's."""

    def __init__(self, client: Client, id: str) -> None:
        self.id = id
        self.handle: Any = client.get_workflow_handle(id)

    @classmethod
    async def start(cls, client: Client) -> Dialogue:
        """Start one by its method's id; the worker finds method and calendar."""
        id = f"waterdam:dialoog-{uuid4().hex[:12]}"
        asked = envelope({"method": "stakeholderdialoog", "title": "Parkzicht"})
        await client.start_workflow("Dialogue", asked, id=id, task_queue="polder")
        return cls(client, id)

    async def send(self, kind: str, letter: dict[str, Any]) -> dict[str, Any]:
        """Send a command as an update, and wait for its answer."""
        # A workflow that can't go on would keep us waiting for ever.
        async with asyncio.timeout(PATIENCE):
            # A fresh update id: what counts is the envelope's.
            return await self.handle.execute_update(kind, letter, id=str(uuid4()))

    async def complete(self, item: str, id: str | None = None) -> dict[str, Any]:
        """Complete one item."""
        return await self.send("complete_items", envelope({"items": [item]}, id))


class Record:
    """The record, read in SQL as an auditor would."""

    def __init__(self, url: str) -> None:
        self.url = url

    def rows(self, stream: str) -> list[tuple[int, str, str, str]]:
        """Each event's seq, type, cause and hash in hex."""
        asked = (
            "SELECT seq, type, cause, encode(hash, 'hex') FROM audit.event"
            " WHERE stream = %s ORDER BY seq"
        )
        with psycopg.connect(self.url) as connection:
            return connection.execute(asked, [stream]).fetchall()

    def check(self, stream: str, acknowledged: list[str]) -> None:
        """Each command that was answered is on record once, and no number lacks."""
        rows = self.rows(stream)
        assert [seq for seq, *_ in rows] == list(range(1, len(rows) + 1))
        completed = [cause for _, type, cause, _ in rows if type == "items_completed"]
        assert sorted(completed) == sorted(acknowledged)


@pytest.fixture(scope="module")
def record(running: Running) -> Record:
    """The record of the cluster, set up as docker-compose.yml does."""
    set_up_record(running)
    register_search_attributes(running)
    return Record(running.record_db.address)


@pytest.fixture
async def settings(
    running: Running, record: Record, tmp_path: Path
) -> AsyncGenerator[dict[str, str]]:
    """The environment of a worker, with a mail server to talk to."""
    async with MailServer(tmp_path / "mail") as mail:
        yield {
            **os.environ,
            **running.settings,
            # It runs loops of its own.
            "DATABASE_URL": await asyncio.to_thread(set_up_record, running),
            "KEYS_DATABASE_URL": set_up_keys(running),
            "SMTP_URL": mail.address,
            "POLDER_MAIL_FROM": "polder@example.org",
        }


@pytest.fixture
async def workers(settings: dict[str, str], tmp_path: Path) -> AsyncGenerator[Workers]:
    """Two workers that run."""
    async with a_pair(settings, tmp_path) as pair:
        yield pair


@asynccontextmanager
async def a_pair(
    settings: dict[str, str], directory: Path, build: str = ""
) -> AsyncGenerator[Workers]:
    """Two workers of a build, that stop in order at the end."""
    directory.mkdir(exist_ok=True)
    pair = Workers(settings | {"POLDER_BUILD_ID": build}, directory)
    try:
        await pair.start(2)
        yield pair
    finally:
        await pair.stop()


async def make_current(running: Running, *version: str) -> None:
    """Give new work to a build, as the documentation tells an operator to."""
    command = await asyncio.create_subprocess_exec(
        Path(sys.executable).parent / "temporal",
        *("worker", "deployment", "set-current-version", "--yes"),
        *("--address", running.temporal.address, "--deployment-name", "polder"),
        *version,
        stdout=PIPE,
        stderr=STDOUT,
    )
    said, _ = await command.communicate()
    assert command.returncode == 0, said.decode()


async def test_a_stranger_drives_a_dialogue(
    client: Client, workers: Workers, record: Record
) -> None:
    """Start, complete, repeat, be refused and ask: as the contract says."""
    dialogue = await Dialogue.start(client)
    letter = envelope({"items": ITEMS})
    answer = await dialogue.send("complete_items", letter)
    assert answer["recorded"] is True
    hashes = {seq: hash for seq, _, _, hash in record.rows(dialogue.id)}
    assert answer["events"]
    assert all(hashes[e["seq"]] == e["hash"] for e in answer["events"])
    again = await dialogue.send("complete_items", letter)
    assert (again["repeated"], again["events"]) == (True, [])
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await dialogue.complete("opdracht.bestaat-niet")
    assert isinstance(refused.value.cause, ApplicationError)
    assert refused.value.cause.type == "UnknownItem"
    record.check(dialogue.id, [letter["id"]])
    head = await dialogue.handle.query("head")
    assert head["recordedSeq"] == answer["version"] == max(hashes)


async def test_a_killed_worker_costs_nothing(
    client: Client, workers: Workers, record: Record
) -> None:
    """While ten dialogues are driven one of two workers dies; all is recorded once."""
    dialogues = [await Dialogue.start(client) for _ in range(10)]

    async def drive(dialogue: Dialogue) -> list[str]:
        ids = [str(uuid4()) for _ in ITEMS]
        for item, id in zip(ITEMS, ids, strict=True):
            assert (await dialogue.complete(item, id))["recorded"]
        return ids

    driving = [asyncio.create_task(drive(each)) for each in dialogues]
    await asyncio.wait(driving, return_when=asyncio.FIRST_COMPLETED)
    await workers.kill(FIRST)
    for dialogue, acknowledged in zip(
        dialogues, await asyncio.gather(*driving), strict=True
    ):
        record.check(dialogue.id, acknowledged)


async def test_a_killed_cluster_costs_nothing(
    running: Running, client: Client, workers: Workers, record: Record
) -> None:
    """Temporal dies under commands; whoever asks again with the same id is answered."""
    dialogue = await Dialogue.start(client)
    ids = [str(uuid4()) for _ in ITEMS]
    await dialogue.complete(ITEMS[0], ids[0])
    under_way = [
        asyncio.create_task(dialogue.complete(item, id))
        for item, id in zip(ITEMS[1:], ids[1:], strict=True)
    ]
    await running.temporal.kill()
    await running.temporal.start()
    await asyncio.gather(*under_way, return_exceptions=True)
    for item, id in zip(ITEMS, ids, strict=True):
        assert (await dialogue.complete(item, id))["recorded"]
    record.check(dialogue.id, ids)


async def test_an_operator_finds_it(client: Client, workers: Workers) -> None:
    """Visibility in PostgreSQL finds a dialogue by what it set."""
    dialogue = await Dialogue.start(client)
    await dialogue.complete(ITEMS[0])
    query = (
        "PolderOrganisation = 'waterdam' AND PolderStatus = 'running'"
        f" AND WorkflowId = '{dialogue.id}'"
    )
    for _ in range(60):
        if [each.id async for each in client.list_workflows(query)]:
            return
        await asyncio.sleep(0.5)
    pytest.fail("visibility does not show the dialogue")


async def test_a_dialogue_stays_with_its_build(
    running: Running,
    client: Client,
    settings: dict[str, str],
    record: Record,
    tmp_path: Path,
) -> None:
    """A build gets work once it is current; what it began stays with it afterwards."""
    async with (
        a_pair(settings, tmp_path / "old", "old"),
        a_pair(settings, tmp_path / "new", "new"),
    ):
        try:
            await make_current(running, "--build-id", "old")
            before = await Dialogue.start(client)
            assert (await before.complete(ITEMS[0]))["recorded"]
            await make_current(running, "--build-id", "new")
            after = await Dialogue.start(client)
            assert (await after.complete(ITEMS[0]))["recorded"]
            assert (await before.complete(ITEMS[1]))["recorded"]
            assert [await build_of(each) for each in (before, after)] == ["old", "new"]
        finally:
            await make_current(running, "--unversioned")


async def build_of(dialogue: Dialogue) -> str:
    """The build to which Temporal has pinned a dialogue."""
    description = await dialogue.handle.describe()
    info = description.raw_description.workflow_execution_info.versioning_info
    return str(info.deployment_version.build_id)
