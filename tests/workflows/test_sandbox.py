"""The sandbox guards what it guarded, carries the same bytes, and is entered seldom."""

from __future__ import annotations

from collections import Counter
from uuid import uuid4

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.worker import Worker, WorkflowInstance, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner
from temporalio.worker.workflow_sandbox._importer import Importer
from temporalio.worker.workflow_sandbox._runner import (
    _Instance,  # pyright: ignore[reportPrivateUsage]  (counted, and not changed)
)

from tests.workflows.curious import FORBIDDEN, Curious, ThereAndBack, echoed
from workers.making import workflow_runner
from workers.sandbox import (
    _WithoutContexts,  # pyright: ignore[reportPrivateUsage]  (looked at alone)
)
from workflows.conversion import WORKER_CONVERTER

SAID = {"wie": "k-1", "wat": "Het beeld klopt – op één punt na.", "cijfers": [1, 2.5]}


@pytest.fixture(scope="module")
def client(temporal_client: Client) -> Client:
    """Read and write as a worker does."""
    config = temporal_client.config()
    config["data_converter"] = WORKER_CONVERTER
    return Client(**config)


def worker(client: Client, runner: WorkflowRunner) -> Worker:
    """Put a worker together on a queue of its own."""
    return Worker(
        client,
        task_queue=f"curious-{uuid4()}",
        workflows=[Curious, ThereAndBack],
        activities=[echoed],
        workflow_runner=runner,
    )


@pytest.mark.parametrize("what", FORBIDDEN)
async def test_what_is_not_determined_is_refused(client: Client, what: str) -> None:
    """A clock, chance and the machine would be others when a history replays."""
    async with worker(client, workflow_runner()) as running:
        refused = await client.execute_workflow(
            Curious.run, what, id=f"curious-{uuid4()}", task_queue=running.task_queue
        )
    assert refused


async def payloads(client: Client, running: Worker) -> list[Payload]:
    """Send something there and back; give all that the history has of it."""
    handle = await client.start_workflow(
        ThereAndBack.run,
        SAID,
        id=f"there-and-back-{uuid4()}",
        task_queue=running.task_queue,
    )
    assert await handle.result() == {"said": {"said": SAID}}
    history = await handle.fetch_history()
    return [
        payload
        for event in history.events
        for _, attributes in event.ListFields()
        for member in ("input", "result")
        if hasattr(attributes, member)
        for payload in getattr(attributes, member).payloads
    ]


async def test_what_is_carried_is_the_same_in_the_sdks_own_sandbox(
    client: Client,
) -> None:
    """Not a byte differs, so histories of either replay in the other."""
    ours = workflow_runner()
    theirs = SandboxedWorkflowRunner(restrictions=ours.restrictions)
    async with worker(client, ours) as mine, worker(client, theirs) as other:
        carried = await payloads(client, mine)
        assert len(carried) == len(["start", *("input", "result") * 2, "end"])
        assert carried == await payloads(client, other)


def test_nothing_of_the_converter_asks_for_a_context() -> None:
    """A codec or a storage that did would be told none, and had better be given one."""
    assert WORKER_CONVERTER.payload_codec is None
    assert WORKER_CONVERTER.external_storage is None


async def test_it_is_entered_once_for_each_activation(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not for each payload, which an activation has several of at every stage."""
    counted = Counter[str]()

    def counting(owner: type, name: str) -> None:
        method = getattr(owner, name)

        def counted_one(*given: object) -> object:
            counted[name] += 1
            return method(*given)

        monkeypatch.setattr(owner, name, counted_one)

    async with worker(client, workflow_runner()) as running:
        for owner, name in (
            (Importer, "applied"),
            (_Instance, "_create_instance"),
            (_Instance, "activate"),
        ):
            counting(owner, name)
        await payloads(client, running)
    to_make, to_activate = 2 * counted["_create_instance"], counted["activate"]
    assert to_activate >= len(["start", "one echo", "another"])
    assert counted["applied"] == to_make + to_activate


def test_whatever_a_worker_may_ask_a_run_is_passed_on_or_answered() -> None:
    """What a later SDK asks would otherwise get the answer of no sandbox at all."""
    asked = {
        name
        for name, found in vars(WorkflowInstance).items()
        if callable(found) and not name.startswith("_")
    }
    assert "activate" in asked
    assert asked <= vars(_WithoutContexts).keys()
