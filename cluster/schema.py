"""Temporal's tables come from Temporal's own schema tool, and from nowhere else."""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import PIPE, STDOUT
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from servers import ServerFailed

HERE = Path(__file__).parent
SCHEMAS = {"temporal": "temporal", "temporal_visibility": "visibility"}
"""Database to the schema it gets, of those that the schema tool carries inside."""


@dataclass(frozen=True)
class Store:
    """The PostgreSQL server that keeps Temporal's data, reached over TCP."""

    host: str
    port: int
    user: str
    password: str

    @classmethod
    def from_url(cls, url: str) -> Store:
        """Read `postgresql://user:password@host:port/…`; what lacks has a default."""
        parts = urlsplit(url)
        return cls(
            host=parts.hostname or "127.0.0.1",
            port=parts.port or 5432,
            user=unquote(parts.username or "postgres"),
            password=unquote(parts.password or ""),
        )


async def build() -> None:
    """Build server and schema tool from their modules, unless they are there.

    Raises:
        ServerFailed: Go is missing or the build failed; the script has said why.
    """
    script = await asyncio.create_subprocess_exec(HERE / "build")
    if code := await script.wait():
        raise ServerFailed("cluster/build", f"exit code {code}")


async def create_schemas(store: Store) -> None:
    """Make or upgrade both databases; harmless on databases that are up to date.

    The role of `store` must be allowed to make databases. A run that broke off
    half-way is finished by the next.

    Raises:
        ServerFailed: the schema tool refused; the message has its last words.
    """
    for database, schema in SCHEMAS.items():
        await _sql_tool(store, database, "create-database")
        await _sql_tool(store, database, "setup-schema", "-v", "0.0")
        name = f"postgresql/v12/{schema}"
        await _sql_tool(store, database, "update-schema", "--schema-name", name)


async def _sql_tool(store: Store, database: str, *arguments: str) -> None:
    tool = await asyncio.create_subprocess_exec(
        HERE / "bin" / "temporal-sql-tool",
        *arguments,
        env={
            "PATH": os.defpath,
            "SQL_PLUGIN": "postgres12",
            "SQL_HOST": store.host,
            "SQL_PORT": str(store.port),
            "SQL_USER": store.user,
            "SQL_PASSWORD": store.password,
            "SQL_DATABASE": database,
        },
        stdout=PIPE,
        stderr=STDOUT,
    )
    said, _ = await tool.communicate()
    if tool.returncode:
        last = said.decode(errors="replace")[-2000:]
        raise ServerFailed("temporal-sql-tool", f"{arguments[0]} failed", last)
