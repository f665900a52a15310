"""The schema moves forward, once, whoever starts it and however many at once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from desk.errors import Unreachable
from desk.reachable import reaching
from servers.postgres import PostgresServer
from storage.errors import SchemaMismatch, SetUpByAnother, Unavailable
from storage.migrate import (
    KEYS,
    RECORD,
    Migration,
    Schema,
    main,
    migrate,
    migrations,
    status,
)
from storage.pool import connect
from storage.record import append
from tests.services import url_of
from tests.storage.conftest import create
from tests.storage.streams import batch, events


async def test_ten_at_once_migrate_once(server: str) -> None:
    """Ten processes that start together leave one schema, and all succeed."""
    url = await create(server, "ten_at_once")
    both = [*migrations(), *migrations(KEYS)]
    assert len(status(url).pending) == len(both)
    answers = await asyncio.gather(
        *(asyncio.to_thread(migrate, url) for _ in range(10))
    )
    assert {answer.pending for answer in answers} == {()}
    assert [had.number for had in answers[0].applied] == [step.number for step in both]


async def test_a_changed_migration_is_refused(server: str) -> None:
    """A file that was changed after it was applied is named, and nothing happens."""
    url = await create(server, "changed", "polder_template")
    async with await psycopg.AsyncConnection.connect(url) as conn:
        await conn.execute("UPDATE polder.migration SET checksum = 'x'")
    for look in (migrate, status):
        with pytest.raises(SetUpByAnother, match="changed"):
            await asyncio.to_thread(look, url)


async def test_a_newer_schema_is_refused(server: str) -> None:
    """A program that is older than the schema says so."""
    url = await create(server, "newer", "polder_template")
    async with await psycopg.AsyncConnection.connect(url) as conn:
        await conn.execute("INSERT INTO polder.migration VALUES (9999, 'x', 'x')")
    with pytest.raises(SetUpByAnother, match="newer") as refused:
        await asyncio.to_thread(migrate, url)
    assert refused.value.number == 9999
    with pytest.raises(Unreachable, match="Run that version"), reaching():
        await asyncio.to_thread(migrate, url)


async def test_a_draft_of_before_is_still_there_for_who_had_responded(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they were writing beside it is a supplement: it is not hidden, nor swept."""
    url = await create(server, "drafts_of_before")

    def of_before(of: Schema = RECORD) -> tuple[Migration, ...]:
        every = migrations(of)
        return every if of is KEYS else tuple(s for s in every if s.number < 42)

    with monkeypatch.context() as patched:
        patched.setattr("storage.migrate.migrations", of_before)
        await asyncio.to_thread(migrate, url)
    said = """INSERT INTO read.entry (stream, kind, id, seq, data) VALUES ('a:b',
        'response', 'r-1', 7, '{"respondent": "anna", "window": "zienswijze"}')"""
    draft = """INSERT INTO vault.draft (stream, feedback_window, subject, value, nonce,
        key_id) SELECT 'a:b', 'zienswijze', who, '', decode(repeat('00', 12), 'hex'),
        gen_random_uuid() FROM unnest(ARRAY['anna', 'bram']) AS who"""
    async with await psycopg.AsyncConnection.connect(url) as conn:
        await conn.execute(said)
        await conn.execute(draft)
    await asyncio.to_thread(migrate, url)
    async with await psycopg.AsyncConnection.connect(url) as conn:
        found = await conn.execute("SELECT subject, after FROM vault.draft ORDER BY 1")
        assert await found.fetchall() == [("anna", 7), ("bram", 0)]


async def test_a_plain_owner_can_migrate_and_write(tmp_path: Path) -> None:
    """On a server without our roles, an owner with CREATEROLE will do."""
    async with PostgresServer(tmp_path / "postgres") as postgres:
        url = await plain_user(postgres.address, "plain_owner", "CREATEROLE CREATEDB")
        for _ in range(2):
            assert (await asyncio.to_thread(migrate, url)).pending == ()
        async with await connect(url) as writer:
            assert (await append(writer, batch(events(1)))).added == 1
        async with await psycopg.AsyncConnection.connect(url) as conn:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await conn.execute("SELECT * FROM audit.event")
    await postgres.destroy()


async def test_a_user_without_rights_is_told_what_it_lacks(server: str) -> None:
    """Who may not set up the schema hears which rights are needed."""
    url = await plain_user(server, "without_rights", "NOCREATEROLE")
    with pytest.raises(SchemaMismatch, match="CREATEROLE"):
        await asyncio.to_thread(migrate, url)


async def test_a_server_that_is_away_is_said_to_be(url: str) -> None:
    """Nobody listens: Unavailable, at once."""
    with pytest.raises(Unavailable):
        await asyncio.to_thread(migrate, url.rsplit("@", 1)[0] + "@127.0.0.1:1/x")


async def plain_user(server: str, name: str, right: str) -> str:
    """Create a user with a database of its own; return its URL."""
    async with await psycopg.AsyncConnection.connect(server, autocommit=True) as conn:
        await conn.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'secret' NOSUPERUSER").format(
                sql.Identifier(name)
            )
        )
        await conn.execute(f"ALTER ROLE {name} {right}".encode())
    await create(server, name)
    async with await psycopg.AsyncConnection.connect(server, autocommit=True) as conn:
        await conn.execute(f"ALTER DATABASE {name} OWNER TO {name}".encode())
    host = url_of(server, name).rsplit("@", 1)[1]
    return f"postgresql://{name}:secret@{host}"


async def test_the_command_says_what_is_missing(
    server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The status is told with an exit code, before and after migrating."""
    url = await create(server, "by_command")
    assert await asyncio.to_thread(main, ["status", url]) == 4
    assert "0001 record (missing)" in capsys.readouterr().out
    assert await asyncio.to_thread(main, [url]) == 0
    assert await asyncio.to_thread(main, ["status", url]) == 0
    assert "missing" not in capsys.readouterr().out
    assert main([]) == 2
    assert await asyncio.to_thread(main, [url.rsplit("@", 1)[0] + "@127.0.0.1:1"]) == 5
