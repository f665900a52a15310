"""The worker: reads its settings, opens its connections, and runs the workflows.

The composition root: everything is put together here, nothing is decided here, and
nothing imports it. Settings come from the environment: DATABASE_URL, KEYS_DATABASE_URL,
TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, SMTP_URL, POLDER_MAIL_FROM, POLDER_LOG_KEY, the
file of the log's key, without which this worker does not seal, POLDER_LOG_NAME, with
which it makes that key where there is none, POLDER_PUBLISH_EVERY,
the seconds between two published checkpoints, and on clusters POLDER_BUILD_ID, which
pins dialogues to the build that runs them. Where checkpoints go:
`activities.targets`; who we are to those that events go to: `activities.ourselves`. How
it is watched: `observing.tracing`, `observing.scraping`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Worker, WorkerDeploymentConfig
from temporalio.worker.workflow_sandbox import (
    SandboxedWorkflowRunner,
    SandboxRestrictions,
)

from activities.canary import Singing
from activities.contracts import (
    APPEND,
    DELIVERY_QUEUE,
    PUBLISHING_QUEUE,
    SEALING_QUEUE,
    TASK_QUEUE,
)
from activities.deliver import Delivering
from activities.erasing import Erasing
from activities.library import Library as Compiling
from activities.notify import Messenger
from activities.ourselves import BadName, Ourselves
from activities.outward import Outward
from activities.packing import Make, Packing
from activities.publishing import Publishing
from activities.reach import Reach
from activities.record import Recording
from activities.sealing import PUBLISH_EVERY, Sealing, start_sealing
from activities.smtp import MailSettings
from activities.sweeping import sweeping
from activities.target import BadTarget, Target
from activities.targets import read_targets
from activities.waking import waking
from desk.desk import Desk
from desk.gauging import look
from desk.library import Library
from desk.minding import minding
from desk.packs_apart import Maker
from desk.resuming import resuming
from desk.signs import kept
from domain.commands import COMMANDS
from observing.counting import Counting
from observing.logs import log_json
from observing.scraping import BadMetricsPort, measured
from observing.tracing import Traces, traced
from storage.keys import Keys, beside
from storage.logkey import create
from storage.pool import Pool, make_pool
from workflows.canary import CanaryWorkflow, MovingCanaryWorkflow
from workflows.conversion import WORKER_CONVERTER
from workflows.delivering import DeliveryWorkflow
from workflows.dialogue import DialogueWorkflow
from workflows.packing import PackingWorkflow
from workflows.publishing import PublishingWorkflow
from workflows.sealing import SealingWorkflow
from workflows.search import KEYS

OWN_PACKAGES: Final = ("domain", "evidence", "workflows", "activities", "observing")
"""Passed through the sandbox: loaded once for all dialogues instead of once for each.
What a dialogue takes of a worker's memory: `python -m benchmarks --only space`. What
the sandbox would have caught, ruff and the architecture test do."""

DELIVERIES: Final = 500
"""Subscriptions that one worker delivers to, or waits for, at the same time."""

ANSWER_SECONDS: Final = 15
"""How long a subscriber may take to answer."""

ANSWER_BYTES: Final = 65_536
"""Bytes of its answer that are read; nothing of it is kept."""

log = structlog.get_logger()


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
    deployment = None
    if build:
        deployment = WorkerDeploymentConfig(
            version=WorkerDeploymentVersion("polder", build),
            use_worker_versioning=True,
            default_versioning_behavior=VersioningBehavior.PINNED,
        )
    recording, compiling = Recording(pool), Compiling(Library(pool).compile)
    publishing = Publishing(pool, ()) if publishing is None else publishing
    return Worker(
        with_own_converter(client),
        task_queue=TASK_QUEUE,
        workflows=[
            DialogueWorkflow,
            SealingWorkflow,
            MovingCanaryWorkflow if build else CanaryWorkflow,
        ],
        activities=[
            recording.append,
            compiling.compile,
            messenger.notify,
            Erasing(pool).erasures,
            publishing.publish,
            Singing(pool).sing,
        ],
        interceptors=[Counting(COMMANDS)],
        workflow_runner=workflow_runner(),
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        graceful_shutdown_timeout=timedelta(seconds=10),
        deployment_config=deployment,
        # A refused update travels back whole: with the limit on, one of 2 MB would
        # fail each workflow task. What Polder sends itself is bounded by its own.
        disable_payload_error_limit=True,
    )


def with_own_converter(client: Client) -> Client:
    """Give a client for a worker; others keep the ordinary converter.

    See `workflows.conversion`.
    """
    reading = client.config()
    reading["data_converter"] = WORKER_CONVERTER
    return Client(**reading)


def make_sealer(
    client: Client,
    pool: Pool,
    key: Path,
    publish_every: timedelta = PUBLISH_EVERY,
    make: Make | None = None,
) -> Worker:
    """Put a worker together that seals with the log's key, and makes packs.

    Raises `storage.errors.NoLogKey` and `BadLogKey`.
    """
    sealing = Sealing(pool, key, publish_every=publish_every)
    # On a queue of its own, for no other worker can seal, and without a version: the
    # sealer's workflow outlives every build.
    return Worker(
        with_own_converter(client),
        task_queue=SEALING_QUEUE,
        workflows=[SealingWorkflow, PackingWorkflow],
        activities=[sealing.seal, *([Packing(make).pack] if make else ())],
        workflow_runner=workflow_runner(),
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        graceful_shutdown_timeout=timedelta(seconds=10),
    )


@asynccontextmanager
async def sealing(
    client: Client, pool: Pool, environment: Mapping[str, str]
) -> AsyncGenerator[None]:
    """Seal as long as the block lasts, if there is a key to do it with."""
    told = environment.get("POLDER_LOG_KEY")
    if not told:
        log.info("this worker does not seal: POLDER_LOG_KEY is not set")
        yield
        return
    key, name = Path(told), environment.get("POLDER_LOG_NAME")
    if name:
        create(key, name)
    database, keys = str(pool.conninfo), environment.get("KEYS_DATABASE_URL")
    maker = Maker(database, keys, key)
    every = publish_every(environment)
    async with make_sealer(client, pool, key, every, maker.make):
        await start_sealing(client)
        yield


def publish_every(environment: Mapping[str, str]) -> timedelta:
    """Read how often a checkpoint is published; an hour by default."""
    told = environment.get("POLDER_PUBLISH_EVERY")
    if not told:
        return PUBLISH_EVERY
    if not told.isascii() or not told.isdigit() or int(told) == 0:
        message = "POLDER_PUBLISH_EVERY is a whole number of seconds, 1 or more"
        raise SystemExit(message)
    return timedelta(seconds=int(told))


def workflow_runner() -> SandboxedWorkflowRunner:
    """Give the sandbox that workflows run and replay in."""
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*OWN_PACKAGES)
    return SandboxedWorkflowRunner(restrictions=restrictions)


def mail_settings(environment: Mapping[str, str]) -> MailSettings:
    """Read where mail goes and in whose name; by default a server on this machine."""
    url = environment.get("SMTP_URL", "smtp://127.0.0.1:25")
    sender = environment.get("POLDER_MAIL_FROM", "Polder <polder@localhost>")
    return MailSettings.read(url, sender)


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


def make_publisher(client: Client, publishing: Publishing) -> Worker:
    """Put a worker together that brings checkpoints to their targets.

    Without a version: a target can be dead for longer than a build lives.
    """
    return Worker(
        with_own_converter(client),
        task_queue=PUBLISHING_QUEUE,
        workflows=[PublishingWorkflow],
        activities=[publishing.publish_to],
        workflow_runner=workflow_runner(),
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        graceful_shutdown_timeout=timedelta(seconds=10),
    )


@asynccontextmanager
async def telling(client: Client, delivering: Delivering) -> AsyncGenerator[None]:
    """Bring events to who subscribed to them, as long as the block lasts."""
    async with make_deliverer(client, delivering), waking(client, delivering):
        yield


def make_deliverer(client: Client, delivering: Delivering) -> Worker:
    """Put a worker together that brings events to subscribers.

    Without a version, as `make_publisher`. One that is slow holds one of many places.
    """
    return Worker(
        with_own_converter(client),
        task_queue=DELIVERY_QUEUE,
        workflows=[DeliveryWorkflow],
        activities=[delivering.deliver],
        workflow_runner=workflow_runner(),
        max_concurrent_activities=DELIVERIES,
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        graceful_shutdown_timeout=timedelta(seconds=10),
    )


def outside(environment: Mapping[str, str]) -> tuple[Outward, Ourselves]:
    """Read where events may go, and who we are to those that get them."""
    try:
        reach = Reach.read(environment.get("POLDER_ALLOW_PRIVATE_TARGETS", ""))
        outward = Outward(reach, seconds=ANSWER_SECONDS, most=ANSWER_BYTES)
        return outward, Ourselves.read(environment)
    except BadName as error:
        raise SystemExit(str(error)) from None
    except ValueError as error:
        message = f"POLDER_ALLOW_PRIVATE_TARGETS takes yes, no or networks: {error}"
        raise SystemExit(message) from None


def targets(environment: Mapping[str, str]) -> tuple[Target, ...]:
    """Read where checkpoints go; a setting that can't work ends the worker."""
    try:
        return read_targets(environment, mail_settings(environment))
    except BadTarget as error:
        raise SystemExit(str(error)) from None


