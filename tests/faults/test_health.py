"""Health says what is so: by a command that goes the whole way, not by a port."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from time import monotonic

import pytest

from desk.health import Health, Report
from tests.faults.rig import Rig
from tests.services import until

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
