"""A record that was put back from an old backup: found out, caught up, and on with it.

The servers of the rig, with a namespace and a database of the test's own. The backup is
made, life goes on in every way it can, and then the record is only the backup's.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.service import RPCError, RPCStatusCode

from desk.backups import back_up, put_back
from desk.catching_up import Done, Outcome, bring_up_to_date
from desk.desk import Desk
from desk.errors import Unreachable
from desk.going_on import WentOn
from desk.reconciling import Compared, compare, tell
from domain.incidents import CLOSED, FOUND
from domain.reconciliations import DONE
from domain.returns import BACKUP_RESTORED, CAUGHT_UP
from evidence.canonical import JsonValue
from evidence.census import LOG_STREAM
from servers.programs import postgres_programs
from storage.backup import Places
from storage.keys import Keys, beside
from storage.logkey import LogKey, create
from storage.open_incidents import still_open
from storage.ownlog import append, events
from storage.pool import connect, make_pool
from storage.projecting import Projections
from storage.putting_back import Wish
from storage.record import append as put_on_record
from storage.returning import look_into_vault
from storage.sealing import seal
from storage.verify import verify_all
from tests.cli.running import Said, polder, settings
from tests.faults.oracle import record_of, verdict
from tests.faults.rig import Rig
from tests.faults.telling import Told, begin, fresh, noted
from tests.services import until
from tests.storage.dialogues import Play
from workflows.erasing import LOOK_UP

pytestmark = pytest.mark.faults

_LATER = "acknowledged before it was on record"
"""Which is what events look like that were on record, and came there again."""

OPERATOR: dict[str, JsonValue] = {"id": "op-1", "role": "operator", "via": "cli"}


async def note(told: Told) -> str | None:
    """Send a command; give the name of its refusal, if it is refused."""
    name = fresh()
    return (await told.insist("update", "note_signal", noted(name), name)).refusal


async def named(told: Told, who: str) -> None:
    """Give somebody a role by way of the desk: the name goes to the vault."""
    person = {"role": "parties", "actor": who, "name": f"Partij {who}"}
    assert (await told.tell("desk", "assign_role", person)).answer


async def erased(rig: Rig, told: Told, who: str) -> None:
    """Have what the vault keeps about somebody erased, as a decision would."""
    grant = (
        "INSERT INTO vault.erasure (organisation, erasure, subject)"
        " VALUES ('gemeente-waterdam', %s, %s)"
    )
    places = (
        "INSERT INTO vault.erasing (stream, seq, path, cause, organisation, erasure)"
        " SELECT stream, seq, path, 'polder:erased:' || %s, 'gemeente-waterdam', %s"
        " FROM vault.value WHERE stream = %s AND subject = %s"
    )
    job = fresh("erasure")
    async with await psycopg.AsyncConnection.connect(
        rig.database, autocommit=True
    ) as conn:
        await conn.execute(grant, (job, who))
        await conn.execute(places, (job, job, told.stream, who))
        await told.handle.signal(LOOK_UP)

        async def is_gone() -> bool:
            query = "SELECT count(*) FROM vault.erasing WHERE erasure = %s"
            row = await (await conn.execute(query, (job,))).fetchone()
            return row is not None and row[0] == 0

        await until(is_gone)


async def checkpoint(rig: Rig, key: LogKey, file: Path) -> Path:
    """Publish a checkpoint, and keep it where the database has no hold on it."""
    async with await connect(rig.database, role="polder_sealer") as conn:
        sealed = await seal(conn, key, publish=True)
    assert sealed is not None
    file.write_bytes(sealed.note)
    return file


async def backup(rig: Rig, places: Places) -> None:
    """Make a backup."""
    await back_up(rig.database, None, places, postgres_programs(), OPERATOR)


async def old_backup_is_back(rig: Rig, places: Places) -> None:
    """Put the backup in the place of the record, while everything runs."""
    wish = Wish(replace=True, replace_keys=True)
    programs = postgres_programs()
    await put_back(rig.database, None, places, programs, wish, actor=OPERATOR)


async def compared(rig: Rig) -> Compared:
    """Reconcile, and put the outcome on record."""
    async with rig.desk() as desk:
        found = await compare(desk)
        await tell(desk, found, OPERATOR)
    return found


async def caught_up(rig: Rig) -> Done:
    """Catch up."""
    async with rig.desk() as desk:
        return await bring_up_to_date(desk, rig.database, (), (), OPERATOR)


def kinds(found: Compared) -> dict[str, str]:
    """What differs, by dialogue."""
    return {one.stream: one.kind for one in found.differences}


def by_stream(done: Done) -> dict[str, Outcome]:
    """What became of each dialogue."""
    return {each.stream: each for each in done.outcomes}


async def log_of(rig: Rig, kind: str) -> list[Mapping[str, Any]]:
    """The data of the events of a type in the installation's own stream."""
    async with make_pool(rig.database) as pool:
        return [event.data for event in await events(pool, LOG_STREAM, [kind])]


