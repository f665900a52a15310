"""Where somebody of the staff is in, and the end of it elsewhere."""

from __future__ import annotations

from typing import Final

import structlog
from fastapi import Request
from fastapi.responses import Response

from api.cookies import name_of
from api.problems import nothing_here
from api.security import Visit
from desk.access import own_sessions
from language import mark
from pages.acting import go_on
from pages.guests import Staff
from pages.rendering import page
from pages.routing import router
from pages.said import says
from pages.typing_in import Typed

ROUTE = router()

log = structlog.get_logger()

WHERE: Final = "/sessions"
_ENDED: Final = says("own-sessions-ended", mark("There you are out."))


@ROUTE.get(WHERE)
async def show(request: Request, visit: Staff) -> Response:
    """Show where somebody is in: this browser first."""
    secret = _secret(request, visit)
    found = await own_sessions.listed(visit.desk.pool, secret)
    if not found:
        raise nothing_here()
    return page(request, visit, "entering/own.html", found=found)


@ROUTE.post(WHERE)
async def end(request: Request, visit: Staff, form: Typed) -> Response:
    """End one session, or all but that of this browser; an ended one stays so."""
    secret = _secret(request, visit)
    if not secret:
        raise nothing_here()
    only = None if form["act"] == "all" else form["session"]
    count = await own_sessions.end(visit.desk.pool, secret, only)
    log.info("own sessions ended", count=count)
    return go_on(WHERE, _ENDED if count else None)


def _secret(request: Request, visit: Visit) -> str:
    """Give the session that somebody came with; empty for who came with a token."""
    if visit.caller.id is not None:
        return ""
    return request.cookies.get(name_of(visit.service.settings), "")
