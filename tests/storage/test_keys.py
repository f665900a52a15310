"""A text is readable with its subject's key, in its own place, and no other way."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from storage.cipher import Spot, decrypt, encrypt
from storage.errors import (
    KeyMissing,
    KeysUnavailable,
    PrivateValueDiffers,
    Unavailable,
    Unreadable,
)
from storage.keys import Key, Keys, beside, organisation_of, with_password
from storage.migrate import migrate
from storage.pool import Pool, connect, connection, make_pool
from storage.vault import PrivateField, openings, pending, put
from storage.verify import verify_all
from tests.services import url_of
from tests.storage.planting import plant
from tests.storage.test_vault import NAME, STREAM, record, started

ORG = "gemeente-waterdam"
TEXT = "Anna de Vries, Kerkstraat 3"
FIELD = PrivateField("/note", "p-9", TEXT)
NOWHERE = "postgresql://polder@127.0.0.1:1/polder"


@pytest_asyncio.fixture
async def no_keys() -> AsyncIterator[Keys]:
    """Keys in a database that is away."""
    async with Keys(NOWHERE, timeout=0.2) as away:
        yield away


async def test_what_lies_in_the_vault_says_nothing(pool: Pool, keys: Keys) -> None:
    """No column of the row holds the text, and equal texts are no equal bytes."""
    await put(pool, keys, STREAM, "c-1", [FIELD])
    await put(pool, keys, STREAM, "c-2", [FIELD])
    async with connection(pool) as conn:
        rows = await (
            await conn.execute("SELECT v.*::text FROM vault.value v")
        ).fetchall()
        values = await conn.execute("SELECT DISTINCT value FROM vault.value")
        assert len(await values.fetchall()) == 2
    for told in map(str, rows):
        assert TEXT not in told
        assert TEXT.encode().hex() not in told


async def test_without_its_key_nothing_opens(pool: Pool, keys: Keys) -> None:
    """Once a key is destroyed its values are unreadable; those of others are not."""
    play = await started(pool)
    await record(pool, keys, play, "Anna", "anna@example.org")
    other = PrivateField("/note", "p-1", "by another")
    await put(pool, keys, "gemeente-elders:plein", "c-1", [FIELD])
    await put(pool, keys, STREAM, "c-9", [other])
    key = await keys.destroy(ORG, "p-9")
    assert key is not None
    assert await keys.gone([key]) == {key}
    assert await keys.id_of(ORG, "p-9") is None
    with pytest.raises(KeyMissing):
        await openings(pool, keys, STREAM)
    assert await openings(pool, keys, STREAM, skip_unreadable=True) == ()
    assert await keys.id_of(ORG, "p-1") is not None
    assert await keys.id_of("gemeente-elders", "p-9") is not None
    assert await keys.destroy(ORG, "p-9") is None


async def test_a_backup_of_the_values_does_not_bring_them_back(
    url: str, pool: Pool, keys: Keys
) -> None:
    """Values put back after their key was destroyed stay shut, also to a new key."""
    play = await started(pool)
    await record(pool, keys, play, "Anna", "anna@example.org")
    await plant(url, "CREATE TABLE vault.backup AS SELECT * FROM vault.value")
    await keys.destroy(ORG, "p-9")
    await plant(url, "DELETE FROM vault.value")
    await put(pool, keys, STREAM, "again", [NAME])
    assert await keys.id_of(ORG, "p-9") is not None
    await plant(url, "INSERT INTO vault.value SELECT * FROM vault.backup")
    with pytest.raises(KeyMissing):
        await openings(pool, keys, STREAM)


@pytest.mark.parametrize(
    "change",
    [
        "SET path = '/name2' WHERE path = '/name'",
        "SET subject = 'p-1'",
        "SET command_id = 'c-7'",
        "SET nonce = 'twelve bytes'",
        "SET value = value || '\\x00'",
        "SET value = 'short'",
    ],
)
async def test_a_value_opens_nowhere_else(
    url: str, pool: Pool, keys: Keys, change: str
) -> None:
    """A row that the owner moved, renamed or changed does not open."""
    play = await started(pool)
    await record(pool, keys, play, "Anna", "anna@example.org")
    await plant(url, f"UPDATE vault.value {change}")
    with pytest.raises(Unreadable) as caught:
        await openings(pool, keys, STREAM)
    assert not isinstance(caught.value, KeyMissing)


def test_bound_to_all_four() -> None:
    """Whichever of stream, command, place and subject is another, it does not open."""
    key, spot = bytes(32), Spot("a:b", "c", "/d", "e")
    nonce, value = encrypt(key, spot, b'"x"')
    assert decrypt(key, spot, nonce, value) == b'"x"'
    for member in Spot._fields:
        with pytest.raises(Unreadable):
            decrypt(key, spot._replace(**{member: "z"}), nonce, value)
    with pytest.raises(Unreadable):
        decrypt(bytes(31) + b"\x01", spot, nonce, value)
    # What stands in one member can't be had by pushing it over to the next.
    with pytest.raises(Unreadable):
        decrypt(key, Spot("a:b", "c/d", "", "e"), nonce, value)


async def test_a_text_that_was_erased_is_not_put_again(pool: Pool, keys: Keys) -> None:
    """The same command can't bring it back: that takes another command, or nothing."""
    await put(pool, keys, STREAM, "c-1", [FIELD])
    await keys.destroy(ORG, "p-9")
    with pytest.raises(PrivateValueDiffers):
        await put(pool, keys, STREAM, "c-1", [FIELD])
    made = await put(pool, keys, STREAM, "c-2", [FIELD])
    assert await put(pool, keys, STREAM, "c-2", [FIELD]) == made


