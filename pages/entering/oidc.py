"""Logging in where people have their account: to the provider, back, and out again.

Who comes back from another site shows no cookie that is ``SameSite=Strict``. So the way
in ends on a page of our own, and the next page is asked for from there.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from typing import Annotated, Final, NamedTuple

import structlog
from fastapi import Query, Request
from fastapi.responses import RedirectResponse, Response

from api.cookies import name_of, own_origin, set_cookie
from api.knocking import note_denial, slow_down
from api.security import Serving
from api.service import Service
from desk.access.caller import Caller
from desk.access.links import close_known, known_by
from desk.access.provided import open_for
from language import mark
from pages.entering import errand as errands
from pages.entering.errand import Errand
from pages.entering.mapping import Person, Unplaced
from pages.entering.provider import Away, NotBelieved, Provider
from pages.guests import own_address
from pages.rendering import page
from pages.routing import router

ROUTE = router()

log = structlog.get_logger()

Told = Annotated[str, Query(max_length=4000)]


class Refusal(NamedTuple):
    """Why somebody does not get in, and what would help."""

    status: int
    title: str
    help: str


_ASK: Final = mark(
    "Ask whoever gives out roles in your organisation for the role that you need, and "
    "log in again after that."
)
REFUSALS: Final = {
    "no_role": Refusal(403, mark("We know you, but you have no role here"), _ASK),
    "no_organisation": Refusal(403, mark("Your organisation does not use this"), _ASK),
    "no_actor": Refusal(
        403,
        mark("Your account lacks what we know people by"),
        mark("Tell whoever runs Polder: the mapping of claims needs to be looked at."),
    ),
    "no_doorkeeper": Refusal(
        403,
        mark("This house lets nobody in for your organisation"),
        mark("Tell whoever runs Polder: a token with the role doorkeeper is needed."),
    ),
    "denied": Refusal(
        403,
        mark("You were not logged in"),
        mark("Logging in was stopped at your organisation. You can try it again."),
    ),
    "oidc_state": Refusal(
        400,
        mark("This does not belong to a login from this browser"),
        mark("It may have taken too long, or was begun elsewhere. Begin again."),
    ),
    "oidc_token": Refusal(
        400,
        mark("What came back could not be believed"),
        mark("Begin again; if it stays like this, tell whoever runs Polder."),
    ),
    "away": Refusal(
        503,
        mark("Where you log in does not answer"),
        mark(
            "Wait a moment and try it again. Who has a link to log in with can use "
            "that meanwhile."
        ),
    ),
}
"""Why somebody does not get in; all but the last are noted as denied."""


def provider_of(request: Request) -> Provider | None:
    """Give where people log in; None where that is by links alone."""
    found = getattr(request.app.state, "provider", None)
    return found if isinstance(found, Provider) else None


@ROUTE.get("/in/oidc")
async def go(request: Request, service: Serving, to: str = "/today") -> Response:
    """Send somebody on to where they log in."""
    provider = provider_of(request)
    if provider is None:
        return RedirectResponse("/in", 303)
    slow_down(request, service)
    before = known_by(request.cookies.get(name_of(service.settings), ""))
    errand = errands.fresh(own_address(to)[:500], before)
    try:
        where = await provider.way_in(errand, _back(request, service))
    except Away as error:
        return await _refused(request, service, "away", problem=str(error))
    response = RedirectResponse(where, 303)
    errands.give(response, errand, provider.oidc.secret, service.settings)
    return response


@ROUTE.get("/in/back")
async def come_back(
    request: Request,
    service: Serving,
    state: Told = "",
    code: Told = "",
    error: Told = "",
    iss: Told = "",
) -> Response:
    """Take in who comes back, if all of it fits; else say kindly why not."""
    provider = provider_of(request)
    if provider is None:
        return RedirectResponse("/in", 303)
    errand = errands.take(request, provider.oidc.secret, service.settings)
    if errand is None or not hmac.compare_digest(errand.state.encode(), state.encode()):
        return await _refused(request, service, "oidc_state")
    if iss not in {"", provider.oidc.issuer}:  # RFC 9207
        return await _refused(request, service, "oidc_state")
    if error or not code:
        return await _refused(request, service, "denied")
    return await _judged(request, service, provider, errand, code)


async def _judged(
    request: Request, service: Service, provider: Provider, errand: Errand, code: str
) -> Response:
    try:
        claims = await provider.claims(errand, _back(request, service), code)
    except Away as error:
        return await _refused(request, service, "away", problem=str(error))
    except NotBelieved as error:
        return await _refused(request, service, "oidc_token", problem=str(error))
    who = provider.oidc.mapped.place(claims, provider.oidc.issuer)
    if isinstance(who, Unplaced):
        return await _refused(request, service, who.why, who.organisation)
    return await _taken_in(request, service, provider, errand, who)


async def _taken_in(
    request: Request, service: Service, provider: Provider, errand: Errand, who: Person
) -> Response:
    opened = await open_for(
        service.desk.pool,
        provider.oidc.doorkeepers,
        who.organisation,
        who.actor,
        who.roles,
    )
    if opened is None:
        return await _refused(request, service, "no_doorkeeper", who.organisation)
    response = page(request, None, "entering/arrived.html", to=errand.to, who=who)
    # The browser that comes back from elsewhere shows not what session it had.
    await close_known(service.desk.pool, errand.before)
    seconds = int((opened.expires_at - datetime.now(UTC)).total_seconds())
    set_cookie(response, opened.secret, seconds, service.settings)
    errands.forget(response, service.settings)
    return response


@ROUTE.get("/in/left")
async def left(request: Request, service: Serving) -> Response:
    """Send who left here on to leave at the provider too, where it says how."""
    provider = provider_of(request)
    away = provider and await provider.way_out(f"{_origin(request, service)}/in")
    if not away:
        return RedirectResponse("/in", 303)
    return page(request, None, "entering/left.html", away=away)


async def _refused(
    request: Request,
    service: Service,
    why: str,
    organisation: str | None = None,
    problem: str = "",
) -> Response:
    slow_down(request, service)
    log.warning("nobody was let in", reason=why, problem=problem)
    if why != "away":
        whose = organisation and Caller(None, organisation, "-", frozenset())
        await note_denial(request, service, why, whose or None)
    told = REFUSALS[why]
    response = page(
        request, None, "entering/refused.html", status=told.status, told=told
    )
    errands.forget(response, service.settings)
    return response


def _origin(request: Request, service: Service) -> str:
    return own_origin(request, service.settings)


def _back(request: Request, service: Service) -> str:
    return f"{_origin(request, service)}/in/back"
