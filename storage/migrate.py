"""The schema moves forward only, by numbered files whose bytes never change.

``migrate`` is safe to run at any time, from many processes at once: it waits for a
lock of the database, runs what is missing in one transaction, and does nothing when
nothing is missing. A file that was changed after it was applied is refused.
"""

from __future__ import annotations

import re
import sys
from hashlib import sha256
from importlib.resources import files
from typing import Final, NamedTuple

import psycopg
from psycopg.rows import class_row

from storage.errors import SchemaMismatch, Unavailable
from storage.statements import statement

OLDEST_POSTGRES: Final = 160_000
"""The oldest server version: roles that are not inherited came with 16."""

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


class Status(NamedTuple):
    """What a database has had, and what it still lacks."""

    applied: tuple[Applied, ...]
    pending: tuple[Migration, ...]


def migrations() -> tuple[Migration, ...]:
    """Return all migrations that come with this program, in order."""
    found = [
        Migration(int(match[1]), match[2], file.read_bytes())
        for file in files("storage").joinpath("migrations").iterdir()
        if (match := _FILE.fullmatch(file.name))
    ]
    return tuple(sorted(found))


def status(url: str) -> Status:
    """Tell what the database at ``url`` has had; it is not changed.

    Raises ``Unavailable`` and ``SchemaMismatch``.
    """
    with _connect(url) as conn:
        return _compare(_applied(conn))


def migrate(url: str) -> Status:
    """Bring the database at ``url`` to the newest schema; return how it then is.

    Raises ``Unavailable``, and ``SchemaMismatch`` for an old server, for a changed
    migration, for a schema newer than this program, and where the user of ``url`` may
    not create what is needed.
    """
    with _connect(url) as conn, conn.transaction():
        if conn.info.server_version < OLDEST_POSTGRES:
            message = (
                f"PostgreSQL 16 or later is needed, not {conn.info.server_version}"
            )
            raise SchemaMismatch(message)
        conn.execute(statement("migrate", "wait_for_others"))
        try:
            pending = _compare(_applied(conn)).pending
            conn.execute(_ROLES)
            conn.execute(statement("migrate", "become_owner"))
            for step in pending:
                _apply(conn, step)
        except psycopg.errors.InsufficientPrivilege as error:
            message = (
                f"the user of DATABASE_URL may not set up the schema: {error}. It must"
                " own the database and have CREATEROLE, or be a member of the roles"
                " polder_owner, polder_writer, polder_reader and polder_sealer"
            )
            raise SchemaMismatch(message) from error
    return status(url)


_ROLES: Final = files("storage").joinpath("sql", "roles.sql").read_bytes()


def _connect(url: str) -> psycopg.Connection:
    try:
        return psycopg.connect(url, connect_timeout=10, autocommit=True)
    except psycopg.OperationalError as error:
        raise Unavailable(str(error)) from error


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


def _compare(applied: tuple[Applied, ...]) -> Status:
    ours = {step.number: step for step in migrations()}
    for had in applied:
        step = ours.get(had.number)
        if step is None:
            message = f"the database has migration {had.number}, from a newer program"
            raise SchemaMismatch(message)
        if step.checksum != had.checksum:
            message = f"migration {had.number} was changed after it was applied"
            raise SchemaMismatch(message)
    had_numbers = {had.number for had in applied}
    pending = tuple(step for step in ours.values() if step.number not in had_numbers)
    return Status(applied, pending)


def main(arguments: list[str]) -> int:
    """Run ``python -m storage.migrate [status] URL``; return the exit code.

    0: nothing is missing; 4: refused, or something is missing; 5: unreachable; 2:
    wrong use.
    """
    url = arguments[-1] if arguments else ""
    if arguments not in ([url], ["status", url]) or not url:
        sys.stderr.write("use: python -m storage.migrate [status] URL\n")
        return 2
    try:
        now = status(url) if len(arguments) == len(("status", url)) else migrate(url)
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
