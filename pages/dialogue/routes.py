"""The pages of a dialogue: its overview here, the others in modules of their own."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from api.models import DialogueName
from language import mark, translator
from pages.dialogue import (
    happenings,
    life_routes,
    new_routes,
    role_routes,
    standing,
    step_routes,
    window_routes,
)
from pages.dialogue.head import dialogue_head
from pages.guests import Staff
from pages.rendering import page
from pages.routing import router

ROUTE = router()
# Before the others: its address would be a dialogue's otherwise.
ROUTE.include_router(new_routes.ROUTE)
for _each in (step_routes, window_routes, role_routes, life_routes):
    ROUTE.include_router(_each.ROUTE)

_NOTHING = mark("There is nothing for you to do here now.")
_OVER = mark("This dialogue has ended. There is nothing left to do.")


@ROUTE.get("/dialogues/{dialogue}")
async def show_overview(
    request: Request, visit: Staff, dialogue: DialogueName
) -> Response:
    """Show where a dialogue stands, what now, and what happened lately."""
    visit.allow("read", dialogue)
    head = await dialogue_head(visit, dialogue)
    view, lang = head.view, visit.lang
    # Who only reads is told what anybody could do: it is how things stand.
    reader = visit.caller.actor if "act" in visit.caller.scopes else None
    return page(
        request,
        visit,
        "dialogue/overview.html",
        head=head,
        needs=standing.needs(view, lang),
        acts=standing.acts(view, reader, lang),
        nothing=translator(lang)(_OVER if head.state.ended else _NOTHING),
        phases=standing.phases(view, lang),
        dates=standing.dates(view, lang),
        lately=await happenings.lately(visit.desk, view, lang),
    )
