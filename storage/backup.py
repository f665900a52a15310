"""A backup is one moment of the record, in files that say what they are.

Record and vault go to one file, the vault's keys to another, that may lie elsewhere
and must not grow old: what was erased can be read again by whoever has both. The log's
own key is in neither, or every backup could sign for a record that never was.
"""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import file_digest
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple, TypeVar

import psycopg
from psycopg import AsyncConnection, IsolationLevel, sql
from pydantic import Field, ValidationError

from domain.facts import Fact, Hash, Instant, OpaqueId
from domain.returns import BACKUP_MADE, BackupMade
from evidence.canonical import JsonValue
from evidence.census import LOG_STREAM
from storage.dumping import BackupFailed, Programs
from storage.errors import Unavailable
from storage.ownlog import append
from storage.pool import Connection
from storage.returning import Measure, measure

T = TypeVar("T", bound=Fact)
OWNER: Final = "polder_owner"
MAX_KEY_AGE: Final = timedelta(days=35)
"""A copy of the vault's keys that is older must be destroyed, and is not put back."""

RECORD: Final = "record.dump"
KEYS: Final = "keys.dump"
SAYS: Final = "backup.json"
KEYS_SAY: Final = "keys.json"


class NotABackup(BackupFailed):
    """This directory holds no backup, or one that is not as it was made."""


class DirectoryTaken(BackupFailed):
    """A backup is written to a directory that is new, or empty."""


class File(Fact):
    """A file of a backup, and the version of the server that it came from."""

    sha256: Hash
    bytes: Annotated[int, Field(ge=0)]
    server: int


class Manifest(Fact):
    """What a backup says of itself: `backup.json`."""

    format: Literal["polder-backup/1"] = "polder-backup/1"
    backup: OpaqueId
    made_at: Instant
    events: int
    streams: int
    heads_root: Hash
    record: File


class KeysManifest(Fact):
    """What a copy of the vault's keys says of itself: `keys.json`."""

    format: Literal["polder-keys/1"] = "polder-keys/1"
    backup: OpaqueId
    made_at: Instant
    keys: File


class Database(NamedTuple):
    """A database, the role that owns what is in it, and the file of its roles."""

    url: str
    role: str = OWNER
    roles: str = "roles.sql"


def keys_at(url: str) -> Database:
    """Give the database of the vault's keys at an address."""
    return Database(url, "polder_keys_owner", "keys_roles.sql")


class Places(NamedTuple):
    """Where the files of a backup are: those of the record, and those of the keys."""

    record: Path
    keys: Path

    @classmethod
    def at(cls, directory: Path, keys: Path | None = None) -> Places:
        """Put the keys in a directory inside the other one, unless told where."""
        return cls(directory, keys or directory / "keys")


async def make(
    record: Database,
    keys: Database,
    places: Places,
    programs: Programs,
    actor: Mapping[str, JsonValue],
) -> Manifest:
    """Copy a record with its vault, and the keys of the vault, to new directories.

    The backup is whole once `backup.json` is there, and is then on record as an event
    that it does not hold itself. The record is copied first: a key that was destroyed
    meanwhile belongs to an erasure that the backup does not know of.
    """
    name, made_at = str(uuid.uuid4()), datetime.now(UTC)
    _new(places.record)
    _new(places.keys)
    measured, file = await _copy_record(record, places.record / RECORD, programs)
    copied = await _copy(keys, places.keys / KEYS, programs)
    said = KeysManifest(backup=name, made_at=made_at, keys=copied)
    _write(places.keys / KEYS_SAY, said)
    manifest = Manifest(
        backup=name,
        made_at=made_at,
        events=measured.events,
        streams=measured.streams,
        heads_root=measured.root,
        record=file,
    )
    _write(places.record / SAYS, manifest)
    # At this point the backup is whole. If we crash here it is good, and not on record.
    await _tell(record, manifest, actor)
    return manifest


async def _tell(
    record: Database, made: Manifest, actor: Mapping[str, JsonValue]
) -> None:
    fact = BackupMade(
        backup=made.backup,
        events=made.events,
        streams=made.streams,
        heads_root=made.heads_root,
    )
    async with entered(record) as conn:
        await append(
            conn,
            LOG_STREAM,
            BACKUP_MADE,
            fact.model_dump(mode="json"),
            cause=f"polder:backup:{made.backup}",
            actor=actor,
        )


