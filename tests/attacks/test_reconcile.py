"""What only Temporal knows better: it holds the head of every dialogue that lives.

Each attack is done on a dialogue of its own, as the owner of the database, with all
that PostgreSQL has made to fit. `verify --all` finds nothing, and reconcile does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

from desk.checks import fold_again
from desk.desk import Sender
from desk.errors import Refused
from desk.reconciling import compare
from domain.facts import OWN_PREFIX
from evidence.census import LOG_STREAM
from storage import logkey
from storage.ownlog import New, append, append_many
from storage.pool import connect, make_pool
from storage.projecting import Projections
from storage.record import head
from storage.sealing import seal
from tests.attacks.owner import (
    DOSSIER,
    Members,
    cut,
    drop,
    keep,
    owning,
    put_back,
    rewrite,
    unseal,
)
from tests.cli.running import polder, settings
from tests.desk.town_hall import HOUSE, TownHall, town_hall
from tests.services import own_namespace


@pytest.fixture(scope="module")
async def hall(
    temporal_client: Client,
    module_database: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncGenerator[TownHall]:
    """A desk, a worker and Temporal; and a key with which everything gets sealed."""
    space = await own_namespace(temporal_client, "attacks")
    home = tmp_path_factory.mktemp("attacks")
    async with town_hall(space, module_database, home) as opened:
        yield opened


async def differing(hall: TownHall, stream: str) -> set[str]:
    """Give what reconcile says of a dialogue, or of the log."""
    found = await compare(hall.desk)
    return {one.kind for one in found.differences if one.stream == stream}


async def last(hall: TownHall, stream: str) -> int:
    """Give where a stream ends on record."""
    async with await connect(hall.database) as conn:
        held = await head(conn, stream)
    assert held is not None
    return held.seq


async def covered_up(hall: TownHall) -> None:
    """Projections follow, and nothing in PostgreSQL is out of place."""
    await fold_again(hall.database)
    assert await hall.findings() == []


def other_role(members: Members) -> None:
    """Have it done by somebody else."""
    members["actor"]["id"] = "p-66"


async def test_a_tail_that_was_not_sealed_yet_rewritten(hall: TownHall) -> None:
    """Re-hashed, chained, with columns, head and projection to fit."""
    stream = await hall.dialogue()
    assert await differing(hall, stream) == set()
    async with owning(hall.database) as owner:
        await rewrite(owner, stream, await last(hall, stream), other_role)
    await covered_up(hall)
    assert await differing(hall, stream) == {"head_differs"}


async def test_a_tail_that_was_not_sealed_yet_cut(hall: TownHall) -> None:
    """Temporal knows of events that the record does not have."""
    stream = await hall.dialogue()
    seq = await last(hall, stream)
    async with owning(hall.database) as owner:
        await cut(owner, stream, seq - 1)
    await covered_up(hall)
    assert await differing(hall, stream) == {"record_behind"}


async def test_a_stream_that_was_not_sealed_yet_dropped(hall: TownHall) -> None:
    """No trace in PostgreSQL, and a workflow that runs."""
    stream = await hall.dialogue()
    async with owning(hall.database) as owner:
        await drop(owner, stream)
    await covered_up(hall)
    assert await differing(hall, stream) == {"not_on_record"}


@pytest.mark.parametrize("kind", ["command_refused", "personal_data_erased"])
async def test_an_event_forged_by_a_worker_s_login(hall: TownHall, kind: str) -> None:
    """Who may write as the worker may append; no workflow chained it.

    To hide that a text was deleted, it can say that it never came: found as well.
    """
    stream = await hall.dialogue()
    seq = await last(hall, stream)
    data: dict[str, Any] = {"name": None, "command": None, "error": "Forged"}
    cause = "forged"
    if kind == "personal_data_erased":
        data, cause = {"paths": [[seq, "/reason"]]}, f"{OWN_PREFIX}missing:{seq}"
        async with owning(hall.database) as owner:
            where = [stream, seq]
            query = "DELETE FROM vault.value WHERE stream = %s AND seq = %s"
            assert (await owner.execute(query, where)).rowcount == 1
    async with make_pool(hall.database) as pool:
        forged = [New(kind, data)]
        await append_many(pool, stream, forged, cause=cause, projections=Projections())
    await covered_up(hall)
    assert await differing(hall, stream) == {"record_ahead"}


async def test_everything_rewritten_with_the_stolen_key(
    hall: TownHall, tmp_path: Path
) -> None:
    """Sealed and signed anew it is sound; Temporal's heads are what they were."""
    stream = await hall.dialogue()
    key = logkey.create(hall.home / "log.key", "test")
    async with await connect(hall.database, role="polder_sealer") as conn:
        kept = await seal(conn, key, publish=True)
    assert kept is not None
    older = tmp_path / "older"
    older.write_bytes(kept.note)
    async with owning(hall.database) as owner:
        await rewrite(owner, stream, 1, other_role)
        await unseal(owner)
    await fold_again(hall.database)
    await hall.seals()
    assert await hall.findings() == []
    assert await differing(hall, stream) == {"head_differs"}
    found = await compare(hall.desk, [older], [str(key.vkey)])
    kinds = {one.kind for one in found.differences if one.stream == LOG_STREAM}
    assert len(kinds & {"log_differs", "log_shorter"}) == 1


