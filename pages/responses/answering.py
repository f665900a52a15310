"""Responses are answered, or it is said why not; and who did not hear is told again.

Who answers decides on what they saw. Not on the whole dialogue, which moves with every
response that comes in, but on these responses: if a colleague answered one of them in
the meantime, the form comes back and says so.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from api.models import DialogueName
from desk.response_rows import answers_of
from domain.coverage import earlier_rounds, ledger_of
from domain.ledger_facts import OUTCOMES
from domain.response_numbers import bits_of, written
from language import mark
from pages.acting import Outcome, act, go_on, unfit
from pages.dialogue.seeing import sent_before
from pages.guests import Staff
from pages.responses import views, words
from pages.responses.asking import ask, list_of
from pages.responses.looking import Meant, Sight, meant, meant_in, named, sight
from pages.routing import router
from pages.typing_in import Form, Typed, number_in
from pages.ways import dialogue_path

ROUTE = router()

_NO_OUTCOME: Final = mark("Choose what is done with it.")
_NO_REASON: Final = mark("Say why: whoever said this gets to read it.")
_BEFORE_YOU: Final = mark(
    "Somebody answered response {numbers} while you were writing. What you typed is "
    "still here. Look at that answer first; if you go on, yours takes its place."
)


@ROUTE.get("/dialogues/{dialogue}/responses/answer")
async def ask_answer(
    request: Request, visit: Staff, dialogue: DialogueName
) -> Response:
    """Show responses with room for their answer."""
    visit.allow("act", dialogue)
    here = await sight(visit, dialogue)
    return await ask(request, here, "answer", meant(here.state, request))


@ROUTE.post("/dialogues/{dialogue}/responses/answer")
async def answer(
    request: Request, visit: Staff, dialogue: DialogueName, form: Typed
) -> Response:
    """Answer responses, and go on to the next one that waits if that was asked."""
    visit.allow("act", dialogue)
    here = await sight(visit, dialogue)
    found = meant_in(here.state, form)
    outcome = await _answered(here, request, found, form)
    if not outcome.taken:
        return await ask(request, here, "answer", found, form, outcome)
    following = views.next_waiting(here.state, found.window, max(_last(found), 0))
    if form["then"] == "next" and following and not found.bits >> following & 1:
        query = urlencode({"window": found.window, "numbers": str(following)})
        path = dialogue_path(dialogue, "responses", "answer")
        return go_on(f"{path}?{query}", words.NEXT, outcome)
    return go_on(list_of(dialogue, found.window), words.ANSWERED, outcome)


def _last(found: Meant) -> int:
    return found.bits.bit_length() - 1


async def _answered(here: Sight, request: Request, found: Meant, form: Form) -> Outcome:
    visit, stream = here.visit, here.head.stream
    if form["outcome"] not in OUTCOMES:
        return unfit(visit, _NO_OUTCOME, "outcome")
    if form.text("reason") is None:
        return unfit(visit, _NO_REASON, "reason")
    first = await _answered_before(here, found, form)
    if first:
        before = await sent_before(visit, stream, form.id)
        if before is None:
            facts = {"numbers": written(first)}
            return unfit(visit, _BEFORE_YOU, "outcome", **facts)
        # Pressed twice is pressed once: what this form did itself is told below.
        if not (before.done or before.later):
            return before
    which: dict[str, str] = (
        {"group": found.group}
        if found.group
        else {"window": found.window, "numbers": written(found.bits)}
    )
    body = {
        **which,
        "outcome": form["outcome"],
        "reason": form.text("reason"),
        "reference": form.text("reference"),
    }
    told = {name: value for name, value in body.items() if value is not None}
    return await act(visit, request, stream, "answer_response", told, form)


async def _answered_before(here: Sight, found: Meant, form: Form) -> int:
    """Give those that somebody answered since the form was made."""
    since = number_in(form["seen"]) or 0
    desk, stream = here.visit.desk, here.head.stream
    if since >= here.state.version:
        return 0
    first = 0
    for row in await answers_of(desk, stream, [found.window]):
        if row.seq > since:
            first |= bits_of(row.data["numbers"]) & found.bits
    return first


@ROUTE.get("/dialogues/{dialogue}/responses/leave")
async def ask_leave(request: Request, visit: Staff, dialogue: DialogueName) -> Response:
    """Show responses that are to have no answer, and ask why."""
    visit.allow("act", dialogue)
    here = await sight(visit, dialogue)
    found = meant(here.state, request)
    return await ask(request, here, "leave", found)


@ROUTE.post("/dialogues/{dialogue}/responses/leave")
async def leave(
    request: Request, visit: Staff, dialogue: DialogueName, form: Typed
) -> Response:
    """Say that responses get no answer, and why."""
    visit.allow("act", dialogue)
    here = await sight(visit, dialogue)
    found = meant_in(here.state, form)
    reason = form.text("reason")
    if reason is None:
        outcome = unfit(visit, _NO_REASON, "reason")
    else:
        numbers = written(found.bits)
        body = {"window": found.window, "numbers": numbers, "reason": reason}
        outcome = await act(visit, request, dialogue, "leave_unanswered", body, form)
    if outcome.taken:
        return go_on(list_of(dialogue, found.window), words.LEFT, outcome)
    return await ask(request, here, "leave", found, form, outcome)


@ROUTE.post("/dialogues/{dialogue}/responses/carry")
async def carry(
    request: Request, visit: Staff, dialogue: DialogueName, form: Typed
) -> Response:
    """Let responses of an earlier round count in this one, to be answered again."""
    visit.allow("act", dialogue)
    here = await sight(visit, dialogue)
    window = form["window"]
    every = written(earlier_rounds(ledger_of(here.state, window)))
    found = named(here.state, window, form["numbers"] or every)
    body = {"window": window, "numbers": written(found.bits)}
    outcome = await act(visit, request, dialogue, "carry_responses", body, form)
    if outcome.taken:
        return go_on(list_of(dialogue, window), words.CARRIED, outcome)
    return await ask(request, here, "answer", found, None, outcome)


@ROUTE.post("/dialogues/{dialogue}/responses/again")
async def again(
    request: Request, visit: Staff, dialogue: DialogueName, form: Typed
) -> Response:
    """Send answers that did not arrive once more."""
    visit.allow("act", dialogue)
    here = await sight(visit, dialogue)
    found = meant_in(here.state, form)
    body = {"window": found.window, "numbers": written(found.bits)}
    outcome = await act(visit, request, dialogue, "tell_answers_again", body, form)
    if outcome.taken:
        return go_on(list_of(dialogue, found.window), words.AGAIN, outcome)
    return await ask(request, here, "answer", found, None, outcome)
