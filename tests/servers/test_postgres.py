"""The PostgreSQL that Polder brings along keeps what it acknowledged."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path

import psutil
import psycopg
import pytest

from servers import Home, PostgresServer, ServerFailed
from servers.process import ChildProcess, ProcessId

ROOT = Path(__file__).parent.parent.parent
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused")


@pytest.fixture(scope="module")
async def shared(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncGenerator[PostgresServer]:
    """A server in a home of its own, gone afterwards."""
    home = Home(tmp_path_factory.mktemp("postgres") / "home")
    async with PostgresServer(home.pg, tell=lambda _: None) as server:
        yield server
    home.destroy()


@pytest.fixture
async def postgres(shared: PostgresServer) -> PostgresServer:
    """The shared server, running, also after a test that ended it."""
    if shared.pid is None:
        await shared.start()
    return shared


async def ask(url: str, question: str) -> object:
    """The first column of the first row of an answer."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        cursor = await connection.execute(question.encode())
        row = await cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def data_of(server: PostgresServer) -> Path:
    """Where the server's data lies, in its directory or elsewhere."""
    pointer = server.directory / "elsewhere"
    place = Path(pointer.read_text()) if pointer.exists() else server.directory
    return place / "data"


async def test_it_is_made_as_the_record_needs_it(postgres: PostgresServer) -> None:
    """UTF-8 in code-point order, with checksums, and durable at commit."""
    wanted = {
        "SHOW server_encoding": "UTF8",
        "SHOW data_checksums": "on",
        "SHOW fsync": "on",
        "SHOW synchronous_commit": "on",
        "SHOW timezone": "UTC",
        "SELECT current_database()": "polder",
        "SELECT datcollate FROM pg_database WHERE datname = 'polder'": "C",
        "SELECT lower('ÉÉN') || (SELECT min(x) FROM (VALUES ('a'),('B')) v(x))": "éénB",
    }
    answers = {question: await ask(postgres.address, question) for question in wanted}
    assert answers == wanted


async def test_it_listens_on_loopback_and_a_socket(postgres: PostgresServer) -> None:
    """Both ways in lead to the same server, and nobody comes in from outside."""
    by_socket = await ask(postgres.socket_address, "SELECT pg_backend_pid() > 0")
    assert by_socket is True
    assert await ask(postgres.address, "SHOW listen_addresses") == "127.0.0.1"


async def test_it_wants_its_password(postgres: PostgresServer) -> None:
    """Another user of the machine gets in by neither way."""
    password = (postgres.directory / "password").read_text()
    for address in (postgres.address, postgres.socket_address):
        with pytest.raises(psycopg.OperationalError, match="password"):
            await ask(address.replace(password, "guess"), "SELECT 1")
    mode = (postgres.directory / "password").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


async def test_what_was_committed_survives_kills(postgres: PostgresServer) -> None:
    """Rows are there after a kill -9 of the postmaster, and after a clean stop."""
    await ask(postgres.address, "CREATE TABLE killed AS SELECT 7 AS n")
    await postgres.kill()
    assert postgres.pid is None
    first = postgres.address
    assert await postgres.start() == first
    assert await ask(postgres.address, "SELECT n FROM killed") == 7
    await postgres.stop()
    await postgres.start()
    assert await ask(postgres.address, "SELECT n FROM killed") == 7


async def test_a_lost_parent_leaves_no_second_server(home: Home) -> None:
    """After a kill -9 of its parent the next start serves the data, alone."""
    program = (
        "import asyncio, sys; from servers import PostgresServer\n"
        "async def main():\n"
        "    url = await PostgresServer(sys.argv[1], tell=lambda _: None).start()\n"
        "    print(url, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "from pathlib import Path; sys.argv[1] = Path(sys.argv[1])\n"
        "asyncio.run(main())\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, home.pg], stdout=subprocess.PIPE, cwd=ROOT
    )
    assert parent.stdout is not None
    url = (await asyncio.to_thread(parent.stdout.readline)).decode().strip()
    await ask(url, "CREATE TABLE kept AS SELECT 7 AS n")
    orphan = ProcessId.read(home.pg / "pid")
    assert orphan is not None
    parent.kill()
    parent.communicate()
    async with PostgresServer(home.pg, tell=lambda _: None) as server:
        assert not orphan.lives()
        assert await ask(server.address, "SELECT n FROM kept") == 7


async def test_a_left_behind_lock_does_not_stop_it(postgres: PostgresServer) -> None:
    """A `postmaster.pid` with the number of some other process is no server."""
    await postgres.stop()
    lock = data_of(postgres) / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{data_of(postgres)}\n")
    await postgres.start()
    assert await ask(postgres.address, "SELECT 1") == 1


async def test_a_server_without_a_note_is_ended(postgres: PostgresServer) -> None:
    """A server on the data that our pid file does not know is ended, not joined."""
    (postgres.directory / "pid").unlink()
    first = postgres.pid
    async with PostgresServer(postgres.directory, tell=lambda _: None) as second:
        assert second.pid != first
        assert postgres.pid is None
        assert await ask(second.address, "SELECT 1") == 1


