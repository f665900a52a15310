"""How every embedded server starts and ends: what `EmbeddedServer` promises, once.

A server says what it runs (`_spawn`) and how to see that it answers (`_answers`); when
to try again, and that nothing is left running after a failure, is the same for all.
"""

from __future__ import annotations

import asyncio
import signal
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Self

from servers.embedded import ServerFailed
from servers.files import private_directory
from servers.process import ChildProcess

_ATTEMPTS = 20
_PAUSE = 0.5
"""Seconds before another attempt."""


class ChildServer(ABC):
    """A server as a child process, with its data, log and pid file in `directory`."""

    name: ClassVar[str]
    ends_on: ClassVar[signal.Signals] = signal.SIGTERM
    """The signal that ends it cleanly."""
    within: ClassVar[float] = 60
    """Seconds in which it has to answer."""
    passing: ClassVar[Sequence[str]] = ("already in use",)
    """What it says when it can't start for now: of two on one free port one loses."""

    def __init__(self, directory: Path) -> None:
        """Nothing happens before `start`."""
        self.directory = directory.absolute()
        self._child = ChildProcess(self.name, self.directory, stop=self.ends_on)

    @property
    def pid(self) -> int | None:
        """The process id while it runs, else None."""
        return self._child.pid

    @property
    @abstractmethod
    def address(self) -> str:
        """Where clients reach it; fails when it was never started."""

    async def start(self) -> str:
        """Start, wait until it answers, and return its address."""
        private_directory(self.directory)
        await self._child.end_left_behind()
        try:
            await self._prepare()
            await self._launch()
            await self._complete()
        except BaseException:
            await self.stop()
            raise
        return self.address

    async def stop(self) -> None:
        """Stop cleanly and wait until it is gone; nothing if it does not run."""
        await self._child.stop()

    async def kill(self) -> None:
        """End it as a power cut would; what it acknowledged is on disk."""
        await self._child.kill()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    async def _prepare(self) -> None:
        """Make what has to be there before its first attempt."""
        return

    async def _complete(self) -> None:
        """Do what is left once it answers."""
        return

    @abstractmethod
    def _spawn(self) -> Sequence[int]:
        """Start the process; return the ports that it is to listen on."""

    @abstractmethod
    async def _answers(self) -> bool:
        """Whether it answers."""

    async def _launch(self) -> None:
        """Start it; again after a failure that passes by itself."""
        for attempt in range(1, _ATTEMPTS + 1):
            ports = self._spawn()
            try:
                await self._child.until_ready(self._answers, *ports, within=self.within)
            except ServerFailed:
                passes = any(sign in self._child.words() for sign in self.passing)
                if not passes or attempt == _ATTEMPTS:
                    raise
                await asyncio.sleep(_PAUSE)
            else:
                return
