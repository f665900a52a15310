"""A backup that is put back is the record of its moment, whole, and says what it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from domain.commands import AssignRole
from domain.facts import Private
from evidence.canonical import JsonValue
from evidence.census import LOG_STREAM
from servers.programs import postgres_programs
from storage.backup import (
    KEYS_SAY,
    RECORD,
    SAYS,
    Database,
    DirectoryTaken,
    NotABackup,
    Places,
    keys_at,
    make,
    read,
)
from storage.dumping import BackupFailed, NoProgram, Programs, VersionMismatch
from storage.keys import Keys, beside
from storage.ownlog import events
from storage.pool import Pool, connect
from storage.projecting import Projections
from storage.putting_back import KeysTooOld, RecordInPlace, Restored, Wish, put_back
from storage.record import append, head
from storage.swapping import drop, name_of, set_aside
from storage.vault import PrivateField, openings, put
from storage.verify import verify_all
from tests.storage.dialogues import Play

ACTOR: dict[str, JsonValue] = {"id": "op-1", "role": "operator", "via": "cli"}
PROGRAMS = Programs(postgres_programs())
NONE = Wish()
REPLACE = Wish(replace=True)
REPLACE_ALL = Wish(replace=True, replace_keys=True)


async def played(pool: Pool, keys: Keys, slug: str, *names: str) -> Play:
    """A dialogue on record in which people with these names have a role."""
    play = Play(slug)
    await append(pool, play.batch(play.starts()), Projections())
    for number, name in enumerate(names):
        await assigned(pool, keys, play, f"p-{number}", name)
    return play


async def assigned(pool: Pool, keys: Keys, play: Play, who: str, name: str) -> None:
    """Give somebody a role; the name is in the vault."""
    cause = f"assign-{len(play.sealed)}"
    field = PrivateField("/name", who, name)
    made = await put(pool, keys, play.stream, cause, [field])
    command = AssignRole(
        role="sounding_board", actor=who, name=Private(commitment=made["/name"])
    )
    await append(pool, play.batch(play.does(command, cause=cause)), Projections())


async def back_up(url: str, places: Places, programs: Programs = PROGRAMS) -> None:
    """Make a backup of a record and its keys."""
    await make(Database(url), keys_at(beside(url)), places, programs, ACTOR)


async def return_to(url: str, places: Places, wish: Wish = NONE) -> Restored:
    """Put a backup back at this address."""
    return await put_back(
        Database(url),
        keys_at(beside(url)),
        places,
        PROGRAMS,
        wish,
        actor=ACTOR,
    )


async def on_record(url: str, stream: str) -> tuple[int, str] | None:
    """The head of a stream at this address."""
    async with await connect(url) as conn:
        held = await head(conn, stream)
    return (held.seq, held.head) if held else None


async def log_of(url: str) -> list[str]:
    """The types of events in the installation's own stream."""
    async with await connect(url) as conn:
        return [event.type for event in await events(conn, LOG_STREAM)]


async def test_what_was_there_then_is_there_again(
    url: str, pool: Pool, keys: Keys, tmp_path: Path
) -> None:
    """Record, vault and keys of the moment are back; what came later is set aside."""
    places = Places.at(tmp_path / "backup")
    play = await played(pool, keys, "parkzicht", "Anna de Vries")
    then = (play.sealed[-1].seq, play.sealed[-1].hash)
    await back_up(url, places)
    await assigned(pool, keys, play, "p-9", "Bert Bakker")
    with pytest.raises(RecordInPlace):
        await return_to(url, places)
    done = await return_to(url, places, REPLACE_ALL)
    assert await on_record(url, play.stream) == then
    assert await log_of(url) == ["backup_restored"]
    async with await connect(url) as conn, Keys(beside(url)) as again:
        words = [opened.value for opened in await openings(conn, again, play.stream)]
        assert words == ["Anna de Vries"]
        report = await verify_all(conn, again)
        assert report.findings == ()
    assert done.fact.db_epoch == 2
    kept = url.rsplit("/", 1)[0] + f"/{done.aside[-1]}"
    assert await on_record(kept, play.stream) != then
    assert await log_of(kept) == ["backup_made"]


async def test_what_was_set_aside_is_found_and_destroyed(
    url: str, pool: Pool, keys: Keys, tmp_path: Path
) -> None:
    """Only what a return set aside for this very database, and nothing else."""
    places = Places.at(tmp_path / "backup")
    await played(pool, keys, "parkzicht", "Anna de Vries")
    await back_up(url, places)
    done = await return_to(url, places, REPLACE_ALL)
    record, kept = Database(url), keys_at(beside(url))
    old = [*await set_aside(kept), *await set_aside(record)]
    assert old == list(done.aside)
    assert not await drop(record, name_of(url))
    assert not await drop(record, f"{name_of(url)}_before_noon")
    assert [await drop(record, old[-1]), await drop(kept, old[0])] == [True, True]
    assert [*await set_aside(record), *await set_aside(kept)] == []
    assert await log_of(url) == ["backup_restored"]


