"""A participant's own pages: what is asked, what they said, and what became of it."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path, Request
from fastapi.responses import Response

from api.problems import nothing_here
from api.security import Visit
from desk.entries import EntryRow
from desk.held import held
from desk.receipts import receipt, receipt_file
from pages.acting import Outcome
from pages.guests import Guest
from pages.participant import words
from pages.participant.asked import Asked, first_of
from pages.participant.mine import Mine, meetings, mine, papers, responses
from pages.rendering import page
from pages.routing import router
from pages.turning import turn
from pages.typing_in import Form

ROUTE = router()

_AT_ONCE: Final = 20
"""So many responses of somebody's own are opened for a page: the newest first."""

WindowName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_.-]{0,190}$")]
Number = Annotated[int, Path(ge=1, le=10_000_000)]


@ROUTE.get("/mine")
async def overview(request: Request, visit: Guest) -> Response:
    """Show what is asked, with the form at once, and all that is theirs below it."""
    own = await mine(visit)
    return await show(request, own, first_of(own.asked))


async def show(
    request: Request,
    own: Mine,
    first: Asked | None,
    typed: Form | None = None,
    outcome: Outcome | None = None,
) -> Response:
    """Show somebody's own page, with one window's form open in it."""
    turned = turn(request.query_params.get("from"), _AT_ONCE, len(own.said))
    return page(
        request,
        own.visit,
        "participant/mine.html",
        status=outcome.status if outcome else 200,
        own=own,
        first=first,
        others=[each for each in own.asked if each is not first],
        said_by_me=await responses(own, own.said[::-1][turned.first : turned.end]),
        turned=turned,
        meetings=await meetings(own),
        papers=await papers(own),
        typed=typed,
        outcome=outcome,
        words=words,
    )


@ROUTE.get("/mine/windows/{window}")
async def one_window(request: Request, visit: Guest, window: WindowName) -> Response:
    """Show one window: what it asks, and the form if something can be said."""
    own = await mine(visit)
    return await show_window(request, own, asked_in(own, window))


async def show_window(
    request: Request,
    own: Mine,
    asked: Asked,
    typed: Form | None = None,
    outcome: Outcome | None = None,
) -> Response:
    """Show one window with its form, as it was typed."""
    return page(
        request,
        own.visit,
        "participant/window.html",
        status=outcome.status if outcome else 200,
        own=own,
        asked=asked,
        papers=await papers(own),
        typed=typed,
        outcome=outcome,
        words=words,
    )


def asked_in(own: Mine, window: str) -> Asked:
    """Give a window that asks this person. Raises the problem 404."""
    found = own.window(window)
    if found is None:
        raise nothing_here()
    return found


@ROUTE.get("/mine/responses/{window}/{number}")
async def one_response(
    request: Request, visit: Guest, window: WindowName, number: Number
) -> Response:
    """Show what somebody said, its receipt, and the answer."""
    own = await mine(visit)
    row = said_in(own, window, number)
    [view] = await responses(own, [row])
    return page(
        request,
        visit,
        "participant/response.html",
        own=own,
        view=view,
        asked=own.window(window),
        receipt=await receipt(visit.desk, own.stream, row.seq),
        words=words,
    )


@ROUTE.get("/mine/responses/{window}/{number}/proof")
async def proof(visit: Guest, window: WindowName, number: Number) -> Response:
    """Give the file that shows that this very response is in the log."""
    own = await mine(visit)
    row = said_in(own, window, number)
    content = await receipt_file(visit.desk, own.stream, row.seq, own.who)
    slug = own.stream.partition(":")[2]
    name = f"{slug}-{window.replace('.', '-')}-{number}.zip"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type="application/zip", headers=headers)


def said_in(own: Mine, window: str, number: int) -> EntryRow:
    """Give a response of this person. Raises the problem 404 for what is not theirs."""
    found = (
        row
        for row in own.said
        if (row.data["window"], int(row.data["number"])) == (window, number)
    )
    row = next(found, None)
    if row is None:
        raise nothing_here()
    return row


@ROUTE.get("/mine/held")
async def what_is_held(request: Request, visit: Guest) -> Response:
    """Show all that is held about somebody, and how to ask that it goes."""
    return await show_held(request, visit, "held")


async def show_held(
    request: Request, visit: Visit, what: str, outcome: Outcome | None = None
) -> Response:
    """Show what is held, or the question whether it should go."""
    own = await mine(visit)
    found = await held(visit.desk, own.stream, own.who)
    waits = any(c.status in {"requested", "granted"} for c in found.requests)
    return page(
        request,
        visit,
        f"participant/{what}.html",
        status=outcome.status if outcome else 200,
        own=own,
        held=found,
        waits=waits,
        meetings=await meetings(own),
        outcome=outcome,
        words=words,
    )


@ROUTE.get("/mine/erase")
async def ask_to_erase(request: Request, visit: Guest) -> Response:
    """Explain what erasing does, and ask whether that is meant."""
    return await show_held(request, visit, "erase")
