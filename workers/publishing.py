"""The worker that brings checkpoints to their targets, where a setting names any."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import structlog
from temporalio.client import Client
from temporalio.worker import Worker

from activities.contracts.log import PUBLISHING_QUEUE
from activities.publishing import Publishing
from activities.target import BadTarget, Target
from activities.targets import read_targets
from workers.mail import mail_settings
from workers.making import put_together
from workflows.publishing import PublishingWorkflow

log = structlog.get_logger()


def make_publisher(client: Client, publishing: Publishing) -> Worker:
    """Put a worker together that brings checkpoints to their targets.

    Without a version: a target can be dead for longer than a build lives.
    """
    brings = [publishing.publish_to]
    return put_together(client, PUBLISHING_QUEUE, [PublishingWorkflow], brings)


@asynccontextmanager
async def bringing(client: Client, publishing: Publishing) -> AsyncGenerator[None]:
    """Bring checkpoints out as long as the block lasts, if they go anywhere."""
    if not publishing:
        log.info("checkpoints go nowhere: no setting names a target")
        yield
        return
    async with make_publisher(client, publishing):
        await publishing.catch_up(client)
        yield


def targets(environment: Mapping[str, str]) -> tuple[Target, ...]:
    """Read where checkpoints go; a setting that can't work ends the worker."""
    try:
        return read_targets(environment, mail_settings(environment))
    except BadTarget as error:
        raise SystemExit(str(error)) from None
