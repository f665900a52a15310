"""What an earlier version kept plain is encrypted by the migration, and still opens."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from evidence.canonical import canonical
from storage.errors import KeysUnavailable, SchemaMismatch
from storage.keys import Keys
from storage.migrate import migrate
from storage.pool import Pool, connection
from storage.vault import PrivateField, openings, put
from storage.verify import verify_all
from tests.storage.test_vault import STREAM, record, started

_PLAIN = (
    b"UPDATE vault.value SET value = %s, key_id = NULL, nonce = NULL WHERE path = %s"
)


async def made_plain(url: str) -> None:
    """Put the values back as the version before had them."""
    values = {"/name": "Anna", "/address": "anna@example.org"}
    async with await psycopg.AsyncConnection.connect(url) as conn:
        await conn.execute("ALTER TABLE vault.value DROP CONSTRAINT encrypted")
        for path, value in values.items():
            await conn.execute(_PLAIN, (canonical(value), path))
        await conn.execute(
            "ALTER TABLE vault.value ADD CONSTRAINT encrypted"
            " CHECK (key_id IS NOT NULL AND length(nonce) = 12) NOT VALID"
        )


async def test_old_values_are_encrypted(url: str, pool: Pool, keys: Keys) -> None:
    """After it there is no plain row and none can come, and all opens as before."""
    play = await started(pool)
    await record(pool, keys, play, "Anna", "anna@example.org")
    before = await openings(pool, keys, STREAM)
    await made_plain(url)
    with pytest.raises(SchemaMismatch, match="migrate"):
        await openings(pool, keys, STREAM)
    for _ in range(2):
        assert (await asyncio.to_thread(migrate, url)).pending == ()
    assert await openings(pool, keys, STREAM) == before
    async with connection(pool) as conn:
        found = (await verify_all(conn, keys)).findings
        assert [each for each in found if each.check == "opening"] == []
        rows = await conn.execute("SELECT value FROM vault.value")
        assert not any(b"nna" in bytes(row[0]) for row in await rows.fetchall())
        validated = await conn.execute(
            "SELECT convalidated FROM pg_constraint WHERE conname = 'encrypted'"
        )
        assert await validated.fetchone() == (True,)


async def test_several_at_once_encrypt_each_value_once(
    url: str, pool: Pool, keys: Keys
) -> None:
    """Who migrates at the same time waits, and finds it done."""
    play = await started(pool)
    await record(pool, keys, play, "Anna", "anna@example.org")
    await made_plain(url)
    await asyncio.gather(*(asyncio.to_thread(migrate, url) for _ in range(4)))
    found = await openings(pool, keys, STREAM)
    assert [opening.value for opening in found] == ["anna@example.org", "Anna"]


async def test_without_the_keys_the_record_is_left_as_it_is(url: str) -> None:
    """Migrating says that the keys can't be reached, and has changed nothing."""
    away = url.rsplit("@", 1)[0] + "@127.0.0.1:1/keys"
    with pytest.raises(KeysUnavailable):
        await asyncio.to_thread(migrate, url, away)


async def test_keys_elsewhere_are_used(
    server: str, url: str, pool: Pool, keys: Keys
) -> None:
    """With KEYS_DATABASE_URL the keys lie there, and those beside open nothing."""
    name = "keys_elsewhere"
    async with await psycopg.AsyncConnection.connect(server, autocommit=True) as conn:
        await conn.execute(f"CREATE DATABASE {name}".encode())
    elsewhere = f"{url.rsplit('/', 1)[0]}/{name}"
    now = await asyncio.to_thread(migrate, url, elsewhere)
    assert "keys/keys" in {step.name for step in now.applied}
    field = PrivateField("/note", "p-9", "x")
    async with Keys(elsewhere) as theirs:
        await put(pool, theirs, STREAM, "c-1", [field])
        assert await theirs.id_of("gemeente-waterdam", "p-9") is not None
    assert await keys.id_of("gemeente-waterdam", "p-9") is None
