"""The record is only added to: by privilege, and by trigger even for its owner."""

from __future__ import annotations

import psycopg
import pytest

from evidence.event import ZERO_HASH
from storage.batch import Batch
from storage.keys import Keys
from storage.pool import Role, connect
from storage.record import append
from storage.vault import PrivateField, destroy, put
from tests.storage.streams import STREAM, batch, events

TABLES = ("audit.event", "audit.content", "audit.incident")
COLUMNS = {"audit.event": "type", "audit.content": "kind", "audit.incident": "kind"}


async def refused(url: str, role: Role, statement: str) -> str:
    """Return what a role is told that tries this."""
    async with await connect(url, role=role) as conn:
        with pytest.raises(psycopg.errors.InsufficientPrivilege) as refusal:
            await conn.execute(statement.encode())
    return str(refusal.value)


@pytest.mark.parametrize("table", TABLES)
async def test_the_writer_may_not_change_what_is_written(url: str, table: str) -> None:
    """The writer's role has no right to change, delete or truncate."""
    for statement in (
        f"UPDATE {table} SET {COLUMNS[table]} = 'x'",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
    ):
        answer = await refused(url, "polder_writer", statement)
        assert "permission denied" in answer


@pytest.mark.parametrize("table", TABLES)
async def test_not_even_the_owner_may(url: str, table: str) -> None:
    """Triggers refuse the owner of the tables, also in a replica's session."""
    for statement in (
        f"UPDATE {table} SET {COLUMNS[table]} = 'x'",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    ):
        answer = await refused(url, "polder_owner", statement)
        assert "only added to" in answer
    async with await psycopg.AsyncConnection.connect(url) as conn:
        await conn.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await conn.execute(f"DELETE FROM {table}".encode())


async def test_streams_do_not_disappear(url: str) -> None:
    """The heads of streams can move, not be deleted."""
    await refused(url, "polder_writer", "DELETE FROM audit.stream")
    assert "only added to" in await refused(
        url, "polder_owner", "DELETE FROM audit.stream"
    )


async def test_an_auditor_reads_and_nothing_else(url: str) -> None:
    """The reader's role writes nowhere, and does not enter the vault."""
    async with await connect(url, role="polder_reader") as conn:
        for table in (*TABLES, "audit.stream", "read.dialogue", "delivery.mail"):
            await conn.execute(f"SELECT count(*) FROM {table}".encode())
    for statement in (
        "INSERT INTO audit.stream VALUES ('a:b', 0, 0, '')",
        "DELETE FROM read.dialogue",
        "SELECT * FROM vault.value",
    ):
        assert "permission denied" in await refused(url, "polder_reader", statement)


async def test_nobody_inherits_the_rights_of_a_role(url: str) -> None:
    """An auditor's connection cannot append."""
    async with await connect(url, role="polder_reader") as conn:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await append(conn, batch(events(1)))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit.stream SET epoch = epoch + 1",
        "UPDATE audit.stream SET blocked_by = NULL",
        "UPDATE audit.stream SET seq = 0, head = sha256('x')",
        "INSERT INTO audit.stream VALUES ('a-b:c-d', 0, 0, sha256('x'))",
        "INSERT INTO audit.event SELECT * FROM audit.event",
        "INSERT INTO audit.incident SELECT * FROM audit.incident",
        "SELECT audit.note_incident('a-b:c-d', 'forked', '{}', true)",
        "UPDATE vault.value SET seq = 9",
        "UPDATE vault.value SET status = 'pending', seq = NULL",
        "INSERT INTO vault.value SELECT * FROM vault.value",
    ],
)
async def test_the_writer_goes_by_the_doors_there_are(url: str, statement: str) -> None:
    """Heads, events and what is recorded change by the record's functions alone."""
    assert "permission denied" in await refused(url, "polder_writer", statement)


async def test_an_auditor_has_no_doors(url: str) -> None:
    """The functions that change the record are the writer's."""
    for call in (
        "audit.take_over('a-b:c-d', '', '')",
        "audit.hold('a-b:c-d')",
        "audit.note_collision('a-b:c-d', '{}')",
        "vault.note_recorded('a-b:c-d', '{}', '{}', '{}', '{}')",
    ):
        answer = await refused(url, "polder_reader", f"SELECT {call}")
        assert "permission denied" in answer


async def test_what_is_on_record_in_the_vault_stays(url: str, keys: Keys) -> None:
    """A writer may destroy a value while it is pending, and not afterwards."""
    fields = [PrivateField("/name", "p-9", "Anna")]
    async with await connect(url) as conn:
        made = await put(conn, keys, STREAM, "c-1", fields)
        (plain,) = events(1, data={"name": None})
        body = plain.body.replace(
            b'"private":{}', b'"private":{"/name":"' + made["/name"].encode() + b'"}'
        )
        await append(conn, Batch(STREAM, 0, 0, ZERO_HASH, (body,)))
        await put(conn, keys, STREAM, "c-2", fields)
        assert await destroy(conn, STREAM, "c-2") == 1
    answer = await refused(url, "polder_writer", "DELETE FROM vault.value")
    assert "stays in the vault" in answer
    async with await connect(url, role="polder_owner") as owner:
        assert (await owner.execute("DELETE FROM vault.value")).rowcount == 1