async def hashes(rig: Rig, told: Told) -> list[str]:
    """The hashes of a dialogue's events on record."""
    return [event.hash for event in await record_of(rig.database, told.stream)]


class Lives(NamedTuple):
    """Dialogues, by what happens to them after the backup."""

    busy: Told
    idle: Told
    again: Told
    ended: Told
    erasing: Told
    begun: Told


async def life_goes_on(
    own: Rig, desk: Desk, places: Places, then: Callable[[], Awaitable[object]]
) -> Lives:
    """Five dialogues, a backup, and much that it does not have."""
    busy, idle, again, ended, erasing = [
        await begin(own.client, desk) for _ in range(5)
    ]
    await named(busy, "k-7")
    await named(erasing, "k-8")
    await then()
    await backup(own, places)
    await named(busy, "k-9")
    for _ in range(3):
        assert await note(busy) is None
    await desk.restore(again.stream, supersede=True)
    assert await note(again) is None
    assert (await ended.tell("desk", "cancel_dialogue", {"reason": "Klaar"})).answer
    await ended.does("archive_dialogue")
    begun = await begin(own.client, desk)
    await erased(own, erasing, "k-8")
    return Lives(busy, idle, again, ended, erasing, begun)


async def test_the_whole_way_back(rig: Rig, tmp_path: Path) -> None:
    """What Temporal holds comes back as it was; what is lost for good is named.

    One dialogue had more events and a private text; one was idle; one was restored;
    one came to its end; one began after the backup; of one somebody was erased.
    """
    own = await rig.apart("returned")
    places, newer = Places.at(tmp_path / "backup"), tmp_path / "newer"
    key = create(tmp_path / "keys" / "log.key")
    vkey = [str(key.vkey)]
    async with own.worker(), own.desk() as desk:
        lives = await life_goes_on(
            own, desk, places, lambda: checkpoint(own, key, tmp_path / "old")
        )
        await checkpoint(own, key, newer)
        before = {told.stream: await hashes(own, told) for told in lives}
        await old_backup_is_back(own, places)
        await desk.pool.check()
        # Who speaks meanwhile finds the record behind, and it stays refused.
        assert await note(lives.busy) == "RecordContradicts"
        in_doubt = lives.busy.sheet.pop()
        assert await note(lives.idle) is None
        assert kinds(await compared(own)) == {
            lives.busy.stream: "record_behind",
            lives.again.stream: "record_behind",
            lives.ended.stream: "record_behind",
            lives.begun.stream: "not_on_record",
            lives.erasing.stream: "record_behind",
        }
        for file, kind in ((tmp_path / "old", None), (newer, "log_shorter")):
            since = await compare(desk, [file], vkey)
            assert kinds(since).get(LOG_STREAM) == kind

        done = await caught_up(own)
        became_whole(lives, done)
        for told in lives:
            now = await hashes(own, told)
            assert now[: len(before[told.stream])] == before[told.stream]
        # What came in between was taken, and could not be said to be on record.
        again = await lives.busy.tell(
            "update", in_doubt.kind, in_doubt.command, in_doubt.id
        )
        assert again.answer is not None
        assert again.answer["repeated"]
        await checkpoint(own, key, tmp_path / "after")
        assert "log_differs" in kinds(await compare(desk, [newer], vkey)).values()
        await all_is_well(own, lives)
        await says_every_step(own, done)


def became_whole(lives: Lives, done: Done) -> None:
    """Each dialogue got back what it lacked, and goes on without a restore."""
    assert done.after.differences == ()
    became = by_stream(done)
    assert {stream: one.went_on for stream, one in became.items()} == {
        lives.busy.stream: "by_itself",
        lives.again.stream: "by_itself",
        lives.ended.stream: "ended",
        lives.begun.stream: "by_itself",
        lives.erasing.stream: "by_itself",
    }
    lost = [became[told.stream].lost for told in (lives.busy, lives.ended, lives.begun)]
    assert lost == [1, 1, 0]
    assert became[lives.erasing.stream].erased_again == 1


