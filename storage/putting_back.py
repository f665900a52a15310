"""A backup that is put back begins another life of the record, and says so.

It goes into a database of its own, is held against what the backup says of itself, and
only then takes the place of the present one, which is kept beside it under another
name.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Final, NamedTuple

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
    read,
    read_keys,
)
from storage.dumping import BackupFailed, Programs, VersionMismatch
from storage.errors import SchemaMismatch, Unavailable
from storage.migrate import migrate
from storage.ownlog import append
from storage.returning import Measure, begin_next_life, measure
from storage.swapping import beside, connected, name_of, swap

_ROLES: Final = files("storage").joinpath("sql", "roles.sql").read_bytes()


class RecordInPlace(BackupFailed):
    """There is a record already, and it would be replaced."""


class KeysTooOld(BackupFailed):
    """This copy of the vault's keys is too old to be put back."""


class Restored(NamedTuple):
    """What was put back, and the databases in which the present ones were set aside."""

    fact: BackupRestored
    aside: tuple[str, ...]


class Wish(NamedTuple):
    """What an operator allows: replacing a record, or putting back old keys."""

    replace: bool = False
    old_keys: bool = False


async def put_back(
    record: Database,
    keys: Database | None,
    places: Places,
    programs: Programs,
    wish: Wish,
    *,
    actor: Mapping[str, JsonValue],
    prepare_keys: Callable[[str], object] | None = None,
) -> Restored:
    """Put a backup in the place of the record at these addresses.

    The vault's keys are put back where a copy is there and ``keys`` is given.
    ``prepare_keys`` brings a database of keys to its newest schema. Raises
    ``RecordInPlace`` and ``KeysTooOld`` unless allowed, ``NotABackup``,
    ``VersionMismatch``, ``BackupFailed``, ``Unavailable``.
    """
    manifest = await asyncio.to_thread(read, places.record)
    held = await asyncio.to_thread(read_keys, places.keys) if keys else None
    _check_age(held, wish)
    if not wish.replace:
        await _check_empty(record)
    fact = BackupRestored(
        backup=manifest.backup,
        made_at=manifest.made_at,
        events=manifest.events,
        streams=manifest.streams,
        heads_root=manifest.heads_root,
        keys=held is not None,
        db_epoch=0,
    )
    aside: list[str] = []
    async with AsyncExitStack() as stack:
        new_keys = None
        if keys is not None and held is not None:
            new_keys = await stack.enter_async_context(beside(keys))
            await _fill(new_keys, places.keys / KEYS, held.keys, programs)
            if prepare_keys is not None:
                await asyncio.to_thread(prepare_keys, new_keys.url)
        new = await stack.enter_async_context(beside(record))
        await _fill(new, places.record / RECORD, manifest.record, programs)
        await _check_same(new, manifest)
        await _migrate(new)
        fact = await _begin(new, fact, actor)
        # At this point both are whole. If we crash between the two, the new keys do
        # the present record no harm, and the same command does the rest.
        if keys is not None and new_keys is not None:
            aside += await swap(keys, new_keys)
        aside += await swap(record, new)
    return Restored(fact, tuple(aside))


def _check_age(held: KeysManifest | None, wish: Wish) -> None:
    if held is None or wish.old_keys:
        return
    age = datetime.now(UTC) - held.made_at
    if age > MAX_KEY_AGE:
        raise KeysTooOld(
            f"this copy of the keys is {age.days} days old, and may be at most"
            f" {MAX_KEY_AGE.days}: what was erased since could be read again with it"
        )


async def _check_empty(record: Database) -> None:
    """Raise ``RecordInPlace`` where dialogues are on record."""
    try:
        async with entered(record) as conn:
            present = await measure(conn)
    except (psycopg.Error, BackupFailed, Unavailable):
        return  # no database, or none of ours
    if present.events:
        raise RecordInPlace(
            f"{present.events} events are on record in {name_of(record.url)}: put a"
            " backup back only where these are lost, and allow it in so many words"
        )


async def _fill(new: Database, file: Path, said: File, programs: Programs) -> None:
    async with connected(new.url) as conn:
        if conn.info.server_version // 10_000 < said.server // 10_000:
            raise VersionMismatch(
                f"the backup comes from PostgreSQL {said.server // 10_000}, and this"
                f" server is {conn.info.server_version // 10_000}: an older server"
                " can't take it"
            )
        await conn.execute(_ROLES)
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


async def _migrate(new: Database) -> None:
    try:
        await asyncio.to_thread(migrate, new.url)
    except SchemaMismatch as error:
        raise BackupFailed(f"this program can't use the backup: {error}") from error


async def _begin(
    new: Database, fact: BackupRestored, actor: Mapping[str, JsonValue]
) -> BackupRestored:
    """Begin the next life of a record, with an event that says where it came from."""
    async with entered(new) as conn, conn.transaction():
        life = await begin_next_life(conn)
        told = fact.model_copy(update={"db_epoch": life})
        await append(
            conn,
            LOG_STREAM,
            BACKUP_RESTORED,
            told.model_dump(mode="json"),
            cause=f"polder:restored:{uuid.uuid4()}",
            actor=actor,
        )
    return told
