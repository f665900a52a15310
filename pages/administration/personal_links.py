"""Participants' personal links: whose, what became of each, and taking one back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final, NamedTuple

import structlog
from fastapi import Query, Request
from fastapi.responses import Response

from api.security import Visit
from desk.access import links
from desk.access.links import Link
from desk.in_words.mood import Mood
from language import mark
from pages.acting import Outcome, attempt, go_on
from pages.administration.places import own, shown
from pages.guests import Staff
from pages.routing import router
from pages.said import says
from pages.typing_in import Typed

ROUTE = router()

log = structlog.get_logger()

WHERE: Final = "/administration/links"
TAKEN: Final = says(
    "link-taken-back",
    mark("The link is good for nothing any more, and who was in by it is out."),
)
_MOST: Final = 50

Asked = Annotated[str, Query(max_length=250, pattern=r"^[^\x00]*$")]


class Standing(NamedTuple):
    """What became of a link: a text, until when, and how that looks."""

    text: str
    until: datetime | None
    mood: Mood


_BACK: Final = Standing(mark("taken back"), None, "quiet")
_OUT: Final = Standing(mark("used, and out again"), None, "quiet")
_OVER: Final = Standing(mark("not used, and too old now"), None, "quiet")
_IN: Final = mark("in, until {day}")
_UNUSED: Final = mark("not used, good until {day}")


def standing(link: Link) -> Standing:
    """Say what became of a link: not used yet, in by it until when, or over."""
    if link.revoked_at is not None:
        return _BACK
    if link.inside_until is not None:
        return Standing(_IN, link.inside_until, "good")
    if link.used_at is not None:
        return _OUT
    if link.expires_at <= datetime.now(UTC):
        return _OVER
    return Standing(_UNUSED, link.expires_at, "open")


@ROUTE.get(WHERE)
async def show(
    request: Request,
    visit: Staff,
    who: Asked = "",
    slug: Asked = "",
    before: Asked = "",
) -> Response:
    """Show the links, the newest first; of one person or dialogue where asked."""
    own(visit)
    return await _shown(request, visit, who.strip(), slug.strip(), before)


@ROUTE.post(WHERE)
async def take_back(request: Request, visit: Staff, form: Typed) -> Response:
    """Make one link good for nothing, and end what it was swapped for."""
    organisation = own(visit)
    taking = links.take_back(visit.desk, organisation, form["link"])
    done = await attempt(visit, taking)
    if done.problem:
        return await _shown(request, visit, outcome=done)
    log.info("link taken back", actor=visit.caller.actor, link=str(done.made.id))
    return go_on(WHERE, TAKEN, done)


async def _shown(
    request: Request,
    visit: Visit,
    who: str = "",
    slug: str = "",
    before: str = "",
    outcome: Outcome | None = None,
) -> Response:
    organisation = visit.caller.organisation
    found = await links.listed(
        visit.desk,
        organisation,
        stream=f"{organisation}:{slug}" if slug else None,
        actor=who or None,
        before=before or None,
        limit=_MOST + 1,
    )
    return shown(
        request,
        visit,
        "links.html",
        outcome,
        found=found[:_MOST],
        more=found[_MOST - 1].id if len(found) > _MOST else None,
        who=who,
        slug=slug,
        paged=bool(before),
        standing=standing,
    )