async def check_search_attributes(client: Client) -> None:
    """Refuse to start where Polder's search attributes are not registered.

    A workflow that sets an unknown one would fail its task again and again.
    """
    answer = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    known = {*answer.custom_attributes, *answer.system_attributes}
    missing = [key.name for key in KEYS if key.name not in known]
    if missing:
        names = ", ".join(missing)
        message = (
            f"Temporal does not know the search attributes {names}. "
            "Register them with: polder cluster search-attributes"
        )
        raise SystemExit(message)


async def connect(environment: Mapping[str, str], traces: Traces) -> Client:
    """Connect to Temporal; where that can't be the worker ends."""
    address = environment["TEMPORAL_ADDRESS"]
    try:
        client = await Client.connect(
            address,
            namespace=environment.get("TEMPORAL_NAMESPACE", "default"),
            data_converter=pydantic_data_converter,
            interceptors=traces.interceptors(APPEND),
        )
    except RuntimeError as error:
        raise SystemExit(f"Temporal at {address} does not answer: {error}") from None
    await check_search_attributes(client)
    return client


async def run(environment: Mapping[str, str]) -> None:
    """Run until SIGTERM or SIGINT, then let what is under way end."""
    try:
        with traced(environment, "polder-worker") as traces:
            await run_traced(environment, traces)
    except BadMetricsPort as error:
        raise SystemExit(str(error)) from None


