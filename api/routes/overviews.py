"""What is under way over all dialogues, as numbers and as a calendar."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import Response

from api.models import DialogueName
from api.models.audit import without_nulls
from api.models.overviews import (
    PortfolioShown,
    RevisitAsked,
    RevisitPreview,
    StandingShown,
    StatusCount,
    TaskCount,
)
from api.routing import router
from api.security import Visit, Visiting
from desk import agenda as calendar
from desk.errors import Refused
from desk.portfolio import portfolio
from desk.saying import said

ROUTE = router("Overzicht")


def _only(visit: Visit) -> str | None:
    """Give the one dialogue that a token is for."""
    slug = visit.caller.dialogue
    return None if slug is None else f"{visit.caller.organisation}:{slug}"


@ROUTE.get("/portfolio", operation_id="getPortfolio", summary="Alles onderhanden")
async def get_portfolio(visit: Visiting) -> PortfolioShown:
    """Geeft in getallen waar de dialogen van uw organisatie staan."""
    visit.allow("read")
    organisation = visit.caller.organisation
    found = await portfolio(visit.desk, organisation, only=_only(visit))
    return PortfolioShown(
        organisation=organisation,
        dialogues=found.dialogues,
        open_windows=found.open_windows,
        need_attention=found.need_attention,
        next_deadline=found.next_deadline,
        statuses=[StatusCount(status=s, count=n) for s, n in found.statuses.items()],
        standing=[StandingShown(**each._asdict()) for each in found.standing],
        tasks=[TaskCount(kind=k, count=n) for k, n in found.tasks.items()],
    )


@ROUTE.get(
    "/agenda.ics",
    operation_id="getAgenda",
    summary="Agenda van termijnen en bijeenkomsten",
    response_class=Response,
    responses={
        200: {
            "description": "Een agenda (RFC 5545).",
            "content": {calendar.MEDIA_TYPE: {"schema": {"type": "string"}}},
        }
    },
)
async def get_agenda(visit: Visiting) -> Response:
    """Geeft termijnen en bijeenkomsten van alle dialogen, voor een agendaprogramma.

    Het token mag hier ook als wachtwoord mee (Basic), met een gebruikersnaam naar
    keuze: agendaprogramma's kunnen niet anders.
    """
    visit.allow("read")
    text = await calendar.agenda(
        visit.desk, visit.caller.organisation, visit.lang, only=_only(visit)
    )
    headers = {"Cache-Control": "private, no-cache"}
    return Response(
        text, media_type=f"{calendar.MEDIA_TYPE}; charset=utf-8", headers=headers
    )


@ROUTE.get(
    "/dialogues/{dialogue}/revisit-preview",
    operation_id="previewRevisit",
    summary="Wat teruggaan naar een stap zou doen",
)
async def preview_revisit(
    visit: Visiting, dialogue: DialogueName, asked: Annotated[RevisitAsked, Query()]
) -> RevisitPreview:
    """Geeft wat er zou vervallen en wie het zouden horen; er gebeurt niets."""
    visit.allow("read", dialogue)
    found = await visit.desk.preview_revisit(dialogue, asked.step)
    if not found["possible"]:
        found = {**found, "because": _because(found, visit.lang)}
    return RevisitPreview.model_validate(without_nulls(found))


def _because(found: dict[str, Any], lang: str) -> str:
    if "error" not in found:
        return str(found["because"])
    return said(Refused(found["error"], found["because"], found["facts"]), lang)
