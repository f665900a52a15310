"""What there is to administer, and who may."""

from __future__ import annotations

from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.security import Visit
from language import mark
from pages.acting import Outcome
from pages.guests import Staff
from pages.rendering import Entrance, page
from pages.routing import router

ROUTE = router()

HOME: Final = "/administration"
PLACES: Final = (
    Entrance(f"{HOME}/health", mark("How it does"), "administer"),
    Entrance(f"{HOME}/tokens", mark("Tokens"), "administer"),
    Entrance(f"{HOME}/sessions", mark("Who is in"), "administer"),
    Entrance(f"{HOME}/links", mark("Personal links"), "administer"),
    Entrance(f"{HOME}/denied", mark("What was denied"), "administer"),
    Entrance(f"{HOME}/subscriptions", mark("Subscriptions"), "subscribe"),
    Entrance(f"{HOME}/organisation", mark("Stop and go on"), "administer"),
)


def own(visit: Visit) -> str:
    """Give the organisation that somebody administers. Raises unless they may."""
    visit.allow("administer", f"org:{visit.caller.organisation}")
    return visit.caller.organisation


def shown(
    request: Request,
    visit: Visit,
    template: str,
    outcome: Outcome | None = None,
    **facts: Any,  # noqa: ANN401 (whatever its template shows)
) -> HTMLResponse:
    """Make a page of administration, with the ways to the others."""
    scopes = visit.caller.scopes
    places = [each for each in PLACES if each.scope in scopes]
    status = outcome.status if outcome is not None and outcome.problem else 200
    return page(
        request,
        visit,
        f"administration/{template}",
        status=status,
        outcome=outcome,
        places=places,
        **facts,
    )


@ROUTE.get(HOME)
async def begin(visit: Staff) -> Response:
    """Send somebody on to the first that they may."""
    visit.allow("subscribe")
    places = [each for each in PLACES if each.scope in visit.caller.scopes]
    return RedirectResponse(places[0].address, 303)
