"""The pages, added to the app of the API: the same process, the same sessions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from api.negotiation import HTML, JSON, prefers
from pages.administration import (
    coming_in,
    health,
    organisation,
    personal_links,
    places,
    tokens,
)
from pages.administration import subscriptions as subscribed
from pages.agreements import routes as agreements
from pages.assets import Assets
from pages.back import effects
from pages.back import routes as back
from pages.dialogue import routes as dialogue
from pages.entering import oidc, own
from pages.entering import routes as entering
from pages.entering.provider import Provider
from pages.entering.settings import Oidc
from pages.frame import routes as frame
from pages.history import examining, looking_back, packing
from pages.history import routes as history
from pages.interests import routes as interests
from pages.meetings import routes as meetings
from pages.methods import routes as methods
from pages.motivation import routes as motivation
from pages.participant import acts as taking_part
from pages.participant import link
from pages.participant import routes as participant
from pages.people import routes as people
from pages.plan import migrate, tracks
from pages.plan import routes as plan
from pages.portfolio import routes as portfolio
from pages.rendering import make_environment
from pages.reports import routes as reports
from pages.requests import routes as requests
from pages.responses import answering, grouping
from pages.responses import routes as responses
from pages.routing import choose_language
from pages.telling import tell
from pages.today import routes as today

ROUTES: Final[tuple[APIRouter, ...]] = (
    frame.ROUTE,
    entering.ROUTE,
    oidc.ROUTE,
    own.ROUTE,
    today.ROUTE,
    dialogue.ROUTE,
    portfolio.ROUTE,
    back.ROUTE,
    effects.ROUTE,
    methods.ROUTE,
    plan.ROUTE,
    tracks.ROUTE,
    migrate.ROUTE,
    answering.ROUTE,
    grouping.ROUTE,
    responses.ROUTE,
    history.ROUTE,
    looking_back.ROUTE,
    examining.ROUTE,
    packing.ROUTE,
    participant.ROUTE,
    requests.ROUTE,
    taking_part.ROUTE,
    people.ROUTE,
    interests.ROUTE,
    meetings.ROUTE,
    agreements.ROUTE,
    reports.ROUTE,
    motivation.ROUTE,
    places.ROUTE,
    health.ROUTE,
    tokens.ROUTE,
    coming_in.ROUTE,
    personal_links.ROUTE,
    subscribed.ROUTE,
    organisation.ROUTE,
)
"""The routers of all areas, one line each."""


def add_pages(
    app: FastAPI, theme: Path | None = None, provided: Oidc | None = None
) -> None:
    """Mount all pages on an app of the API; ``theme`` is a style sheet after ours.

    ``provided`` says where people log in; without, that is by links alone.
    """
    app.state.provider = provided and Provider(provided)
    assets = Assets(theme)
    app.state.assets = assets
    app.state.templates = make_environment(assets)
    for each in ROUTES:
        app.include_router(each)
    link.use_in(app)
    _tell_strays(app)


def _tell_strays(app: FastAPI) -> None:
    """Have an address that is none told as a page to whoever reads pages."""
    by_api: Callable[[Request, Any], Any] = app.exception_handlers[HTTPException]

    async def http(request: Request, error: Exception) -> Response:
        accepted = request.headers.get("accept")
        if request.url.path.startswith("/v1/") or not prefers(accepted, HTML, JSON):
            return await by_api(request, error)
        choose_language(request)
        return await tell(request, error)

    app.add_exception_handler(HTTPException, http)
