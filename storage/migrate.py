"""The schema moves forward only, by numbered files whose bytes never change.

There are two: the record's, and that of the keys of the vault, which lie in a database
of their own. ``migrate`` sees to both. It is safe to run at any time, from many
processes at once: it waits for a lock of the database, runs what is missing in one
transaction, and does nothing when nothing is missing. A file that was changed after it
was applied is refused.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from hashlib import sha256
from importlib.resources import files
from typing import Final, NamedTuple, TypeVar

import psycopg
from psycopg.rows import class_row

from storage.encrypting import connect, encrypt_plain, exists, make_beside
from storage.errors import (
    KeysUnavailable,
    SchemaMismatch,
    SetUpByAnother,
    Unavailable,
)
from storage.keys import beside, with_password
from storage.pool import connect as connect_async
from storage.rebuild import renew
from storage.statements import statement

OLDEST_POSTGRES: Final = 160_000
"""The oldest server version: roles that are not inherited came with 16."""

_LONG: Final = 24 * 3_600
"""Seconds that one statement may take where a dialogue is folded again."""

_FILE: Final = re.compile(r"([0-9]{4})_([a-z_]+)\.sql")


class Migration(NamedTuple):
    """One step of the schema: its number, name and bytes."""

    number: int
    name: str
    sql: bytes

    @property
    def checksum(self) -> str:
        """SHA-256 of the file, in hex."""
        return sha256(self.sql).hexdigest()


class Applied(NamedTuple):
    """A migration that the database says it has had."""

    number: int
    name: str
    checksum: str


_Step = TypeVar("_Step", Migration, Applied)


class Status(NamedTuple):
    """What the two databases have had, and what they still lack.

    The names of those of the keys begin with ``keys/``.
    """

    applied: tuple[Applied, ...]
    pending: tuple[Migration, ...]


class Schema(NamedTuple):
    """What one of the two databases is to have, and how it is called on screen."""

    name: str
    folder: str
    roles: str
    """The file with the statement that sees to its roles."""
    setting: str
    """The setting that says where it is."""
    known_as: str
    """Which roles its user must be able to become."""


RECORD: Final = Schema(
    name="",
    folder="migrations",
    roles="roles.sql",
    setting="DATABASE_URL",
    known_as=(
        "polder_owner, polder_writer, polder_reader, polder_sealer and polder_api"
    ),
)
KEYS: Final = Schema(
    name="keys/",
    folder="keys_migrations",
    roles="keys_roles.sql",
    setting="KEYS_DATABASE_URL",
    known_as="polder_keys_owner and polder_keys",
)


def migrations(of: Schema = RECORD) -> tuple[Migration, ...]:
    """Return all migrations of a schema that come with this program, in order."""
    found = [
        Migration(int(match[1]), match[2], file.read_bytes())
        for file in files("storage").joinpath(of.folder).iterdir()
        if (match := _FILE.fullmatch(file.name))
    ]
    return tuple(sorted(found))


def status(url: str, keys: str | None = None) -> Status:
    """Tell what the record at ``url`` and its keys have had; nothing is changed.

    ``keys``: where the keys are, by default `storage.keys.beside` the record. Raises
    ``Unavailable`` and ``SchemaMismatch``.
    """
    with connect(url) as conn:
        record = _compare(_applied(conn), RECORD)
        if keys is None and not exists(conn, beside(url)):
            return _both(record, _compare((), KEYS))
    with _keys_connection(url, keys) as conn:
        return _both(record, _compare(_applied(conn), KEYS))


def migrate(url: str, keys: str | None = None) -> Status:
    """Bring record and keys to the newest schema; return how they then are.

    ``keys`` as in `status`; the database beside the record is made where it is not
    there. Values that an earlier version kept plain are encrypted, and projections of
    another form made again. For a thread without an event loop of its own. Raises
    ``Unavailable``, and ``SchemaMismatch`` for an old server, for a changed migration,
    for a schema newer than this program, and where a user may not create what is
    needed.
    """
    with connect(url) as conn:
        _check_server(conn)
        _compare(_applied(conn), RECORD)
        if keys is None:
            make_beside(conn, url)
    # The keys come first: what is encrypted with them needs them.
    with _keys_connection(url, keys) as conn:
        _migrate(conn, KEYS)
    with connect(url) as conn:
        _migrate(conn, RECORD)
        with _keys_connection(url, keys) as held:
            encrypt_plain(conn, held)
    asyncio.run(_renew(url))
    return status(url, keys)


async def _renew(url: str) -> None:
    # At this point the schema is there. If we crash here, the next one goes on.
    async with await connect_async(url, statement_seconds=_LONG) as conn:
        await renew(conn)


def _keys_connection(url: str, keys: str | None) -> psycopg.Connection:
    try:
        return connect(with_password(keys) if keys else beside(url))
    except Unavailable as error:
        raise KeysUnavailable(f"the keys of the vault: {error}") from error


def _check_server(conn: psycopg.Connection) -> None:
    if conn.info.server_version < OLDEST_POSTGRES:
        message = f"PostgreSQL 16 or later is needed, not {conn.info.server_version}"
        raise SchemaMismatch(message)


def _migrate(conn: psycopg.Connection, schema: Schema) -> None:
    _check_server(conn)
    with conn.transaction():
        conn.execute(statement("migrate", "wait_for_others"))
        try:
            pending = _compare(_applied(conn), schema).pending
            conn.execute(files("storage").joinpath("sql", schema.roles).read_bytes())
            conn.execute(_owner(schema))
            for step in pending:
                _apply(conn, step)
        except psycopg.errors.InsufficientPrivilege as error:
            message = (
                f"the user of {schema.setting} may not set up the schema: {error}. It"
                " must own the database and have CREATEROLE, or be a member of the"
                f" roles {schema.known_as}"
            )
            raise SchemaMismatch(message) from error


def _owner(schema: Schema) -> bytes:
    if schema is KEYS:
        return statement("keys", "become_owner")
    return statement("migrate", "become_owner")


def _both(record: Status, keys: Status) -> Status:
    def named(step: _Step) -> _Step:
        return step._replace(name=f"{KEYS.name}{step.name}")

    return Status(
        (*record.applied, *map(named, keys.applied)),
        (*record.pending, *map(named, keys.pending)),
    )


def _apply(conn: psycopg.Connection, step: Migration) -> None:
    conn.execute(step.sql)
    conn.execute(
        statement("migrate", "note"),
        {"number": step.number, "name": step.name, "checksum": step.checksum},
    )


def _applied(conn: psycopg.Connection) -> tuple[Applied, ...]:
    known = conn.execute(statement("migrate", "is_known")).fetchone()
    if known is None or known[0] is None:
        return ()
    with conn.cursor(row_factory=class_row(Applied)) as cursor:
        return tuple(cursor.execute(statement("migrate", "applied")))


def _compare(applied: tuple[Applied, ...], schema: Schema) -> Status:
    ours = {step.number: step for step in migrations(schema)}
    for had in applied:
        step = ours.get(had.number)
        if step is None:
            message = f"the database has migration {had.number}, from a newer program"
            raise SetUpByAnother(message, had.number)
        if step.checksum != had.checksum:
            message = f"migration {had.number} was changed after it was applied"
            raise SetUpByAnother(message, had.number)
    had_numbers = {had.number for had in applied}
    pending = tuple(step for step in ours.values() if step.number not in had_numbers)
    return Status(applied, pending)


def main(arguments: list[str]) -> int:
    """Run ``python -m storage.migrate [status] URL``; return the exit code.

    The keys are where KEYS_DATABASE_URL says, or beside the record.

    0: nothing is missing; 4: refused, or something is missing; 5: unreachable; 2:
    wrong use.
    """
    url = arguments[-1] if arguments else ""
    if arguments not in ([url], ["status", url]) or not url:
        sys.stderr.write("use: python -m storage.migrate [status] URL\n")
        return 2
    try:
        keys = os.environ.get("KEYS_DATABASE_URL") or None
        act = status if len(arguments) == len(("status", url)) else migrate
        now = act(url, keys)
    except (SchemaMismatch, Unavailable) as error:
        sys.stderr.write(f"{error}\n")
        return 5 if error.retry else 4
    for had in now.applied:
        sys.stdout.write(f"{had.number:04} {had.name}\n")
    for step in now.pending:
        sys.stdout.write(f"{step.number:04} {step.name} (missing)\n")
    return 4 if now.pending else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
