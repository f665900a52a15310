"""The worker: reads its settings, opens its connections, and runs the workflows.

The composition root: everything is put together here, nothing is decided here, and
nothing imports it; what each kind of worker is made of lies in `workers`. Settings come
from the environment: DATABASE_URL, KEYS_DATABASE_URL, TEMPORAL_ADDRESS,
TEMPORAL_NAMESPACE, SMTP_URL, POLDER_MAIL_FROM, POLDER_LOG_KEY, the file of the log's
key, without which this worker does not seal, POLDER_LOG_NAME, with which it makes that
key where there is none, POLDER_PUBLISH_EVERY, the seconds between two published
checkpoints, and on clusters POLDER_BUILD_ID, which pins dialogues to the build that
runs them. Where checkpoints go: `activities.targets`; who we are to those that events
go to: `activities.ourselves`. How it is watched: `observing.tracing`,
`observing.scraping`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress

import structlog

from activities.contracts import TASK_QUEUE
from activities.deliver import Delivering
from activities.notify import Messenger
from activities.publishing import Publishing
from activities.sweeping import sweeping
from desk.desk import Desk
from desk.gauging import look
from desk.minding import minding
from desk.resuming import resuming
from desk.signs import kept
from observing.logs import log_json
from observing.scraping import BadMetricsPort, measured
from observing.tracing import Traces, traced
from storage.keys import Keys, beside
from storage.pool import make_pool
from workers.connecting import connect
from workers.delivering import outside, telling
from workers.dialogues import make_worker
from workers.mail import mail_settings
from workers.publishing import bringing, targets
from workers.sealing import sealing

log = structlog.get_logger()


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
