"""The servers Polder brings along: PostgreSQL, Temporal and a local mail server.

Each is a child process with its data in one directory, behind one small interface
(`EmbeddedServer`), so that another server can take its place: `DATABASE_URL` and
`TEMPORAL_ADDRESS` always win. `servers.up.up` starts what is lacking, and
`servers.home.addresses` tells a command where to find it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from servers.embedded import (
    EmbeddedServer,
    HomeInUse,
    NotRunning,
    ServerFailed,
    ServersError,
)
from servers.home import Addresses, Home, addresses

if TYPE_CHECKING:
    from servers.mail import MailServer
    from servers.postgres import PostgresServer
    from servers.temporal import TemporalServer

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
    "addresses",
]

_SERVERS: Final = {
    "MailServer": "servers.mail",
    "PostgresServer": "servers.postgres",
    "TemporalServer": "servers.temporal",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  (whatever has that name)
    """Load a server when it is asked for: most commands only ask where one is."""
    if name not in _SERVERS:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_SERVERS[name]), name)
