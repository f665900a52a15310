"""The worker that runs dialogues: on a cluster pinned to the build that it is of."""

from __future__ import annotations

from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig

from activities.canary import Singing
from activities.contracts import TASK_QUEUE
from activities.erasing import Erasing
from activities.library import Library as Compiling
from activities.notify import Messenger
from activities.publishing import Publishing
from activities.record import Recording
from desk.library import Library
from domain.commands import COMMANDS
from observing.counting import Counting
from storage.pool import Pool
from workers.making import put_together
from workflows.canary import CanaryWorkflow, MovingCanaryWorkflow
from workflows.dialogue import DialogueWorkflow
from workflows.sealing import SealingWorkflow


def make_worker(
    client: Client,
    pool: Pool,
    messenger: Messenger,
    build: str | None = None,
    publishing: Publishing | None = None,
) -> Worker:
    """Put a worker together on connections that are open.

    Without ``publishing`` checkpoints go nowhere.
    """
    publishing = Publishing(pool, ()) if publishing is None else publishing
    return put_together(
        client,
        TASK_QUEUE,
        [
            DialogueWorkflow,
            SealingWorkflow,
            MovingCanaryWorkflow if build else CanaryWorkflow,
        ],
        [
            Recording(pool).append,
            Compiling(Library(pool).compile).compile,
            messenger.notify,
            Erasing(pool).erasures,
            publishing.publish,
            Singing(pool).sing,
        ],
        interceptors=[Counting(COMMANDS)],
        deployment_config=_deployment(build) if build else None,
        # A refused update travels back whole: with the limit on, one of 2 MB would
        # fail each workflow task. What Polder sends itself is bounded by its own.
        disable_payload_error_limit=True,
    )


def _deployment(build: str) -> WorkerDeploymentConfig:
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion("polder", build),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.PINNED,
    )