async def all_is_well(rig: Rig, lives: Lives) -> None:
    """Dialogues take commands, the record is sound, and says which texts are lost."""
    for told in (lives.busy, lives.ended):
        [lost] = [
            event
            for event in await record_of(rig.database, told.stream)
            if event.members["type"] == "personal_data_erased"
        ]
        assert lost.cause.startswith("polder:missing:")
    open_ones = [told for told in lives if told is not lives.ended]
    for told in open_ones:
        assert await note(told) is None
    async with await connect(rig.database) as conn, Keys(beside(rig.database)) as keys:
        report = await verify_all(conn, keys)
    assert report.findings == ()
    for told in open_ones:
        wrong = await verdict(rig.database, told)
        assert [each for each in wrong if not each.endswith(_LATER)] == []


async def says_every_step(rig: Rig, done: Done) -> None:
    """The log has the return, the incident and its end, and what each dialogue got."""
    assert len(await log_of(rig, BACKUP_RESTORED)) == 1
    steps = {data["stream"]: data for data in await log_of(rig, CAUGHT_UP)}
    for each in done.outcomes:
        told = steps[each.stream]
        assert told["last"] - told["first"] + 1 == each.added
        assert told["missing"] == 0
    incidents = {data["incident"] for data in await log_of(rig, FOUND)}
    closed = {data["incident"]: data["how"] for data in await log_of(rig, CLOSED)}
    assert incidents
    assert closed == dict.fromkeys(incidents, "caught_up")
    async with make_pool(rig.database) as pool:
        assert await still_open(pool) == ()
    outcomes = await log_of(rig, DONE)
    assert [len(data["differences"]) for data in outcomes] == [5, 5, 0]
    assert outcomes[-1]["caught_up"] == 5
    assert "k-9" not in json.dumps([steps, outcomes])


async def test_nothing_differs_while_dialogues_go_on(steady: Rig) -> None:
    """A dialogue that is written to at that very moment is no difference."""
    async with steady.desk() as desk:
        told = await begin(steady.client, desk)
        for _ in range(20):
            await told.tell("signal", "note_signal", noted(fresh()))
        found = await compare(desk)
    assert told.stream not in kinds(found)
    await told.settled()


async def test_a_forged_event_puts_the_record_ahead(steady: Rig) -> None:
    """What is on record and not in Temporal is found, and left to an operator."""
    async with steady.desk() as desk:
        told = await begin(steady.client, desk)
        data = {"name": None, "command": None, "error": "Forged"}
        await append(
            desk.pool,
            told.stream,
            "command_refused",
            data,
            cause="polder:forged",
            projections=Projections(),
        )
        found = await compare(desk)
        assert kinds(found)[told.stream] == "record_ahead"
        assert await note(told) == "RecordContradicts"
        again = await compare(desk)
        assert kinds(again)[told.stream] in {"head_differs", "blocked"}
        assert await still_open(desk.pool, told.stream)
        await desk.restore(told.stream, supersede=True)
        assert await still_open(desk.pool, told.stream) == ()
        assert await note(told) is None
        assert told.stream not in kinds(await compare(desk))


async def test_a_dossier_that_was_destroyed_is_no_difference(rig: Rig) -> None:
    """What is gone by decision is looked for nowhere, and what is not is missed."""
    own = await rig.apart("destroyed")
    play = Play()
    async with own.desk() as desk:
        await put_on_record(desk.pool, play.batch(play.starts()), Projections())
        assert kinds(await compare(desk)) == {play.stream: "not_in_temporal"}
        last = play.sealed[-1]
        data: dict[str, JsonValue] = {
            "stream": play.stream,
            "seq": last.seq,
            "hash": last.hash,
        }
        house = "org:gemeente-waterdam"
        await append(desk.pool, house, "dossier_destroyed", data, cause="d-1")
        assert kinds(await compare(desk)) == {}


async def test_a_dialogue_that_temporal_lost_starts_again(steady: Rig) -> None:
    """Alive on record and not in Temporal: found, and restored by the catch-up."""
    async with steady.desk() as desk:
        told = await begin(steady.client, desk)
        await told.handle.terminate("a test")
        assert kinds(await compare(desk))[told.stream] == "not_in_temporal"
        became = by_stream(
            await bring_up_to_date(desk, steady.database, (), (), OPERATOR)
        )
        assert became[told.stream].went_on == "restored"
        assert await note(told) is None


