"""Polder's HTTP API as a child process: on a port that is free, started again at will.

It is ready when it says so in its log, which it does once it takes connections.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from servers.embedded import ServerFailed
from servers.ports import LOOPBACK, free_port
from servers.worker import WorkerProcess

PORT = 8080
"""Where it listens when nobody else does."""

_READY = '"api ready"'
_STOPPED = '"api stopped"'
_TRIES = 3


class ApiProcess(WorkerProcess):
    """One API at a time, with its log and pid file in `directory`.

    It listens on `port` if that is free, else on any. As a worker it ends with the
    thread that started it.
    """

    name = "Api"
    module = "api"
    """The program; one that says the same when it is ready can take its place."""

    def __init__(
        self, directory: Path, environment: Mapping[str, str], *, port: int = PORT
    ) -> None:
        """Nothing happens before `start`."""
        super().__init__(directory, environment, module=self.module)
        self._port = port

    @property
    def address(self) -> str:
        """Where it listens, or will."""
        return f"http://{LOOPBACK}:{self._port}"

    @property
    def orderly(self) -> bool:
        """Whether the last one said that it stopped."""
        return _STOPPED in self._child.words()

    async def start(self) -> None:
        """Start it and wait until it answers; raises `ServerFailed`."""
        for left in reversed(range(_TRIES)):
            self._port = free_port(self._port)
            told = {"POLDER_HOST": LOOPBACK, "POLDER_PORT": str(self._port)}
            self._environment = {**self._environment, **told}
            try:
                await super().start()
            except ServerFailed:
                # Somebody may have taken the port before it did.
                if left == 0 or free_port(self._port) == self._port:
                    raise
            else:
                return

    async def _is_ready(self) -> bool:
        return _READY in self._child.words()


class PagesProcess(ApiProcess):
    """The same, with the pages that people see on it."""

    module = "pages"
