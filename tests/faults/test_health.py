"""Health says what is so: by a command that goes the whole way, not by a port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from time import monotonic

import psycopg
import pytest

from activities.contracts import CANARY_ID
from desk.canary import sing
from desk.health import Health, Report
from storage import logkey
from storage.pool import connect
from storage.sealing import seal
from tests.faults.rig import Rig
from tests.faults.telling import begin
from tests.services import until
from workflows.canary import MOST

pytestmark = pytest.mark.faults

ALWAYS = timedelta(0)
"""Found out anew each time."""

QUICKLY = timedelta(seconds=2)


@asynccontextmanager
async def asked(rig: Rig, every: timedelta = ALWAYS) -> AsyncGenerator[Health]:
    """Open a desk, and give what tells its health."""
    async with rig.desk() as desk:
        yield Health(desk.pool, desk.client, every, patience=QUICKLY)


async def well(health: Health, within: float = 30) -> None:
    """Wait until all is well."""

    async def is_up() -> bool:
        return (await health.report()).status == "UP"

    await until(is_up, within)


def said(report: Report) -> tuple[str, dict[str, str]]:
    """Give the word for outsiders, and what operators hear."""
    return report.status, dict(report.troubles)


async def test_without_a_worker_commands_fail_and_reading_goes_on(rig: Rig) -> None:
    """DEGRADED while none runs, UP once one does, and DEGRADED when it was killed."""
    own = await rig.apart("health_worker")
    async with asked(own) as health:
        degraded = ("DEGRADED", {"commands": "no answer in time"})
        assert said(await health.report()) == degraded
        async with own.worker() as worker:
            await well(health)
            assert said(await health.report()) == ("UP", {})
            await worker.kill()
            assert said(await health.report()) == degraded


async def test_temporal_killed(rig: Rig) -> None:
    """DEGRADED, at once or in time, and UP again by itself."""
    alone = rig.with_own_temporal("health_temporal")
    async with alone as own, own.worker(), asked(own) as health:
        await well(health)
        await own.temporal.kill()
        began = monotonic()
        report = await health.report()
        assert monotonic() - began < QUICKLY.total_seconds() + 1
        assert report.status == "DEGRADED"
        assert {part for part, _ in report.troubles} == {"commands"}
        await own.temporal.start()
        await well(health, within=60)


async def test_postgres_stopped(rig: Rig) -> None:
    """DOWN: nothing can be read; and UP again by itself."""
    own = await rig.apart("health_postgres")
    async with own.worker(), asked(own) as health:
        await well(health)
        await own.crash_postgres()
        try:
            report = await health.report()
            assert report.status == "DOWN"
            assert {part for part, _ in report.troubles} == {
                "record",
                "commands",
                "log",
            }
        finally:
            await own.postgres.start()
        await well(health, within=60)


async def test_what_was_found_out_stands_for_a_while(rig: Rig) -> None:
    """Many who ask at once hear one answer, and so does who asks right after."""
    own = await rig.apart("health_cached")
    async with own.worker(), asked(own, every=timedelta(minutes=1)) as health:
        reports = await asyncio.gather(*(health.report() for _ in range(50)))
        assert len({report.at for report in reports}) == 1
        assert (await health.report()).at == reports[0].at
        assert await songs(own) == 1


async def test_the_canary_s_history_stays_short(rig: Rig) -> None:
    """It begins another run after some songs, and misses none meanwhile."""
    own = await rig.apart("health_history")
    async with own.worker(), own.desk() as desk:
        client = await desk.client()
        patience = timedelta(seconds=30)
        for _ in range(MOST // 5 + 3):
            found = await asyncio.gather(*(sing(client, patience) for _ in range(5)))
            assert set(found) == {None}
        described = await client.get_workflow_handle(CANARY_ID).describe()
        assert described.history_length < 200
        assert await songs(own) == MOST + 15


async def test_a_log_that_lags_behind_is_told(rig: Rig) -> None:
    """What is recorded and does not get into the log makes DEGRADED, and no more."""
    own = await rig.apart("health_log")
    async with own.worker(), own.desk() as desk:
        health = Health(desk.pool, desk.client, ALWAYS, late=timedelta(0))
        await well(health)
        await begin(own.client, desk)
        assert said(await health.report()) == ("DEGRADED", {"log": "late"})
        key = logkey.create(own.directory / "health.key", "test")
        async with await connect(own.database, role="polder_sealer") as conn:
            await seal(conn, key)
        await well(health)


async def songs(rig: Rig) -> int:
    """Give how often the canary's row was written."""
    async with await psycopg.AsyncConnection.connect(rig.database) as conn:
        cursor = await conn.execute("SELECT beats FROM delivery.canary")
        row = await cursor.fetchone()
    assert row is not None
    return int(row[0])
