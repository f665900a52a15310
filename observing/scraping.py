"""`/metrics` has a port of its own, on loopback: figures are for operators alone.

Settings: POLDER_METRICS_PORT for a worker and POLDER_API_METRICS_PORT for the HTTP API,
without which there is none; POLDER_METRICS_HOST, by default 127.0.0.1. It asks for no
password.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager, nullcontext
from typing import Final

import structlog
from prometheus_client import start_http_server

from observing.figures import REGISTRY
from observing.gauges import Look, gauging

HOST: Final = "127.0.0.1"
WORKER: Final = "POLDER_METRICS_PORT"
API: Final = "POLDER_API_METRICS_PORT"
_MOST: Final = 65_535

log = structlog.get_logger()


class BadMetricsPort(ValueError):
    """A port is a whole number from 1 to 65535."""


def port_of(environment: Mapping[str, str], setting: str = WORKER) -> int | None:
    """Read where `/metrics` is to be; None for nowhere. Raises `BadMetricsPort`."""
    told = environment.get(setting)
    if not told:
        return None
    if not told.isascii() or not told.isdigit() or not 0 < int(told) <= _MOST:
        raise BadMetricsPort(f"{setting} is no port: a whole number from 1 to {_MOST}")
    return int(told)


@asynccontextmanager
async def measured(
    environment: Mapping[str, str],
    look: Look | None = None,
    *,
    setting: str = WORKER,
) -> AsyncGenerator[None]:
    """Give the figures to who asks, for as long as the block lasts.

    ``look`` gives gauges, for the one process that looks at the record. Raises
    `BadMetricsPort`.
    """
    port = port_of(environment, setting)
    if port is None:
        yield
        return
    with _served(environment, port):
        async with nullcontext() if look is None else gauging(look):
            yield


@contextmanager
def _served(environment: Mapping[str, str], port: int) -> Generator[None]:
    """Listen; a port that is taken is told, and nothing else stops for it."""
    host = environment.get("POLDER_METRICS_HOST") or HOST
    try:
        server, thread = start_http_server(port, addr=host, registry=REGISTRY)
    except OSError as error:
        log.warning("metrics are not given", port=port, problem=str(error))
        yield
        return
    log.info("metrics", port=port)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
