"""The worker of the workflow that does nothing: a process with Polder's own settings.

Whatever Polder's worker sets (`workers.dialogues`) is set here too, or the two could
not be compared.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping
from datetime import timedelta

import structlog
from temporalio.client import Client
from temporalio.worker import Worker

from benchmarks.bare import BARE_QUEUE, Bare, do_nothing
from observing.logs import log_json
from workers.making import workflow_runner
from workflows.conversion import WORKER_CONVERTER

log = structlog.get_logger()


async def run(environment: Mapping[str, str]) -> None:
    """Run until SIGTERM or SIGINT."""
    client = await Client.connect(
        environment["TEMPORAL_ADDRESS"],
        namespace=environment["TEMPORAL_NAMESPACE"],
        data_converter=WORKER_CONVERTER,
    )
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with Worker(
        client,
        task_queue=BARE_QUEUE,
        workflows=[Bare],
        activities=[do_nothing],
        workflow_runner=workflow_runner(),
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        graceful_shutdown_timeout=timedelta(seconds=10),
        disable_payload_error_limit=True,
    ):
        log.info("worker ready", task_queue=BARE_QUEUE)
        await stop.wait()


if __name__ == "__main__":
    log_json()
    asyncio.run(run(os.environ))
