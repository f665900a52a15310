"""Connections with one role and with bounds: nothing here can wait for ever."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final, Literal, Protocol, TypeAlias

import psycopg
from psycopg import AsyncConnection, sql
from psycopg_pool import AsyncConnectionPool

from storage.errors import SchemaMismatch, Unavailable

Role = Literal[
    "polder_owner",
    "polder_writer",
    "polder_reader",
    "polder_sealer",
    "polder_keys",
    "polder_api",
]

Connection: TypeAlias = AsyncConnection[Any]
OpenPool: TypeAlias = "AsyncConnectionPool[Connection]"
"""A pool as whoever opens and closes it has it."""


class Pool(Protocol):
    """Where connections come from, as whoever uses them has it."""

    @property
    def conninfo(self) -> object:
        """Where the database is."""
        ...

    def connection(self) -> AbstractAsyncContextManager[Connection]:
        """Give a connection, that goes back at the end of the block."""
        ...

    async def check(self) -> None:
        """Replace what connections it has that no longer work."""
        ...


Source: TypeAlias = "Connection | Pool"
"""Where a function gets its connection: one of the caller's own, or a pool.

With a connection, a transaction that is open stays the caller's to commit.
"""

STATEMENT_SECONDS: Final = 30
"""After this a statement is given up by the server."""

_NETWORK: Final[dict[str, Any]] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


def make_pool(
    url: str,
    *,
    role: Role = "polder_writer",
    min_size: int = 1,
    max_size: int = 8,
    timeout: float = 5,
    statement_seconds: float = STATEMENT_SECONDS,
    reset: Callable[[Connection], Awaitable[None]] | None = None,
) -> OpenPool:
    """Return a pool, not yet open: ``async with pool`` opens and closes it.

    Its connections commit each statement by themselves. ``timeout`` is how many
    seconds a caller waits for a connection before ``psycopg_pool.PoolTimeout``.
    ``reset`` is given each connection that comes back; where it raises the connection
    is closed.
    """
    return AsyncConnectionPool(
        url,
        kwargs={"autocommit": True, **_NETWORK},
        configure=_configure(role, statement_seconds),
        reset=reset,
        min_size=min_size,
        max_size=max_size,
        timeout=timeout,
        max_idle=300,
        reconnect_timeout=60,
        open=False,
    )


async def connect(
    url: str,
    *,
    role: Role = "polder_writer",
    statement_seconds: float = STATEMENT_SECONDS,
) -> Connection:
    """Return one connection of its own, in autocommit.

    Raises ``Unavailable``, and ``SchemaMismatch`` where it can't take the role.
    """
    try:
        conn = await AsyncConnection.connect(url, autocommit=True, **_NETWORK)
    except psycopg.OperationalError as error:
        raise Unavailable(str(error)) from error
    try:
        await _configure(role, statement_seconds)(conn)
    except BaseException as error:
        # Also where whoever asked for it was cancelled: nobody else can close it.
        await conn.close()
        if not isinstance(error, psycopg.Error):
            raise
        raise SchemaMismatch(f"no role {role} for us: {error}; {_MIGRATE}") from error
    return conn


@asynccontextmanager
async def connection(source: Source) -> AsyncGenerator[Connection]:
    """Give a connection from ``source``; a pool gets it back.

    What PostgreSQL could not do for now leaves as ``Unavailable``, a schema that is
    not there as ``SchemaMismatch``.
    """
    try:
        if isinstance(source, AsyncConnection):
            yield source
        else:
            async with source.connection() as conn:
                yield conn
    except psycopg.OperationalError as error:
        raise Unavailable(str(error)) from error
    except _NO_SCHEMA as error:
        raise SchemaMismatch(f"{error}: {_MIGRATE}") from error


_NO_SCHEMA: Final = (
    psycopg.errors.InvalidSchemaName,
    psycopg.errors.UndefinedTable,
    psycopg.errors.UndefinedFunction,
    psycopg.errors.UndefinedColumn,
    psycopg.errors.InvalidParameterValue,
)
_MIGRATE: Final = "run polder db migrate"


def _configure(
    role: Role, statement_seconds: float
) -> Callable[[Connection], Awaitable[None]]:
    settings = sql.SQL(
        "SET ROLE {}; SET statement_timeout = {};"
        "SET idle_in_transaction_session_timeout = '60s'; SET TimeZone = 'UTC'"
    ).format(sql.Identifier(role), int(statement_seconds * 1000))

    async def configure(conn: Connection) -> None:
        await conn.execute(settings)

    return configure
