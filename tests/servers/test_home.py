"""A command finds the servers of its home, and no others, while they really run."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from servers import Addresses, Home, HomeInUse, NotRunning, addresses
from servers.process import ProcessId
from servers.up import up

ROOT = Path(__file__).parent.parent.parent

ELSEWHERE = {
    "DATABASE_URL": "postgresql://elsewhere/polder",
    "TEMPORAL_ADDRESS": "temporal.example:7233",
}
"""Both big servers are somebody else's, so that only the mail server starts."""

ALIVE = "import sys, time; time.sleep(60)"


def test_the_home_is_named_by_the_environment() -> None:
    """`POLDER_HOME` names the home; without it, it is `.polder` where we are."""
    assert Home.of({"POLDER_HOME": "/srv/polder"}).path == Path("/srv/polder")
    assert Home.of({}).path == Path.cwd() / ".polder"
    assert Home.of({"POLDER_HOME": ""}).path == Path.cwd() / ".polder"


async def test_all_that_is_up_is_found_and_gone_afterwards(home: Home) -> None:
    """While `up` runs its addresses are there to read; afterwards nothing is left."""
    async with up(home, {}, ports={}, headless=True) as running:
        assert addresses({}, home) == running.addresses
        running.addresses.need("database", "temporal", "smtp")
        pids = [server.pid for server in running.servers]
        assert len(pids) == 3
        note = home.path / "servers.json"
        assert stat.S_IMODE(note.stat().st_mode) == 0o600
        running.note(http="http://127.0.0.1:8080")
        assert addresses({}, home).http == "http://127.0.0.1:8080"
    assert home.running() is None
    assert [pid for pid in pids if pid and psutil.pid_exists(pid)] == []


async def test_two_homes_run_side_by_side(tmp_path: Path) -> None:
    """The second home that wants the same ports gets others, and its own data."""
    one, two = Home(tmp_path / "one"), Home(tmp_path / "two")
    wanted = {"mail": 42525}
    async with (
        up(one, ELSEWHERE, ports=wanted) as first,
        up(two, ELSEWHERE, ports=wanted) as second,
    ):
        assert first.addresses.smtp != second.addresses.smtp
        assert addresses(ELSEWHERE, one) == first.addresses
        assert addresses(ELSEWHERE, two) == second.addresses


async def test_two_homes_start_at_the_same_moment(tmp_path: Path) -> None:
    """Of two that see the same port free at once each ends on a port of its own."""
    wanted = {"temporal": 42533, "mail": 42526}
    given = {"DATABASE_URL": ELSEWHERE["DATABASE_URL"]}

    async def start(name: str) -> tuple[str | None, str | None]:
        home = Home(tmp_path / name)
        async with up(home, given, ports=wanted, headless=True) as running:
            # Both are up at this moment.
            await both.wait()
            return running.addresses.temporal, running.addresses.smtp

    both = asyncio.Barrier(2)
    first, second = await asyncio.gather(start("one"), start("two"))
    assert set(first).isdisjoint(second)
    assert None not in (*first, *second)


async def test_a_home_has_one_up_at_a_time(home: Home) -> None:
    """A second `up` on the same home is refused and harms nothing."""
    async with up(home, ELSEWHERE, ports={}) as running:
        with pytest.raises(HomeInUse, match="another `polder up`"):
            async with up(home, ELSEWHERE, ports={}):
                pass
        assert addresses(ELSEWHERE, home) == running.addresses
    async with up(home, ELSEWHERE, ports={}):
        pass


async def test_a_server_that_ends_is_noticed(home: Home) -> None:
    """When a server dies by itself, others with this home stop believing."""
    async with up(home, ELSEWHERE, ports={}) as running:
        assert running.mail is not None
        assert running.mail.pid is not None
        psutil.Process(running.mail.pid).kill()
        async with asyncio.timeout(10):
            while home.running() is not None:
                await asyncio.sleep(0.05)


async def test_a_failed_start_leaves_nothing_running(home: Home) -> None:
    """When one server can't start, those that did are stopped."""
    home.pg.parent.mkdir()
    home.pg.write_text("no directory")
    with pytest.raises(FileExistsError):
        async with up(home, {"TEMPORAL_ADDRESS": "elsewhere:7233"}, ports={}):
            pass
    assert ProcessId.read(home.mail / "pid") is None
    assert home.running() is None
    home.pg.unlink()


def test_flags_win_over_the_environment_and_that_over_the_home(home: Home) -> None:
    """An address comes from the flag, else the variable, else the running home."""
    home.path.mkdir()
    here = Addresses(
        database="postgresql://home/polder",
        temporal="home:7233",
        temporal_ui="http://home:8233",
        smtp="smtp://home:25",
    )
    home.note(here, {"up": os.getpid()})
    assert addresses({}, home) == here
    found = addresses(ELSEWHERE, home, database="postgresql://flag/polder")
    assert found.database == "postgresql://flag/polder"
    assert found.temporal == "temporal.example:7233"
    assert found.temporal_ui is None
    assert found.smtp == "smtp://home:25"


def test_another_record_has_other_keys(home: Home) -> None:
    """The keys of a home go with its record; a setting of their own always counts."""
    keys = "postgresql://here/keys"
    known = Addresses(database="postgresql://here/polder", keys=keys)
    home.path.mkdir()
    home.note(known, {"up": os.getpid()})
    assert addresses({}, home).keys == keys
    assert addresses(ELSEWHERE, home).keys is None
    theirs = "postgresql://safe/keys"
    assert addresses({"KEYS_DATABASE_URL": theirs}, home).keys == theirs
    assert addresses({**ELSEWHERE, "KEYS_DATABASE_URL": theirs}, home).keys == theirs


def test_a_note_of_the_dead_is_not_believed(home: Home) -> None:
    """Addresses count only while every process of the note lives."""
    home.path.mkdir()
    with subprocess.Popen([sys.executable, "-c", ALIVE]) as process:
        home.note(Addresses(temporal="here:1"), {"up": process.pid})
        assert addresses({}, home).temporal == "here:1"
        process.kill()
    assert addresses({}, home) == Addresses()


def test_a_number_that_came_back_is_a_stranger() -> None:
    """A process id alone proves nothing: the moment it started must be the same."""
    ours = ProcessId.of(os.getpid())
    assert ours.lives()
    assert not ours.model_copy(update={"created": ours.created - 3600}).lives()


def test_without_servers_the_remedy_is_told(home: Home) -> None:
    """Who needs what nobody runs hears how to start it."""
    with pytest.raises(NotRunning, match="`polder up`"):
        addresses({}, home).need("database", "temporal")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child")
async def test_a_server_does_not_outlive_its_parent(home: Home) -> None:
    """After a kill -9 of `up`, its servers go by themselves."""
    program = (
        "import asyncio, sys; from servers import Home; from servers.up import up\n"
        "async def main():\n"
        f"    async with up(Home(sys.argv[1]), {ELSEWHERE}, ports={{}}):\n"
        "        print('up', flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, home.path], stdout=subprocess.PIPE, cwd=ROOT
    )
    assert parent.stdout is not None
    await asyncio.to_thread(parent.stdout.readline)
    server = ProcessId.read(home.mail / "pid")
    assert server is not None
    assert home.running() is not None
    parent.kill()
    parent.communicate()
    assert home.running() is None
    for _ in range(100):
        if not server.lives():
            break
        await asyncio.sleep(0.05)
    assert not server.lives()
