"""Values from before there were keys are encrypted where they lie.

That is the part of a migration that SQL can't do: the keys are in another database.
Some rows at a time, each time the keys first and then the values: if it is broken off,
the next migration goes on with what is left.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row

from storage.cipher import KEY_BYTES, Spot, encrypt
from storage.errors import SchemaMismatch, Unavailable
from storage.keys import Key, beside, organisation_of
from storage.statements import statement

_MADE: Final = (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation)
"""What PostgreSQL says when another process made the database a moment earlier."""


def connect(url: str) -> psycopg.Connection:
    """Return a connection in autocommit. Raises ``Unavailable``."""
    try:
        return psycopg.connect(url, connect_timeout=10, autocommit=True)
    except psycopg.OperationalError as error:
        raise Unavailable(str(error)) from error


def exists(conn: psycopg.Connection, url: str) -> bool:
    """Tell whether the database at ``url``, on the server of ``conn``, is there."""
    where = {"name": conninfo_to_dict(url)["dbname"]}
    row = conn.execute(statement("migrate", "is_there"), where).fetchone()
    return row is not None and bool(row[0])


def make_beside(conn: psycopg.Connection, url: str) -> None:
    """Make the database of the keys beside the record's, unless it is there.

    Raises ``SchemaMismatch`` where we may not.
    """
    keys = beside(url)
    if exists(conn, keys):
        return
    name = str(conninfo_to_dict(keys)["dbname"])
    make = sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
    try:
        conn.execute(make)
    except _MADE:
        return
    except psycopg.errors.InsufficientPrivilege as error:
        message = (
            f"the keys of the vault need a database of their own, {name}, and the user"
            " of DATABASE_URL may not create it, which takes CREATEDB besides"
            " CREATEROLE: create it yourself, or set KEYS_DATABASE_URL"
        )
        raise SchemaMismatch(message) from error


def encrypt_plain(record: psycopg.Connection, keys: psycopg.Connection) -> int:
    """Encrypt all values that are not; return how many there were.

    Both connections are in autocommit and may become the owner of the record and the
    role of the keys.
    """
    record.execute("SET ROLE polder_owner")
    row = record.execute(statement("keys", "has_plain")).fetchone()
    plain, unsaid = row or (False, False)
    done = 0
    if plain:
        keys.execute("SET ROLE polder_keys")
        while some := _encrypt_some(record, keys):
            done += some
    if unsaid:
        record.execute(statement("keys", "all_encrypted"))
    if done:
        record.execute(statement("keys", "wipe"))
    record.execute("RESET ROLE")
    return done


def _encrypt_some(record: psycopg.Connection, keys: psycopg.Connection) -> int:
    with record.transaction(), record.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(statement("keys", "plain")).fetchall()
        held = _keys_for(keys, rows)
        # At this point the keys are durable. If we crash here they encrypt nothing.
        cursor.executemany(
            statement("keys", "encrypt"), [_encrypted(row, held) for row in rows]
        )
        return len(rows)


def _encrypted(row: dict[str, Any], held: dict[tuple[str, str], Key]) -> dict[str, Any]:
    spot = Spot(row["stream"], row["command_id"], row["path"], row["subject"])
    key = held[organisation_of(spot.stream), spot.subject]
    nonce, value = encrypt(key.secret, spot, bytes(row["value"]))
    return {**spot._asdict(), "value": value, "key_id": key.id, "nonce": nonce}


def _keys_for(
    conn: psycopg.Connection, rows: list[dict[str, Any]]
) -> dict[tuple[str, str], Key]:
    subjects: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        subjects[organisation_of(row["stream"])].add(row["subject"])
    found: dict[tuple[str, str], Key] = {}
    for organisation, names in subjects.items():
        given = {
            "organisation": organisation,
            "subjects": sorted(names),
            "secrets": [secrets.token_bytes(KEY_BYTES) for _ in names],
        }
        for row in conn.execute(statement("keys", "hold"), given):
            found[organisation, row[0]] = Key(row[1], bytes(row[2]))
    return found
