"""A worker process is ready when it works, and tells how it ended."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from desk.upkeep import workers
from servers import Addresses, ServerFailed, TemporalServer
from servers.worker import WorkerProcess, settings
from tests.services import connect, until


@pytest.fixture
def worker(
    database: str, temporal_server: TemporalServer, tmp_path: Path
) -> WorkerProcess:
    """A worker on the servers of this run, not started."""
    where = Addresses(
        database=database, temporal=temporal_server.address, smtp="smtp://127.0.0.1:25"
    )
    return WorkerProcess(tmp_path / "worker", settings(where))


async def test_a_worker_that_started_works_until_it_is_stopped(
    worker: WorkerProcess, temporal_server: TemporalServer
) -> None:
    """Once started it asks Temporal for work; stopped, it has ended in order."""
    client = await connect(temporal_server)
    async with worker:
        mine = f"{worker.need_pid()}@"

        async def asks() -> bool:
            return any(name.startswith(mine) for name in await workers(client))

        await until(asks, within=5)
        assert worker.memory > 1_000_000
        assert not worker.orderly
    assert worker.pid is None
    assert worker.orderly


async def test_a_killed_worker_has_a_successor(worker: WorkerProcess) -> None:
    """Killed, it said no farewell; the next one is another process."""
    async with worker:
        first = worker.need_pid()
        await worker.kill()
        assert not psutil.pid_exists(first)
        assert not worker.orderly
        with pytest.raises(ServerFailed, match="it ended"):
            worker.need_pid()
        await worker.start()
        assert worker.need_pid() != first


async def test_a_worker_that_can_not_start_says_why(
    database: str, temporal_server: TemporalServer, tmp_path: Path
) -> None:
    """A worker in a namespace that does not exist ends, and its words are told."""
    where = Addresses(
        database=database, temporal=temporal_server.address, namespace="nowhere"
    )
    worker = WorkerProcess(tmp_path / "worker", settings(where))
    with pytest.raises(ServerFailed, match="nowhere"):
        await worker.start()
    assert worker.pid is None
