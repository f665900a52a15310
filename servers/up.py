"""Everything embedded, up at once and down in order."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from servers.embedded import EmbeddedServer, ServerFailed
from servers.home import Addresses, Home, addresses
from servers.mail import MailServer
from servers.postgres import PostgresServer
from servers.temporal import TemporalServer

PORTS: Mapping[str, int] = {
    "postgres": 54320,
    "temporal": 7233,
    "temporal_ui": 8233,
    "mail": 1025,
}
"""Where each server listens when nobody else does."""


@dataclass
class Up:
    """What runs: where, and the servers that are ours (None: another's is used)."""

    home: Home
    addresses: Addresses = field(default_factory=Addresses)
    postgres: PostgresServer | None = None
    temporal: TemporalServer | None = None
    mail: MailServer | None = None

    @property
    def servers(self) -> list[EmbeddedServer]:
        """The servers that are ours, in the order in which they stop."""
        every = (self.temporal, self.mail, self.postgres)
        return [server for server in every if server is not None]

    def note(self, *, http: str | None = None) -> None:
        """Tell other commands with this home where the servers are.

        Call it again after a server was started anew, or to add the API's address.
        """
        said = {} if http is None else {"http": http}
        self.addresses = self.addresses.model_copy(update=said)
        pids = {s.name: s.pid for s in self.servers if s.pid is not None}
        self.home.note(self.addresses, {**pids, "up": os.getpid()})


@asynccontextmanager
async def up(
    home: Home,
    environment: Mapping[str, str],
    *,
    ports: Mapping[str, int] = PORTS,
    search_attributes: Mapping[str, str] | None = None,
    headless: bool = False,
) -> AsyncGenerator[Up]:
    """Start the servers that the environment does not give, and stop them at the end.

    Raises `HomeInUse` when another `up` has the home, and `ServerFailed`. Inside, other
    commands with this home find the servers. `search_attributes` are registered with
    an embedded Temporal; `headless` leaves its pages out.
    """
    with home.alone():
        home.forget()
        given = addresses(environment, home)
        running = Up(home)
        if given.database is None:
            running.postgres = PostgresServer(home.pg, port=ports.get("postgres"))
        if given.temporal is None:
            running.temporal = TemporalServer(
                home.temporal,
                port=ports.get("temporal"),
                ui_port=ports.get("temporal_ui"),
                headless=headless,
                namespace=given.namespace,
                search_attributes=search_attributes,
            )
        if given.smtp is None:
            running.mail = MailServer(home.mail, port=ports.get("mail"))
        async with AsyncExitStack() as stack:
            stack.push_async_callback(_stop, running)
            await _start(running)
            running.addresses = _where(running, given)
            running.note()
            stack.callback(home.forget)
            yield running


async def _start(running: Up) -> None:
    """Start all at once; when one fails the others are waited for, then stopped."""
    starts = [server.start() for server in running.servers]
    for outcome in await asyncio.gather(*starts, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome


async def _stop(running: Up) -> None:
    """Stop in order; one that won't stop does not keep the others running."""
    failures: list[ServerFailed] = []
    for server in running.servers:
        try:
            await server.stop()
        except ServerFailed as failure:
            failures.append(failure)
    if failures:
        raise failures[0]


def _where(running: Up, given: Addresses) -> Addresses:
    found: dict[str, str | None] = {}
    if running.postgres:
        found["database"] = running.postgres.address
    if running.temporal:
        found["temporal"] = running.temporal.address
        found["temporal_ui"] = running.temporal.ui_address
    if running.mail:
        found["smtp"] = running.mail.address
    return given.model_copy(update=found)
