"""A desk and a worker whose traces go somewhere, and how their histories replay."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

from opentelemetry.sdk.trace import TracerProvider
from temporalio.client import Client, WorkflowHistory

from activities.contracts import APPEND
from activities.notify import Messenger
from desk.desk import Desk, Sender
from domain.commands import COMMANDS
from observing.counting import Counting
from observing.temporal import Tracing
from observing.tracing import Traces
from storage.keys import Keys, beside
from storage.pool import make_pool
from tests.workflows.letters import Letters
from tests.workflows.replaying import replayer
from workers.dialogues import make_worker

HEADER: Final = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
SECRET: Final = "Vossenstaart"
DIRECTOR: Final = Sender("p-1", "process_director")
START: Final = {
    "method": "belangen-op-tafel",
    "title": "Parkzicht",
    "roles": {"process_director": ["p-1"]},
}


@dataclass
class Traced:
    """A desk and a worker whose traces go to a collector."""

    desk: Desk
    client: Client
    traces: Traces


@asynccontextmanager
async def traced_house(
    client: Client, database: str, traces: Traces
) -> AsyncGenerator[Traced]:
    """Open a desk and run a worker, in these traces."""
    config = client.config()
    config["interceptors"] = traces.interceptors(APPEND)
    seen = Client(**config)
    address = client.service_client.config.target_host
    async with make_pool(database) as pool, Keys(beside(database)) as keys:
        desk = Desk(pool, keys, address, client.namespace)
        desk.trace_with(traces)
        async with make_worker(seen, pool, cast("Messenger", Letters())):
            yield Traced(desk, client, traces)


def interceptors() -> list[Any]:
    """Give what a worker has that traces and counts."""
    tracer = TracerProvider(shutdown_on_exit=False).get_tracer("test")
    return [Tracing(tracer, APPEND), Counting(COMMANDS)]


async def replays(stream: str, client: Client, given: list[Any]) -> WorkflowHistory:
    """Replay the history of a dialogue; raises where it does something else."""
    history = await client.get_workflow_handle(stream).fetch_history()
    await replayer(interceptors=given).replay_workflow(history)
    return history
