"""Whether Polder is well, in one word: outsiders hear nothing of what it is made of."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import Response
from pydantic import Field

from api.models import Shown
from api.routing import router
from api.security import Serving

ROUTE = router("Over deze API")

DOWN: Final = 503


class HealthShown(Shown):
    """Hoe het gaat."""

    status: Annotated[
        Literal["UP", "DEGRADED", "DOWN"],
        Field(
            description="UP: alles gaat. DEGRADED: lezen gaat, opdrachten niet of "
            "langzaam. DOWN: er is niets te lezen.",
            examples=["UP"],
        ),
    ]


@ROUTE.get(
    "/health",
    operation_id="getHealth",
    summary="Of het goed gaat",
    responses={DOWN: {"description": "Er is niets te lezen.", "model": HealthShown}},
)
async def get_health(service: Serving, response: Response) -> HealthShown:
    """Zegt of het goed gaat, door een opdracht te proberen: hoogstens elke 10 seconden.

    Het antwoord is 200 voor UP en DEGRADED, en 503 voor DOWN.
    """
    report = await service.health.report()
    if report.status == "DOWN":
        response.status_code = DOWN
    return HealthShown(status=report.status)
