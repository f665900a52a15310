"""The embedded servers and a worker, kept running until somebody says stop."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from cli.failing import understood
from cli.settings import Call, DayNote
from cli.speech import _
from desk.demo_clock import day_ms
from desk.errors import Unreachable
from desk.logkeys import see_to_key
from desk.upkeep import (
    SEARCH_ATTRIBUTES,
    migrate,
    register_search_attributes,
    temporal,
)
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
            worker = WorkerProcess(
                self._call.home.path / "worker",
                {
                    **settings(running.addresses, self._call.environment),
                    "POLDER_LOG_KEY": str(self._call.log_key.absolute()),
                },
            )
            try:
                await self._until_stopped(running, worker)
            finally:
                await worker.stop()
                DayNote(self._call.home.path).write(None)

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

    async def _until_stopped(self, running: Up, worker: WorkerProcess) -> None:
        start = asyncio.create_task(worker.start())
        stopped = asyncio.create_task(self._stop.wait())
        await asyncio.wait({start, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not start.done():
            start.cancel()
            await asyncio.wait({start})
            return
        start.result()
        self._ready(self)
        while not self._stop.is_set():
            await self._mend(running, worker)
            await self._pause(_LOOK_EVERY)

    async def _mend(self, running: Up, worker: WorkerProcess) -> None:
        """Start again what has ended by itself."""
        for server in running.servers:
            if server.pid is None:
                _say(_("{name} ended; it is started again.").format(name=server.name))
                await server.start()
                running.note()
        if worker.pid is None:
            _say(_("The worker ended; it is started again."))
            try:
                await worker.start()
            except (ServerFailed, Unreachable) as failure:
                _say(understood(failure).message)
                await self._pause(_BREATH)

    async def _pause(self, seconds: float) -> None:
        """Wait, unless there is a stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
