"""Sessions: who of the staff is in, and ending all that somebody has."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.frame import command
from cli.options import Organisation
from cli.page import Page, Result
from cli.settings import Call, Usage
from cli.speech import _
from language import mark


@command(
    "session",
    "list",
    mark("List who of the staff is in now, last seen first."),
    "polder session list gemeente-waterdam",
)
async def list_(call: Call, organisation: Organisation) -> Result:
    """List them, at most two hundred."""
    from desk.access.provided import listed

    async with call.desk() as desk:
        found = await listed(desk, organisation)
    rows = [
        {
            "id": each.id,
            "actor": each.actor,
            "roles": each.roles,
            "createdAt": each.created_at.isoformat(),
            "seenAt": each.seen_at.isoformat(),
            "expiresAt": each.expires_at.isoformat(),
            "provided": each.provided,
        }
        for each in found
    ]

    def show(page: Page) -> None:
        if not found:
            page.line(_("Nobody of the staff is in now."))
        page.table(
            (each.actor, ", ".join(each.roles), f"{each.seen_at:%Y-%m-%d %H:%M}")
            for each in found
        )

    return Result({"sessions": rows}, show)


@command(
    "session",
    "end",
    mark("End all sessions of somebody, and the links they did not use yet."),
    "polder session end gemeente-waterdam p-7",
    "polder session end gemeente-waterdam --everybody",
)
async def end(
    call: Call,
    organisation: Organisation,
    actor: Annotated[
        str | None,
        typer.Argument(
            metavar="ACTOR", help=mark("Whose: an id, of a participant as well.")
        ),
    ] = None,
    *,
    everybody: Annotated[
        bool,
        typer.Option("--everybody", help=mark("Of all people of the organisation.")),
    ] = False,
) -> Result:
    """End them; once more changes nothing."""
    from desk.access.provided import end_all, end_everybody

    if everybody == (actor is not None):
        raise Usage(_("Say whose sessions end, or --everybody."))
    async with call.desk() as desk:
        if actor is None:
            ended = await end_everybody(desk, organisation)
        else:
            ended = await end_all(desk, organisation, actor)

    def show(page: Page) -> None:
        page.line(_("Sessions that were ended: {n}.").format(n=ended))

    return Result({"actor": actor, "ended": ended}, show)