async def test_the_vault_of_a_record_that_was_put_back(
    rig: Rig, tmp_path: Path
) -> None:
    """What was erased after the backup is not in the vault, and its event is there."""
    own = await rig.apart("erased")
    async with own.worker(), own.desk() as desk:
        told = await begin(own.client, desk)
        await named(told, "k-5")
        await named(told, "k-6")
        places = Places.at(tmp_path / "backup")
        await backup(own, places)
        await erased(own, told, "k-5")
        await old_backup_is_back(own, places)
        await desk.pool.check()
        assert (await look_into_vault(desk.pool, told.stream)).undead == ()
        done = await caught_up(own)
        assert done.after.differences == ()
        query = (
            "SELECT subject FROM vault.value WHERE stream = %s AND status = 'recorded'"
        )
        async with await connect(own.database) as conn:
            rows = await conn.execute(query, (told.stream,))
            assert await rows.fetchall() == [("k-6",)]
        assert await verdict(own.database, told) == []


async def test_a_catch_up_that_broke_off_is_done_again(
    rig: Rig, tmp_path: Path
) -> None:
    """Events came back, and nobody was told: the next time dialogues go on.

    One that ended, too, says at last which text it has lost.
    """
    own = await rig.apart("broken")

    async def breaks_off(*_: object) -> WentOn:
        raise Unreachable("a test")

    async with own.worker(), own.desk() as desk:
        told, ended = [await begin(own.client, desk) for _ in range(2)]
        places = Places.at(tmp_path / "backup")
        await backup(own, places)
        assert await note(told) is None
        assert (await ended.tell("desk", "cancel_dialogue", {"reason": "Klaar"})).answer
        await ended.does("archive_dialogue")
        await old_backup_is_back(own, places)
        await desk.pool.check()
        assert await note(told) == "RecordContradicts"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("desk.catching_up.go_on", breaks_off)
            first = await caught_up(own)
        assert all(each.trouble for each in first.outcomes)
        assert kinds(first.after) == {told.stream: "waits"}
        second = await caught_up(own)
        assert second.after.differences == ()
        [outcome] = second.outcomes
        assert (outcome.kind, outcome.went_on) == ("waits", "by_itself")
        assert await note(told) is None
        async with (
            await connect(own.database) as conn,
            Keys(beside(own.database)) as keys,
        ):
            assert (await verify_all(conn, keys)).findings == ()


async def old_run(told: Told) -> str:
    """Have a dialogue move on to a next run; give the id of the one that is over."""
    first = await told.run_id()
    assert first is not None

    async def moved_on() -> bool:
        assert await note(told) is None
        return await told.run_id() != first

    await until(moved_on, within=90)
    return first


async def dropped(told: Told, run: str) -> None:
    """Have Temporal drop a run that is over, as its retention would."""
    await told.client.workflow_service.delete_workflow_execution(
        DeleteWorkflowExecutionRequest(
            namespace=told.client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=told.stream, run_id=run),
        )
    )

    async def is_gone() -> bool:
        handle = told.client.get_workflow_handle(told.stream, run_id=run)
        try:
            await handle.describe()
        except RPCError as error:
            return error.status is RPCStatusCode.NOT_FOUND
        return False

    await until(is_gone, within=90)


async def test_what_temporal_no_longer_holds(rig: Rig, tmp_path: Path) -> None:
    """Events of a run that was dropped are told as missing, and nothing is made up.

    A dialogue of which Temporal still has every run comes back whole.
    """
    own = await rig.apart("dropped")
    orders = own.orders(counts={"workflows.policies.UPDATE_BUDGET": 5})
    async with own.worker(orders), own.desk() as desk:
        whole, torn = [await begin(own.client, desk) for _ in range(2)]
        places = Places.at(tmp_path / "backup")
        await backup(own, places)
        await old_run(whole)
        await dropped(torn, await old_run(torn))
        for told in (whole, torn):
            assert await note(told) is None
        before = await hashes(own, whole)
        await old_backup_is_back(own, places)
        await desk.pool.check()
        said = reconcile(own, "--catch-up")
        assert said.code == 1
        became = {each["stream"]: each for each in said.document["dialogues"]}
        assert became[whole.stream]["wentOn"] == "by_itself"
        assert became[torn.stream]["wentOn"] == "stays"
        assert became[torn.stream]["missing"] > 0
        [left] = said.document["after"]["differences"]
        assert (left["stream"], left["kind"]) == (torn.stream, "events_lost")
        assert (await hashes(own, whole))[: len(before)] == before
        # What is lost is for an operator to give up; then the dialogue goes on.
        await desk.restore(torn.stream, supersede=True)
        assert await note(torn) is None
        assert reconcile(own).code == 0


def reconcile(rig: Rig, *more: str) -> Said:
    """Reconcile as an operator does."""
    environment = settings(
        DATABASE_URL=rig.database,
        TEMPORAL_ADDRESS=rig.temporal.address,
        TEMPORAL_NAMESPACE=rig.namespace,
    )
    return polder("audit", "reconcile", *more, "--json", environment=environment)
