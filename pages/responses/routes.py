"""The lists: what waits in a window, one response with its story, what is alike."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Path, Request
from fastapi.responses import Response

from api.models import DialogueName
from api.problems import nothing_here
from desk.triage import Looked, chosen
from domain.response_numbers import written
from pages.guests import Staff
from pages.rendering import page
from pages.responses import views, words
from pages.responses.looking import Sight, group_titles, sight
from pages.responses.story import story
from pages.routing import router

ROUTE = router()

Number = Annotated[int, Path(ge=1, le=10_000_000)]
_NOTHING: Final = Looked((), 0)


@ROUTE.get("/dialogues/{dialogue}/responses")
async def listing(request: Request, visit: Staff, dialogue: DialogueName) -> Response:
    """Show what was said, and what waits for an answer, filtered by the address."""
    here = await sight(visit, dialogue)
    state = here.state
    shown = views.filters(state, request.query_params)
    quiet = ""
    if shown.window and shown.window not in views.windows_with(state):
        if state.plan.window(shown.window) is None:
            raise nothing_here()
        quiet, shown = shown.window, shown._replace(window="")
    bits = shown.bits(state) if shown.window else 0
    looked = await _looked(here, shown, bits)
    titles = await group_titles(visit, dialogue) if shown.window else {}
    before, after = views.pages_of(shown, bits.bit_count())
    facts: dict[str, Any] = {
        "quiet": here.head.view.titles.window(quiet) if quiet else "",
        "windows": views.window_lines(dialogue, state, visit.lang),
        "sorts": views.sort_lines(state, shown.window),
        "groups": views.group_lines(state, shown.window, titles),
        "titles": titles,
        "drafts": views.draft_lines(state, visit.lang),
        "before": None if shown.text else before,
        "after": None if shown.text else after,
        "untold": written(chosen(state, shown.window, "untold")),
        "earlier": written(chosen(state, shown.window, "earlier")),
        "earlier_count": chosen(state, shown.window, "earlier").bit_count(),
    }
    return page(
        request,
        visit,
        "responses/list.html",
        head=here.head,
        sight=here,
        **here.around,
        shown=shown,
        looked=looked,
        words=words,
        **facts,
    )


async def _looked(here: Sight, shown: views.Filters, bits: int) -> Looked:
    if not bits:
        return _NOTHING._replace(among=bits.bit_count())
    if shown.text and here.reader.opens:
        return await here.reader.search(shown.window, bits, shown.text, shown.after)
    return await here.reader.page(shown.window, bits, shown.first)


@ROUTE.get("/dialogues/{dialogue}/responses/alike")
async def alike(
    request: Request, visit: Staff, dialogue: DialogueName, window: str
) -> Response:
    """Show which responses that wait say the same, to be grouped at once."""
    visit.allow("private", dialogue)
    here = await sight(visit, dialogue)
    if not here.reader.opens or window not in views.windows_with(here.state):
        raise nothing_here()
    free = chosen(here.state, window, "waiting") & ~_grouped(here, window)
    found, reached = await here.reader.alike(window, free)
    return page(
        request,
        visit,
        "responses/alike.html",
        head=here.head,
        sight=here,
        **here.around,
        window=window,
        title=here.head.view.titles.window(window),
        found=[(one, written(one.numbers)) for one in found[:50]],
        reached=reached,
        among=free.bit_count(),
        words=words,
    )


def _grouped(here: Sight, window: str) -> int:
    """Give what is in a group of identical responses already."""
    groups = views.ledger_of(here.state, window).groups
    found = 0
    for group in groups.values():
        found |= group.numbers if group.because == "identical" else 0
    return found


@ROUTE.get("/dialogues/{dialogue}/responses/{window}/{number}")
async def one(
    request: Request,
    visit: Staff,
    dialogue: DialogueName,
    window: str,
    number: Number,
) -> Response:
    """Show one response: what was said, what was done with it, what they were told."""
    here = await sight(visit, dialogue)
    if not 1 <= number <= here.state.received(window):
        raise nothing_here()
    view, told = await story(here, window, number)
    if view is None:
        raise nothing_here()
    return page(
        request,
        visit,
        "responses/one.html",
        head=here.head,
        sight=here,
        **here.around,
        view=view,
        told=told,
        titles=await group_titles(visit, dialogue),
        following=views.next_waiting(here.state, window, number),
        before=number - 1,
        after=(number + 1) % (here.state.received(window) + 1),
        words=words,
    )