async def run_traced(environment: Mapping[str, str], traces: Traces) -> None:
    """Do so with the traces of this process."""
    client = await connect(environment, traces)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    database = environment["DATABASE_URL"]
    where = environment.get("KEYS_DATABASE_URL") or beside(database)
    # What witnesses and authorities say is kept in the sealer's role.
    vouching = make_pool(database, role="polder_sealer", min_size=0, max_size=4)
    publishing = Publishing(vouching, targets(environment))
    # Pools of their own: neither waits for those that record, nor they for it.
    sending = make_pool(database, min_size=0, max_size=4)
    async with make_pool(database) as pool, vouching, sending, Keys(where) as keys:
        messenger = Messenger(pool, keys, mail_settings(environment))
        delivering = Delivering(sending, keys, *outside(environment))
        build = environment.get("POLDER_BUILD_ID")
        worker = make_worker(client, pool, messenger, build, publishing)
        address, told = environment["TEMPORAL_ADDRESS"], environment.get
        signer = kept(told("POLDER_DESK_KEY"), told("POLDER_UNSIGNED"))
        desk = Desk(pool, keys, address, client.namespace, signer=signer)
        desk.trace_with(traces)
        async with (
            worker,
            measured(environment, lambda: look(pool)),
            sweeping(client, pool),
            resuming(desk),
            minding(desk),
            sealing(client, pool, environment),
            bringing(client, publishing),
            telling(client, delivering),
        ):
            log.info("worker ready", task_queue=TASK_QUEUE, build=build)
            await stop.wait()
    log.info("worker stopped")


def main() -> None:
    """Run a worker with the settings of the environment."""
    log_json()
    with suppress(KeyboardInterrupt):
        asyncio.run(run(os.environ))
    # At this point all connections are closed. The SDK's own threads can still abort
    # an interpreter that takes itself apart (now and then they do), so don't let it.
    logging.shutdown()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
