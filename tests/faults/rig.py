"""Servers that a test may stop, kill and start again, and workers that die on cue."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Final

import psycopg
from temporalio.client import Client

from desk.desk import Desk, open_desk
from servers import MailServer, PostgresServer, TemporalServer
from tests.faults.planting import unguarded
from tests.faults.worker_under_test import READY, Orders, arm
from tests.services import (
    connect,
    create_database,
    own_namespace,
    postgres_running,
    temporal_running,
    until,
)

ROOT: Final = Path(__file__).parents[2]
_numbers = count(1)

QUICK: Final[Mapping[str, float]] = {
    "workflows.policies.APPEND_TIMEOUT": 2,
    "workflows.policies.NOTIFY_HEARTBEAT": 2,
    "workflows.policies.DRAIN_GRACE": 0.5,
}
"""How soon Temporal gives up on a worker that is gone: the same, but sooner."""


@dataclass
class WorkerProcess:
    """One worker process at a time, started again by the test; logs to one file."""

    orders: Orders
    log: Path
    process: Process | None = None
    deaths: int = 0

    async def start(self) -> None:
        """Start it, and wait until it says that it is ready."""
        before = len(self._words())
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.faults.worker_under_test"),
                self.orders.model_dump_json(),
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        process = self.process

        async def is_ready() -> bool:
            words = self._words()[before:]
            assert process.returncode is None, words[-4000:]
            return READY in words

        await until(is_ready, within=60)

    def arm(self, point: str, nth: int = 1) -> None:
        """Let it die at a point, the ``nth`` time it comes there."""
        arm(self.orders.traps, point, nth)

    async def dies(self, within: float = 30) -> None:
        """Wait until it has died by its own hand."""
        assert self.process is not None
        code = await asyncio.wait_for(self.process.wait(), within)
        assert code == -signal.SIGKILL, (code, self._words()[-4000:])
        self.process = None
        self.deaths += 1

    async def kill(self) -> None:
        """End it as a power cut would; nothing happens if it does not run."""
        process, self.process = self.process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()

    async def again(self, **changes: object) -> None:
        """End it, and start another with other orders."""
        await self.kill()
        self.orders = self.orders.model_copy(update=changes)
        await self.start()

    def _words(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


@dataclass(frozen=True)
class Rig:
    """PostgreSQL, Temporal and a mail server of our own, to break."""

    postgres: PostgresServer
    temporal: TemporalServer
    mail: MailServer
    client: Client
    database: str
    directory: Path
    namespace: str = "default"

    async def apart(self, name: str) -> Rig:
        """Give the same servers with a namespace and a database of their own."""
        return replace(
            self,
            client=await own_namespace(self.client, name),
            database=await create_database(self.postgres.address, f"faults_{name}"),
            namespace=name,
        )

    @asynccontextmanager
    async def with_own_temporal(self, name: str) -> AsyncGenerator[Rig]:
        """Give a rig whose Temporal and database are a test's own."""
        database = await create_database(self.postgres.address, f"faults_{name}")
        directory = self.directory / name
        directory.mkdir()
        async with temporal_running(directory, skips_time=False) as temporal:
            client = await connect(temporal)
            yield replace(
                self,
                temporal=temporal,
                client=client,
                database=database,
                directory=directory,
            )

    def orders(
        self,
        *,
        seconds: Mapping[str, float] | None = None,
        counts: Mapping[str, int] | None = None,
        planted: Sequence[str] = (),
        database: str | None = None,
    ) -> Orders:
        """Give orders for a worker on these servers, quick to be given up."""
        traps = self.directory / f"traps-{next(_numbers)}"
        traps.mkdir()
        return Orders(
            database=database or self.database,
            temporal=self.temporal.address,
            namespace=self.namespace,
            smtp=self.mail.address,
            traps=traps,
            seconds={**QUICK, **(seconds or {})},
            counts=dict(counts or {}),
            planted=tuple(planted),
        )

    @asynccontextmanager
    async def worker(
        self, orders: Orders | None = None
    ) -> AsyncGenerator[WorkerProcess]:
        """Run a worker process; it is gone afterwards."""
        given = orders or self.orders()
        worker = WorkerProcess(given, given.traps.with_suffix(".log"))
        await worker.start()
        try:
            yield worker
        finally:
            await worker.kill()

    @asynccontextmanager
    async def desk(self) -> AsyncGenerator[Desk]:
        """Open a desk on these servers."""
        async with open_desk(
            self.database, self.temporal.address, self.namespace
        ) as desk:
            yield desk

    @asynccontextmanager
    async def held_record(self, stream: str) -> AsyncGenerator[None]:
        """Let every append to a dialogue wait; at most 30 s, or it is given up."""
        lock = b"SELECT FROM audit.stream WHERE stream = %s FOR UPDATE"
        async with await psycopg.AsyncConnection.connect(self.database) as conn:
            await conn.execute(lock, (stream,))
            yield

    async def plant_no_guard(self) -> None:
        """Let the record take anything: for a database of the test's own."""
        await unguarded(self.database)

    async def crash_temporal(self) -> None:
        """Kill Temporal, and start it again on what it left."""
        await self.temporal.kill()
        await self.temporal.start()

    async def crash_postgres(self) -> None:
        """Stop PostgreSQL in its immediate mode: no session ends well."""
        pid = self.postgres.pid
        assert pid is not None
        os.kill(pid, signal.SIGQUIT)
        await self.postgres.kill()


@asynccontextmanager
async def rig_running(directory: Path) -> AsyncGenerator[Rig]:
    """Run a rig, and remove it afterwards."""
    mail = MailServer(directory / "mail")
    async with (
        postgres_running(directory / "postgres") as postgres,
        temporal_running(directory, skips_time=False) as temporal,
        mail,
    ):
        yield Rig(
            postgres,
            temporal,
            mail,
            await connect(temporal),
            await create_database(postgres.address, "faults"),
            directory,
        )
