"""The worker is put together as workflows need it, and builds take over in order."""

from __future__ import annotations

from typing import Any, cast

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflowservice.v1 import SetWorkerDeploymentCurrentVersionRequest
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.contracts import ACTIVITIES, TASK_QUEUE
from activities.notify import Messenger
from activities.smtp import MailSettings
from servers import PostgresServer
from storage.keys import Keys
from storage.pool import make_pool
from tests.services import create_database, own_namespace, until
from tests.workflows.playing import FIRST, Play, envelope
from tests.workflows.running import engine_on
from workers.dialogues import make_worker


@pytest.fixture(scope="module")
async def worker(temporal_client: Client) -> Worker:
    """A worker that does not run, on a pool that is not open."""
    pool = make_pool("postgresql://nowhere")
    settings = MailSettings.read("smtp://127.0.0.1:25", "Polder <polder@localhost>")
    return make_worker(
        temporal_client, pool, Messenger(pool, Keys("postgresql://nowhere"), settings)
    )


async def test_every_activity_of_the_contract_is_registered(worker: Worker) -> None:
    """Workflows call activities by name, so a name without one would wait for ever."""
    config = cast("dict[str, Any]", worker.config())
    names = {
        activity.__temporal_activity_definition.name  # noqa: SLF001 - has no getter
        for activity in config["activities"]
    }
    assert names == set(ACTIVITIES)
    assert config["task_queue"] == TASK_QUEUE


async def test_our_own_packages_pass_through_the_sandbox(worker: Worker) -> None:
    """They are loaded once for all dialogues, not once for each."""
    config = cast("dict[str, Any]", worker.config())
    runner = config["workflow_runner"]
    assert isinstance(runner, SandboxedWorkflowRunner)
    passed = runner.restrictions.passthrough_modules
    assert {"domain", "evidence", "workflows", "activities"} <= passed


async def test_a_new_build_takes_over_when_a_run_hands_over(
    temporal_client: Client, postgres_server: PostgresServer
) -> None:
    """A pinned dialogue stays with its build until a message, and then moves once."""
    client = await own_namespace(temporal_client, "builds")
    database = await create_database(postgres_server.address, "builds")
    async with engine_on(client, database, "build-a") as engine:
        await until(lambda: is_current(client, "build-a"))
        play = await engine.start()
        await play.does("complete_items", items=FIRST[:1])
        assert await builds(play) == [{"build-a"}]
        async with engine_on(client, database, "build-b"):
            await until(lambda: is_current(client, "build-b"))
            body = envelope({"items": FIRST[1:]})
            assert (await play.update("complete_items", body))["version"] == 4

            async def moved() -> bool:
                # Temporal tells task queues of a new build in its own time.
                await play.does("note_signal", type="nudge", source="operator")
                return len(await play.runs()) == 2

            await until(moved, every=0.5)
            await play.does("complete_step", step="kennismaken")
            await play.settled()
            assert await builds(play) == [{"build-a"}, {"build-b"}]
            assert (await play.update("complete_items", body, "again"))["repeated"]
            await play.is_sound()


async def is_current(client: Client, build: str) -> bool:
    """Make a build the current one; false while the server does not know it yet."""
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace, deployment_name="polder", build_id=build
    )
    try:
        await client.workflow_service.set_worker_deployment_current_version(request)
    except RPCError:
        return False
    return True


async def builds(play: Play) -> list[set[str]]:
    """Give the builds that carried out the workflow tasks of each run."""
    return [
        {
            event.workflow_task_completed_event_attributes.deployment_version.build_id
            for event in run
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
        }
        for run in await play.runs()
    ]