async def test_a_taken_port_is_replaced(home: Home) -> None:
    """When somebody listens on the wanted port, another one serves."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = int(other.getsockname()[1])
        server = PostgresServer(home.pg, port=taken, tell=lambda _: None)
        async with server:
            assert f":{taken}/" not in server.address
            assert await ask(server.address, "SELECT 1") == 1


@pytest.mark.parametrize(
    "clash",
    [
        "could not create shared memory segment: Invalid argument",
        "pre-existing shared memory block (key 9, ID 9) is still in use",
    ],
)
async def test_a_clash_over_shared_memory_passes(
    home: Home, monkeypatch: pytest.MonkeyPatch, clash: str
) -> None:
    """Of servers that start at once the one that lost tries again."""
    spawn, clashes = ChildProcess.spawn, [clash]

    def spawned(
        child: ChildProcess,
        program: Sequence[str | Path],
        *,
        environment: Mapping[str, str],
        account: str | None,
    ) -> None:
        if clashes:
            program = ["/bin/sh", "-c", f"echo 'FATAL:  {clashes.pop()}'; exit 1"]
        spawn(child, program, environment=environment, account=account)

    monkeypatch.setattr(ChildProcess, "spawn", spawned)
    async with PostgresServer(home.pg, tell=lambda _: None) as server:
        assert not clashes
        assert await ask(server.address, "SELECT 1") == 1


async def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    """A home too deep for a socket's path still has a socket, gone with the server."""
    home = Home(tmp_path / ("d" * 100) / ("e" * 60))
    server = PostgresServer(home.pg, tell=lambda _: None)
    async with server:
        assert await ask(server.socket_address, "SELECT 1") == 1
    home.destroy()


async def test_a_half_made_cluster_is_made_again(home: Home) -> None:
    """What a crash in initdb left behind is never used as data."""
    server = PostgresServer(home.pg, tell=lambda _: None)
    async with server:
        pass
    data = data_of(server)
    half = data.rename(data.with_name("data.new"))
    (half / "PG_VERSION").write_text("1\n")
    async with server:
        assert await ask(server.address, "SELECT 1") == 1


async def test_data_of_another_version_is_refused(postgres: PostgresServer) -> None:
    """Data of another major version is left as it is, with a way out."""
    await postgres.stop()
    version = data_of(postgres) / "PG_VERSION"
    made_by = version.read_text()
    version.write_text("17\n")
    with pytest.raises(ServerFailed, match="dump it with"):
        await postgres.start()
    version.write_text(made_by)


async def test_a_failure_shows_the_log(home: Home) -> None:
    """A setting that PostgreSQL refuses is in the message of the error."""
    settings = {"max_connections": "none"}
    server = PostgresServer(home.pg, settings=settings, tell=lambda _: None)
    with pytest.raises(ServerFailed, match="max_connections"):
        await server.start()
    assert server.pid is None


@AS_ROOT
async def test_root_is_stood_in_for(tmp_path: Path) -> None:
    """In a directory that only root may enter, PostgreSQL runs as someone else."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    home = Home(closed / "home")
    told: list[str] = []
    before = {p: p.stat().st_mode for p in (tmp_path, *tmp_path.parents)}
    server = PostgresServer(home.pg, tell=told.append)
    async with server:
        assert server.pid is not None
        process = psutil.Process(server.pid)
        nobody = pwd.getpwnam("nobody")
        assert set(process.uids()) == {nobody.pw_uid}
        assert set(process.gids()) == {nobody.pw_gid}
        place = data_of(server).parent
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        assert len(told) == 1
        assert str(place) in told[0]
    assert {path: path.stat().st_mode for path in before} == before
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    home.destroy()
    assert not place.exists()


@AS_ROOT
async def test_a_moved_home_keeps_its_data_and_a_copy_has_none(tmp_path: Path) -> None:
    """Root's data elsewhere goes with a home that moves, and never serves two."""
    first, second = Home(tmp_path / "first"), Home(tmp_path / "second")
    async with PostgresServer(first.pg, tell=lambda _: None) as server:
        await ask(server.address, "CREATE TABLE kept AS SELECT 7 AS n")
    shutil.copytree(first.path, second.path)
    with pytest.raises(ServerFailed, match="is a copy"):
        await PostgresServer(second.pg, tell=lambda _: None).start()
    shutil.rmtree(second.path)
    first.path.rename(second.path)
    async with PostgresServer(second.pg, tell=lambda _: None) as server:
        assert await ask(server.address, "SELECT n FROM kept") == 7
    second.destroy()


@AS_ROOT
async def test_who_is_not_root_needs_no_other_place(tmp_path: Path) -> None:
    """An ordinary user runs the wheel's own programs, with the data in the home."""
    python = shutil.which(f"python3.{sys.version_info.minor}", path="/usr/bin")
    packages = Path(psycopg.__file__).parent.parent
    if python is None or not all(map(_open_to_all, (ROOT, packages))):
        pytest.skip("no Python or no packages where an ordinary user may go")
    program = (
        "import asyncio, sys; from pathlib import Path; from servers import *\n"
        "async def main():\n"
        "    async with PostgresServer(Path(sys.argv[1])) as server:\n"
        "        print(server.address)\n"
        "asyncio.run(main())\n"
    )
    with tempfile.TemporaryDirectory() as place:
        shutil.chown(place, "nobody")
        done = await asyncio.to_thread(
            subprocess.run,
            [python, "-c", program, f"{place}/pg"],
            user="nobody",
            group=pwd.getpwnam("nobody").pw_gid,
            extra_groups=[],
            env={"PYTHONPATH": f"{ROOT}:{packages}", "PYTHONDONTWRITEBYTECODE": "1"},
            cwd="/",
            capture_output=True,
            check=False,
        )
        assert done.stderr == b""
        assert done.stdout.startswith(b"postgresql://")
        assert Path(place, "pg", "data", "PG_VERSION").exists()
        assert not Path(place, "pg", "elsewhere").exists()


def _open_to_all(path: Path) -> bool:
    return all(p.stat().st_mode & stat.S_IXOTH for p in (path, *path.parents))


async def test_ctrl_c_of_a_terminal_is_not_for_it(postgres: PostgresServer) -> None:
    """It has a session of its own: only its parent ends it."""
    assert postgres.pid is not None
    assert os.getsid(postgres.pid) != os.getsid(0)
