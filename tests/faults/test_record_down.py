"""The record may be away, or not be heard: what it took is taken once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from tests.faults.oracle import holds
from tests.faults.rig import Rig
from tests.faults.telling import Told, Way, begin, fresh, load, noted
from tests.faults.wire import wired

WAYS: tuple[Way, ...] = ("desk", "update", "signal")

pytestmark = pytest.mark.faults


@asynccontextmanager
async def loaded(told: Told) -> AsyncGenerator[None]:
    """Keep clients of every way busy with a dialogue, as long as this lasts."""
    enough = asyncio.Event()
    clients = asyncio.create_task(load(told, WAYS, enough))
    try:
        yield
    finally:
        enough.set()
        await asyncio.wait_for(clients, 120)


async def stopped(rig: Rig, seconds: float) -> None:
    """Stop PostgreSQL under load, and start it again."""
    async with rig.worker(), rig.desk() as desk:
        told = await begin(rig.client, desk)
        async with loaded(told):
            await asyncio.sleep(1)
            await rig.postgres.stop()
            await asyncio.sleep(seconds)
            await rig.postgres.start()
            await asyncio.sleep(1)
        record = await holds(rig.database, told)
        assert len(record) > 20
        outcomes = {sending.outcome for sending in told.sheet}
        assert outcomes >= {"acknowledged", "unanswered"}


async def restarted(rig: Rig, times: int, every: float) -> None:
    """Crash PostgreSQL again and again under load."""
    async with rig.worker(), rig.desk() as desk:
        told = await begin(rig.client, desk)
        async with loaded(told):
            for _ in range(times):
                await asyncio.sleep(every)
                await rig.crash_postgres()
                await rig.postgres.start()
        await holds(rig.database, told)


async def test_postgres_stopped_for_a_while(rig: Rig) -> None:
    """Down for five seconds under load: all commands end as they were answered."""
    await stopped(rig, 5)


@pytest.mark.slow
async def test_postgres_stopped_for_long(rig: Rig) -> None:
    """Down for thirty seconds under load: the same."""
    await stopped(rig, 30)


async def test_postgres_crashes_under_load(rig: Rig) -> None:
    """Crashed twice in immediate mode, under load: all commands end."""
    await restarted(rig, 2, 1.5)


@pytest.mark.slow
async def test_postgres_keeps_crashing_under_load(rig: Rig) -> None:
    """Crashed every few seconds for three minutes, under load: all commands end."""
    await restarted(rig, 30, 5)


async def test_answers_lost_after_commit(rig: Rig) -> None:
    """The connection drops between COMMIT and its answer, time after time."""
    async with (
        wired(rig.database) as (wire, through),
        rig.worker(rig.orders(database=through)),
        rig.desk() as desk,
    ):
        wire.cut_commits(1)
        told = await begin(rig.client, desk)
        for times in (1, 2, 5):
            wire.cut_commits(times)
            name = fresh()
            ended = await told.tell("desk", "note_signal", noted(name), name)
            assert ended.outcome == "acknowledged"
        wire.cut_commits(5)
        async with loaded(told):
            await asyncio.sleep(2)
        await holds(rig.database, told)
        assert wire.cut == 14
