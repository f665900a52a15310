"""How it does, in words, and what helps where something is the matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from fastapi import Request
from fastapi.responses import Response

from desk.health import Part, Report
from desk.in_words.mood import Mood
from language import mark
from pages.administration.places import own, shown
from pages.guests import Staff
from pages.routing import router

ROUTE = router()


class Line(NamedTuple):
    """One part, how it does, and what would help if it does not do well."""

    name: str
    told: str
    mood: Mood
    help: str = ""
    reason: str = ""


class _Words(NamedTuple):
    name: str
    well: str
    ill: str
    help: str


_WORDS: Final[Mapping[Part, _Words]] = {
    "record": _Words(
        mark("The record of the house"),
        mark("It can be read."),
        mark("It can't be read: nothing works without it."),
        mark("See whether PostgreSQL runs and has room, and what its log says."),
    ),
    "commands": _Words(
        mark("Commands"),
        mark("A trial command came back in time."),
        mark("They do not come through, or slowly. Reading goes on."),
        mark("See whether Temporal and a worker run."),
    ),
    "log": _Words(
        mark("The log"),
        mark("What is recorded is sealed within half a minute."),
        mark("What is recorded waits too long for its place in the log."),
        mark("See whether a worker with the log's key runs; nothing is lost."),
    ),
}
STANDING: Final[Mapping[str, tuple[str, Mood]]] = {
    "UP": (mark("All is well"), "good"),
    "DEGRADED": (mark("Reading goes on; something else does not"), "open"),
    "DOWN": (mark("Nothing can be read"), "alarm"),
}


def lines(report: Report) -> list[Line]:
    """Say of every part how it does."""
    ill = {each.part: each.reason for each in report.troubles}
    return [
        Line(words.name, words.ill, "alarm", words.help, ill[part])
        if part in ill
        else Line(words.name, words.well, "good")
        for part, words in _WORDS.items()
    ]


@ROUTE.get("/administration/health")
async def show(request: Request, visit: Staff) -> Response:
    """Show how it does; found out by doing, and told when that was."""
    own(visit)
    report = await visit.service.health.lately()
    return shown(
        request,
        visit,
        "health.html",
        standing=STANDING[report.status],
        lines=lines(report),
        found=report.found,
    )
