"""Who is in, until when, the end of all sessions of somebody, and who was denied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import structlog
from fastapi import Request
from fastapi.responses import Response

from api.security import Visit
from desk.access import provided
from desk.access.denials import listed as denials
from language import mark
from pages.acting import Outcome, attempt, go_on, unfit
from pages.administration.places import own, shown
from pages.guests import Staff
from pages.routing import router
from pages.said import says
from pages.typing_in import Form, Typed

ROUTE = router()

log = structlog.get_logger()

ENDED: Final = says("sessions-ended", mark("They are out, in every browser."))
_WHOM: Final = mark("Fill in whose sessions are to end.")
WHY: Final[Mapping[str, str]] = {
    "unknown": mark("a token or session that is not good"),
    "foreign_page": mark("asked by a page of another site"),
    "not_allowed": mark("the role does not go with it"),
    "not_theirs": mark("not theirs to know about"),
    "no_role": mark("logged in, without a role here"),
    "no_organisation": mark("logged in, of no organisation that is known"),
    "no_actor": mark("logged in, without an id that can be used"),
    "no_doorkeeper": mark("logged in, without a doorkeeper of the organisation"),
    "denied": mark("not logged in at the organisation"),
    "oidc_state": mark("came back without having gone"),
    "oidc_token": mark("came back with what can't be believed"),
}
"""Why something was denied; another code is shown as it is."""


@ROUTE.get("/administration/sessions")
async def show(request: Request, visit: Staff) -> Response:
    """Show who of the staff is in."""
    own(visit)
    return await _shown(request, visit)


@ROUTE.post("/administration/sessions")
async def end(request: Request, visit: Staff, form: Typed) -> Response:
    """End all sessions of somebody."""
    organisation = own(visit)
    actor = form.text("actor")
    if actor is None:
        return await _shown(request, visit, unfit(visit, _WHOM, "actor"), form)
    ending = provided.end_all(visit.desk, organisation, actor)
    done = await attempt(visit, ending, field="actor")
    if done.problem:
        return await _shown(request, visit, done, form)
    log.info("sessions ended", actor=visit.caller.actor, count=done.made)
    return go_on("/administration/sessions", ENDED, done)


@ROUTE.get("/administration/denied")
async def show_denied(request: Request, visit: Staff) -> Response:
    """Show what was denied in this organisation, newest first."""
    found = await denials(visit.desk.pool, own(visit))
    return shown(request, visit, "denied.html", found=found, why=WHY)


async def _shown(
    request: Request,
    visit: Visit,
    outcome: Outcome | None = None,
    typed: Form | None = None,
) -> Response:
    found = await provided.listed(visit.desk, visit.caller.organisation)
    return shown(
        request,
        visit,
        "sessions.html",
        outcome,
        found=found,
        typed=typed,
        idle=provided.IDLE_HOURS,
    )
