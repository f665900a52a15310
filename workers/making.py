"""What every worker of Polder has in common, whichever queue it serves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxRestrictions

from domain.facts import made_ready
from workers.sandbox import Sandbox
from workflows.conversion import WORKER_CONVERTER

OWN_PACKAGES: Final = ("domain", "evidence", "workflows", "activities", "observing")
"""Passed through the sandbox: loaded once for all dialogues instead of once for each.
What a dialogue takes of a worker's memory: `python -m benchmarks --only space`. What
the sandbox would have caught, ruff and the architecture test do."""


def put_together(
    client: Client,
    queue: str,
    workflows: Sequence[type],
    activities: Sequence[Callable[..., Any]],
    **more: Any,  # noqa: ANN401  (what Temporal's worker takes)
) -> Worker:
    """Put a worker together that serves one task queue.

    Without ``deployment_config`` it has no version, and outlives every build.
    """
    made_ready()
    return Worker(
        _with_own_converter(client),
        task_queue=queue,
        workflows=workflows,
        activities=activities,
        workflow_runner=workflow_runner(),
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        graceful_shutdown_timeout=timedelta(seconds=10),
        **more,
    )


def workflow_runner() -> Sandbox:
    """Give the sandbox that workflows run and replay in."""
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*OWN_PACKAGES)
    return Sandbox(restrictions=restrictions)


def _with_own_converter(client: Client) -> Client:
    """Give a client for a worker; others keep the ordinary converter.

    See `workflows.conversion`.
    """
    reading = client.config()
    reading["data_converter"] = WORKER_CONVERTER
    return Client(**reading)
