"""Between the server's "taken" and our note lies the one moment that can repeat.

The tests hold the note back by a lock on the table of what was sent, so that the
process is exactly there: the letter is with the server, the note is not made.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from email import message_from_bytes
from pathlib import Path

import psycopg
import pytest
from temporalio.testing import ActivityEnvironment

from activities.contracts import Notice, Sent
from activities.notify import Messenger
from servers import MailServer
from storage.delivery import messages
from storage.keys import Keys
from storage.pool import Pool
from tests.activities.notices import STREAM, notice, register, settings

pytestmark = pytest.mark.faults

ROOT = Path(__file__).parents[2]
ZOE = ("Zoë", "zoe@example.org")
BRAM = ("Bram", "bram@example.org")

WAITING = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


class Held:
    """A database in which nothing can be noted as sent."""

    def __init__(self, conn: psycopg.AsyncConnection) -> None:
        """Look on through a connection of its own."""
        self._conn = conn

    async def waits(self) -> int:
        """The process of PostgreSQL that waits to make a note, once one does."""
        for _ in range(300):
            row = await (await self._conn.execute(WAITING)).fetchone()
            if row is not None:
                return int(row[0])
            await asyncio.sleep(0.05)
        raise AssertionError("nobody came to make a note")

    async def end(self, pid: int) -> None:
        """End that process, and its note with it."""
        await self._conn.execute("SELECT pg_terminate_backend(%s)", [pid])


@asynccontextmanager
async def held_notes(url: str) -> AsyncGenerator[Held]:
    """Hold all notes back as long as this lasts."""
    connect = psycopg.AsyncConnection.connect
    async with await connect(url) as lock, await connect(url, autocommit=True) as eye:
        await lock.execute("LOCK TABLE delivery.mail IN SHARE MODE")
        yield Held(eye)


def ids(mail: MailServer) -> list[tuple[str, str]]:
    """Address and Message-ID of what the server accepted, in order."""
    found = [message_from_bytes(file.read_bytes()) for file in mail.messages()]
    return [(str(one["Delivered-To"]), str(one["Message-ID"])) for one in found]


async def send(pool: Pool, keys: Keys, mail: MailServer, what: Notice) -> Sent:
    """Carry out a notice in this process."""
    messenger = Messenger(pool, keys, settings(mail.address))
    return await ActivityEnvironment().run(messenger.notify, what)


async def worker(
    url: str, mail: MailServer, what: Notice
) -> asyncio.subprocess.Process:
    """Carry out a notice in a process of its own."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.activities.one_notice",
        url,
        mail.address,
        what.model_dump_json(),
        cwd=ROOT,
    )


async def test_killed_between_sending_and_noting_sends_twice(
    url: str, pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """The next worker sends that one letter again, and it has the same Message-ID."""
    await register(pool, keys, {"p-1": ZOE, "p-2": BRAM})
    what = notice("p-1", "p-2")
    async with held_notes(url) as held:
        first = await worker(url, mail, what)
        backend = await held.waits()
        first.kill()
        await first.wait()
        await held.end(backend)
    assert [address for address, _ in ids(mail)] == ["zoe@example.org"]
    assert await messages(pool, STREAM) == ()
    assert (await send(pool, keys, mail, what)).sent == ("p-1", "p-2")
    once, twice, other = ids(mail)
    assert once == twice
    assert other[0] == "bram@example.org"


async def test_killed_after_noting_sends_once(
    url: str, pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """A worker killed at the second letter leaves the first one noted."""
    await register(pool, keys, {"p-1": ZOE, "p-2": BRAM})
    await send(pool, keys, mail, notice("p-1"))
    async with held_notes(url) as held:
        second = await worker(url, mail, notice("p-1", "p-2"))
        backend = await held.waits()
        second.kill()
        await second.wait()
        await held.end(backend)
    assert (await send(pool, keys, mail, notice("p-1", "p-2"))).sent == ("p-1", "p-2")
    addresses = [address for address, _ in ids(mail)]
    assert addresses.count("zoe@example.org") == 1
    assert addresses.count("bram@example.org") == 2


async def test_a_note_that_fails_is_made_again_and_nothing_is_sent_again(
    url: str, pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """The record goes away at the worst moment: the letter still goes out once."""
    await register(pool, keys, {"p-1": ZOE})
    async with held_notes(url) as held:
        sending = asyncio.create_task(send(pool, keys, mail, notice("p-1")))
        for _ in range(2):
            await held.end(await held.waits())
            await asyncio.sleep(0.3)
    assert (await sending).sent == ("p-1",)
    assert len(ids(mail)) == 1
    assert [noted.outcome for noted in await messages(pool, STREAM)] == ["sent"]


async def test_an_orderly_stop_does_not_come_between(
    url: str, pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """A worker told to stop notes the letter that is out, and begins no other."""
    await register(pool, keys, {"p-1": ZOE, "p-2": BRAM})
    what = notice("p-1", "p-2")
    environment = ActivityEnvironment()
    messenger = Messenger(pool, keys, settings(mail.address))
    async with held_notes(url) as held:
        sending = asyncio.create_task(environment.run(messenger.notify, what))
        await held.waits()
        environment.cancel()
        await asyncio.sleep(0.1)
        assert not sending.done()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert [noted.recipient for noted in await messages(pool, STREAM)] == ["p-1"]
    assert (await send(pool, keys, mail, what)).sent == ("p-1", "p-2")
    assert [address for address, _ in ids(mail)] == [
        "zoe@example.org",
        "bram@example.org",
    ]
