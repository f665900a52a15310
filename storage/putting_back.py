"""A backup that is put back begins another life of the record, and says so.

It goes into a database of its own, is held against what the backup says of itself, and
only then takes the place of the present one, which is kept beside it under another
name.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg import sql

from domain.returns import BACKUP_RESTORED, BackupRestored
from evidence.canonical import JsonValue
from evidence.census import LOG_STREAM
from storage.backup import (
    KEYS,
    MAX_KEY_AGE,
    RECORD,
    Database,
    File,
    KeysManifest,
    Manifest,
    NotABackup,
    Places,
    entered,
    entered_if_there,
    read,
    read_keys,
)
from storage.dumping import BackupFailed, Programs, VersionMismatch
from storage.errors import SchemaMismatch
from storage.kept_keys import count_keys, stay_destroyed
from storage.migrate import migrate
from storage.ownlog import append
from storage.returning import Measure, begin_next_life, measure
from storage.swapping import beside, connected, name_of, swap


class RecordInPlace(BackupFailed):
    """There is a record already, and it would be replaced."""


class KeysTooOld(BackupFailed):
    """This copy of the vault's keys is too old to be put back."""


class Restored(NamedTuple):
    """What was put back, and the databases in which the present ones were set aside."""

    fact: BackupRestored
    aside: tuple[str, ...]


class Wish(NamedTuple):
    """What an operator allows: replacing a record, or keys, or taking old keys."""

    replace: bool = False
    replace_keys: bool = False
    old_keys: bool = False


async def put_back(
    record: Database,
    keys: Database,
    places: Places,
    programs: Programs,
    wish: Wish,
    *,
    actor: Mapping[str, JsonValue],
) -> Restored:
    """Put a backup in the place of the record at these addresses.

    The vault's keys are put back where there are none now, or where that is allowed:
    present ones know of later erasures. Raises ``RecordInPlace`` and ``KeysTooOld``
    unless allowed, ``NotABackup``, ``VersionMismatch``, ``BackupFailed``,
    ``Unavailable``.
    """
    manifest = await asyncio.to_thread(read, places.record)
    if not wish.replace:
        await _check_empty(record)
    held = await _keys_to_put_back(keys, places, wish)
    async with AsyncExitStack() as stack:
        new_keys = keys
        if held is not None:
            new_keys = await stack.enter_async_context(beside(keys))
            await _fill(new_keys, places.keys / KEYS, held.keys, programs)
            await stay_destroyed(keys, new_keys)
        new = await stack.enter_async_context(beside(record))
        await _fill(new, places.record / RECORD, manifest.record, programs)
        await _check_same(new, manifest)
        await _migrate(new, new_keys)
        fact = await _begin(new, manifest, actor, keys=held is not None)
        # At this point both are whole. If we crash between the two, the new keys do
        # the present record no harm, and the same command does the rest.
        aside = await swap(keys, new_keys) if held is not None else []
        aside += await swap(record, new)
    return Restored(fact, tuple(aside))


async def _keys_to_put_back(
    keys: Database, places: Places, wish: Wish
) -> KeysManifest | None:
    if not wish.replace_keys and await count_keys(keys):
        return None
    held = await asyncio.to_thread(read_keys, places.keys)
    if held is None:
        return None
    age = datetime.now(UTC) - held.made_at
    if age > MAX_KEY_AGE and not wish.old_keys:
        raise KeysTooOld(
            f"this copy of the keys is {age.days} days old, and may be at most"
            f" {MAX_KEY_AGE.days}",
            days=age.days,
            most=MAX_KEY_AGE.days,
        )
    return held


async def _check_empty(record: Database) -> None:
    """Raise ``RecordInPlace`` where dialogues are on record."""
    async with entered_if_there(record) as conn:
        if conn is None:
            return
        try:
            present = await measure(conn)
        except psycopg.errors.UndefinedTable:
            return  # a database, and none of ours
    if present.events:
        database = name_of(record.url)
        raise RecordInPlace(
            f"{present.events} events are on record in {database}",
            events=present.events,
            database=database,
        )


async def _fill(new: Database, file: Path, said: File, programs: Programs) -> None:
    async with connected(new.url) as conn:
        if conn.info.server_version // 10_000 < said.server // 10_000:
            raise VersionMismatch(
                f"the backup comes from PostgreSQL {said.server // 10_000}, and this"
                f" server is {conn.info.server_version // 10_000}: an older server"
                " can't take it"
            )
        roles = files("storage").joinpath("sql", new.roles)
        await conn.execute(roles.read_bytes())
        grant = sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(
            sql.Identifier(name_of(new.url)), sql.Identifier(new.role)
        )
        await conn.execute(grant)
    await programs.put_back(new.url, file, made_by=said.server, role=new.role)


async def _check_same(new: Database, manifest: Manifest) -> None:
    said = Measure(manifest.events, manifest.streams, manifest.heads_root)
    async with entered(new) as conn:
        found = await measure(conn)
    if found != said:
        raise NotABackup(
            f"what came out of it is not what it says: {found.events} events in"
            f" {found.streams} streams, not {said.events} in {said.streams}"
        )


async def _migrate(new: Database, keys: Database) -> None:
    try:
        await asyncio.to_thread(migrate, new.url, keys.url)
    except SchemaMismatch as error:
        raise BackupFailed(f"this program can't use the backup: {error}") from error


async def _begin(
    new: Database, made: Manifest, actor: Mapping[str, JsonValue], *, keys: bool
) -> BackupRestored:
    """Begin the next life of a record, with an event that says where it came from."""
    async with entered(new) as conn, conn.transaction():
        told = BackupRestored(
            backup=made.backup,
            made_at=made.made_at,
            events=made.events,
            streams=made.streams,
            heads_root=made.heads_root,
            keys=keys,
            db_epoch=await begin_next_life(conn),
        )
        await append(
            conn,
            LOG_STREAM,
            BACKUP_RESTORED,
            told.model_dump(mode="json"),
            cause=f"polder:restored:{uuid.uuid4()}",
            actor=actor,
        )
    return told
