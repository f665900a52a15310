"""All windows of an organisation stop at once, and go on with what they had left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.frame import command
from cli.options import As, Organisation, Reason, Under
from cli.page import Cell, Page, Result
from cli.settings import Call, sender
from cli.speech import _, lang
from cli.under import mandated
from language import mark

if TYPE_CHECKING:
    from desk.organisations import Suspension, Told

_ORG = "gemeente-waterdam"

_Name = Annotated[
    str | None,
    typer.Option("--id", metavar="ID", help=mark("Id of the suspension.")),
]


@command(
    "organisation",
    "suspend",
    mark("Stop the windows of all dialogues of an organisation; none opens meanwhile."),
    f'polder organisation suspend {_ORG} --reason "Noodverordening" '
    '--authority "besluit 2026-112" --as burgemeester',
)
async def suspend(
    call: Call,
    organisation: Organisation,
    *,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help=mark("Why. Kept private."))
    ],
    authority: Annotated[
        str | None,
        typer.Option(
            "--authority",
            metavar="TEXT",
            help=mark("Public reference to the decision, such as a decree."),
        ),
    ] = None,
    name: _Name = None,
    as_: As = None,
    under: Under = None,
) -> Result:
    """Suspend; the same id again reaches what was not reached."""
    from desk.desk import fresh_id
    from desk.organisations import listed
    from desk.organisations import suspend as act

    async with call.desk("temporal") as desk:
        told = await act(
            desk,
            organisation,
            sender(as_),
            suspension=name or fresh_id(),
            reason=reason,
            authority=authority,
            mandate=await mandated(desk, under),
        )
        found = await listed(desk, organisation)
    return _told(organisation, told, found)


@command(
    "organisation",
    "resume",
    mark("Let the windows go on, each with the time it had left: all, or some first."),
    f'polder organisation resume {_ORG} --reason "De verordening is ingetrokken"',
    f"polder organisation resume {_ORG} --dialogue parkzicht --dialogue stationsweg",
)
async def resume(
    call: Call,
    organisation: Organisation,
    *,
    dialogues: Annotated[
        list[str] | None,
        typer.Option(
            "--dialogue",
            metavar="SLUG",
            help=mark("Only this dialogue; can be given more than once."),
        ),
    ] = None,
    reason: Reason = None,
    name: _Name = None,
    as_: As = None,
    under: Under = None,
) -> Result:
    """Resume; a dialogue that was paused by itself stays paused."""
    from desk.organisations import resume as act

    async with call.desk("temporal") as desk:
        told = await act(
            desk,
            organisation,
            sender(as_),
            suspension=name,
            dialogues=dialogues or (),
            reason=reason,
            mandate=await mandated(desk, under),
        )
    return _told(organisation, told)


@command(
    "organisation",
    "suspensions",
    mark("List the suspensions of an organisation."),
    f"polder organisation suspensions {_ORG}",
)
async def suspensions(call: Call, organisation: Organisation) -> Result:
    """List them, lifted ones too."""
    from desk.organisations import listed

    async with call.desk() as desk:
        found = await listed(desk, organisation)
    rows = [_row(each) for each in found]

    def show(page: Page) -> None:
        if not rows:
            page.line(_("Nothing is suspended."))
        page.table(
            (row["suspension"], row["authority"] or "", _standing(each))
            for row, each in zip(rows, found, strict=True)
        )
        _how_to_go_on(page, organisation, found)

    return Result({"suspensions": rows}, show)


def _how_to_go_on(page: Page, organisation: str, found: Sequence[Suspension]) -> None:
    """Show how to end each that stands; each is ended by itself."""
    standing = [each for each in found if each.lifted is None]
    if len(standing) > 1:
        page.line(_("More than one stands: the windows go on once all have ended."))
    if standing:
        page.line(_("To let the windows go on:"))
    for each in standing:
        page.command(f"polder organisation resume {organisation} --id {each.id}")


def _standing(each: Suspension) -> Cell:
    if each.lifted is not None:
        return Cell(_("lifted"), "quiet")
    some = ", ".join(sorted(each.released))
    told = _("stands, but not for {some}").format(some=some) if some else _("stands")
    return Cell(told, "open")


def _row(each: Suspension) -> dict[str, Any]:
    return {
        "suspension": each.id,
        "seq": each.seq,
        "suspended": each.at.isoformat(),
        "by": each.by.id,
        "authority": each.authority,
        "lifted": each.lifted.isoformat() if each.lifted else None,
        "released": sorted(each.released),
    }


def _told(organisation: str, told: Told, found: Sequence[Suspension] = ()) -> Result:
    from desk.saying import said

    rows: Sequence[dict[str, Any]] = [
        {
            "dialogue": each.stream,
            "resumed": each.lifted,
            "trouble": said(each.trouble, lang()) if each.trouble else None,
        }
        for each in told.reached
    ]
    troubled = any(row["trouble"] for row in rows)

    def show(page: Page) -> None:
        page.line(_headline(organisation, told))
        page.table(
            (
                row["dialogue"],
                Cell(row["trouble"], "alarm")
                if row["trouble"]
                else _("goes on")
                if row["resumed"]
                else _("stands still"),
            )
            for row in rows
        )
        if troubled:
            page.line(_("What was not reached, a worker reaches later by itself."))
        _how_to_go_on(page, organisation, found)

    data = {**_row(told.suspension), "dialogues": list(rows)}
    return Result(data, show, 1 if troubled else 0)


def _headline(organisation: str, told: Told) -> str:
    count = sum(each.trouble is None for each in told.reached)
    if told.suspension.lifted is not None:
        text = _("{organisation} goes on; dialogues reached: {count}.")
    elif any(each.lifted for each in told.reached):
        text = _("Some dialogues of {organisation} go on; reached: {count}.")
    else:
        text = _(
            "{organisation} is suspended (id {name}); dialogues that stand still now:"
            " {count}. No window opens until it resumes."
        )
    return text.format(organisation=organisation, count=count, name=told.suspension.id)
