"""A worker may die at any moment: nothing acknowledged is lost, nothing is doubled."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from tests.faults.load import loaded
from tests.faults.oracle import holds
from tests.faults.rig import Rig
from tests.faults.telling import begin, fresh, items

pytestmark = pytest.mark.faults

POINTS = ("before append", "after append", "handler", "task")


async def test_a_command_survives_its_worker(rig: Rig) -> None:
    """Killed at each point of a command, the next worker brings it to its one end."""
    async with rig.worker() as worker, rig.desk() as desk:
        told = await begin(rig.client, desk)
        await told.does("complete_items", items=items("kennismaken"))
        await told.does("complete_step", step="kennismaken")
        for point, item in zip(POINTS, items("belangen"), strict=False):
            worker.arm(point)
            name, command = fresh(), {"items": [item], "note": f"Over {item}"}
            asked = asyncio.create_task(
                told.tell("desk", "complete_items", command, name)
            )
            await worker.dies()
            await worker.start()
            first = await asked
            assert first.outcome == "acknowledged"
            again = await told.tell("desk", "complete_items", command, name)
            assert again.answer == first.answer
        record = await holds(rig.database, told)
        assert worker.deaths == len(POINTS)
        done = [e for e in record if e.members["type"] == "items_completed"]
        assert [e.members["data"]["items"][0] for e in done[1:]] == items("belangen")[
            : len(POINTS)
        ]


@pytest.mark.slow
async def test_workers_killed_again_and_again(rig: Rig) -> None:
    """Killed at no chosen moment, twenty times under load, across runs."""
    orders = rig.orders(counts={"workflows.policies.HISTORY_BUDGET": 600})
    moments = Random(20261121)
    async with rig.worker(orders) as worker, rig.desk() as desk:
        told = await begin(rig.client, desk)
        async with loaded(told):
            for _ in range(20):
                await asyncio.sleep(moments.uniform(0.2, 3))
                await worker.again()
        await holds(rig.database, told)
