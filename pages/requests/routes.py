"""Who asks to be erased, by when that has to be decided, and how.

To erase is not done over HTTP: the wall around these pages lets nobody destroy anything
(docs/decisions/2026-11-22-second-wall.md). So this page gives the command to give it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from desk.reads import note
from desk.requests import may_see, requests
from language import mark
from pages.guests import Staff
from pages.rendering import page
from pages.routing import router

ROUTE = router()

STATUS: Final[Mapping[str, str]] = {
    "requested": mark("requested"),
    "refused": mark("refused"),
    "granted": mark("granted"),
    "executed": mark("executed"),
}
"""How far a request is, as the command line says it."""


@ROUTE.get("/requests")
async def listing(request: Request, visit: Staff) -> Response:
    """Show requests to erase, those that wait first, each with what to do."""
    organisation = visit.caller.organisation
    visit.allow("read", f"org:{organisation}")
    if not may_see(visit.caller):
        visit.allow("administer")
    found = await requests(visit.desk, organisation)
    await note(
        visit.desk,
        visit.caller.actor,
        "erasures",
        organisation,
        {},
        rows=len(found),
        opened=True,
    )
    return page(
        request,
        visit,
        "requests/list.html",
        found=found,
        organisation=organisation,
        follows=None,  # Each time it asked for itself anew would be noted as a read.
        status_words=STATUS,
    )
