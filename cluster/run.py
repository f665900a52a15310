"""A whole cluster on one machine: Temporal, its PostgreSQL, and one for the record.

    python -m cluster.run [HOME]

starts all three with their data in HOME (default `.polder-cluster`), prints where
they are as lines for a shell, and holds until it is interrupted. With these two
variables set, every `polder` command and every test uses the cluster.
"""

from __future__ import annotations

import asyncio
import shlex
import signal
import sys
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cluster.schema import Store, build, create_schemas
from cluster.temporal import NAMESPACE, TemporalCluster
from servers import ServerFailed
from servers.postgres import PostgresServer


@dataclass(frozen=True)
class Running:
    """The three servers, all of them up."""

    temporal: TemporalCluster
    temporal_db: PostgresServer
    record_db: PostgresServer

    @property
    def settings(self) -> dict[str, str]:
        """The environment that makes Polder use them."""
        return {
            "TEMPORAL_ADDRESS": self.temporal.address,
            "TEMPORAL_NAMESPACE": NAMESPACE,
            "DATABASE_URL": self.record_db.address,
        }


@asynccontextmanager
async def cluster(home: Path) -> AsyncGenerator[Running]:
    """Build what is not built, start all three, and stop them at the end.

    A second run on the same home finds the dialogues of the first.

    Raises:
        ServerFailed: one of them could not be built or started.
    """
    with _timed("build"):
        await build()
    async with AsyncExitStack() as up:
        with _timed("both PostgreSQL"):
            temporal_db = PostgresServer(
                home / "temporal-db",
                # Each of Temporal's four roles has pools of its own.
                settings={"max_connections": "200"},
            )
            record_db = PostgresServer(home / "record-db")
            await up.enter_async_context(temporal_db)
            await up.enter_async_context(record_db)
        store = Store.from_url(temporal_db.address)
        with _timed("schemas"):
            await create_schemas(store)
        temporal = TemporalCluster(home / "temporal", store)
        with _timed("Temporal"):
            await up.enter_async_context(temporal)
        yield Running(temporal, temporal_db, record_db)


@contextmanager
def _timed(what: str) -> Generator[None]:
    """Tell on stderr how long a step took."""
    since = time.monotonic()
    yield
    _tell(f"{what}: {time.monotonic() - since:.1f} s")


def _tell(line: str) -> None:
    print(f"cluster: {line}", file=sys.stderr, flush=True)  # noqa: T201 - a command


async def hold(home: Path) -> None:
    """Run a cluster until SIGINT or SIGTERM."""
    interrupted = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, interrupted.set)
    async with cluster(home) as running:
        for name, value in running.settings.items():
            print(f"export {name}={shlex.quote(value)}", flush=True)  # noqa: T201 - idem
        await interrupted.wait()


if __name__ == "__main__":
    try:
        asyncio.run(hold(Path(*sys.argv[1:2] or [".polder-cluster"])))
    except ServerFailed as failure:
        sys.exit(f"cluster: {failure}")
