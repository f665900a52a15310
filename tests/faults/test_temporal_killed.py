"""Temporal may be killed: what it admitted may be lost, what it accepted may not."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
from temporalio.client import WorkflowUpdateStage

from tests.faults.load import loaded
from tests.faults.oracle import holds
from tests.faults.rig import Rig
from tests.faults.telling import Told, begin, envelope, fresh, noted
from tests.services import until

pytestmark = pytest.mark.faults


async def test_killed_with_an_update_admitted(rig: Rig) -> None:
    """Nobody took the update yet: its sender asks again, and it is done once."""
    async with rig.worker() as worker, rig.desk() as desk:
        told = await begin(rig.client, desk)
        await worker.kill()
        name = fresh()
        first = told.tell("update", "note_signal", noted(name), name)
        second = told.tell("desk", "note_signal", noted(name), name)
        asked = [asyncio.create_task(each) for each in (first, second)]
        await asyncio.sleep(0.5)  # They are on their way: nothing shows it.
        await rig.crash_temporal()
        await worker.start()
        await asyncio.gather(*asked)
        ended = await told.insist("desk", "note_signal", noted(name), name)
        assert ended.outcome == "acknowledged"
        await holds(rig.database, told)


async def test_killed_with_an_update_accepted(steady: Rig) -> None:
    """The update is in history: its result is there to be fetched by its id."""
    told = await begin(steady.client)
    name = fresh()
    async with steady.held_record(told.stream):
        await told.handle.start_update(
            "note_signal",
            envelope(name, noted(name)),
            id=name,
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
        )
        await steady.crash_temporal()
    result = await asyncio.wait_for(_result(told, name), 60)
    assert (result["version"], result["recorded"]) == (2, True)
    record = await holds(steady.database, told)
    assert [e.cause for e in record].count(name) == 1


@pytest.mark.slow
async def test_temporal_killed_again_and_again(rig: Rig) -> None:
    """Killed at no chosen moment, ten times under load: nothing is lost."""
    moments = Random(20261121)
    async with rig.worker(), rig.desk() as desk:
        told = await begin(rig.client, desk)
        async with loaded(told):
            for _ in range(10):
                await asyncio.sleep(moments.uniform(1, 4))
                await rig.crash_temporal()
        await holds(rig.database, told)


async def _result(told: Told, update: str) -> dict[str, object]:
    """Fetch what an update came to, also while a server that was killed comes up."""
    found: list[dict[str, object]] = []

    async def is_there() -> bool:
        handle = told.handle.get_update_handle(update, result_type=dict)
        found.append(await handle.result())
        return True

    await until(is_there)
    return found[0]
