"""Responses that say the same, or are about the same, become one group."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from api.models import DialogueName
from api.problems import nothing_here
from domain.coverage import ledger_of
from domain.response_numbers import written
from language import mark
from pages.acting import Outcome, act, go_on, unfit
from pages.guests import Staff
from pages.responses import views, words
from pages.responses.asking import ask, list_of
from pages.responses.looking import Meant, Sight, meant, meant_in, named, sight
from pages.routing import router
from pages.typing_in import Form, Typed
from pages.ways import dialogue_path

ROUTE = router()

_NO_GROUP: Final = mark("Choose a group, or think of a title for a new one.")
_NO_BECAUSE: Final = mark("Say why these are one group.")


@ROUTE.get("/dialogues/{dialogue}/responses/group")
async def ask_group(request: Request, visit: Staff, dialogue: DialogueName) -> Response:
    """Show responses that are to be one group."""
    visit.allow("act", dialogue)
    here = await sight(visit, dialogue)
    return await ask(request, here, "group", meant(here.state, request))


@ROUTE.post("/dialogues/{dialogue}/responses/group")
async def group(
    request: Request, visit: Staff, dialogue: DialogueName, form: Typed
) -> Response:
    """Put responses in a group, new or known; and go on to answer it if asked."""
    visit.allow("act", dialogue)
    here = await sight(visit, dialogue)
    found = named(here.state, form["window"], form["numbers"])
    outcome, name = await _grouped(here, request, found, form)
    if not outcome.taken:
        return await ask(request, here, "group", found, form, outcome)
    if form["then"] == "answer" and outcome.done:
        path = dialogue_path(dialogue, "responses", "answer")
        return go_on(f"{path}?{urlencode({'group': name})}", words.GROUPED)
    where = list_of(dialogue, found.window, show="all", group=name)
    return go_on(where, words.GROUPED, outcome)


async def _grouped(
    here: Sight, request: Request, found: Meant, form: Form
) -> tuple[Outcome, str]:
    visit, title = here.visit, form.text("title")
    known = ledger_of(here.state, found.window).groups.get(form["to"])
    because = known.because if known else form["because"]
    if known is None and form["to"]:
        raise nothing_here()
    if known is None and title is None and because != "identical":
        return unfit(visit, _NO_GROUP, "title"), ""
    if because not in words.BECAUSE:
        return unfit(visit, _NO_BECAUSE, "because"), ""
    name = form["to"] or _new_name(here, title, found, form)
    body = {
        "group": name,
        "window": found.window,
        "numbers": written(found.bits),
        "because": because,
    }
    body |= {"title": title} if title and known is None else {}
    stream = here.head.stream
    return await act(visit, request, stream, "group_responses", body, form), name


def _new_name(here: Sight, title: str | None, found: Meant, form: Form) -> str:
    """Give a new group's id; the same form gives the same one, sent again as well."""
    made = views.group_id(here.state, title, found.window)
    ours = f"{made.rstrip('0123456789').rstrip('-') or made}-{(form.id or '')[:4]}"
    return ours if form.id else made


@ROUTE.post("/dialogues/{dialogue}/responses/ungroup")
async def ungroup(
    request: Request, visit: Staff, dialogue: DialogueName, form: Typed
) -> Response:
    """Let a group that waits be none."""
    visit.allow("act", dialogue)
    here = await sight(visit, dialogue)
    found = meant_in(here.state, form)
    body = {"group": form["group"]}
    outcome = await act(visit, request, dialogue, "ungroup_responses", body, form)
    if outcome.taken:
        return go_on(list_of(dialogue, found.window), words.UNGROUPED, outcome)
    return await ask(request, here, "answer", found, None, outcome)
