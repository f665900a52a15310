"""The pages of the portfolio: a list, the same in time, and as a sheet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from api.security import Visit
from desk.courses import courses
from desk.in_words.moments import short_day
from desk.overseeing import Found, Reader, oversee
from desk.oversight_sheet import sheet
from language.speaking import speaking
from pages.guests import Staff
from pages.portfolio import axis, views
from pages.portfolio.asked import Asked, read
from pages.rendering import page
from pages.routing import router

ROUTE = router()


@ROUTE.get("/portfolio")
async def show(request: Request, visit: Staff) -> Response:
    """Show the dialogues that fit, as a list or in time."""
    visit.allow("read")
    asked = read(request.query_params)
    if "" in request.query_params.values():
        # A form sends what was left empty too; an address that is passed on does not.
        return RedirectResponse(asked.address(), 303)
    found = await oversee(
        visit.desk,
        _reader(visit),
        asked.selection,
        limit=asked.limit,
        offset=asked.offset,
    )
    pages = max(1, -(-found.dialogues // asked.limit))
    if asked.number > pages:
        return RedirectResponse(asked.address(page=pages), 303)
    if asked.selection.phase and asked.selection.phase not in views.known(found):
        # It is a phase of another method than the one that was chosen since.
        return RedirectResponse(asked.address(phase=None), 303)
    facts = await _in_time(visit, asked, found) if asked.view == "time" else {}
    with speaking(visit.lang):
        facts |= {
            "statuses": views.statuses(found, asked),
            "sums": views.sums(found),
            "offers": views.offers(found),
            "short_day": short_day,
            "month": views.month,
            "rows": views.rows(found) if asked.view == "list" else (),
        }
    return page(
        request,
        visit,
        "portfolio/portfolio.html",
        asked=asked,
        found=found,
        pages=pages,
        **facts,
    )


@ROUTE.get("/portfolio.csv")
async def download(request: Request, visit: Staff) -> Response:
    """Give the same dialogues, all of them, for a spreadsheet."""
    visit.allow("read")
    asked = read(request.query_params)
    pieces = sheet(visit.desk, _reader(visit), asked.selection)
    # The first rows are read before anything is answered: so a fault is told as one.
    begun = [await anext(pieces) for _ in range(2)]

    async def told() -> AsyncIterator[str]:
        for piece in begun:
            yield piece
        async for piece in pieces:
            yield piece

    return StreamingResponse(
        told(),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="portfolio.csv"',
            "Cache-Control": "no-store",
        },
    )


def _reader(visit: Visit) -> Reader:
    caller = visit.caller
    named = caller.dialogue
    only = f"{caller.organisation}:{named}" if named else None
    return Reader(caller.organisation, caller.actor, visit.lang, only)


async def _in_time(visit: Visit, asked: Asked, found: Found) -> dict[str, Any]:
    whole = await courses(visit.desk, found.lines)
    shown = views.shortened(whole)
    with speaking(visit.lang):
        words = views.spoken(found.lines, shown)
        return {
            "axis": axis.draw(found.lines, shown, words, asked.span),
            "timed": views.timed(found.lines, whole, shown),
        }
