"""Participants: a personal link to one dialogue, good once, that can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.frame import command
from cli.options import As, OfOrganisation, Stream
from cli.page import Page, Result
from cli.settings import Call, sender
from cli.speech import _
from language import mark

if TYPE_CHECKING:
    from desk.access.links import Link

_ID = "4d0f1c9e-1d7e-4a53-9a39-7b1c52f0a6b1"


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


@command(
    "participant",
    "links",
    mark("List the personal links, the newest first, and what became of each."),
    "polder participant links --organisation gemeente-waterdam",
    "polder participant links --dialogue gemeente-waterdam:parkzicht --actor p-7",
)
async def links(
    call: Call,
    *,
    organisation: OfOrganisation = None,
    dialogue: Annotated[
        str | None,
        typer.Option(
            "--dialogue", metavar="ORG:SLUG", help=mark("Of this dialogue only.")
        ),
    ] = None,
    actor: Annotated[
        str | None,
        typer.Option("--actor", metavar="ID", help=mark("Of this person only.")),
    ] = None,
) -> Result:
    """List them, at most a hundred."""
    from desk.access.links import listed

    async with call.desk() as desk:
        found = await listed(desk, organisation, stream=dialogue, actor=actor)
    return _shown(found)


@command(
    "participant",
    "take-back",
    mark("Make a personal link good for nothing, and put out who was in by it."),
    f"polder participant take-back {_ID}",
)
async def take_back(
    call: Call,
    link: Annotated[str, typer.Argument(metavar="ID", help=mark("Its id."))],
) -> Result:
    """Take it back; once more changes nothing."""
    from desk.access.links import take_back as act

    async with call.desk() as desk:
        return _shown([await act(desk, None, link)])


def _shown(found: Sequence[Link]) -> Result:
    def show(page: Page) -> None:
        if not found:
            page.line(_("There is no such link."))
        page.table(
            (each.id, each.stream, each.actor, _standing(each)) for each in found
        )

    return Result({"links": [_row(each) for each in found]}, show)


def _standing(link: Link) -> str:
    from datetime import UTC, datetime

    if link.revoked_at is not None:
        return _("taken back")
    if link.inside_until is not None:
        return _("in, until {day}").format(day=link.inside_until.date())
    if link.used_at is not None:
        return _("used, and out again")
    if link.expires_at <= datetime.now(UTC):
        return _("not used, and too old now")
    return _("not used, good until {day}").format(day=link.expires_at.date())


def _row(link: Link) -> dict[str, Any]:
    moments = {
        "createdAt": link.created_at,
        "expiresAt": link.expires_at,
        "usedAt": link.used_at,
        "takenBackAt": link.revoked_at,
        "seenAt": link.seen_at,
        "insideUntil": link.inside_until,
    }
    told = {name: at.isoformat() if at else None for name, at in moments.items()}
    whose = {"id": link.id, "dialogue": link.stream, "actor": link.actor}
    return {**whose, "createdBy": link.created_by, **told}
