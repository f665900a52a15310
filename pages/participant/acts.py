"""What a participant does: keep, send, throw away, and ask to be erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.responses import PlainTextResponse, Response

from desk import drafts, erasing
from desk.desk import Sender
from desk.errors import NotFound
from desk.response_rows import said_by
from language import mark
from pages.acting import Outcome, act, attempt, go_on, unfit
from pages.guests import Guest
from pages.participant import words
from pages.participant.asked import Asked, first_of
from pages.participant.mine import Mine, mine
from pages.participant.routes import (
    WindowName,
    asked_in,
    show,
    show_held,
    show_window,
)
from pages.routing import router
from pages.typing_in import Form, Typed, number_in

ROUTE = router()

_EMPTY: Final = mark("Write something first: nothing was filled in.")
_OVER: Final = mark(
    "This is over. A response can't be taken in any more. What you wrote is still "
    "here, so that you can copy it."
)
_ROLE: Final = "participant"
_BARE: Final = "return=minimal"
"""How a script asks for a word instead of a page (RFC 7240)."""


@ROUTE.post("/mine/windows/{window}")
async def write(
    request: Request, visit: Guest, window: WindowName, form: Typed
) -> Response:
    """Send a response, keep it for later, or throw away what was kept."""
    own = await mine(visit)
    asked = asked_in(own, window)
    match form["do"]:
        case "save":
            outcome = await _kept(own, asked, form)
            key, where = words.SAVED, f"/mine/windows/{window}"
        case "drop":
            dropped = drafts.drop(visit.desk, own.stream, window, own.who)
            outcome = await attempt(visit, dropped)
            key, where = words.DROPPED, f"/mine/windows/{window}"
        case _:
            outcome = await _sent(request, own, asked, form)
            key, where = words.SENT, await _where(own, outcome)
    if form["do"] == "save" and request.headers.get("prefer") == _BARE:
        return _told(outcome)
    if outcome.taken:
        return go_on(where, key, outcome)
    if form["on"] == "mine" and asked is first_of(own.asked):
        return await show(request, own, asked, form, outcome)
    return await show_window(request, own, asked, form, outcome)


def _told(outcome: Outcome) -> Response:
    """Tell a script what became of what it keeps: 204, or why not."""
    if outcome.done:
        return Response(status_code=204)
    return PlainTextResponse(outcome.problem, outcome.status)


async def _kept(own: Mine, asked: Asked, form: Form) -> Outcome:
    text = form["response"]
    if not text.strip() and asked.draft is None:
        return unfit(own.visit, _EMPTY, "response")
    after = number_in(form["after"])
    desk = own.visit.desk
    kept = drafts.keep(desk, own.stream, asked.id, own.who, text, after=after)
    return await attempt(own.visit, kept, id=form.id or "", field="response")


async def _sent(request: Request, own: Mine, asked: Asked, form: Form) -> Outcome:
    text = form["response"].strip()
    if not text:
        return unfit(own.visit, _EMPTY, "response")
    if not asked.writable:
        return unfit(own.visit, _OVER, "response")
    body = _body(own, asked, form, text)
    outcome = await act(
        own.visit, request, own.stream, "record_response", body, form, field="response"
    )
    if outcome.done:
        # At this point the response is on record. If we crash here the draft stays
        # until the window closes, and says the same. What was only taken in may still
        # be refused: until it is on record the draft is all that is kept of it.
        await attempt(
            own.visit, drafts.drop(own.visit.desk, own.stream, asked.id, own.who)
        )
    elif asked.keeps and outcome.status >= _UNAVAILABLE:
        # What can't be sent now is kept, if that can be: a phone may be put away.
        desk = own.visit.desk
        after = asked.after
        kept = drafts.keep(desk, own.stream, asked.id, own.who, text, after=after)
        await attempt(own.visit, kept)
    return outcome


_UNAVAILABLE: Final = 500


def _body(own: Mine, asked: Asked, form: Form, text: str) -> Mapping[str, Any]:
    body: dict[str, Any] = {
        "window": asked.id,
        "respondent": own.who,
        "response": text,
        "channel": "web",
    }
    supplements = number_in(form["supplements"])
    if supplements is not None:
        body["supplements"] = supplements
    if form.text("address"):
        body["address"] = form.text("address")
    return body


async def _where(own: Mine, outcome: Outcome) -> str:
    """Give the address of the receipt, as soon as the response is on record."""
    seqs = {int(event["seq"]) for event in outcome.events}
    if not seqs:
        return "/mine"
    rows = await said_by(own.visit.desk, own.stream, own.who)
    found = (row for row in rows if row.seq in seqs)
    row = next(found, None)
    if row is None:
        return "/mine"
    return f"/mine/responses/{row.data['window']}/{row.data['number']}"


@ROUTE.post("/mine/erase")
async def erase(request: Request, visit: Guest, form: Typed) -> Response:
    """Put on record that somebody asks that what is held about them goes."""
    own = await mine(visit)
    sender = Sender(own.who, _ROLE, via="http")
    seat, name = visit.caller.organisation, form.id
    asking = erasing.asked(visit.desk, seat, own.who, sender, fresh=name)
    try:
        outcome = await attempt(visit, asking, id=name or "")
    except NotFound:
        return go_on("/mine/held", words.NOTHING)
    if outcome.done:
        return go_on("/mine/held", words.ASKED)
    return await show_held(request, visit, "erase", outcome)