async def test_a_key_that_goes_while_all_is_verified_is_no_finding(
    url: str, pool: Pool, keys: Keys
) -> None:
    """Its values went first, in what came after the snapshot; one of before is one."""
    play = await started(pool)
    await record(pool, keys, play, "Anna", "anna@example.org")

    async def found() -> set[str]:
        async with await connect(url) as conn:
            report = await verify_all(conn, keys)
        return {each.detail for each in report.findings if each.check == "opening"}

    assert await found() == set()
    await keys.destroy(ORG, "p-9")
    assert await found() == set()
    async with await psycopg.AsyncConnection.connect(beside(url)) as conn:
        await conn.execute("UPDATE keys.destroyed SET at = at - interval '1 minute'")
    assert {detail.partition(" ")[2] for detail in await found()} == {
        "can't be read: its key is not there, and it was not erased"
    }


async def test_many_at_once_make_one_key(pool: Pool, keys: Keys) -> None:
    """However many commands bring the first text about somebody, there is one key."""
    await asyncio.gather(
        *(put(pool, keys, STREAM, f"c-{n}", [FIELD]) for n in range(20))
    )
    async with connection(pool) as conn:
        found = await conn.execute("SELECT DISTINCT key_id FROM vault.value")
        assert len(await found.fetchall()) == 1


async def test_who_destroys_waits_for_who_writes(pool: Pool, keys: Keys) -> None:
    """While a text is being written its key stays, so that nothing is lost unseen."""
    async with keys.held(ORG, ["p-9", "p-8"]) as held:
        assert len({key.id for key in held.values()}) == 2
        destroying = asyncio.create_task(keys.destroy(ORG, "p-9"))
        await asyncio.sleep(0.3)
        assert not destroying.done()
        assert await keys.get([held["p-9"].id]) == {held["p-9"].id: held["p-9"].secret}
    assert await destroying == held["p-9"].id
    assert await keys.get([held["p-9"].id, held["p-8"].id]) == {
        held["p-8"].id: held["p-8"].secret
    }
    assert await pending(pool) == 0


async def test_without_the_keys_nothing_is_kept(pool: Pool, no_keys: Keys) -> None:
    """A text that can't be encrypted is not written; the record itself goes on."""
    with pytest.raises(KeysUnavailable, match="keys of the vault"):
        await put(pool, no_keys, STREAM, "c-1", [FIELD])
    assert await pending(pool) == 0
    play = await started(pool)
    assert play.sealed
    assert await openings(pool, no_keys, STREAM) == ()


