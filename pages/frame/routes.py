"""Assets, the choice of a language, the word on accessibility."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from api.cookies import from_elsewhere
from api.problems import nothing_here
from api.security import foreign, service_of
from language import languages
from pages.assets import Assets, answer
from pages.guests import own_address
from pages.rendering import page
from pages.routing import LANGUAGE_COOKIE, router
from pages.typing_in import Typed

ROUTE = router()

_YEAR = 365 * 24 * 3600


@ROUTE.get("/assets/{name}")
async def asset(request: Request, name: str) -> Response:
    """Give a style sheet, a script or a picture."""
    assets: Assets = request.app.state.assets
    found = assets.by_address.get(f"/assets/{name}")
    if found is None:
        raise nothing_here()
    return answer(request, found)


@ROUTE.post("/language")
async def choose(request: Request, typed: Typed) -> Response:
    """Keep somebody's choice of a language, and go back to where they were."""
    settings = service_of(request).settings
    if from_elsewhere(request, settings):
        raise foreign()
    response = RedirectResponse(own_address(typed["to"]), 303)
    if typed["lang"] in languages():
        response.set_cookie(
            LANGUAGE_COOKIE,
            typed["lang"],
            max_age=_YEAR,
            httponly=True,
            samesite="lax",
            secure=settings.secure,
        )
    return response


@ROUTE.get("/accessibility")
async def accessibility(request: Request) -> Response:
    """Say how these pages are made for everybody."""
    return page(request, None, "frame/accessibility.html")
