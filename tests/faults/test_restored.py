"""Temporal may be lost, or be put back from an old copy: the record decides.

Each test has a Temporal and a database of its own, whose files it may take away.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType, ResetReapplyExcludeType
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import WorkflowExecutionStatus

from desk.errors import DeskError, Refused
from storage.delivery import messages
from storage.record import head, take_over
from tests.faults.oracle import holds, record_of, runs
from tests.faults.rig import Rig, WorkerProcess
from tests.faults.telling import (
    WINDOW,
    Told,
    begin,
    fast_clock,
    fresh,
    items,
    noted,
    together,
)
from tests.faults.windows import open_window, recorded
from tests.services import until

pytestmark = pytest.mark.faults


def files(rig: Rig) -> list[Path]:
    """Name the files of Temporal's database."""
    return sorted(rig.temporal.directory.glob("temporal.db*"))


async def lost(rig: Rig, worker: WorkerProcess) -> None:
    """Lose Temporal's database, and start it on nothing."""
    await worker.kill()
    await rig.temporal.stop()
    for file in files(rig):
        file.unlink()
    await rig.temporal.start()
    await worker.start()


async def copied(rig: Rig) -> Path:
    """Copy Temporal's database while it does not run, and start it again."""
    copy = rig.directory / fresh("copy")
    copy.mkdir()
    await rig.temporal.stop()
    for file in files(rig):
        shutil.copy(file, copy)
    await rig.temporal.start()
    return copy


async def put_back(rig: Rig, worker: WorkerProcess, copy: Path) -> None:
    """Put an old copy of Temporal's database in the place of the present one."""
    await worker.kill()
    await rig.temporal.stop()
    for file in files(rig):
        file.unlink()
    for file in copy.iterdir():
        shutil.copy(file, rig.temporal.directory)
    await rig.temporal.start()
    await worker.start()


async def note(told: Told) -> str | None:
    """Send a command; give the name of its refusal, if it is refused."""
    name = fresh()
    return (await told.insist("update", "note_signal", noted(name), name)).refusal


async def test_every_dialogue_comes_back(rig: Rig) -> None:
    """Temporal's database is gone: each goes on, with its clock and what it owes.

    A restore that broke off after its first act is simply done again.
    """
    async with (
        rig.with_own_temporal("lost") as own,
        own.worker() as worker,
        own.desk() as desk,
    ):
        plain, timed, done, owing = await together(
            begin(own.client, desk),
            begin(own.client, desk, clock=fast_clock()),
            begin(own.client, desk),
            begin(own.client, desk),
        )
        await plain.does("complete_items", items=items("kennismaken"))
        await open_window(timed, days=3)
        await note(done)
        await rig.mail.stop()
        await owes_letter(owing)
        await lost(own, worker)
        await rig.mail.start()
        held = await head(desk.pool, plain.stream)
        assert held is not None
        await take_over(desk.pool, held)
        for told in (plain, timed, done, owing):
            answer = await desk.restore(told.stream)
            assert [e["type"] for e in answer.events] == ["dialogue_restored"]
            with pytest.raises(Refused) as refused:
                await desk.restore(told.stream)
            assert refused.value.name == "DialogueRuns"
        await recorded(own.database, timed, "window_closed")
        assert await note(plain) is None
        for told in (plain, timed, done, owing):
            await holds(own.database, told)
        assert await went_out(own, owing) == ["sent"]


async def owes_letter(told: Told) -> None:
    """Open a window while no mail can be sent to the one who is invited."""
    person = {"role": "parties", "actor": "k-9", "name": "Partij 9"}
    address = {"address": "k9@example.org"}
    assert (await told.tell("desk", "assign_role", {**person, **address})).answer
    await told.does("complete_items", items=items("kennismaken"))
    await told.does("complete_step", step="kennismaken")
    await told.does("start_step", step="belangen")
    await told.does("open_window", window=WINDOW)
    effects = (await told.state())["effects"].values()
    assert [effect["status"] for effect in effects] == ["pending"]


