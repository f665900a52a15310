"""A FastAPI route that gives bytes it has at hand: what HTTP itself costs here.

Served as Polder's API is: `python -m benchmarks.bare_http`, with POLDER_PORT, and with
BARE_BYTES, the file that it gives.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from fastapi import FastAPI, Response

from api.serving import make_server
from api.settings import Settings
from observing.logs import log_json

PATH = "/bare"


def make(body: bytes) -> FastAPI:
    """Make an app with one route."""
    app = FastAPI(openapi_url=None)

    @app.get(PATH)
    async def bare() -> Response:
        return Response(body, media_type="application/json")

    assert callable(bare)
    return app


async def run() -> None:
    """Serve until told to stop."""
    body = Path(os.environ["BARE_BYTES"]).read_bytes()  # noqa: ASYNC240  (once)
    settings = Settings(database="-", port=int(os.environ["POLDER_PORT"]))
    await make_server(make(body), settings).serve()


if __name__ == "__main__":
    log_json()
    asyncio.run(run())
