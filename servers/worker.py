"""Polder's worker as a child process: started, killed and started again at will.

It is ready when it says so in its log, which it does once it asks Temporal for work.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import psutil

from servers.embedded import ServerFailed
from servers.files import private_directory
from servers.home import Addresses
from servers.process import ChildProcess

_ROOT = Path(__file__).parent.parent
_READY = '"worker ready"'
_STOPPED = '"worker stopped"'


class WorkerProcess:
    """One worker process at a time, with its log and pid file in `directory`.

    `environment` is all that it gets, besides where Polder's modules are. `module` is
    the program, which says what Polder's own worker says. As `EmbeddedServer` says, it
    ends with the thread that started it, and a later `start` ends what was left behind.
    """

    name = "Worker"

    def __init__(
        self, directory: Path, environment: Mapping[str, str], *, module: str = "worker"
    ) -> None:
        """Nothing happens before `start`."""
        self._child = ChildProcess(self.name, directory.absolute(), stop=signal.SIGTERM)
        self._environment = {**environment, "PYTHONPATH": str(_ROOT)}
        self._module = module

    @property
    def pid(self) -> int | None:
        """The process id while it runs, else None."""
        return self._child.pid

    @property
    def orderly(self) -> bool:
        """Whether the last one said that it stopped, which a killed process can't."""
        return _STOPPED in self._child.words()

    @property
    def memory(self) -> int:
        """Its resident memory, in bytes; raises `ServerFailed` when it does not run."""
        return psutil.Process(self.need_pid()).memory_info().rss

    def need_pid(self) -> int:
        """Give the process id; raises `ServerFailed` when it does not run."""
        if (pid := self.pid) is None:
            raise ServerFailed(self.name, "it ended", self._child.last_words())
        return pid

    async def start(self) -> None:
        """Start it and wait until it takes work; raises `ServerFailed`."""
        private_directory(self._child.directory)
        await self._child.end_left_behind()
        # -P: what lies in the current directory is none of its business.
        program = [sys.executable, "-P", "-m", self._module]
        self._child.spawn(program, environment=self._environment)
        try:
            await self._child.until_ready(self._is_ready, within=60)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End it in order: what is under way ends first. Nothing if it does not run."""
        await self._child.stop()

    async def kill(self) -> None:
        """End it as a power cut would."""
        await self._child.kill()

    async def again(self) -> None:
        """End it in order and start another, whose memory holds nothing yet."""
        await self.stop()
        await self.start()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    async def _is_ready(self) -> bool:
        return _READY in self._child.words()


OUT_OF_REACH = ("POLDER_CHECKPOINT_", "POLDER_WITNESSES", "POLDER_TIMESTAMP_")
"""How the settings begin that say where checkpoints go."""


def kept_in(environment: Mapping[str, str]) -> dict[str, str]:
    """Give an environment in which nothing goes to the places of the real log."""
    return {
        name: text
        for name, text in environment.items()
        if not name.startswith(OUT_OF_REACH)
    }


def settings(
    addresses: Addresses, environment: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """Give the environment in which a worker finds these servers."""
    told = {
        "DATABASE_URL": addresses.database,
        "KEYS_DATABASE_URL": addresses.keys,
        "TEMPORAL_ADDRESS": addresses.temporal,
        "TEMPORAL_NAMESPACE": addresses.namespace,
        "SMTP_URL": addresses.smtp,
    }
    said = {name: value for name, value in told.items() if value}
    return {**environment, **said}
