"""The canary that an earlier build began sings on with this one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory

from activities.contracts import CANARY_ID
from desk.canary import sing
from servers import PostgresServer
from tests.services import create_database, own_namespace, until
from tests.workflows.replaying import replayer
from tests.workflows.running import engine_on
from workflows.canary import CanaryWorkflow, MovingCanaryWorkflow

STORED = Path(__file__).with_name("canary.json")
SOON = timedelta(seconds=5)


@pytest.mark.parametrize("canary", [CanaryWorkflow, MovingCanaryWorkflow])
async def test_a_stored_history_replays(canary: type[CanaryWorkflow]) -> None:
    """With a build or without; otherwise health would tell of trouble for ever."""
    history = WorkflowHistory.from_json(CANARY_ID, STORED.read_text("utf-8"))
    await replayer(canary).replay_workflow(history)


async def test_what_is_stored_is_what_a_canary_does(
    temporal_client: Client, postgres_server: PostgresServer
) -> None:
    """Today's history has the same events in the same order; it tells no machine.

    How many tasks lie between them depends on how quickly the worker came.
    """
    client = await own_namespace(temporal_client, "observing-canary")
    database = await create_database(postgres_server.address, "observing_canary")

    async def well() -> bool:
        return await sing(client, SOON) is None

    async with engine_on(client, database):
        await until(well)
        assert await well()
        handle = client.get_workflow_handle(CANARY_ID)
        history = await handle.fetch_history()
    text = STORED.read_text("utf-8")
    stored = WorkflowHistory.from_json(CANARY_ID, text)
    kinds = _without_tasks(stored)
    assert _without_tasks(history)[: len(kinds)] == kinds
    assert "@" not in text


def _without_tasks(history: WorkflowHistory) -> list[str]:
    names = [EventType.Name(event.event_type) for event in history.events]
    return [name for name in names if "_WORKFLOW_TASK_" not in name]
