"""The app: everything put together, nothing decided."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from api.body_limit import BodyLimit
from api.cookies import name_of
from api.headers import Frame
from api.problems import handle_problems
from api.routes import OUTSIDE, ROUTERS
from api.service import serving
from api.settings import Settings
from api.version import VERSION
from domain.facts import made_ready
from observing.tracing import OFF, Traces

_ASKED: Final = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "Prefer",
    "traceparent",
)
_TOLD: Final = (
    "API-Version",
    "BelGov-Trace-Id",
    "ETag",
    "Link",
    "Location",
    "Retry-After",
    "traceparent",
)
"""Headers that pages from elsewhere may send and read."""


def make_app(settings: Settings, traces: Traces = OFF) -> FastAPI:
    """Put the API together; it opens its servers when it starts, not before."""
    made_ready()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with serving(settings) as service:
            service.desk.trace_with(traces)
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
        telemetry={"tracing": False},
    )
    app.state.body_bytes = settings.body_bytes
    app.state.cookie = name_of(settings)
    for each in ROUTERS:
        app.include_router(each, prefix="/v1")
    for each in OUTSIDE:
        app.include_router(each)
    handle_problems(app)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.origins,
            allow_methods=("GET", "POST", "PUT", "PATCH", "DELETE"),
            allow_headers=_ASKED,
            expose_headers=_TOLD,
            max_age=600,
        )
    app.add_middleware(BodyLimit, most=settings.body_bytes)
    app.add_middleware(Frame, traces=traces)
    return app
