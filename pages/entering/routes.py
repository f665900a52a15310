"""The door: a link that is good once, and the way out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path, Request
from fastapi.responses import RedirectResponse, Response

from api.cookies import from_elsewhere, name_of, set_cookie, unset_cookie
from api.knocking import slow_down
from api.security import Serving, end_before, foreign
from api.service import Service
from desk.access import entering, links
from desk.access.provided import is_provided
from pages.entering.oidc import provider_of
from pages.guests import own_address
from pages.rendering import page
from pages.routing import router

ROUTE = router()

Secret = Annotated[str, Path(max_length=100)]


@ROUTE.get("/in")
async def door(request: Request, to: str = "/today") -> Response:
    """Say how to get in, and lead on who was in already."""
    provided = provider_of(request) is not None
    return page(
        request, None, "entering/door.html", to=own_address(to), provided=provided
    )


@ROUTE.get("/in/link/{secret}")
async def show(request: Request, service: Serving, secret: Secret) -> Response:
    """Show one button; the link stays good until it is pressed."""
    good = await entering.is_good(service.desk.pool, secret)
    if not good:
        slow_down(request, service)
    status = 200 if good else 404
    return page(request, None, "entering/link.html", status=status, good=good)


@ROUTE.post("/in/link/{secret}")
async def enter(request: Request, service: Serving, secret: Secret) -> Response:
    """Swap the link, once, for a session of this browser."""
    _from_here(request, service)
    opened = await entering.open_session(service.desk.pool, secret)
    if opened is None:
        slow_down(request, service)
        return page(request, None, "entering/link.html", status=404, good=False)
    response = RedirectResponse("/today", 303)
    await end_before(request, service)
    seconds = int((opened.expires_at - datetime.now(UTC)).total_seconds())
    set_cookie(response, opened.secret, seconds, service.settings)
    return response


@ROUTE.post("/out")
async def leave(request: Request, service: Serving) -> Response:
    """End the session of this browser; its cookie is good for nothing afterwards."""
    _from_here(request, service)
    secret = request.cookies.get(name_of(service.settings), "")
    provided = await is_provided(service.desk.pool, secret)
    if not await links.close_session(service.desk.pool, secret):
        slow_down(request, service)
    response = RedirectResponse("/in/left" if provided else "/in", 303)
    unset_cookie(response, service.settings)
    return response


def _from_here(request: Request, service: Service) -> None:
    if from_elsewhere(request, service.settings):
        slow_down(request, service)
        raise foreign()
