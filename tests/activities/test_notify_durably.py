"""In a real workflow a notice outlasts its mail server, and Temporal learns no name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from temporalio import workflow
from temporalio.client import Client, WorkflowHandle
from temporalio.common import RetryPolicy
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.contracts import NOTIFY, Notice, Sent
from activities.notify import PUT_OFF, Messenger
from servers import Home, MailServer, TemporalServer
from storage.keys import Keys
from storage.pool import Pool
from tests.activities.notices import notice, register, settings

MARK = "geheimmerk"


@workflow.defn(sandboxed=False)
class OneNotice:
    """Carries out one notice, however long it takes."""

    @workflow.run
    async def run(self, what: Notice) -> Sent:
        """Try every half second."""
        return await workflow.execute_activity(
            NOTIFY,
            what,
            result_type=Sent,
            start_to_close_timeout=timedelta(seconds=60),
            heartbeat_timeout=timedelta(seconds=20),
            retry_policy=RetryPolicy(
                initial_interval=timedelta(seconds=0.5), backoff_coefficient=1
            ),
        )


@pytest.fixture
async def client(home: Home) -> AsyncGenerator[Client]:
    """A client of a Temporal server of the test's own."""
    async with TemporalServer(home.temporal, headless=True) as server:
        yield await Client.connect(
            server.address, data_converter=pydantic_data_converter
        )


async def failure(handle: WorkflowHandle[OneNotice, Sent]) -> str:
    """The type of the last failure of the activity, once there is one."""
    for _ in range(200):
        description = await handle.describe()
        for pending in description.raw_description.pending_activities:
            if pending.last_failure.message:
                return pending.last_failure.application_failure_info.type
        await asyncio.sleep(0.1)
    raise AssertionError("the activity never failed")


async def test_temporal_repeats_until_all_have_theirs(
    pool: Pool, keys: Keys, mail: MailServer, client: Client
) -> None:
    """Put off, then no server at all, then a willing one: each gets one letter."""
    people = {
        "p-1": (f"Bea {MARK}", f"bea-{MARK}@busy.example"),
        "p-2": (f"Bram {MARK}", f"bram-{MARK}@example.org"),
        "p-3": (f"Gerda {MARK}", f"gerda-{MARK}@gone.example"),
    }
    await register(pool, keys, people)
    messenger = Messenger(pool, keys, settings(mail.address))
    worker = Worker(
        client,
        task_queue="notices",
        workflows=[OneNotice],
        activities=[messenger.notify],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    port = int(mail.address.rpartition(":")[2])
    willing = MailServer(mail.directory, port=port, refuse=["*@gone.example"])
    async with worker:
        handle = await client.start_workflow(
            OneNotice.run, notice(*people), id="one", task_queue="notices"
        )
        assert await failure(handle) == PUT_OFF
        await mail.stop()
        await asyncio.sleep(1)
        async with willing:
            sent = await handle.result()
    assert sent == Sent(sent=("p-1", "p-2"), undeliverable=("p-3",))
    assert len(willing.messages()) == 2
    assert MARK not in (await handle.fetch_history()).to_json()