async def went_out(rig: Rig, told: Told) -> list[str]:
    """Say what became of the letters to the one who has an address."""
    async with rig.desk() as desk:
        noted_down = await messages(desk.pool, told.stream)
    return [note.outcome for note in noted_down if note.recipient == "k-9"]


@pytest.mark.slow
async def test_restored_twice_at_once(rig: Rig) -> None:
    """Two operators restore one dialogue at the same moment: it runs once."""
    async with (
        rig.with_own_temporal("twice") as own,
        own.worker() as worker,
        own.desk() as desk,
    ):
        told = await begin(own.client, desk)
        await lost(own, worker)

        async def restore() -> bool:
            try:
                await desk.restore(told.stream)
            except DeskError:
                return False
            return True

        assert any(await together(restore(), restore()))
        assert await note(told) is None
        await holds(own.database, told)


@pytest.mark.slow
async def test_an_old_copy_after_a_restore(rig: Rig) -> None:
    """The old workflow is told that it was superseded, and stops; nothing forks."""
    async with (
        rig.with_own_temporal("superseded") as own,
        own.worker() as worker,
        own.desk() as desk,
    ):
        told = await begin(own.client, desk)
        copy = await copied(own)
        assert await note(told) is None
        await lost(own, worker)
        await desk.restore(told.stream)
        assert await note(told) is None
        before = await record_of(own.database, told.stream)
        await put_back(own, worker, copy)
        assert await note(told) == "Superseded"

        async def has_stopped() -> bool:
            described = await told.handle.describe()
            return described.status is WorkflowExecutionStatus.FAILED

        await until(has_stopped)
        assert await record_of(own.database, told.stream) == before
        await desk.restore(told.stream)
        assert await note(told) is None
        await holds(own.database, told)


@pytest.mark.slow
async def test_an_old_copy_without_a_restore(rig: Rig) -> None:
    """The old workflow would fork the record: an incident, until it is superseded."""
    async with (
        rig.with_own_temporal("forked") as own,
        own.worker() as worker,
        own.desk() as desk,
    ):
        told = await begin(own.client, desk)
        copy = await copied(own)
        assert await note(told) is None
        before = await record_of(own.database, told.stream)
        await put_back(own, worker, copy)
        await is_an_incident(own, told)
        assert await record_of(own.database, told.stream) == before
        await desk.restore(told.stream, supersede=True)
        assert await note(told) is None
        await holds(own.database, told)


async def test_a_reset_is_an_incident(steady: Rig) -> None:
    """Temporal's own reset forks the record: refused, until it is superseded."""
    async with steady.desk() as desk:
        told = await begin(steady.client, desk)
        assert await note(told) is None
        assert await note(told) is None
        before = await record_of(steady.database, told.stream)
        await reset(told)
        await is_an_incident(steady, told)
        assert await record_of(steady.database, told.stream) == before
        await desk.restore(told.stream, supersede=True)
        assert await note(told) is None
        await holds(steady.database, told)


async def reset(told: Told) -> None:
    """Reset a dialogue to where its first event was on record, as Temporal can."""
    [history] = await runs(told)
    done = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
    point = [event.event_id for event in history if event.event_type == done][1]
    await told.client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=told.client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=told.stream),
            reason="a test",
            workflow_task_finish_event_id=point,
            request_id=fresh(),
            reset_reapply_exclude_types=[
                ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_UPDATE
            ],
        )
    )


async def is_an_incident(rig: Rig, told: Told) -> None:
    """The next command contradicts the record; it and all others are refused."""
    assert await note(told) == "RecordContradicts"
    assert await note(told) == "RecordContradicts"
    async with rig.desk() as desk:
        held = await head(desk.pool, told.stream)
        assert held is not None
        assert held.blocked_by is not None
