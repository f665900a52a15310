"""The suite is tested itself: a fault that is planted on purpose is noticed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from tests.faults.oracle import holds, runs, verdict
from tests.faults.planting import PLANTED
from tests.faults.rig import Rig, WorkerProcess
from tests.faults.telling import Told, begin, fast_clock, fresh, noted
from tests.faults.windows import open_window, recorded
from tests.services import until

pytestmark = pytest.mark.faults


async def killed_after_commit(worker: WorkerProcess, told: Told) -> None:
    """Kill the worker between commit and report, under one command."""
    worker.arm("after append")
    name = fresh()
    asked = asyncio.create_task(told.tell("update", "note_signal", noted(name), name))
    await worker.dies()
    await worker.start()
    await asked


def said(found: Sequence[str], *words: str) -> bool:
    """Whether one of these findings has all these words."""
    return any(all(word in finding for word in words) for finding in found)


async def test_a_record_without_guard_is_noticed(rig: Rig) -> None:
    """No unique constraint and no check of the head: an event is there twice."""
    apart = await rig.apart("unguarded")
    await apart.plant_no_guard()
    async with apart.worker() as worker:
        told = await begin(apart.client)
        await killed_after_commit(worker, told)
        found = await verdict(apart.database, told)
        assert said(found, "more than one set of events"), found
        assert said(found, "record:"), found


async def test_an_early_acknowledgement_is_noticed(rig: Rig) -> None:
    """Answered as recorded when it is only accepted: the record came later."""
    async with rig.worker(rig.orders(planted=["acknowledge early"])):
        told = await begin(rig.client)
        async with rig.held_record(told.stream):
            name = fresh()
            ended = await told.tell("update", "note_signal", noted(name), name)
            assert ended.outcome == "acknowledged"
        found = await verdict(rig.database, told)
        assert found == [f"{name}: acknowledged before it was on record"]


@pytest.mark.slow
async def test_event_ids_by_chance_are_noticed(rig: Rig) -> None:
    """Ids that don't follow from the cause; a replay goes on behind those on record."""
    async with rig.worker(rig.orders(planted=["random event ids"])) as worker:
        told = await begin(rig.client)
        await killed_after_commit(worker, told)
        await told.tell("update", "note_signal", noted("x"), fresh(), within=5)
        found = await verdict(rig.database, told, patience=3)
        assert said(found, "has not the id of its cause"), found
        assert not said(found, "stuck"), found
        assert not said(found, "answered"), found


@pytest.mark.slow
async def test_forgotten_commands_are_noticed(rig: Rig) -> None:
    """Handled commands lost at continue-as-new: an old id is obeyed again."""
    orders = rig.orders(
        counts={"workflows.policies.UPDATE_BUDGET": 5}, planted=["forget handled"]
    )
    async with rig.worker(orders):
        told = await begin(rig.client)
        name, first = fresh(), await told.run_id()
        assert (await told.insist("update", "note_signal", noted(name), name)).answer

        async def moved() -> bool:
            await told.insist("update", "note_signal", noted("more"), fresh())
            return await told.run_id() != first

        await until(moved)
        await told.tell("update", "note_signal", noted(name), name, within=5)
        found = await verdict(rig.database, told, patience=3)
        assert said(found, "blocked") or said(found, "more than one set"), found


async def test_a_failing_clock_is_no_silence(rig: Rig) -> None:
    """A fault in what runs beside the main loop fails the task, until it is mended."""
    orders = rig.orders(planted=["failing clock"])
    async with rig.worker(orders) as worker, rig.desk() as desk:
        told = await begin(rig.client, desk, clock=fast_clock())
        await open_window(told, days=1)

        async def failed() -> bool:
            described = await told.handle.describe()
            return described.raw_description.pending_workflow_task.attempt > 1

        await until(failed)
        assert PLANTED in str(await runs(told))
        await worker.again(planted=())
        await recorded(rig.database, told, "window_closed")
        record = await holds(rig.database, told, expected=PLANTED)
        assert [e.members["type"] for e in record].count("window_closed") == 1
