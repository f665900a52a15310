"""Replays histories as a worker would, with all that a worker makes ready before."""

from __future__ import annotations

from typing import Any

from temporalio.worker import Replayer

from domain.facts import made_ready
from workers.making import workflow_runner
from workflows.conversion import WORKER_CONVERTER
from workflows.dialogue import DialogueWorkflow


def replayer(
    workflow: type = DialogueWorkflow, interceptors: list[Any] | None = None
) -> Replayer:
    """Give what replays a workflow; it raises where this build does something else.

    What reading facts needs is made before, or the first task would make it, in a time
    that on a slow machine the watch over deadlocks does not give.
    """
    made_ready()
    return Replayer(
        workflows=[workflow],
        workflow_runner=workflow_runner(),
        data_converter=WORKER_CONVERTER,
        interceptors=interceptors or [],
    )
