"""What is undone after a return, watched as it goes: trying again, and letting go."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Path, Query, Request
from fastapi.responses import Response

from api.looking import words
from api.models import DialogueName
from api.security import Visit
from desk.returns import Fell, returns, what_fell
from language import mark
from pages.acting import Outcome, act, go_on, unfit
from pages.back.reading import Seen, seen_return, standing
from pages.back.undoing import failed_messages
from pages.dialogue.called import names_of_people
from pages.dialogue.head import Head, dialogue_head
from pages.guests import Staff
from pages.rendering import page
from pages.routing import router
from pages.said import says
from pages.texts import may_read
from pages.typing_in import Form, Typed
from pages.ways import dialogue_path

ROUTE = router()

Seq = Annotated[int, Path(ge=1, lt=2**53)]
Names = Annotated[str, Query(max_length=3)]

AGAIN: Final = says("again", mark("It is being tried again."))
LET_GO: Final = says("let-go", mark("It is let go; what waited behind it goes on."))
_REASON: Final = mark("Say why it may stay as it is: it is not undone then.")
_NOTHING: Final = mark("Say what to do with it: try it again, or let it go.")
_KINDS: Final = {
    ("compensation", "retry"): "retry_compensation",
    ("compensation", "waive"): "waive_compensation",
    ("effect", "retry"): "retry_effect",
    ("effect", "waive"): "waive_effect",
}
_REASON_AT: Final = "reason-{id}"


@ROUTE.get("/dialogues/{dialogue}/effects")
async def show_all(
    request: Request, visit: Staff, dialogue: DialogueName, names: Names = ""
) -> Response:
    """Show every return, what of it failed, and the messages that failed.

    With ``names`` people stand by name; that those were read is on record first.
    """
    visit.allow("read", dialogue)
    return await _all(request, visit, dialogue, opened=names == "yes")


@ROUTE.get("/dialogues/{dialogue}/effects/{seq}")
async def show(
    request: Request, visit: Staff, dialogue: DialogueName, seq: Seq, names: Names = ""
) -> Response:
    """Show one return: what it undoes, and both rounds of what fell; names likewise."""
    visit.allow("read", dialogue)
    return await _one(request, visit, dialogue, seq, opened=names == "yes")


@ROUTE.post("/dialogues/{dialogue}/effects")
async def mend_any(
    request: Request, visit: Staff, dialogue: DialogueName, typed: Typed
) -> Response:
    """Try something that failed again, or let it go with a reason."""
    visit.allow("act", dialogue)
    outcome = await _mended(request, visit, dialogue, typed)
    if outcome.taken:
        return go_on(dialogue_path(dialogue, "effects"), _key(typed), outcome)
    return await _all(request, visit, dialogue, outcome, typed)


@ROUTE.post("/dialogues/{dialogue}/effects/{seq}")
async def mend(
    request: Request, visit: Staff, dialogue: DialogueName, seq: Seq, typed: Typed
) -> Response:
    """Try something of this return again, or let it go with a reason."""
    visit.allow("act", dialogue)
    outcome = await _mended(request, visit, dialogue, typed)
    if outcome.taken:
        return go_on(dialogue_path(dialogue, "effects", str(seq)), _key(typed), outcome)
    return await _one(request, visit, dialogue, seq, outcome, typed)


def _key(typed: Form) -> str:
    return LET_GO if typed["do"] == "waive" else AGAIN


async def _mended(
    request: Request, visit: Visit, dialogue: str, typed: Form
) -> Outcome:
    what = "compensation" if typed["compensation"] else "effect"
    kind, name = _KINDS.get((what, typed["do"])), typed[what]
    at = _REASON_AT.format(id=name)
    if kind is None:
        return unfit(visit, _NOTHING, at)
    body = {what: name}
    if typed["do"] == "waive":
        reason = typed.text("reason")
        if reason is None:
            return unfit(visit, _REASON, at)
        body["reason"] = reason
    return await act(visit, request, dialogue, kind, body, typed, field=at)


async def _all(
    request: Request,
    visit: Visit,
    dialogue: str,
    outcome: Outcome | None = None,
    typed: Form | None = None,
    *,
    opened: bool = False,
) -> Response:
    head = await dialogue_head(visit, dialogue)
    before = await returns(visit.desk, dialogue, head.state)
    return page(
        request,
        visit,
        "back/effects.html",
        status=outcome.status if outcome else 200,
        head=head,
        returns=[standing(head.view, each) for each in before],
        messages=failed_messages(head.view),
        outcome=outcome,
        typed=typed,
        may_act="act" in visit.caller.scopes,
        **await _names(visit, head, opened=opened),
    )


async def _one(
    request: Request,
    visit: Visit,
    dialogue: str,
    seq: int,
    outcome: Outcome | None = None,
    typed: Form | None = None,
    *,
    opened: bool = False,
) -> Response:
    head = await dialogue_head(visit, dialogue)
    fell = await what_fell(visit.desk, dialogue, head.state, seq)
    found: Seen = seen_return(head.view, fell)
    return page(
        request,
        visit,
        "back/return.html",
        status=outcome.status if outcome else 200,
        head=head,
        found=found,
        reason=await _reason(visit, head, fell),
        outcome=outcome,
        typed=typed,
        may_act="act" in visit.caller.scopes,
        **await _names(visit, head, opened=opened),
    )


async def _names(visit: Visit, head: Head, *, opened: bool) -> dict[str, Any]:
    """Give what people are called where that was asked, and whether it can be."""
    names = await names_of_people(visit, head) if opened else {}
    may_open = may_read(visit, head.state)
    return {"names": names, "opened": opened, "may_open": may_open}


async def _reason(visit: Visit, head: Head, fell: Fell) -> str | None:
    """Open why somebody went back, for who may read that; the read is on record."""
    state, stream = head.state, head.stream
    if not may_read(visit, state):
        return None
    place = fell.back.seq, "/reason"
    return (await words(visit, stream, state, [place], "returns")).get(place)
