"""One database takes the place of another at one moment, and the other is kept.

Whoever is connected meets the one or the other, never half of either.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import AsyncConnection, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from storage.backup import Database
from storage.dumping import BackupFailed
from storage.errors import Unavailable
from storage.pool import Connection

_MAINTENANCE: Final = "postgres"
"""The database from which others are made and renamed."""

_MOMENT: Final = re.compile(r"\d{8}_\d{6}_\d{6}")


@asynccontextmanager
async def beside(database: Database) -> AsyncGenerator[Database]:
    """Make an empty database beside one; it is gone if it did not take its place."""
    name = f"{name_of(database.url)[:30]}_back_{uuid.uuid4().hex[:8]}"
    async with _maintenance(database) as conn:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
        try:
            await conn.execute(create.format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise BackupFailed(
                "this user of the database may not make another one to put the backup"
                f" in ({error}): give it CREATEDB"
            ) from error
    new = Database(_on(database.url, name), database.role)
    try:
        yield new
    finally:
        with suppress(psycopg.Error):
            async with _maintenance(database) as conn:
                drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                await conn.execute(drop.format(sql.Identifier(name)))


async def swap(present: Database, new: Database) -> list[str]:
    """Let a database take the place of another; return the other's new name, if any.

    At the one moment that this is committed writers go over from one to the other.
    """
    name, ours = name_of(present.url), name_of(new.url)
    async with _maintenance(present) as conn:
        there = await _exists(conn, name)
        moment = datetime.now(UTC).strftime("%Y%m%d_%H%M%S_%f")
        aside = f"{name[:30]}_before_{moment}"
        if there:
            await _let_in_the_same(conn, name, ours)
            await _close(conn, name)
        await _disconnect(conn, ours)
        try:
            async with conn.transaction():
                if there:
                    await _rename(conn, name, aside)
                await _rename(conn, ours, name)
        except psycopg.Error as error:
            if there:
                await _open(conn, name)
            raise BackupFailed(
                f"the database could not take its place ({error}): stop the workers"
                " and try again"
            ) from error
        if there:
            await _open(conn, aside)
    return [aside] if there else []


async def set_aside(database: Database) -> list[str]:
    """Give what stood in the place of a database before, oldest first."""
    start = f"{name_of(database.url)[:30]}_before_"
    async with _maintenance(database) as conn:
        rows = await conn.execute("SELECT datname FROM pg_database ORDER BY datname")
        names = [str(name) for (name,) in await rows.fetchall()]
    return [
        name
        for name in names
        if name.startswith(start) and _MOMENT.fullmatch(name.removeprefix(start))
    ]


async def drop(database: Database, name: str) -> bool:
    """Destroy what was set aside for a database; False where there is no such thing."""
    if name not in await set_aside(database):
        return False
    async with _maintenance(database) as conn:
        gone = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        await conn.execute(gone.format(sql.Identifier(name)))
    return True


async def _exists(conn: Connection, name: str) -> bool:
    query = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)"
    row = await (await conn.execute(query, (name,))).fetchone()
    return row is not None and bool(row[0])


async def _let_in_the_same(conn: Connection, name: str, ours: str) -> None:
    """Let those logins connect that may connect to the present one by name."""
    allowed = (
        "SELECT r.rolname FROM pg_database d, aclexplode(d.datacl) a"
        " JOIN pg_roles r ON r.oid = a.grantee"
        " WHERE d.datname = %s AND a.privilege_type = 'CONNECT' AND r.oid <> d.datdba"
    )
    grant = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}")
    for (role,) in await (await conn.execute(allowed, (name,))).fetchall():
        await conn.execute(grant.format(sql.Identifier(ours), sql.Identifier(role)))


async def _close(conn: Connection, name: str) -> None:
    """Let nobody in any more, and end the sessions that are there."""
    closed = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false")
    await conn.execute(closed.format(sql.Identifier(name)))
    await _disconnect(conn, name)


async def _open(conn: Connection, name: str) -> None:
    opened = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true")
    await conn.execute(opened.format(sql.Identifier(name)))


async def _disconnect(conn: Connection, name: str) -> None:
    # Waits up to five seconds for each to be gone.
    end = (
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = %s AND pid <> pg_backend_pid()"
    )
    with suppress(psycopg.errors.InsufficientPrivilege):
        await conn.execute(end, (name,))


async def _rename(conn: Connection, name: str, to: str) -> None:
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    await conn.execute(rename.format(sql.Identifier(name), sql.Identifier(to)))


def _maintenance(database: Database) -> AbstractAsyncContextManager[Connection]:
    return connected(_on(database.url, _MAINTENANCE))


@asynccontextmanager
async def connected(url: str) -> AsyncGenerator[Connection]:
    """Connect as the user of an address, for as long as it takes."""
    try:
        conn = await AsyncConnection.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise Unavailable(str(error)) from error
    async with conn:
        yield conn


def name_of(url: str) -> str:
    """Give the name of the database at an address."""
    told = conninfo_to_dict(url)
    return str(told.get("dbname") or told.get("user"))


def _on(url: str, name: str) -> str:
    """Give the address of another database on the same server."""
    if "://" in url:
        return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    return make_conninfo(url, dbname=name)
