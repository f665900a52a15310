"""Exceptions first: what in the record is not as usual, and what to do about it."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from cli.choosing import looking
from cli.frame import command
from cli.options import As
from cli.page import Cell, Page, Result
from cli.settings import Call
from cli.speech import _
from desk.in_words.moments import moment
from desk.in_words.unusual import TITLES, sentence, todo
from language import mark

if TYPE_CHECKING:
    from desk.exceptions import Unusual

_GRAVE = ("incident", "mandate_missing", "strange_key", "not_sealed", "text_missing")
_ZONE = ZoneInfo("Europe/Amsterdam")

_Late = Annotated[
    float,
    typer.Option(
        "--late",
        metavar="SECONDS",
        min=0,
        help=mark("Recorded so long after it happened is late."),
    ),
]
_Delay = Annotated[
    float,
    typer.Option(
        "--seal-delay",
        metavar="SECONDS",
        min=0,
        help=mark("So long between the record and the log is too long."),
    ),
]


@command(
    "audit",
    "exceptions",
    mark("Show first what is not as usual, with what to do about it."),
    "polder audit exceptions",
    "polder audit exceptions gemeente-waterdam --json",
    "polder audit exceptions gemeente-waterdam:parkzicht --late 3600",
)
async def exceptions(
    call: Call,
    where: Annotated[
        str | None,
        typer.Argument(
            metavar="[ORG[:SLUG]]",
            help=mark("An organisation, or one dialogue; without it everywhere."),
        ),
    ] = None,
    *,
    late: _Late = 60,
    seal_delay: _Delay = 10,
    as_: As = None,
) -> Result:
    """List what is out of the ordinary; that there is any is no failure."""
    from desk.exceptions import document, unusual

    async with call.desk() as desk:
        found = await unusual(
            desk, where, by=looking(as_).id, late=late, seal_delay=seal_delay
        )
    counts = {
        kind: sum(one.kind == kind for one in found.exceptions) for kind in TITLES
    }
    data = {
        "exceptions": [document(one) for one in found.exceptions],
        "counts": {kind: count for kind, count in counts.items() if count},
        "more": list(found.more),
    }
    return Result(data, lambda page: show(page, found))


def show(page: Page, found: Unusual) -> None:
    """Show them by kind, the most serious first."""
    if not found.exceptions:
        page.line(_("Nothing out of the ordinary."), "good")
    for kind, group in groupby(found.exceptions, key=lambda one: one.kind):
        page.title(_(TITLES[kind]))
        page.table(
            (
                (
                    one.stream,
                    "" if one.seq is None else str(one.seq),
                    _when(one.at),
                    Cell(sentence(one), "alarm" if kind in _GRAVE else "plain"),
                    Cell(todo(one), "open"),
                )
                for one in group
            ),
            indent=2,
        )
        if kind in found.more:
            page.line(_("There is more of this than is shown here."), "open", 2)


def _when(at: datetime) -> str:
    return moment(at.astimezone(_ZONE))
