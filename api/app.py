"""The app: everything put together, nothing decided."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api.headers import Frame
from api.problems import handle_problems
from api.routes import ROUTERS
from api.service import serving
from api.settings import Settings
from api.version import VERSION
from observing.tracing import OFF, Traces


def make_app(settings: Settings, traces: Traces = OFF) -> FastAPI:
    """Put the API together; it opens its servers when it starts, not before."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with serving(settings) as service:
            app.state.service = service
            yield

    app = FastAPI(
        title="Polder",
        version=VERSION,
        lifespan=lifespan,
        redirect_slashes=False,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        max_body_size=settings.body_bytes,
        telemetry={"tracing": False},
    )
    app.state.body_bytes = settings.body_bytes
    for each in ROUTERS:
        app.include_router(each, prefix="/v1")
    handle_problems(app)
    app.add_middleware(Frame, traces=traces)
    return app