async def test_what_was_kept_can_be_read_when_the_keys_are_back(
    pool: Pool, keys: Keys, no_keys: Keys
) -> None:
    """Without the keys a text is out of reach for a while, and not taken for gone."""
    play = await started(pool)
    await record(pool, keys, play, "Anna", "anna@example.org")
    for skip in (True, False):
        with pytest.raises(KeysUnavailable):
            await openings(pool, no_keys, STREAM, skip_unreadable=skip)
    assert len(await openings(pool, keys, STREAM)) == 2


async def test_a_record_that_is_away_is_not_taken_for_the_keys(keys: Keys) -> None:
    """The error says which of the two does not answer; a key is all that is left."""
    async with make_pool(NOWHERE, timeout=0.2, min_size=0) as away:
        with pytest.raises(Unavailable) as caught:
            await put(away, keys, STREAM, "c-1", [FIELD])
    assert not isinstance(caught.value, KeysUnavailable)
    assert await keys.id_of(ORG, "p-9") is not None


async def test_keys_are_not_listed(url: str, keys: Keys) -> None:
    """Whoever reads keys has to know their ids, which are with the values."""
    async with keys.held(ORG, ["p-9"]) as held:
        assert held
    async with await psycopg.AsyncConnection.connect(beside(url)) as conn:
        await conn.execute("SET ROLE polder_keys")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await conn.execute("SELECT * FROM keys.subject_key")
    assert await keys.get([uuid.uuid4()]) == {}


async def test_a_login_of_the_record_does_not_get_at_the_keys(
    server: str, url: str
) -> None:
    """On one server, who may only write the record can't even enter their database."""
    await asyncio.to_thread(migrate, url)  # a copy of a database lets everybody in
    make = sql.SQL("CREATE ROLE only_writes LOGIN PASSWORD 'secret'")
    async with await psycopg.AsyncConnection.connect(server, autocommit=True) as conn:
        await conn.execute(make)
        await conn.execute("GRANT polder_writer TO only_writes")
    theirs = f"postgresql://only_writes:secret@{url.rsplit('@', 1)[1]}"
    async with await psycopg.AsyncConnection.connect(theirs) as conn:
        await conn.execute("SET ROLE polder_writer")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        await psycopg.AsyncConnection.connect(beside(theirs))


def test_a_key_does_not_show_its_secret() -> None:
    """Not in a log line, not in a traceback's locals."""
    assert "secret" not in repr(Key(uuid.UUID(int=1), b"secret" * 6))


@pytest.mark.parametrize(
    ("record_url", "keys_url"),
    [
        ("postgresql://a:b@h:1/polder", "postgresql://a:b@h:1/polder_keys"),
        (
            "postgresql://a@h/p?sslmode=require",
            "postgresql://a@h/p_keys?sslmode=require",
        ),
        ("postgresql://anna@h", "postgresql://anna@h/anna_keys"),
    ],
)
def test_the_keys_are_beside_the_record(record_url: str, keys_url: str) -> None:
    """Same server, same login, and the record's name with `_keys`."""
    assert beside(record_url) == keys_url
    assert url_of(record_url, "x").endswith(("/x", "/x?sslmode=require"))


def test_beside_a_record_that_is_told_in_words() -> None:
    """The other form that PostgreSQL's programs take."""
    assert "dbname=polder_keys" in beside("host=h dbname=polder user=a")


def test_the_keys_have_a_password_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """KEYS_PGPASSWORD holds any characters, and does not replace one in the address."""
    assert with_password("postgresql://a@h/k") == "postgresql://a@h/k"
    monkeypatch.setenv("KEYS_PGPASSWORD", "p@ss: w/ord?#%'\\")
    found = conninfo_to_dict(with_password("postgresql://a@h/k"))
    assert (found["password"], found["user"]) == ("p@ss: w/ord?#%'\\", "a")
    assert with_password("postgresql://a:own@h/k") == "postgresql://a:own@h/k"


def test_whose_keys_a_stream_has() -> None:
    """Those of its organisation, in dialogues and in the organisation's own stream."""
    assert organisation_of(STREAM) == organisation_of(f"org:{ORG}") == ORG