async def test_a_backup_is_one_moment_while_work_goes_on(
    url: str, pool: Pool, keys: Keys, tmp_path: Path
) -> None:
    """What it says of itself is what comes out of it, also in an empty place."""
    places = Places.at(tmp_path / "record", tmp_path / "elsewhere")
    await played(pool, keys, "parkzicht", "Anna de Vries")
    await back_up(url, places)
    manifest = read(places.record)
    empty = url.rsplit("/", 1)[0] + f"/fresh_{manifest.backup[:8]}"
    done = await return_to(empty, places)
    assert done.aside == ()
    assert done.fact.keys
    assert (done.fact.events, done.fact.heads_root) == (
        manifest.events,
        manifest.heads_root,
    )
    assert [p.stat().st_mode & 0o777 for p in (places.record, places.keys)] == [
        0o700
    ] * 2
    files = [*places.record.iterdir(), *places.keys.iterdir()]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


async def test_keys_that_were_destroyed_stay_destroyed(
    url: str, pool: Pool, keys: Keys, tmp_path: Path
) -> None:
    """Present keys are kept; a copy that replaces them brings no destroyed one back."""
    places = Places.at(tmp_path / "backup")
    await played(pool, keys, "parkzicht", "Anna de Vries", "Bert Bakker")
    await back_up(url, places)
    assert await keys.destroy("gemeente-waterdam", "p-0")
    for wish in (REPLACE, REPLACE_ALL):
        done = await return_to(url, places, wish)
        assert done.fact.keys == wish.replace_keys
        async with Keys(beside(url)) as again:
            held = [await again.id_of("gemeente-waterdam", p) for p in ("p-0", "p-1")]
        assert [key is None for key in held] == [True, False]


async def test_old_keys_are_refused(
    url: str, pool: Pool, keys: Keys, tmp_path: Path
) -> None:
    """A copy of the keys may come back for 35 days, unless in so many words."""
    places = Places.at(tmp_path / "backup")
    await played(pool, keys, "parkzicht", "Anna de Vries")
    await back_up(url, places)
    said = places.keys / KEYS_SAY
    manifest = json.loads(said.read_text())
    made = datetime.now(UTC) - timedelta(days=36)
    said.write_text(json.dumps({**manifest, "made_at": made.isoformat()}))
    with pytest.raises(KeysTooOld, match="36 days old"):
        await return_to(url, places, REPLACE_ALL)
    assert (await return_to(url, places, REPLACE_ALL._replace(old_keys=True))).fact.keys


async def test_what_was_tampered_with_is_refused(
    url: str, pool: Pool, keys: Keys, tmp_path: Path
) -> None:
    """A changed file, a manifest that says else, or none: nothing is put back."""
    places = Places.at(tmp_path / "backup")
    play = await played(pool, keys, "parkzicht", "Anna de Vries")
    await back_up(url, places)
    with pytest.raises(DirectoryTaken):
        await back_up(url, places)
    said = places.record / SAYS
    manifest = json.loads(said.read_text())
    said.write_text(json.dumps({**manifest, "heads_root": "0" * 64}))
    with pytest.raises(NotABackup, match="not what it says"):
        await return_to(url, places, REPLACE)
    dump = places.record / RECORD
    dump.write_bytes(dump.read_bytes() + b"x")
    with pytest.raises(NotABackup, match="not the file"):
        await return_to(url, places, REPLACE)
    said.unlink()
    with pytest.raises(NotABackup):
        await return_to(url, places, REPLACE)
    assert await on_record(url, play.stream) is not None
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
        rows = await conn.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE '%_back_%'"
        )
        assert await rows.fetchall() == []


async def test_programs_that_are_too_old_are_named(
    url: str, pool: Pool, keys: Keys, tmp_path: Path
) -> None:
    """An older pg_dump than the server, or none at all, is said in so many words."""
    old = tmp_path / "bin"
    old.mkdir()
    program = old / "pg_dump"
    program.write_text('#!/bin/sh\necho "pg_dump (PostgreSQL) 15.3"\n')
    program.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")
        with pytest.raises(VersionMismatch, match=r"version 15 .* version 18"):
            await back_up(url, Places.at(tmp_path / "one"), Programs([old]))
        with pytest.raises(NoProgram, match="PostgreSQL 18"):
            await back_up(url, Places.at(tmp_path / "two"), Programs([]))


async def test_what_cannot_be_looked_at_is_not_taken_for_nothing(
    url: str, pool: Pool, keys: Keys, tmp_path: Path
) -> None:
    """Who may not act as the owner is told so; a database of others is no record."""
    places = Places.at(tmp_path / "backup")
    await played(pool, keys, "parkzicht", "Anna de Vries")
    await back_up(url, places)
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
        await conn.execute("CREATE ROLE stranger LOGIN CREATEDB PASSWORD 'secret'")
        await conn.execute("CREATE DATABASE anything")
    told = urlsplit(url)
    host = f"{told.hostname}:{told.port}"
    stranger = urlunsplit(told._replace(netloc=f"stranger:secret@{host}"))
    with pytest.raises(BackupFailed, match="may not act as polder_owner"):
        await return_to(stranger, places)
    other = urlunsplit(told._replace(path="/anything"))
    done = await return_to(other, places)
    assert done.fact.events == read(places.record).events
    assert [name.split("_before_")[0] for name in done.aside] == ["anything"]
