"""All windows of the organisation stop at once, after seeing what that touches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from api.security import Visit
from desk import organisations
from desk.desk import fresh_id
from desk.organisations import Told
from language import mark
from pages.acting import Outcome, attempt, go_on, unfit
from pages.administration.places import own, shown
from pages.guests import Staff
from pages.routing import router
from pages.said import says
from pages.typing_in import Form, Typed
from pages.wording import in_words

ROUTE = router()

WHERE: Final = "/administration/organisation"
SUSPENDED: Final = says(
    "organisation-suspended", mark("All windows stand still, and none opens.")
)
RESUMED: Final = says(
    "organisation-resumed", mark("The windows go on, each with the time it had left.")
)
_NO_REASON: Final = mark("Say why.")
_NOT_SURE: Final = mark("Tick that you saw what this touches.")
_MOST: Final = 50


@ROUTE.get(WHERE)
async def show(request: Request, visit: Staff) -> Response:
    """Show what stands, and what a suspension would touch."""
    own(visit)
    return await _shown(request, visit)


@ROUTE.post(WHERE)
async def act(request: Request, visit: Staff, form: Typed) -> Response:
    """Suspend, or let all or some windows go on."""
    organisation = own(visit)
    resuming = form["act"] == "resume"
    change = _resumed if resuming else _suspended
    outcome = await change(visit, organisation, form)
    if outcome.problem:
        return await _shown(request, visit, outcome, form)
    missed = _missed(visit, outcome.made)
    if missed:
        return await _shown(request, visit, missed=missed)
    return go_on(WHERE, RESUMED if resuming else SUSPENDED, outcome)


async def _suspended(visit: Visit, organisation: str, form: Form) -> Outcome:
    reason = form.text("reason")
    if reason is None:
        return unfit(visit, _NO_REASON, "reason")
    if form["seen"] != "yes":
        return unfit(visit, _NOT_SURE, "seen")
    name = form.id or fresh_id()
    told = organisations.suspend(
        visit.desk,
        organisation,
        visit.sender(),
        suspension=name,
        reason=reason,
        authority=form.text("authority"),
    )
    return await attempt(visit, told, id=name, field="reason")


async def _resumed(visit: Visit, organisation: str, form: Form) -> Outcome:
    reason = form.text("resume-reason")
    if reason is None:
        return unfit(visit, _NO_REASON, "resume-reason")
    told = organisations.resume(
        visit.desk,
        organisation,
        visit.sender(),
        suspension=form.text("suspension"),
        dialogues=form.every("dialogues"),
        reason=reason,
    )
    return await attempt(visit, told, field="resume-reason")


def _missed(visit: Visit, told: Told) -> Sequence[tuple[str, str]]:
    """Give the dialogues that were not reached, each with what was in the way."""
    return [
        (each.stream, in_words(each.trouble, visit.lang))
        for each in told.reached
        if each.trouble is not None
    ]


async def _shown(
    request: Request,
    visit: Visit,
    outcome: Outcome | None = None,
    typed: Form | None = None,
    missed: Sequence[tuple[str, str]] = (),
) -> Response:
    organisation = visit.caller.organisation
    every = await organisations.listed(visit.desk, organisation)
    return shown(
        request,
        visit,
        "organisation.html",
        outcome,
        typed=typed,
        missed=missed,
        standing=[each for each in every if each.lifted is None],
        lifted=[each for each in every if each.lifted is not None][::-1],
        reach=await organisations.preview(visit.desk, organisation, _MOST),
    )