async def test_last_week_s_backup_put_back(hall: TownHall) -> None:
    """Sound in itself; dialogues that went on since are further in Temporal."""
    stream, idle = await hall.dialogue(), await hall.dialogue()
    await keep(hall.database)
    await hall.says(stream, "bram")
    await put_back(hall.database)
    assert await hall.findings() == []
    assert await differing(hall, stream) == {"record_behind"}
    assert await differing(hall, idle) == set()


async def test_the_same_by_the_command_line(hall: TownHall) -> None:
    """`polder audit reconcile` names the dialogue, and exits with 1."""
    stream = await hall.dialogue()
    async with owning(hall.database) as owner:
        await rewrite(owner, stream, await last(hall, stream), other_role)
    environment = settings(
        DATABASE_URL=hall.database,
        TEMPORAL_ADDRESS=hall.client.service_client.config.target_host,
        TEMPORAL_NAMESPACE=hall.client.namespace,
    )
    words = ("audit", "reconcile", "--json")
    # The worker that has to answer runs in this very process.
    said = await asyncio.to_thread(polder, *words, environment=environment)
    assert said.code == 1
    told = {d["stream"]: d["kind"] for d in said.document["differences"]}
    assert told[stream] == "head_differs"


async def test_who_reaches_temporal_speaks_in_anybody_s_name(hall: TownHall) -> None:
    """Not found: the actor of a command is who its sender says. Rights still hold.

    So Temporal has to be reached by desks and workers alone.
    """
    stream = await hall.dialogue()
    seq = await last(hall, stream)
    stranger = Sender("k-1", "parties")
    with pytest.raises(Refused):
        await hall.desk.send(
            stream, "cancel_dialogue", {"reason": "weg ermee"}, stranger
        )
    await hall.says(stream, "bram")
    assert await last(hall, stream) > seq
    assert await differing(hall, stream) == set()


@pytest.mark.parametrize("name", ["erase_personal_data", "restore_dialogue"])
async def test_a_temporal_client_erases_nothing(hall: TownHall, name: str) -> None:
    """Commands of Polder's own are refused from outside; texts stay."""
    stream = await hall.dialogue()
    seq = await last(hall, stream)
    bodies: dict[str, dict[str, Any]] = {
        "erase_personal_data": {"paths": [[seq, "/reason"]]},
        "restore_dialogue": {"epoch": 9, "from_seq": 1},
    }
    handle = hall.client.get_workflow_handle(stream)
    command = {
        "id": f"outside-{name}",
        "actor": {"id": "p-1", "role": "process_director", "via": "update"},
        "command": bodies[name],
    }
    await handle.signal(name, command)
    await hall.says(stream, "bram")
    async with await connect(hall.database) as conn:
        query = "SELECT count(*) FROM audit.event WHERE stream = %s AND type = ANY(%s)"
        kinds = ["personal_data_erased", "dialogue_restored"]
        cursor = await conn.execute(query, (stream, kinds))
        assert await cursor.fetchone() == (0,)
    assert await differing(hall, stream) == set()


async def test_a_workflow_that_somebody_ended(hall: TownHall) -> None:
    """A Temporal client can stop a dialogue; reconcile misses it."""
    stream = await hall.dialogue()
    await hall.client.get_workflow_handle(stream).terminate("a test")
    assert await differing(hall, stream) == {"not_in_temporal"}


async def test_a_dossier_said_to_be_destroyed_that_runs(hall: TownHall) -> None:
    """Sealed, at its true head, by an event of its organisation: and it runs."""
    stream = await hall.dialogue()
    await hall.seals()
    async with await connect(hall.database) as conn:
        held = await head(conn, stream)
    assert held is not None
    async with make_pool(hall.database) as pool:
        data: dict[str, Any] = {"stream": stream, "seq": held.seq, "hash": held.head}
        data |= {"term": 1, "authority": "besluit 9", "texts": 5}
        await append(pool, HOUSE, "dossier_destroyed", data, cause=f"f:{stream}")
    async with owning(hall.database) as owner:
        for table in DOSSIER:
            statement = f"DELETE FROM {table} WHERE stream = %s"
            await owner.execute(statement.encode(), [stream])
    await covered_up(hall)
    assert await differing(hall, stream) == {"head_differs"}
