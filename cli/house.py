"""The embedded servers, a worker and the API, kept running until somebody says stop."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from cli.failing import understood
from cli.settings import Call, DayNote, Usage, sender
from cli.speech import _
from desk.access.entering import for_the_house
from desk.access.login import see_to_login
from desk.demo_clock import day_ms
from desk.desk import open_desk
from desk.errors import Unreachable
from desk.logkeys import see_to_key
from desk.signs import NOTHING
from desk.upkeep import (
    SEARCH_ATTRIBUTES,
    migrate,
    register_search_attributes,
    temporal,
)
from servers.api import PORT, ApiProcess, PagesProcess
from servers.embedded import ServerFailed
from servers.home import Addresses, Home
from servers.up import Up
from servers.up import up as servers_up
from servers.worker import WorkerProcess, settings

_LOOK_EVERY: Final = 0.5
_BREATH: Final = 5.0
"""Seconds before a worker that would not start is tried again."""


class House:
    """Everything that `polder up` runs."""

    def __init__(
        self, call: Call, *, headless: bool, ready: Callable[[House], None]
    ) -> None:
        """``ready`` is called once everything answers."""
        self._call = call
        self._headless = headless
        self._ready = ready
        self._addresses = Addresses()
        self._stop = asyncio.Event()
        self.doors: dict[str, str] = {}
        """Links into the pages, good once, by organisation."""
        self._told_day = call.environment.get("POLDER_DAY") or None

    async def run(self) -> None:
        """Run until SIGINT, SIGTERM or SIGHUP, then stop in order."""
        if self._told_day:
            day_ms(self._told_day)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._stop.set)
        async with servers_up(
            self._call.home,
            self._call.environment,
            search_attributes=SEARCH_ATTRIBUTES,
            headless=self._headless,
        ) as running:
            await self._prepare(running)
            worker = WorkerProcess(self._call.home.path / "worker", self._told(running))
            api = PagesProcess(
                self._call.home.path / "api",
                await self._told_api(running),
                port=self._port(),
            )
            try:
                await self._until_stopped(running, (worker, api))
            finally:
                await asyncio.gather(worker.stop(), api.stop())
                DayNote(self._call.home.path).write(None)

    def _told(self, running: Up) -> dict[str, str]:
        """Give the environment in which worker and API find their servers."""
        told = {
            **settings(running.addresses, self._call.environment),
            "POLDER_LOG_KEY": str(self._call.log_key.absolute()),
            "POLDER_DESK_KEY": self._desk_key(),
        }
        day = self._told_day
        return told | ({"POLDER_DAY_MS": str(day_ms(day))} if day else {})

    async def _told_api(self, running: Up) -> dict[str, str]:
        """Give the environment of the API, which has a login of its own.

        On a server of somebody else who has started it says what its login is.
        """
        told = self._told(running)
        found = running.addresses
        if self._call.environment.get("DATABASE_URL"):
            return told
        login = await see_to_login(found.database or "", found.keys)
        return {
            **told,
            "DATABASE_URL": login.database,
            "KEYS_DATABASE_URL": login.keys,
        }

    def _desk_key(self) -> str:
        told = self._call.environment.get("POLDER_DESK_KEY")
        return told if told == NOTHING else str(self._call.desk_key.absolute())

    def _port(self) -> int:
        """Read where the API is to listen. Raises `Usage`."""
        told = self._call.environment.get("POLDER_PORT")
        if not told:
            return PORT
        if not told.isascii() or not told.isdigit() or not 0 < int(told) < 1 << 16:
            raise Usage(_("POLDER_PORT is a port: a number from 1 to 65535."))
        return int(told)

    def where(self) -> dict[str, str]:
        """Say where everything is; what does not exist is absent."""
        found = self._addresses
        every = {
            "home": str(self._call.home.path),
            "http": found.http,
            "temporal": found.temporal,
            "temporalUi": found.temporal_ui,
            "database": found.database,
        }
        return {name: value for name, value in every.items() if value}

    @property
    def own_home(self) -> bool:
        """Whether another terminal has to be told which home this is."""
        return self._call.home.path != Home.of({}).path

    @property
    def day(self) -> str | None:
        """How many seconds a day of the demo clock takes; None for real days."""
        return self._told_day

    async def _prepare(self, running: Up) -> None:
        found = self._addresses = running.addresses
        await migrate(found.database or "", found.keys)
        client = await temporal(found.temporal or "", found.namespace)
        await register_search_attributes(client)
        see_to_key(self._call.log_key, self._call.environment.get("POLDER_LOG_NAME"))
        DayNote(self._call.home.path).write(self._told_day)

    async def _until_stopped(
        self, running: Up, children: tuple[WorkerProcess, ApiProcess]
    ) -> None:
        worker, api = children
        start = asyncio.gather(worker.start(), api.start())
        stopped = asyncio.create_task(self._stop.wait())
        await asyncio.wait({start, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not start.done():
            start.cancel()
            await asyncio.wait({start})
            return
        start.result()
        self._tell(running, api)
        await self._open_doors(running)
        self._ready(self)
        while not self._stop.is_set():
            await self._mend(running, children)
            await self._pause(_LOOK_EVERY)

    def _tell(self, running: Up, api: ApiProcess) -> None:
        """Tell other commands where everything is."""
        running.note(http=api.address)
        self._addresses = running.addresses

    async def _open_doors(self, running: Up) -> None:
        """Make links into the pages, for whoever reads what this prints."""
        found = running.addresses
        who = sender(None)
        async with open_desk(
            found.database or "", found.temporal or "", keys=found.keys
        ) as desk:
            made = await for_the_house(desk, who)
        self.doors = {each.organisation: f"{found.http}{each.path}" for each in made}

    async def _mend(
        self, running: Up, children: tuple[WorkerProcess, ApiProcess]
    ) -> None:
        """Start again what has ended by itself."""
        for server in running.servers:
            if server.pid is None:
                _say(_("{name} ended; it is started again.").format(name=server.name))
                await server.start()
                running.note()
        for child in children:
            if child.pid is None:
                _say(_("{name} ended; it is started again.").format(name=child.name))
                await self._again(child)
        if running.addresses.http != children[1].address:
            self._tell(running, children[1])

    async def _again(self, child: WorkerProcess) -> None:
        try:
            await child.start()
        except (ServerFailed, Unreachable) as failure:
            _say(understood(failure).message)
            await self._pause(_BREATH)

    async def _pause(self, seconds: float) -> None:
        """Wait, unless there is a stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stop.wait()


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
