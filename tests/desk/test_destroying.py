"""A dossier goes whole at the end of its term, and its hashes stay."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from temporalio.service import RPCError

from desk.certificates import of_destruction
from desk.checks import fold_again, verify
from desk.destroying import destroy, gone, keep
from desk.errors import NotFound, Refused
from desk.executing import execute
from desk.holding import lift, place
from desk.resuming import resume
from storage import destroying
from storage.absent import streams
from storage.batch import Batch
from storage.errors import Superseded
from storage.record import append, head
from tests.desk.town_hall import (
    ANNA,
    ARCHIVIST,
    DIRECTOR,
    OFFICER,
    ORGANISATION,
    TownHall,
)
from tests.services import until
from tests.storage.planting import plant
from tests.workflows.test_secrets import everything


async def kept_for(hall: TownHall, stream: str, years: int) -> None:
    """Say how long a dialogue is kept."""
    slug = stream.partition(":")[2]
    await keep(
        hall.desk,
        ORGANISATION,
        ARCHIVIST,
        name=f"keep-{slug}-{years}",
        years=years,
        authority="selectielijst 11.1",
        dialogue=slug,
    )


async def destroyed(
    hall: TownHall, stream: str, name: str = "d-1"
) -> dict[str, object]:
    """Destroy a dossier; give the certificate."""
    found = await destroy(
        hall.desk, stream, ARCHIVIST, name=name, authority="vernietigingslijst 3"
    )
    assert not found.runs_left
    return of_destruction(found)


async def test_nobody_is_reminded_of_what_was_destroyed(hall: TownHall) -> None:
    """What was erased in it was said by events that went along with it."""
    stream = await hall.dialogue()
    await hall.granted("before-it-went")
    done = await execute(hall.desk, ORGANISATION, "before-it-went", OFFICER)
    assert done.case.status == "executed"
    await hall.ends(stream)
    await kept_for(hall, stream, 0)
    await hall.seals()
    await destroyed(hall, stream)
    assert await streams(hall.desk.pool, timedelta()) == []


async def test_a_dossier_goes_and_its_hashes_stay(hall: TownHall) -> None:
    """Texts, events, projections and runs are gone; the record and log are sound."""
    stream, other = await hall.dialogue(), await hall.dialogue()
    await hall.ends(stream)
    await kept_for(hall, stream, 0)
    await hall.seals()
    last = await head(hall.desk.pool, stream)
    assert last is not None
    certificate = await destroyed(hall, stream)
    assert certificate["lastEvent"] == {"seq": last.seq, "hash": last.head}
    assert certificate["texts"] == 6
    rows = await everything(hall.database)
    assert ANNA["name"] not in rows
    async with await psycopg.AsyncConnection.connect(hall.database) as conn:
        for table in ("audit.event", "read.dialogue", "read.deadline", "vault.value"):
            query = f"SELECT count(*) FROM {table} WHERE stream = %s".encode()
            row = await (await conn.execute(query, (stream,))).fetchone()
            assert row == (0,), table
        query = b"SELECT count(*) FROM audit.leaf WHERE stream = %s"
        row = await (await conn.execute(query, (stream,))).fetchone()
        assert row == (last.seq,)
    with pytest.raises(NotFound, match="vernietigingslijst 3"):
        await hall.desk.dialogue(stream)
    assert (await hall.desk.dialogue(other)).status == "running"
    assert await hall.findings() == []
    checked = await verify(hall.database)
    assert checked.findings == []
    assert (await fold_again(hall.database)).findings == []
    await hall.seals()
    assert (await verify(hall.database)).findings == []


async def test_it_is_destroyed_once(hall: TownHall) -> None:
    """Again, it says what was done; its name is not given to another dialogue."""
    stream = await hall.dialogue(words=False)
    await hall.ends(stream)
    await kept_for(hall, stream, 0)
    await hall.seals()
    first = await destroyed(hall, stream)
    assert await destroyed(hall, stream, "d-2") == first
    found = await gone(hall.desk, stream)
    assert found is not None
    start = {"method": "belangen-op-tafel", "title": "Weer Parkzicht"}
    with pytest.raises(Refused, match="was destroyed"):
        await hall.desk.start(stream, start, DIRECTOR)
    with pytest.raises(Refused, match="was destroyed"):
        await hall.desk.restore(stream)
    assert await hall.findings() == []


@pytest.mark.slow
async def test_closed_runs_go_from_temporal(hall: TownHall) -> None:
    """Temporal takes its time; until they are gone it is asked again."""
    stream = await hall.dialogue(words=False)
    await hall.ends(stream)
    await kept_for(hall, stream, 0)
    await hall.seals()
    await destroyed(hall, stream)

    async def all_gone() -> bool:
        await resume(hall.desk)
        return await destroying.unfinished(hall.desk.pool) == ()

    await until(all_gone, within=120, every=2)
    with pytest.raises(RPCError):
        await hall.client.get_workflow_handle(stream).describe()


async def test_nothing_can_be_added_to_what_was_destroyed(hall: TownHall) -> None:
    """Who still knows its head is told that it was superseded."""
    stream = await hall.dialogue(words=False)
    await hall.ends(stream)
    await kept_for(hall, stream, 0)
    await hall.seals()
    last = await head(hall.desk.pool, stream)
    assert last is not None
    await destroyed(hall, stream)
    body = {
        "v": 1,
        "stream": stream,
        "seq": last.seq + 1,
        "prev": last.head,
        "id": "00000000-0000-5000-8000-000000000000",
        "type": "signal_noted",
        "at": "2026-11-21T16:20:00.123456Z",
        "actor": {"id": "x", "role": "director", "via": None},
        "mandate": None,
        "cause": "late",
        "data": {},
        "private": {},
    }
    text = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    for epoch in (last.epoch, last.epoch + 1):
        with pytest.raises(Superseded):
            await append(
                hall.desk.pool, Batch(stream, epoch, last.seq, last.head, (text,))
            )


async def test_it_waits_for_its_end_its_term_and_its_seal(hall: TownHall) -> None:
    """Not while it runs, without a term, before that is over, unsealed, or held."""
    stream = await hall.dialogue(words=False)
    slug = stream.partition(":")[2]

    async def refused() -> str:
        with pytest.raises(Refused) as caught:
            await destroyed(hall, stream)
        return caught.value.name

    assert await refused() == "NotArchived"
    await hall.ends(stream)
    assert await refused() == "NoTerm"
    await kept_for(hall, stream, 10)
    assert await refused() == "NotDue"
    await kept_for(hall, stream, 0)
    assert await refused() == "NotSealed"
    await hall.seals()
    for name, on in (("h-s", {"dialogue": slug}), ("h-p", {"subject": "bram"})):
        told: dict[str, Any] = {"ground": "litigation", "authority": "rol 1", **on}
        await place(hall.desk, ORGANISATION, OFFICER, hold=name, **told)
        assert await refused() == "OnHold"
        await lift(hall.desk, ORGANISATION, OFFICER, hold=name, authority="rol 2")
    with pytest.raises(Refused):
        await destroy(hall.desk, stream, OFFICER, name="x", authority="lijst 3")
    await destroyed(hall, stream)


async def test_the_database_destroys_nothing_by_itself(hall: TownHall) -> None:
    """Whoever asks it, without a term that is over and the head that was named."""
    stream = await hall.dialogue(words=False)
    await hall.ends(stream)
    await hall.seals()
    async with hall.desk.pool.connection() as conn:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await destroying.destroy(conn, stream)
    async with await psycopg.AsyncConnection.connect(hall.database) as conn:
        await conn.execute("SET polder.destroying = 'yes'")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await conn.execute("DELETE FROM audit.event WHERE stream = %s", (stream,))
    assert await hall.findings() == []


async def test_what_was_dropped_without_a_decision_is_found(
    hall: TownHall, tmp_path: Path
) -> None:
    """A whole stream that is gone, or one that was destroyed at another head."""
    del tmp_path
    stream, other = await hall.dialogue(words=False), await hall.dialogue(words=False)
    for one in (stream, other):
        await hall.ends(one)
        await kept_for(hall, one, 0)
    await hall.seals()
    await destroyed(hall, other)
    await plant(
        hall.database,
        f"UPDATE audit.stream SET head = sha256('x') WHERE stream = '{other}'",
        f"DELETE FROM audit.event WHERE stream = '{stream}'",
    )
    found = " ".join(await hall.findings())
    assert f"{other} " in found
    assert "destroyed at another head" in found
    assert f"{stream} " in found
    assert "events are missing: the whole stream" in found
