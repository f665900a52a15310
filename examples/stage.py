"""The stage: real servers and a real worker in a directory of their own.

Everything is a child process of this one and ends with it. What goes wrong on stage is
real too: the worker gets SIGKILL, Temporal is killed and started again on its data,
and the mail server is told to put people off.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from desk.logkeys import see_to_key
from servers import Home, MailServer, ServerFailed
from servers.files import private_directory
from servers.process import ProcessId
from servers.up import Up, up
from servers.worker import WorkerProcess, kept_in, settings
from storage.migrate import migrate
from workflows.search import SEARCH_ATTRIBUTES

_LOG: Final = "demo"
"""What the log of a demonstration is called."""

_SENDER: Final = "Polder <polder@example.org>"


@dataclass(frozen=True, slots=True)
class Death:
    """When the worker was killed and by when another one was ready, in real time."""

    pid: int
    successor: int
    killed: datetime
    ready: datetime
    orderly: bool
    """Whether it logged that it stopped, which a killed process can't."""


class Stage:
    """What runs, and the ways to break it."""

    def __init__(self, running: Up, mail: MailServer) -> None:
        """Use servers that run."""
        self.running = running
        self.addresses = running.addresses
        self.log_key = running.home.path / "keys" / "log.key"
        ours = {
            # A demonstration has no place among the checkpoints of a real log.
            **kept_in(settings(running.addresses)),
            "POLDER_MAIL_FROM": _SENDER,
            "POLDER_LOG_KEY": str(self.log_key),
        }
        self.worker = WorkerProcess(running.home.path / "worker", ours)
        self.deaths: list[Death] = []
        self.restarts: list[tuple[datetime, datetime]] = []
        self._mail = mail
        self._processes: list[ProcessId] = []
        self._lock = asyncio.Lock()

    async def start(self) -> None:
        """Migrate the record, make the log's key, and start the worker."""
        found = self.addresses
        await asyncio.to_thread(migrate, found.database or "", found.keys)
        await asyncio.to_thread(see_to_key, self.log_key, _LOG)
        await self.worker.start()
        self._remember()

    async def kill_worker(self) -> Death:
        """Kill the worker with SIGKILL and start another."""
        async with self._lock:
            victim, killed = self.worker.need_pid(), datetime.now(UTC)
            await self.worker.kill()
            orderly = self.worker.orderly
            await self.worker.start()
            death = Death(
                pid=victim,
                successor=self.worker.need_pid(),
                killed=killed,
                ready=datetime.now(UTC),
                orderly=orderly,
            )
            self.deaths.append(death)
            self._remember()
            return death

    async def restart_temporal(self) -> None:
        """Kill Temporal and start it again on the same data, at the same address."""
        async with self._lock:
            server, killed = self.running.temporal, datetime.now(UTC)
            if server is None:
                raise ServerFailed("Temporal", "it is not ours to restart")
            await server.kill()
            await server.start()
            self.restarts.append((killed, datetime.now(UTC)))
            self._remember()

    async def put_off(self, addresses: Sequence[str]) -> None:
        """Let the mail server put off these addresses, and no others, from now on."""
        async with self._lock:
            port = int((self.addresses.smtp or "").rpartition(":")[2])
            await self._mail.stop()
            self._mail = MailServer(self._mail.directory, port=port, defer=addresses)
            await self._mail.start()
            self._remember()

    async def stop(self) -> None:
        """Stop worker and mail; the other servers stop with whoever started them."""
        await self.worker.stop()
        await self._mail.stop()

    @property
    def seen(self) -> int:
        """How many processes were on stage."""
        return len(self._processes)

    def left(self) -> list[int]:
        """Give the ids of processes that were on stage and still live."""
        return [process.pid for process in self._processes if process.lives()]

    def letters(self) -> list[Path]:
        """Give the files of all messages that the mail server took, oldest first."""
        return self._mail.messages()

    def _remember(self) -> None:
        pids = [self.worker.pid, self._mail.pid]
        pids += [server.pid for server in self.running.servers]
        known = {process.pid for process in self._processes}
        for pid in pids:
            if pid is not None and pid not in known:
                self._processes.append(ProcessId.of(pid))


@asynccontextmanager
async def stage(home: Home) -> AsyncGenerator[Stage]:
    """Bring up servers and worker in ``home``; nothing of them runs afterwards.

    Raises `servers.ServersError`.
    """
    async with AsyncExitStack() as stack:
        mail = MailServer(home.mail)
        private_directory(home.path)
        smtp = await mail.start()
        stack.push_async_callback(mail.stop)
        settings = {"SMTP_URL": smtp}
        # No port is asked for, so that a later `polder up` finds its own ones free.
        running = await stack.enter_async_context(
            up(
                home,
                settings,
                ports={},
                search_attributes=SEARCH_ATTRIBUTES,
                headless=True,
            )
        )
        ours = Stage(running, mail)
        stack.push_async_callback(ours.stop)
        await ours.start()
        yield ours
