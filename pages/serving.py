"""The process that people and systems reach: the API, and the pages on it."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from pathlib import Path

from fastapi import FastAPI

from api import app as api
from api import serving
from api.settings import Settings
from language import languages, translator
from methods.load import shipped
from observing.tracing import OFF, Traces
from pages.app import add_pages
from pages.entering.settings import Oidc, read
from pages.rendering import compile_all


def make_app(
    settings: Settings,
    traces: Traces = OFF,
    theme: Path | None = None,
    provided: Oidc | None = None,
) -> FastAPI:
    """Put API and pages together; it opens its servers when it starts, not before."""
    app = api.make_app(settings, traces)
    add_pages(app, theme, provided)
    return app


def warm(app: FastAPI) -> None:
    """Do once what the first visitors of a process would wait for, for seconds."""
    compile_all(app.state.templates)
    for lang in languages():
        translator(lang)
    shipped()
    # What is here now stays: nobody waits while it is looked through for waste.
    gc.collect()
    gc.freeze()


async def serve(environment: Mapping[str, str]) -> int:
    """Serve until SIGINT or SIGTERM; give the exit code."""
    theme = environment.get("POLDER_THEME")
    provided = read(environment)

    def make(settings: Settings, traces: Traces) -> FastAPI:
        made = make_app(settings, traces, Path(theme) if theme else None, provided)
        warm(made)
        return made

    return await serving.serve(environment, make)
