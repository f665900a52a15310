"""One process is a whole Temporal cluster: its four roles, and PostgreSQL to keep it.

The server takes its configuration from the environment, by the template inside
its own binary; the names are those of `docker-compose.yml`.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Self

from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from cluster.schema import HERE, Store
from servers import ServerFailed
from servers.files import private_directory
from servers.ports import LOOPBACK, free_port
from servers.process import ChildProcess

NAMESPACE = "default"
RETENTION = timedelta(days=30)
"""How long a closed run is kept. The record outlives it."""

SHARDS = 4
"""History shards, enough for two cores. Fixed for the life of the databases."""

PORTS = (
    "FRONTEND_GRPC_PORT",
    "FRONTEND_MEMBERSHIP_PORT",
    "FRONTEND_HTTP_PORT",
    "MATCHING_GRPC_PORT",
    "MATCHING_MEMBERSHIP_PORT",
    "HISTORY_GRPC_PORT",
    "HISTORY_MEMBERSHIP_PORT",
    "WORKER_GRPC_PORT",
    "WORKER_MEMBERSHIP_PORT",
)
LOWEST_PORT, HIGHEST_PORT = 20_000, 32_767
"""Temporal keeps its members' ports in a PostgreSQL `smallint`: 32,767 is the last
that fits. The kernel gives out higher ones by itself, so these are mostly free."""

_READY_WITHIN = 90.0
_END_WITHIN = 30.0
_POLL = 0.02
_ATTEMPTS = 5


class TemporalCluster:
    """A Temporal server on PostgreSQL, as an `EmbeddedServer`.

    Its two databases must be there and up to date (`cluster.schema`). What it
    acknowledged is in them: it keeps nothing else but its log, in `directory`.
    """

    def __init__(self, directory: Path, store: Store, *, shards: int = SHARDS) -> None:
        """Neither the directory nor the ports are touched before `start`."""
        self._store = store
        self._shards = shards
        self._ports: dict[str, int] = {}
        self._process = ChildProcess(self.name, directory, stop=signal.SIGTERM)

    @property
    def name(self) -> str:
        """For people."""
        return "Temporal cluster"

    @property
    def pid(self) -> int | None:
        """The process id while it runs, else None."""
        return self._process.pid

    @property
    def address(self) -> str:
        """`host:port` for clients and workers; fails when it was never started."""
        if not self._ports:
            raise ServerFailed(self.name, "it was never started")
        return f"{LOOPBACK}:{self._ports['FRONTEND_GRPC_PORT']}"

    async def start(self) -> str:
        """Start all four roles; return once the namespace takes workflows."""
        private_directory(self._process.directory)
        await self._process.end_left_behind()
        for attempt in range(_ATTEMPTS):
            try:
                await self._launch()
                break
            except ServerFailed as failure:
                why = last_error(self._process.last_words())
                # Somebody was faster at a port that was free.
                if "already in use" in why and attempt < _ATTEMPTS - 1:
                    continue
                raise ServerFailed(self.name, failure.problem, why) from None
        return self.address

    async def stop(self) -> None:
        """Hand over its shards, stop, and wait until it is gone."""
        await self._end(signal.SIGTERM)
        await self._process.stop()

    async def kill(self) -> None:
        """End it at once, as a power cut would, and wait until it is gone."""
        await self._end(signal.SIGKILL)
        await self._process.kill()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    async def _end(self, how: signal.Signals) -> None:
        """Signal it, and wait for the last of its threads.

        The first thread of a Go program can be gone, and the process look dead, while
        others still hold its ports; only its parent's wait tells for certain.
        """
        pid = self.pid
        if pid is not None:
            os.kill(pid, how)
        for _ in range(int(_END_WITHIN / _POLL)):
            if self.pid is None:
                return
            await asyncio.sleep(_POLL)

    async def _launch(self) -> None:
        self._ports = pick_ports(self._ports)
        self._process.spawn(
            [HERE / "bin" / "temporal-server", "--allow-no-auth", "start"],
            environment=environment(self._store, self._ports, self._shards),
        )
        try:
            await self._process.until_ready(self._answers, within=_READY_WITHIN)
        except BaseException:
            await self.kill()
            raise

    async def _answers(self) -> bool:
        try:
            client = await Client.connect(self.address, namespace=NAMESPACE)
            await register(client)
            # The frontend learns of a namespace some seconds after it was made,
            # and says until then that there is none.
            await client.count_workflows()
        except (RPCError, RuntimeError):
            # RuntimeError is what the SDK has for a connection refused.
            return False
        return True


def pick_ports(before: Mapping[str, int]) -> dict[str, int]:
    """Give each of `PORTS` a free loopback port: the one it had, if that is free."""
    found: dict[str, int] = {}
    for name in PORTS:
        wanted = before.get(name, 0)
        while wanted in (0, *found.values()) or free_port(wanted) != wanted:
            wanted = random.randint(LOWEST_PORT, HIGHEST_PORT)  # noqa: S311 - a port
        found[name] = wanted
    return found


def last_error(log: str) -> str:
    """The last line of the server's log as a sentence, without its stack trace."""
    last = log.rpartition("\n")[2]
    try:
        entry = json.loads(last)
        return f"{entry['msg']}: {entry.get('error', '')}"
    except (ValueError, KeyError, TypeError):
        return last


async def register(client: Client) -> None:
    """Make the client's namespace, if it is not there yet."""
    request = RegisterNamespaceRequest(namespace=client.namespace)
    request.workflow_execution_retention_period.FromTimedelta(RETENTION)
    try:
        await client.workflow_service.register_namespace(request)
    except RPCError as error:
        if error.status is not RPCStatusCode.ALREADY_EXISTS:
            raise


def environment(store: Store, ports: Mapping[str, int], shards: int) -> dict[str, str]:
    """The server's whole environment: nothing of ours leaks into it."""
    return {
        "PATH": os.defpath,
        "DB": "postgres12",
        "POSTGRES_SEEDS": store.host,
        "DB_PORT": str(store.port),
        "POSTGRES_USER": store.user,
        "POSTGRES_PWD": store.password,
        "NUM_HISTORY_SHARDS": str(shards),
        "BIND_ON_IP": LOOPBACK,
        "TEMPORAL_BROADCAST_ADDRESS": LOOPBACK,
        "DYNAMIC_CONFIG_FILE_PATH": str(HERE / "dynamicconfig.yaml"),
        "LOG_LEVEL": "warn",
    } | {name: str(port) for name, port in ports.items()}
