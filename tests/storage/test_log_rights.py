"""The log is only added to, by the sealer alone, who adds to nothing else."""

from __future__ import annotations

import psycopg
import pytest

from storage.logkey import LogKey
from storage.pool import Pool, Role, connect
from storage.record import append
from storage.sealing import Sealer, seal
from tests.storage.logs import Filling, check_log
from tests.storage.planting import plant
from tests.storage.streams import STREAM, batch, events
from tests.storage.test_proofs import KEY

TABLES = {
    "leaf": "seq = 9",
    "tile": "level = 9",
    "checkpoint": "published = false",
    "cosignature": "line = 'x'",
    "timestamp": "authority = 'x'",
}
NONE = "'{}'"
INTO = "INSERT INTO audit.leaf (leaf_index, stream, seq, hash, db_epoch) "


async def refused(url: str, role: Role, statement: str) -> str:
    """Return what a role is told that tries this."""
    async with await connect(url, role=role) as conn:
        with pytest.raises(psycopg.errors.InsufficientPrivilege) as refusal:
            await conn.execute(statement.encode())
    return str(refusal.value)


@pytest.mark.parametrize("table", TABLES)
async def test_not_even_the_owner_changes_the_log(url: str, table: str) -> None:
    """Rights hold off the roles, and triggers the owner, in a replica's session too."""
    for statement in (
        f"UPDATE audit.{table} SET {TABLES[table]}",
        f"DELETE FROM audit.{table}",
        f"TRUNCATE audit.{table}",
    ):
        assert "only added to" in await refused(url, "polder_owner", statement)
        for role in ("polder_sealer", "polder_writer", "polder_reader"):
            assert "permission denied" in await refused(url, role, statement)
    async with await psycopg.AsyncConnection.connect(url) as conn:
        await conn.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await conn.execute(f"DELETE FROM audit.{table}".encode())


async def test_only_the_sealer_adds_to_the_log(url: str) -> None:
    """Whoever writes events gives them no place in the log, and makes no incident."""
    for statement in (
        f"{INTO} VALUES (0, 'a-b:c-d', 1, sha256('x'), 1)",
        "INSERT INTO audit.timestamp VALUES (1, 'x', 'x')",
        "SELECT audit.note_not_sealed('a-b:c-d', '{}')",
        "SELECT audit.append_to_log(0, '', '', NULL, '', now(), '', '', '', '')",
    ):
        for role in ("polder_writer", "polder_reader"):
            assert "permission denied" in await refused(url, role, statement)


@pytest.mark.parametrize(
    "statement",
    [
        f"SELECT audit.append('a-b:c-d', 1, 0, '', {', '.join([NONE] * 8)}, NULL)",
        "SELECT audit.take_over('a-b:c-d', '', '')",
        "INSERT INTO audit.event SELECT * FROM audit.event",
        "UPDATE audit.stream SET seq = 0",
        "SELECT * FROM vault.value",
        "SELECT * FROM read.dialogue",
    ],
)
async def test_the_sealer_adds_to_nothing_else(url: str, statement: str) -> None:
    """Its own stream and the log, and it sees no private text."""
    assert "permission denied" in await refused(url, "polder_sealer", statement)


async def test_an_auditor_reads_the_log(url: str) -> None:
    """All of it, to check it."""
    async with await connect(url, role="polder_reader") as conn:
        for table in TABLES:
            await conn.execute(f"SELECT count(*) FROM audit.{table}".encode())


async def test_what_the_log_holds_may_be_gone_from_the_record(
    pool: Pool, url: str
) -> None:
    """The hashes stay when a dossier is destroyed, and that is no fault."""
    filling = Filling(pool)
    await filling.grow(STREAM, 5)
    await seal(pool, KEY)
    await plant(url, f"DELETE FROM audit.event WHERE stream = '{STREAM}'")
    await filling.grow("gemeente-waterdam:other", 2)
    sealed = await seal(pool, KEY, publish=True)
    assert sealed is not None
    assert (sealed.size, sealed.left_out) == (8, ())
    await check_log(pool, KEY.vkeys)


async def test_another_life_of_the_database_is_looked_at_as_a_whole(
    pool: Pool, url: str
) -> None:
    """A sealer that ran on takes up what a restored record lacks, however old."""
    sealer = Sealer(LogKey(KEY.signer))
    made = events(4)
    await append(pool, batch(made[:2]))
    assert await sealer.seal(pool) is not None
    await append(pool, batch(made[2:], made[1]))
    await plant(
        url,
        "UPDATE audit.event SET txid = '3' WHERE seq > 2",
        "UPDATE audit.installation SET db_epoch = db_epoch + 1",
    )
    sealed = await sealer.seal(pool)
    assert sealed is not None
    assert sealed.size == 4
    await check_log(pool, KEY.vkeys)
