"""The record may be away, or not be heard: what it took is taken once."""

from __future__ import annotations

import asyncio

import pytest

from evidence.event import parse_instant
from tests.faults.load import loaded
from tests.faults.oracle import OnRecord, holds
from tests.faults.rig import Rig
from tests.faults.telling import begin, fresh, noted
from tests.faults.wire import wired

pytestmark = pytest.mark.faults


async def stop(rig: Rig, seconds: float) -> None:
    """Stop PostgreSQL, and start it again after so long."""
    await rig.postgres.stop()
    await asyncio.sleep(seconds)
    await rig.postgres.start()


async def crash(rig: Rig, times: int, every: float) -> None:
    """Crash PostgreSQL again and again."""
    for _ in range(times):
        await asyncio.sleep(every)
        await rig.crash_postgres()
        await rig.postgres.start()


def waited(record: list[OnRecord]) -> float:
    """Give the longest time, in seconds, that an event waited for the record."""
    delays = [e.recorded_at - parse_instant(e.members["at"]) for e in record]
    return max(delays).total_seconds()


async def test_postgres_stopped_and_crashing(rig: Rig) -> None:
    """Down for five seconds, then crashed twice, under load: all commands end."""
    async with rig.worker(), rig.desk() as desk:
        told = await begin(rig.client, desk)
        async with loaded(told):
            await asyncio.sleep(1)
            await stop(rig, 5)
            await crash(rig, 2, 1)
        record = await holds(rig.database, told)
        assert len(record) > 20
        assert waited(record) > 4


@pytest.mark.slow
async def test_postgres_stopped_for_long(rig: Rig) -> None:
    """Down for thirty seconds under load: the same."""
    async with rig.worker(), rig.desk() as desk:
        told = await begin(rig.client, desk)
        async with loaded(told):
            await asyncio.sleep(1)
            await stop(rig, 30)
            await asyncio.sleep(1)
        assert waited(await holds(rig.database, told)) > 25


@pytest.mark.slow
async def test_postgres_keeps_crashing_under_load(rig: Rig) -> None:
    """Crashed every few seconds for three minutes, under load: all commands end."""
    async with rig.worker(), rig.desk() as desk:
        told = await begin(rig.client, desk)
        async with loaded(told):
            await crash(rig, 30, 5)
        await holds(rig.database, told)


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
            await asyncio.sleep(1)
        await holds(rig.database, told)
        assert wire.cut == 14
