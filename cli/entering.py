"""`polder enter`: a link into the pages, good once and for a quarter of an hour."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.frame import command
from cli.options import As, Organisation
from cli.page import Page, Result
from cli.settings import Call, sender
from cli.speech import _
from language import mark


@command(
    "",
    "enter",
    mark("Make a link into the pages: good once, for a quarter of an hour."),
    "polder enter gemeente-waterdam",
    "polder enter gemeente-waterdam --as p-1 --role director",
    "polder enter gemeente-waterdam --as rekenkamer-2 --role auditor",
)
async def enter(
    call: Call,
    organisation: Organisation,
    *,
    role: Annotated[
        list[str] | None,
        typer.Option(
            "--role",
            metavar="ROLE",
            help=mark(
                "director, member, auditor or operator; can be given more than once. "
                "Else director and operator."
            ),
        ),
    ] = None,
    as_: As = None,
) -> Result:
    """Make it, for who acts by this id."""
    from desk.access.entering import USUAL, create

    who = sender(as_)
    async with call.desk() as desk:
        made = await create(desk, organisation, who.id, who, roles=role or USUAL)
    base = call.environment.get("POLDER_URL") or call.addresses.http or ""
    url = f"{base.rstrip('/')}{made.path}"
    data = {
        "id": made.id,
        "url": url,
        "organisation": made.organisation,
        "actor": made.actor,
        "roles": [*made.roles],
        "expiresAt": made.expires_at.isoformat(),
    }

    def show(page: Page) -> None:
        page.line(url)
        text = _("Lets {actor} in, once, within a quarter of an hour.")
        page.line(text.format(actor=made.actor), "quiet")

    return Result(data, show)
