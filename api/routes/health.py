"""Whether Polder is well, in one word: outsiders hear nothing of what it is made of."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from api.models import Shown
from api.problems import Problem
from api.refusals import RETRY_SECONDS
from api.routing import router
from api.security import Serving
from language import mark

ROUTE = router("Over deze API")

_DOWN: Final = mark("DOWN: nothing can be read at the moment.")


class HealthShown(Shown):
    """Hoe het gaat."""

    status: Annotated[
        Literal["UP", "DEGRADED"],
        Field(
            description="UP: alles gaat. DEGRADED: lezen gaat, opdrachten niet of "
            "langzaam.",
            examples=["UP"],
        ),
    ]


@ROUTE.get("/health", operation_id="getHealth", summary="Of het goed gaat")
async def get_health(service: Serving) -> HealthShown:
    """Zegt of het goed gaat, door een opdracht te proberen: hoogstens elke 10 seconden.

    Het antwoord is 200 voor UP en DEGRADED. Is er niets te lezen (DOWN), dan is het een
    probleem met status 503.
    """
    report = await service.health.report()
    if report.status == "DOWN":
        retry = {"Retry-After": str(RETRY_SECONDS)}
        raise Problem(503, "Down", _DOWN, headers=retry)
    return HealthShown(status=report.status)