async def _copy_record(
    database: Database, file: Path, programs: Programs
) -> tuple[Measure, File]:
    async with _moment(database) as (conn, snapshot):
        copied = await _dump(conn, database, file, programs, snapshot)
        return await measure(conn), copied


async def _copy(database: Database, file: Path, programs: Programs) -> File:
    async with _moment(database) as (conn, snapshot):
        return await _dump(conn, database, file, programs, snapshot)


async def _dump(
    conn: Connection, database: Database, file: Path, programs: Programs, snapshot: str
) -> File:
    server = conn.info.server_version
    await programs.dump(
        database.url, file, server=server, role=database.role, snapshot=snapshot
    )
    return await asyncio.to_thread(described, file, server)


@asynccontextmanager
async def _moment(database: Database) -> AsyncGenerator[tuple[Connection, str]]:
    """Hold one moment of a database, that another session can look at as well."""
    async with entered(database) as conn:
        await conn.set_isolation_level(IsolationLevel.REPEATABLE_READ)
        await conn.set_read_only(value=True)
        async with conn.transaction():
            row = await (await conn.execute("SELECT pg_export_snapshot()")).fetchone()
            assert row is not None  # noqa: S101 - a function gives one row
            yield conn, str(row[0])


@asynccontextmanager
async def entered(database: Database) -> AsyncGenerator[Connection]:
    """Connect as the role that owns what is in a database, for as long as it takes."""
    try:
        conn = await AsyncConnection.connect(
            database.url, autocommit=True, connect_timeout=10
        )
    except psycopg.OperationalError as error:
        raise Unavailable(str(error)) from error
    async with conn:
        try:
            await conn.execute(
                sql.SQL("SET ROLE {}").format(sql.Identifier(database.role))
            )
        except psycopg.Error as error:
            raise BackupFailed(
                f"this user of the database may not act as {database.role}: {error}"
            ) from error
        await conn.execute("SET TimeZone = 'UTC'")
        yield conn


@asynccontextmanager
async def entered_if_there(database: Database) -> AsyncGenerator[Connection | None]:
    """The same, and None where there is no such database, or nothing of ours on it.

    What is there and may not be looked at is no reason to think that it is not there.
    """
    async with AsyncExitStack() as stack:
        try:
            conn = await stack.enter_async_context(entered(database))
        except BackupFailed as error:
            if isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
                raise
            conn = None
        except Unavailable as error:
            if "does not exist" not in str(error):
                raise
            conn = None
        yield conn


def described(file: Path, server: int) -> File:
    """Give what a manifest says of a file."""
    with file.open("rb") as opened:
        digest = file_digest(opened, "sha256").hexdigest()
    return File(sha256=digest, bytes=file.stat().st_size, server=server)


def read(directory: Path) -> Manifest:
    """Read what a backup says of itself, and check that its file is that one.

    Raises ``NotABackup``.
    """
    manifest = _read(directory / SAYS, Manifest)
    _check(directory / RECORD, manifest.record)
    return manifest


def read_keys(directory: Path) -> KeysManifest | None:
    """Read what a copy of the keys says of itself; None where there is no copy.

    Raises ``NotABackup``.
    """
    if not (directory / KEYS_SAY).exists():
        return None
    manifest = _read(directory / KEYS_SAY, KeysManifest)
    _check(directory / KEYS, manifest.keys)
    return manifest


def _check(file: Path, said: File) -> None:
    if not file.exists() or described(file, said.server) != said:
        raise NotABackup(f"{file} is not the file that the backup was made with")


def _read(path: Path, model: type[T]) -> T:
    try:
        return model.model_validate_json(path.read_bytes())
    except OSError as error:
        raise NotABackup(f"there is no {path.name} in {path.parent}") from error
    except ValidationError as error:
        raise NotABackup(f"{path} does not say what backup this is") from error


def _new(directory: Path) -> None:
    if directory.exists() and any(directory.iterdir()):
        raise DirectoryTaken(f"{directory} is not empty: name a new directory")
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)


def _write(path: Path, said: Fact) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(said.model_dump_json(indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
