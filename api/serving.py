"""One API as a server: what it listens on, and how it ends.

Told to stop, it takes no new connections, ends what has no end of its own, and waits
for what is under way.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Mapping
from types import FrameType
from typing import Any, Final

import structlog
import uvicorn
from fastapi import FastAPI

from api.app import make_app
from api.service import Service
from api.settings import Settings
from observing.logs import log_json
from observing.scraping import API, measured
from observing.tracing import Traces, traced

GRACE_SECONDS: Final = 10
"""After the sign to stop, what is under way may take this long."""

HEADER_BYTES: Final = 16 * 1024
IDLE_SECONDS: Final = 65
"""A connection that rests is kept this long: longer than what stands in front of it."""

READY: Final = "api ready"
STOPPED: Final = "api stopped"

log = structlog.get_logger()


class Server(uvicorn.Server):
    """A server whose endless answers end when it is told to stop."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        """Serve an app."""
        super().__init__(config)
        self._app = app

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so once it answers."""
        await super().startup(sockets)
        if self.started:
            log.info(READY, port=self.port)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; a second Ctrl-C waits for nothing.

        uvicorn would raise the signal once more behind it, and so end the process
        before what is around it has ended.
        """
        del frame
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what has no end, then all else."""
        service: Any = getattr(self._app.state, "service", None)
        if isinstance(service, Service):
            service.stopping.set()
        await super().shutdown(sockets)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        [first, *_] = [s for server in self.servers for s in server.sockets]
        return int(first.getsockname()[1])


def make_server(app: FastAPI, settings: Settings) -> Server:
    """Put a server together for an app."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=HEADER_BYTES,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        lifespan="on",
        ws="none",
    )
    return Server(config, app)


async def serve(
    environment: Mapping[str, str],
    make: Callable[[Settings, Traces], FastAPI] = make_app,
) -> int:
    """Serve until SIGINT or SIGTERM; give the exit code. ``make`` gives the app."""
    settings = Settings.read(environment)
    with traced(environment, "polder-api") as traces:
        async with measured(environment, setting=API):
            server = make_server(make(settings, traces), settings)
            await server.serve()
    log.info(STOPPED)
    return 0 if server.started else 1


def main(
    run: Callable[[Mapping[str, str]], Coroutine[None, None, int]] = serve,
) -> None:
    """Serve with the settings of the environment."""
    log_json()
    code = asyncio.run(run(os.environ))
    # As a worker does: the SDK's own threads can abort an interpreter that takes
    # itself apart.
    logging.shutdown()
    sys.stderr.flush()
    os._exit(code)
