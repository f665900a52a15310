"""PostgreSQL's own programs copy a database to a file, and back.

They are looked for where they come along with Polder, and then on the PATH. No
password is ever in an argument, where every user of the machine could read it.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from psycopg.conninfo import conninfo_to_dict

from storage.errors import StorageError, Unavailable

_MAJOR: Final = 10_000
_VERSION: Final = re.compile(r"\(PostgreSQL\) (\d+)")
_VARIABLES: Final = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


class BackupFailed(StorageError):
    """A backup could not be made, or not be put back."""

    def __init__(self, message: str | None = None, **facts: str | int) -> None:
        """Keep what the message is about."""
        self.facts = facts
        super().__init__(message)


class VersionMismatch(BackupFailed):
    """The programs that copy a database are older than the server."""


class NoProgram(BackupFailed):
    """The programs that copy a database are not on this machine."""


class Programs:
    """pg_dump and pg_restore, as found on this machine."""

    def __init__(self, places: Sequence[Path] = ()) -> None:
        """Look in these directories first, then on the PATH."""
        on_path = (Path(found).parent for found in (shutil.which("pg_dump"),) if found)
        self._places = [place for place in (*places, *on_path) if place.is_dir()]

    async def dump(
        self, url: str, file: Path, *, server: int, role: str, snapshot: str
    ) -> None:
        """Write what a snapshot of the database holds to ``file``, compressed.

        ``server`` is the server's version as PostgreSQL gives it, such as 180006.
        Raises ``VersionMismatch``, ``NoProgram``, ``BackupFailed``.
        """
        program = await self._fit("pg_dump", server // _MAJOR)
        await _run(
            url,
            program,
            "--format=custom",
            f"--role={role}",
            f"--snapshot={snapshot}",
            f"--file={file}",
        )

    async def put_back(self, url: str, file: Path, *, made_by: int, role: str) -> None:
        """Put what ``file`` holds in the empty database at ``url``, all of it or none.

        ``made_by`` is the version of the server that it was dumped from.
        """
        program = await self._fit("pg_restore", made_by // _MAJOR)
        name = str(conninfo_to_dict(url)["dbname"])
        await _run(
            url,
            program,
            "--exit-on-error",
            "--single-transaction",
            "--no-owner",
            f"--role={role}",
            f"--dbname={name}",
            str(file),
        )

    async def _fit(self, name: str, major: int) -> Path:
        found = [place / name for place in self._places if (place / name).exists()]
        if not found:
            raise NoProgram(
                f"{name} is not on this machine: install PostgreSQL {major}"
            )
        versions = {program: await _version(program) for program in found}
        fitting = [program for program in found if versions[program] >= major]
        if not fitting:
            newest = max(versions.values())
            raise VersionMismatch(
                f"{name} of version {newest} can't handle a server of version {major}:"
                f" put {name} of version {major} or later on the PATH"
            )
        return fitting[0]


async def _version(program: Path) -> int:
    said = await _output(program, "--version", environment={})
    match = _VERSION.search(said)
    return int(match[1]) if match else 0


async def _run(url: str, program: Path, *arguments: str) -> None:
    told = conninfo_to_dict(url)
    environment = {
        variable: str(told[name])
        for name, variable in _VARIABLES.items()
        if name in told
    }
    # HOME is where a file with passwords may lie.
    inherited = {n: v for n, v in os.environ.items() if n[:2] == "PG" or n == "HOME"}
    await _output(program, *arguments, environment={**inherited, **environment})


async def _output(program: Path, *arguments: str, environment: dict[str, str]) -> str:
    process = await asyncio.create_subprocess_exec(
        program,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"LC_ALL": "C", "PATH": os.environ.get("PATH", ""), **environment},
        umask=0o077,
    )
    try:
        out, told = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode == 0:
        return out.decode()
    problem = " ".join(told.decode(errors="replace").split())[-400:]
    if "server version mismatch" in problem:
        raise VersionMismatch(problem)
    if "connection to server" in problem:
        raise Unavailable(problem)
    raise BackupFailed(f"{program.name} failed: {problem}")
