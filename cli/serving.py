"""`polder serve`: pages and HTTP API on their own, for servers that run elsewhere."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.frame import command
from cli.settings import Call
from language import mark


@command(
    "",
    "serve",
    mark("Serve pages and HTTP API until Ctrl-C; polder up does so by itself."),
    "polder serve --port 8080",
    "DATABASE_URL=… TEMPORAL_ADDRESS=… polder serve --host 0.0.0.0",
)
async def serve(
    call: Call,
    *,
    host: Annotated[
        str | None,
        typer.Option("--host", metavar="HOST", help=mark("Where it listens.")),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", metavar="PORT", min=0, max=65535, help=mark("Its port.")
        ),
    ] = None,
) -> int:
    """Serve in this process; exit code 0 when it was told to stop."""
    from observing.logs import log_json
    from pages.serving import serve as run

    found = call.addresses.need("database")
    told = {
        "DATABASE_URL": found.database,
        "KEYS_DATABASE_URL": found.keys,
        "TEMPORAL_ADDRESS": found.temporal,
        "TEMPORAL_NAMESPACE": found.namespace,
        "POLDER_HOST": host,
        "POLDER_PORT": None if port is None else str(port),
        "POLDER_DAY_MS": None if call.day is None else str(call.day),
    }
    said = {name: value for name, value in told.items() if value}
    log_json()
    return await run({**call.environment, **said})
