"""Participants: a personal link to one dialogue, good once."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.frame import command
from cli.options import As, Stream
from cli.page import Page, Result
from cli.settings import Call, sender
from cli.speech import _
from language import mark


@command(
    "participant",
    "link",
    mark("Make somebody's personal link to a dialogue: good once, and shown once."),
    "polder participant link gemeente-waterdam:parkzicht p-7",
)
async def link(
    call: Call,
    stream: Stream,
    actor: Annotated[
        str, typer.Argument(metavar="ACTOR", help=mark("Whose link it is: an id."))
    ],
    *,
    days: Annotated[
        int, typer.Option("--days", metavar="N", help=mark("For so many days."))
    ] = 14,
    as_: As = None,
) -> Result:
    """Make a link."""
    from desk.access.links import create

    async with call.desk() as desk:
        made = await create(desk, stream, actor, sender(as_), days=days)
    base = call.environment.get("POLDER_URL") or call.addresses.http or ""
    url = f"{base.rstrip('/')}/link/{made.secret}"
    data = {
        "id": made.id,
        "url": url,
        "dialogue": made.stream,
        "actor": made.actor,
        "expiresAt": made.expires_at.isoformat(),
    }

    def show(page: Page) -> None:
        page.line(url)
        text = _("For {actor} alone: good once, until {day}. It is not shown again.")
        page.line(text.format(actor=actor, day=made.expires_at.date()), "quiet")

    return Result(data, show)
