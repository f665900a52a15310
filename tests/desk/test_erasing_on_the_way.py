"""An erasure reaches a dialogue wherever it is: between runs, lost, restored, held."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from desk.desk import Desk
from desk.executing import execute
from desk.history import history
from desk.holding import lift, place
from desk.resuming import resume
from storage import erasing
from storage.vault import openings
from tests.desk.town_hall import GRANTED, OFFICER, ORGANISATION, TownHall
from tests.services import until
from workflows import policies


async def kept(hall: TownHall, stream: str) -> set[str]:
    """Whom the values of a dialogue are about."""
    found = await openings(hall.desk.pool, hall.desk.keys, stream)
    return {opening.subject for opening in found}


async def erased(hall: TownHall, stream: str) -> list[list[object]]:
    """The places that a dialogue says were erased, by event."""
    past = [event.members async for event in history(hall.desk, stream)]
    return [m["data"]["paths"] for m in past if m["type"] == "personal_data_erased"]


async def test_a_run_that_hands_over_loses_no_erasure(
    hall: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands pour in, the dialogue goes from run to run, and it is named once."""
    monkeypatch.setattr(policies, "HISTORY_BUDGET", 30)
    stream = await hall.dialogue()
    await hall.granted("between-runs")

    async def busy() -> None:
        for number in range(40):
            body = {"type": "storing", "source": f"zaak-{number}"}
            await hall.does(stream, "note_signal", **body)

    async def carried_out() -> str:
        for _ in range(10):
            found = await execute(hall.desk, ORGANISATION, "between-runs", OFFICER)
            if not found.untold:
                return found.case.status
        return "untold"

    _, status = await asyncio.gather(busy(), carried_out())
    assert status == "executed"
    assert len(await erased(hall, stream)) == 1
    handle = hall.client.get_workflow_handle(stream)
    described = await handle.describe()
    first = await hall.client.get_workflow_handle(
        stream, run_id=described.run_id
    ).fetch_history()
    started = first.events[0].workflow_execution_started_event_attributes
    assert started.continued_execution_run_id
    await hall.does(stream, "start_step", step="kennismaken")
    assert await hall.findings() == []


async def test_a_dialogue_that_was_lost_is_restored_first(hall: TownHall) -> None:
    """It keeps its values and says so; restored, it is carried out by itself."""
    lost, other = await hall.dialogue(), await hall.dialogue()
    await hall.client.get_workflow_handle(lost).terminate("a test")
    await hall.granted("lost")
    found = await execute(hall.desk, ORGANISATION, "lost", OFFICER)
    assert [one.stream for one in found.untold] == [lost]
    assert "restore" in found.untold[0].problem
    assert found.case.status == "granted"
    assert "anna" in await kept(hall, lost)
    assert "anna" not in await kept(hall, other)
    assert await hall.findings() == []
    await hall.desk.restore(lost)
    assert await resume(hall.desk) == 1
    assert "anna" not in await kept(hall, lost)
    assert len(await erased(hall, lost)) == 1
    assert await erasing.granted(hall.desk.pool) == ()
    assert await hall.findings() == []


async def test_what_was_erased_stays_so_after_a_restore(hall: TownHall) -> None:
    """The dialogue knows what it said: told again, it says nothing twice."""
    stream = await hall.dialogue()
    await hall.granted("restored")
    await execute(hall.desk, ORGANISATION, "restored", OFFICER)
    await hall.desk.restore(stream, supersede=True)
    await hall.client.get_workflow_handle(stream).signal("look_for_erasures")
    await hall.does(stream, "start_step", step="kennismaken")
    assert len(await erased(hall, stream)) == 1
    assert await hall.findings() == []


async def test_without_a_worker_it_waits(hall: TownHall) -> None:
    """What nobody carries out is told, and done once somebody does."""
    stream = await hall.dialogue()
    await hall.granted("no-worker")
    hurried = Desk(
        hall.desk.pool,
        hall.desk.keys,
        hall.client.service_client.config.target_host,
        hall.client.namespace,
        timedelta(),
    )
    found = await execute(hurried, ORGANISATION, "no-worker", OFFICER)
    assert [one.stream for one in found.untold] == [stream]

    async def done() -> bool:
        await resume(hall.desk)
        return "anna" not in await kept(hall, stream)

    await until(done)
    assert await hall.findings() == []


async def test_temporal_that_is_down_holds_up_the_rest_only(hall: TownHall) -> None:
    """Nothing is lost, the record is sound, and it is carried out later."""
    stream = await hall.dialogue()
    await hall.granted("no-temporal")
    blind = Desk(hall.desk.pool, hall.desk.keys, "127.0.0.1:1", hall.client.namespace)
    found = await execute(blind, ORGANISATION, "no-temporal", OFFICER)
    assert [one.stream for one in found.untold] == [stream]
    assert found.case.status == "granted"
    assert "anna" in await kept(hall, stream)
    assert await hall.findings() == []
    assert (
        await execute(hall.desk, ORGANISATION, "no-temporal", None)
    ).case.status == "executed"


async def test_a_hold_holds_what_a_dialogue_was_already_told(hall: TownHall) -> None:
    """Between being told and looking it up, too: then there is nothing to look up."""
    stream = await hall.dialogue()
    await hall.granted("told")
    await erasing.begin(hall.desk.pool, ORGANISATION, "told", "anna")
    (job,) = await erasing.jobs(hall.desk.pool, ORGANISATION, "told")
    await erasing.prepare(hall.desk.pool, job)
    await place(
        hall.desk,
        ORGANISATION,
        OFFICER,
        hold="h-told",
        ground="litigation",
        authority="rol 1",
        subject="anna",
    )
    await hall.client.get_workflow_handle(stream).signal("look_for_erasures")
    await hall.does(stream, "start_step", step="kennismaken")
    await asyncio.sleep(0.5)
    assert await erased(hall, stream) == []
    assert "anna" in await kept(hall, stream)
    await lift(hall.desk, ORGANISATION, OFFICER, hold="h-told", authority="rol 2")
    assert await resume(hall.desk) == 1
    assert "anna" not in await kept(hall, stream)


async def test_a_decision_that_nobody_began_is_carried_out(hall: TownHall) -> None:
    """A crash right after the decision leaves it to the next sweep."""
    stream = await hall.dialogue()
    await hall.granted("never-begun")
    assert (ORGANISATION, "never-begun") in await erasing.granted(hall.desk.pool)
    assert GRANTED.granted
    assert await resume(hall.desk) == 1
    assert "anna" not in await kept(hall, stream)
