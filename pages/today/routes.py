"""The page of today, and the few acts that take no more than a button on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from api.security import Visit
from desk.ahead import Coming, ahead
from desk.overseeing import Reader, holds_a_role
from desk.requests import Waiting, may_see, waiting
from desk.today import Today, counts, today
from language import mark
from language.dates import HOME_ZONE
from language.speaking import speaking
from pages.acting import Outcome, act, go_on
from pages.guests import Staff
from pages.rendering import page
from pages.routing import router
from pages.said import says
from pages.today.groups import BY_NAME, Group
from pages.today.views import DONE_AT_ONCE, chips, sections, summed_up, to_come
from pages.typing_in import Form, Typed

ROUTE = router()

AT_ONCE: Final = 40
"""How many lines there are on a page."""

_AHEAD: Final = 6
"""How much is told of what comes after this week."""

SENT: Final = says("sent", mark("It was sent. Who was silent hears from you."))
TRIED: Final = says("tried", mark("It is being tried again."))


class Look(NamedTuple):
    """What is asked of the page: whose list, which group, which dialogue, from where.

    What makes no sense is left out, so that an old address still leads somewhere.
    """

    everybody: bool
    group: Group | None
    dialogue: str | None
    after: str | None

    def kinds(self) -> tuple[str, ...]:
        """Give the kinds that are asked for; none for all."""
        return self.group.kinds if self.group else ()

    def address(self, *, after: str | None = None) -> str:
        """Give the address of this list, from its beginning or from a place on."""
        asked = {
            "who": "all" if self.everybody else None,
            "group": self.group.name if self.group else None,
            "dialogue": self.dialogue,
            "after": after,
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"/today?{query}" if query else "/today"


def _look(request: Request) -> Look:
    told = request.query_params
    return Look(
        told.get("who") == "all",
        BY_NAME.get(told.get("group", "")),
        _plain(told.get("dialogue")),
        _plain(told.get("after")),
    )


def _plain(told: str | None) -> str | None:
    return told if told and "\x00" not in told else None


@ROUTE.get("/")
async def first(visit: Staff) -> Response:
    """Today is the first page."""
    visit.allow("read")
    return RedirectResponse("/today", 303)


@ROUTE.get("/today")
async def show(request: Request, visit: Staff) -> Response:
    """Show what needs somebody, most urgent first."""
    visit.allow("read")
    return await _shown(request, visit, _look(request))


@ROUTE.post("/today")
async def do(request: Request, visit: Staff, form: Typed) -> Response:
    """Do what a button of the page says, and show the same list again."""
    visit.allow("act")
    look = _look(request)
    kind = form["kind"]
    if kind not in DONE_AT_ONCE or not form.text("dialogue"):
        return RedirectResponse(look.address(), 303)
    member, _label = DONE_AT_ONCE[kind]
    body = {member: form["target"]}
    role = form.text("role")
    outcome = await act(visit, request, form["dialogue"], kind, body, form, role=role)
    if outcome.problem is None:
        said = TRIED if kind.startswith("retry") else SENT
        return go_on(look.address(), said, outcome)
    return await _shown(request, visit, look, outcome, form)


async def _shown(
    request: Request,
    visit: Visit,
    look: Look,
    outcome: Outcome | None = None,
    form: Form | None = None,
) -> Response:
    try:
        found = await _asked(visit, look, look.kinds(), look.after)
    except ValueError:  # no page ended there: from the beginning, then
        return RedirectResponse(look.address(), 303)
    told = await _counted(visit, look) if look.group else found.counts
    after = await _ahead(visit, look, found)
    with speaking(visit.lang):
        facts: dict[str, Any] = {
            "greeting": summed_up(told, datetime.now(HOME_ZONE).date()),
            "sections": sections(found),
            "ahead": to_come(after),
        }
    return page(
        request,
        visit,
        "today/today.html",
        status=outcome.status if outcome else 200,
        outcome=outcome,
        typed=form,
        look=look,
        chips=chips(told, look.group),
        held=bool(told) or bool(after) or await _holds(visit),
        next=look.address(after=found.after) if found.after else None,
        requests=await _requests(visit, look),
        **facts,
    )


async def _requests(visit: Visit, look: Look) -> list[Waiting]:
    """Give the requests to be erased that wait, on the first page of the whole list."""
    narrowed = look.group or look.after or look.dialogue or visit.caller.dialogue
    if narrowed or not may_see(visit.caller):
        return []
    now = datetime.now(HOME_ZONE)
    return await waiting(visit.desk, visit.caller.organisation, now)


def _where(visit: Visit, look: Look) -> tuple[str | None, str | None]:
    """Give who is looked at, and the one dialogue if there is one."""
    caller = visit.caller
    named = caller.dialogue or look.dialogue
    only = f"{caller.organisation}:{named}" if named else None
    return None if look.everybody else caller.actor, only


async def _asked(
    visit: Visit, look: Look, kinds: tuple[str, ...], after: str | None
) -> Today:
    actor, only = _where(visit, look)
    return await today(
        visit.desk,
        actor,
        visit.lang,
        visit.caller.organisation,
        only=only,
        kinds=kinds,
        after=after,
        limit=AT_ONCE,
    )


async def _ahead(visit: Visit, look: Look, found: Today) -> tuple[Coming, ...]:
    """Give what comes after this week, on a page with which the list ends."""
    if look.everybody or look.group or look.after or found.after:
        return ()
    actor, only = _where(visit, look)
    assert actor is not None  # noqa: S101  (everybody was left out above)
    organisation = visit.caller.organisation
    return await ahead(
        visit.desk, actor, visit.lang, organisation, only=only, limit=_AHEAD
    )


async def _holds(visit: Visit) -> bool:
    caller = visit.caller
    return await holds_a_role(
        visit.desk, Reader(caller.organisation, caller.actor, visit.lang)
    )


async def _counted(visit: Visit, look: Look) -> Mapping[str, int]:
    actor, only = _where(visit, look)
    organisation = visit.caller.organisation
    return await counts(visit.desk, actor, organisation, only=only)
