"""The Temporal server that Polder brings along keeps workflows, and its port."""

from __future__ import annotations

import json
import socket
import urllib.request
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from temporalio.client import Client, WorkflowExecutionStatus

from servers import Home, ServerFailed, TemporalServer


@pytest.fixture(scope="module")
async def temporal(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncGenerator[TemporalServer]:
    """A server without pages in a home of its own, stopped afterwards."""
    home = Home(tmp_path_factory.mktemp("temporal"))
    server = TemporalServer(
        home.temporal, headless=True, search_attributes={"PolderTest": "Keyword"}
    )
    async with server:
        yield server


async def start_workflow(server: TemporalServer) -> None:
    """Start a workflow that no worker will ever take."""
    client = await Client.connect(server.address)
    await client.start_workflow("Nobody", id="kept", task_queue="nobody")


async def status(server: TemporalServer) -> WorkflowExecutionStatus | None:
    """How that workflow is."""
    client = await Client.connect(server.address)
    description = await client.get_workflow_handle("kept").describe(
        rpc_timeout=timedelta(seconds=10)
    )
    return description.status


async def test_workflows_survive_a_kill_and_a_stop(temporal: TemporalServer) -> None:
    """A workflow that was started runs on after a kill -9, and after a clean stop."""
    await start_workflow(temporal)
    first = temporal.address
    await temporal.kill()
    assert temporal.pid is None
    assert await temporal.start() == first
    assert await status(temporal) is WorkflowExecutionStatus.RUNNING
    await temporal.stop()
    await temporal.start()
    assert await status(temporal) is WorkflowExecutionStatus.RUNNING


async def test_search_attributes_are_registered(temporal: TemporalServer) -> None:
    """A query on a search attribute that was asked for is understood."""
    client = await Client.connect(temporal.address)
    assert (await client.count_workflows("PolderTest = 'x'")).count == 0
    assert temporal.ui_address is None


async def test_pages_get_a_port_too(home: Home) -> None:
    """With taken ports for both, it serves gRPC and its pages on others."""
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as two,
    ):
        taken = [int(other.getsockname()[1]) for other in (one, two)]
        server = TemporalServer(home.temporal, port=taken[0], ui_port=taken[1])
        async with server:
            assert server.ui_address is not None
            assert not server.address.endswith(str(taken[0]))
            assert not server.ui_address.endswith(str(taken[1]))
            with urllib.request.urlopen(f"{server.ui_address}/api/v1/settings") as page:
                assert "DisableWriteActions" in json.load(page)


async def test_a_failure_shows_the_log(home: Home) -> None:
    """An option that Temporal does not know is in the message of the error."""
    server = TemporalServer(home.temporal, headless=True, more=["--no-such-option"])
    with pytest.raises(ServerFailed, match="no-such-option"):
        await server.start()
    assert server.pid is None
