"""Tokens: made and shown once, listed, revoked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from fastapi import Request
from fastapi.responses import Response

from api.security import Visit
from desk.access import tokens
from desk.access.roles import ROLES
from desk.access.tokens import DAYS, LONGEST, Made, Token
from desk.errors import NotFound
from desk.in_words.mood import Mood
from language import mark
from language.speaking import _
from pages.acting import Outcome, attempt, go_on, unfit
from pages.administration.places import own, shown
from pages.guests import Staff
from pages.routing import router
from pages.said import says
from pages.typing_in import Form, Typed, number_in

ROUTE = router()

REVOKED: Final = says("token-revoked", mark("The token is good for nothing any more."))
_NO_ROLES: Final = mark("Choose one role or more.")
_NO_DAYS: Final = mark("Write a number of days, from 1 to 366.")
ROLE_WORDS: Final[Mapping[str, str]] = {
    "director": mark("process director: reads and acts, private texts too"),
    "member": mark("colleague: acts in the roles that they hold"),
    "participant": mark("participant: answers what they are asked"),
    "auditor": mark("auditor: reads, and looks back"),
    "integrator": mark("another system: acts as a system"),
    "operator": mark("operator: administration"),
    "doorkeeper": mark("doorkeeper: lets in who logged in at the organisation"),
}


def standing(token: Token) -> tuple[str, Mood]:
    """Say whether a token is good, and until when."""
    if token.revoked_at is not None:
        return _("revoked"), "quiet"
    if token.expires_at <= datetime.now(UTC):
        return _("expired"), "quiet"
    return _("until {day}").format(day=token.expires_at.date()), "good"


@ROUTE.get("/administration/tokens")
async def show(request: Request, visit: Staff) -> Response:
    """Show what tokens there are, without their secrets."""
    own(visit)
    return await _shown(request, visit)


@ROUTE.post("/administration/tokens")
async def act(request: Request, visit: Staff, form: Typed) -> Response:
    """Make a token and show it this once, or revoke one."""
    organisation = own(visit)
    if form["act"] == "revoke":
        outcome = await _revoked(visit, organisation, form)
        if outcome.done:
            return go_on("/administration/tokens", REVOKED, outcome)
        return await _shown(request, visit, outcome, form)
    outcome = await _made(visit, organisation, form)
    if outcome.problem:
        return await _shown(request, visit, outcome, form)
    return await _shown(request, visit, made=outcome.made)


async def _made(visit: Visit, organisation: str, form: Form) -> Outcome:
    roles, days = form.every("roles"), number_in(form.text("days") or str(DAYS))
    if not roles:
        return unfit(visit, _NO_ROLES, "roles")
    if days is None or not 1 <= days <= LONGEST:
        return unfit(visit, _NO_DAYS, "days")
    made_of = f"{organisation}/{visit.caller.actor}/{form.id}"
    made = tokens.create(
        visit.desk,
        organisation,
        roles,
        visit.sender(),
        actor=form.text("actor"),
        dialogue=form.text("dialogue"),
        days=days,
        # A page that is loaded again makes no second one.
        id=str(uuid5(NAMESPACE_URL, made_of)) if form.id else None,
    )
    return await attempt(visit, made, field="roles")


async def _revoked(visit: Visit, organisation: str, form: Form) -> Outcome:
    async def revoked() -> Token:
        # Behind the wall one of somebody else is not there; here it is asked as well.
        found = await tokens.find(visit.desk, form["token"])
        if found.organisation != organisation:
            raise NotFound(tokens.NO_TOKEN, id=form["token"])
        return await tokens.revoke(visit.desk, found.id, visit.sender())

    return await attempt(visit, revoked())


async def _shown(
    request: Request,
    visit: Visit,
    outcome: Outcome | None = None,
    typed: Form | None = None,
    made: Made | None = None,
) -> Response:
    found = await tokens.list_(visit.desk, visit.caller.organisation)
    now = datetime.now(UTC)
    good = [e for e in found if e.revoked_at is None and e.expires_at > now]
    return shown(
        request,
        visit,
        "tokens.html",
        outcome,
        typed=typed,
        made=made,
        good=good[::-1],
        over=[each for each in found if each not in good][::-1][:50],
        roles=[(role, ROLE_WORDS[role]) for role in ROLES],
        standing=standing,
        usual=DAYS,
        longest=LONGEST,
    )
