"""The record is only added to: by privilege, and by trigger even for its owner."""

from __future__ import annotations

import psycopg
import pytest

from storage.pool import Role, connect
from storage.record import append
from tests.storage.streams import batch, events

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
