"""The history of a dialogue, and why a line of it is true."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Path, Request
from fastapi.responses import Response

from api.models import DialogueName
from desk import reads
from desk.browsing import Kind, kinds, look
from desk.overview import Overview
from desk.proof_files import around, prove
from language.speaking import speaking
from pages.attached import attached
from pages.dialogue.head import dialogue_head
from pages.guests import Staff
from pages.history.asked import Asked, asked, chips
from pages.history.lines import choices_of, lines, type_name
from pages.history.shown import shown
from pages.history.truth import since_of, truth
from pages.routing import router

ROUTE = router()

_MOST_ACTORS: Final = 60

Seq = Annotated[int, Path(ge=1, le=2**53 - 1)]


@ROUTE.get("/dialogues/{dialogue}/history")
async def show(request: Request, visit: Staff, dialogue: DialogueName) -> Response:
    """Show what happened, newest first, as far as it was asked for."""
    visit.allow("read", dialogue)
    head = await dialogue_head(visit, dialogue)
    told = asked(request.query_params)
    desk, by = visit.desk, visit.caller.actor
    found = await look(desk, head.state, dialogue, told.wanted, told.at, by=by)
    counts = await kinds(desk, dialogue)
    with speaking(visit.lang):
        facts: dict[str, Any] = {
            "lines": lines(head.view, found.events),
            "asked": told,
            "found": found,
            "total": sum(each.number for each in counts),
            **_filters(head.view, counts, told),
        }
    return shown(request, visit, head, "history", facts)


def _filters(view: Overview, counts: tuple[Kind, ...], told: Asked) -> dict[str, Any]:
    types, actors = choices_of(counts)
    wanted = told.wanted
    steps = [step for phase in view.phases for step in phase.steps]
    return {
        "types": types,
        "actors": actors[:_MOST_ACTORS],
        "steps": [(each.id, f"{each.number}. {each.title}") for each in steps],
        "windows": [(each.id, each.title) for each in view.windows],
        "chips": chips(view, wanted, [type_name(each) for each in wanted.types]),
    }


@ROUTE.get("/dialogues/{dialogue}/history/{seq}")
async def show_why(
    request: Request, visit: Staff, dialogue: DialogueName, seq: Seq
) -> Response:
    """Show one event as it was recorded, and all that vouches for it."""
    visit.allow("read", dialogue)
    head = await dialogue_head(visit, dialogue)
    found = await around(visit.desk, dialogue, seq)
    await reads.note(
        visit.desk, visit.caller.actor, "show", dialogue, {"seq": seq}, rows=1
    )
    facts = {
        "truth": await truth(visit.desk, head.view, found, visit.lang),
        "asked_size": request.query_params.get("checkpoint", ""),
    }
    return shown(request, visit, head, "why", facts)


@ROUTE.get("/dialogues/{dialogue}/history/{seq}/proof.json")
async def give_proof(
    request: Request, visit: Staff, dialogue: DialogueName, seq: Seq
) -> Response:
    """Give the proof of an event as a file, against the checkpoint asked for."""
    visit.allow("read", dialogue)
    size, since = since_of(request.query_params)
    made = await prove(
        visit.desk, dialogue, seq, by=visit.caller.actor, size=size, since=since
    )
    name = f"{dialogue.replace(':', '-')}-{seq}.json"
    return attached(made.content, name, "application/json")
