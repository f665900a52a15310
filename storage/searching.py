"""That nothing is left is proved by looking everywhere, not by trusting what was done.

Every column of every table that can hold text or bytes is read, whatever it is for, so
that a table that somebody adds is searched as well.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from psycopg import sql

from storage.pool import Connection
from storage.statements import statement

_BYTES: Final = "bytea"


class Hit(NamedTuple):
    """A column in which something was found, and in how many rows."""

    table: str
    column: str
    rows: int


async def search(conn: Connection, needles: Sequence[bytes]) -> tuple[Hit, ...]:
    """Return the columns that hold any of these, as text or as bytes.

    ``conn`` needs a role that may read all tables; those it may not read are left out
    and named by `unread`. A needle is looked for as it is, and as JSON and hex write
    it. Reads every row: for an act that is seldom.
    """
    found: list[Hit] = []
    for schema, table, column, kind in await _columns(conn):
        count = await _count(conn, (schema, table, column), kind, needles)
        if count:
            found.append(Hit(f"{schema}.{table}", column, count))
    return tuple(found)


async def unread(conn: Connection) -> tuple[str, ...]:
    """Name the tables that this connection may not read."""
    cursor = await conn.execute(statement("erasing", "unreadable"))
    return tuple(row[0] for row in await cursor.fetchall())


async def _columns(conn: Connection) -> list[tuple[str, str, str, str]]:
    rows = await conn.execute(statement("erasing", "columns"))
    return await rows.fetchall()


async def _count(
    conn: Connection, column: tuple[str, str, str], kind: str, needles: Sequence[bytes]
) -> int:
    place = sql.Identifier(*column[:2])
    name = sql.Identifier(column[2])
    if kind == _BYTES:
        test = sql.SQL("position(needle IN {}) > 0").format(name)
        wanted: list[Any] = [form for each in needles for form in _as_bytes(each)]
    else:
        test = sql.SQL("position(needle IN {}::text) > 0").format(name)
        wanted = [text for needle in needles for text in _as_text(needle)]
    cast = sql.SQL("bytea[]" if kind == _BYTES else "text[]")
    query = sql.SQL(
        "SELECT count(*) FROM {} WHERE EXISTS"
        " (SELECT FROM unnest(%b::{}) AS needle WHERE {})"
    ).format(place, cast, test)
    cursor = await conn.execute(query, (wanted,))
    row = await cursor.fetchone()
    return int(row[0]) if row else 0


def _as_bytes(needle: bytes) -> list[bytes]:
    """Give a needle as bytes may hold it: itself, and as JSON or hex writes it."""
    return [needle, *(text.encode() for text in _as_text(needle))]


def _as_text(needle: bytes) -> list[str]:
    """Give a needle as text columns may hold it: itself, in JSON, and in hex."""
    hexed = [needle.hex()]
    try:
        text = needle.decode()
    except UnicodeDecodeError:
        return hexed
    if "\x00" in text:
        return hexed
    return [text, json.dumps(text, ensure_ascii=False)[1:-1], *hexed]
