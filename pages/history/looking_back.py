"""Pages of the past: as it was at a moment, and two moments compared."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from api.models import DialogueName
from desk.errors import DeskError
from desk.past import as_of, diff
from desk.proof_files import around
from language.speaking import speaking
from pages.dialogue.head import dialogue_head
from pages.guests import Staff
from pages.history.lines import sentence
from pages.history.shown import shown
from pages.history.then import cited, differing, grouped, then
from pages.routing import router
from pages.ways import dialogue_path
from pages.wording import in_words

ROUTE = router()

_MOST: Final = 200
"""So many differences are told on a page."""


def _plain(told: str | None) -> str:
    return (told or "").replace("\x00", "").strip()[:100]


@ROUTE.get("/dialogues/{dialogue}/past")
async def show_past(request: Request, visit: Staff, dialogue: DialogueName) -> Response:
    """Show a dialogue as it was: by number, by day and time, or by checkpoint."""
    visit.allow("audit", dialogue)
    query = request.query_params
    day, time = _plain(query.get("day")), _plain(query.get("time"))
    if day and "at" not in query:
        # A form without script has a day and a time; an address has one moment.
        moment = urlencode({"at": f"{day}T{time}" if time else day})
        return RedirectResponse(f"{dialogue_path(dialogue, 'past')}?{moment}", 303)
    head = await dialogue_head(visit, dialogue)
    at = _plain(query.get("at"))
    asked = at or str(head.state.version)
    problem, found = None, None
    try:
        found = await as_of(visit.desk, dialogue, asked, by=visit.caller.actor)
    except DeskError as error:
        if not at:
            raise
        problem = in_words(error, visit.lang)
    happened = None
    if found is not None:
        happened = (await around(visit.desk, dialogue, found.seq)).event
    with speaking(visit.lang):
        facts = {
            "then": None if found is None else then(found, visit.lang),
            "happened": happened and sentence(head.view, happened.members),
            "at": at,
            "problem": problem,
        }
        return shown(
            request, visit, head, "past", facts, status=400 if problem else 200
        )


@ROUTE.get("/dialogues/{dialogue}/compare")
async def show_difference(
    request: Request, visit: Staff, dialogue: DialogueName
) -> Response:
    """Show what differs between two moments, in words; without a second: and now."""
    visit.allow("audit", dialogue)
    head = await dialogue_head(visit, dialogue)
    first, last = (_plain(request.query_params.get(name)) for name in ("from", "to"))
    found, problem = None, None
    try:
        if first:
            by = visit.caller.actor
            found = await diff(visit.desk, dialogue, first, last or None, by=by)
    except DeskError as error:
        problem = in_words(error, visit.lang)
    sides = [] if found is None else [found.before, found.after]
    with speaking(visit.lang):
        changes = [] if found is None else differing(found, visit.lang)
    facts = {
        "first": first,
        "last": last,
        "found": found,
        "groups": grouped(changes[:_MOST]),
        "more": len(changes) - _MOST,
        "cited": [cited(side) for side in sides],
        "problem": problem,
    }
    return shown(request, visit, head, "compare", facts, status=400 if problem else 200)
