"""The servers Polder brings along: PostgreSQL, Temporal and a local mail server.

Each is a child process with its data in one directory, behind one small interface
(`EmbeddedServer`), so that another server can take its place: `DATABASE_URL` and
`TEMPORAL_ADDRESS` always win. `servers.up.up` starts what is lacking, and
`servers.home.addresses` tells a command where to find it.
"""

from servers.embedded import (
    EmbeddedServer,
    HomeInUse,
    NotRunning,
    ServerFailed,
    ServersError,
)
from servers.home import Addresses, Home, addresses
from servers.mail import MailServer
from servers.postgres import PostgresServer
from servers.temporal import TemporalServer
from servers.up import Up, up

__all__ = [
    "Addresses",
    "EmbeddedServer",
    "Home",
    "HomeInUse",
    "MailServer",
    "NotRunning",
    "PostgresServer",
    "ServerFailed",
    "ServersError",
    "TemporalServer",
    "Up",
    "addresses",
    "up",
]
