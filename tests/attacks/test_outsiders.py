"""Who has a login of the application, and no more: what they can do, and what shows."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from evidence.event import ZERO_HASH
from storage.ownlog import append
from storage.pool import Role, connect, make_pool
from storage.record import head
from tests.attacks.record import DIJK, HOUSE, PARK, RECORDED, Record

APPEND = (
    "SELECT outcome FROM audit.append(%s, %s, %s, decode(%s, 'hex'), ARRAY[%s::bytea],"
    " ARRAY[%s::uuid], ARRAY['step_started'], ARRAY[now()], ARRAY['c'], ARRAY['p-1'],"
    " ARRAY['client'], ARRAY[%s::bytea], NULL)"
)


async def slips_in(record: Record, stream: str, body: bytes) -> Any:  # noqa: ANN401
    """Append bytes by SQL, past everything that Polder itself checks."""
    async with await connect(record.url) as conn:
        held = await head(conn, stream)
        seq, last, epoch = (held.seq, held.head, held.epoch) if held else (0, "", 1)
        row = (stream, epoch, seq, last or ZERO_HASH, b"h" * 32, uuid4(), body)
        return await (await conn.execute(APPEND, row)).fetchone()


async def test_rubbish_slipped_in_is_left_out_of_the_log(record: Record) -> None:
    """A worker's login can append what is no event: found, and the rest is sealed."""
    assert await slips_in(record, PARK, b"no event") == ("appended",)
    found = await record.found()
    assert {(PARK, RECORDED + 1, "canonical"), (PARK, RECORDED + 1, "hash")} <= found
    await record.seals(publish=True)
    async with await connect(record.url, role="polder_reader") as conn:
        query = "SELECT stream, kind FROM audit.incident"
        assert (PARK, "not_sealed") in await (await conn.execute(query)).fetchall()
    assert record.judged(await record.pack(DIJK)) == (0, set())
    assert record.judged(await record.pack(PARK))[0] == 1


async def test_a_decision_forged_with_a_worker_s_login(record: Record) -> None:
    """Not found: an act of an organisation is believed on the word of its desk."""
    data = {"mandate": "m", "grantee": "p-66", "commands": ["*"]}
    async with make_pool(record.url) as pool:
        await append(pool, HOUSE, "mandate_granted", data, cause="forged")
    assert await record.found() == set()


REFUSED = (
    f"UPDATE audit.event SET type = 'x' WHERE stream = '{PARK}'",
    f"DELETE FROM audit.event WHERE stream = '{PARK}'",
    f"UPDATE audit.stream SET seq = 1 WHERE stream = '{PARK}'",
    f"DELETE FROM vault.value WHERE stream = '{PARK}'",
    "UPDATE audit.leaf SET seq = 9",
    "DELETE FROM audit.checkpoint",
    f"SELECT audit.destroy_dossier('{PARK}')",
    "SELECT vault.begin_erasure('gemeente-waterdam', 'e9', 'p-1')",
    "ALTER TABLE audit.event DISABLE TRIGGER append_only",
)


@pytest.mark.parametrize("role", ["polder_writer", "polder_reader", "polder_sealer"])
async def test_no_login_changes_what_is_on_record(record: Record, role: Role) -> None:
    """Rights and triggers hold off everybody but the owner; nothing has changed."""
    async with await connect(record.url, role=role) as conn:
        for statement in REFUSED:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await conn.execute(statement.encode())
    assert await record.found() == set()


async def test_a_stolen_vault_says_nothing_without_its_keys(record: Record) -> None:
    """Who has the record, the vault in it and every backup of both reads no text."""
    async with await connect(record.url) as conn:
        cursor = await conn.execute("SELECT value FROM vault.value")
        rows = [bytes(row[0]) for row in await cursor.fetchall()]
    assert rows
    assert not any(b"vrij" in row or b"Naam" in row for row in rows)
