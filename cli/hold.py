"""Legal holds: nothing that they cover is erased or destroyed until they are lifted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.frame import command
from cli.options import As, Authority, Organisation, Under
from cli.page import Cell, Page, Result
from cli.settings import Call, sender
from cli.speech import _
from cli.under import mandated
from language import mark

if TYPE_CHECKING:
    from desk.holding import Hold

_ORG = "gemeente-waterdam"

_Ground = Annotated[
    str,
    typer.Option(
        "--ground",
        metavar="CODE",
        help=mark("litigation, supervision, information_request, audit or other."),
    ),
]
_About = Annotated[
    str | None,
    typer.Option(
        "--about", metavar="SUBJECT", help=mark("Only what is about this person.")
    ),
]


@command(
    "audit hold",
    "place",
    mark("Hold a dialogue, a person, or a whole organisation: nothing goes meanwhile."),
    f"polder audit hold place {_ORG}:parkzicht --ground litigation "
    '--authority "rolnummer 26/1180" --as fg-1/privacy_officer',
    f"polder audit hold place {_ORG} --about p-7f3 --ground information_request "
    '--authority "Woo 2026-9"',
)
async def place(
    call: Call,
    what: Annotated[
        str,
        typer.Argument(
            metavar="ORG[:SLUG]", help=mark("The organisation, or one dialogue of it.")
        ),
    ],
    *,
    ground: _Ground,
    authority: Authority,
    about: _About = None,
    name: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help=mark("A name for it, to lift it by.")),
    ] = None,
    as_: As = None,
    under: Under = None,
) -> Result:
    """Place a hold; the same id again is the same hold."""
    from desk.desk import fresh_id
    from desk.holding import place as act

    organisation, _colon, slug = what.partition(":")
    async with call.desk() as desk:
        hold = await act(
            desk,
            organisation,
            sender(as_),
            hold=name or fresh_id(),
            ground=ground,
            authority=authority,
            dialogue=slug or None,
            subject=about,
            mandate=await mandated(desk, under),
        )
    return _shown(organisation, [hold])


@command(
    "audit hold",
    "lift",
    mark("Lift a hold: what waited for it goes on."),
    f'polder audit hold lift {_ORG} 8d1… --authority "uitspraak 2027-3"',
)
async def lift(
    call: Call,
    organisation: Organisation,
    hold: Annotated[str, typer.Argument(metavar="HOLD", help=mark("Its id."))],
    *,
    authority: Authority,
    as_: As = None,
    under: Under = None,
) -> Result:
    """Lift a hold."""
    from desk.holding import lift as act

    async with call.desk() as desk:
        found = await act(
            desk,
            organisation,
            sender(as_),
            hold=hold,
            authority=authority,
            mandate=await mandated(desk, under),
        )
    return _shown(organisation, [found])


@command(
    "audit hold",
    "list",
    mark("List the holds of an organisation."),
    f"polder audit hold list {_ORG}",
)
async def holds(call: Call, organisation: Organisation) -> Result:
    """List them, lifted ones too; whom one is about is not told."""
    from desk.holding import listed

    async with call.desk() as desk:
        return _shown(organisation, await listed(desk, organisation))


def _shown(organisation: str, found: Sequence[Hold]) -> Result:
    rows = [_row(hold) for hold in found]

    def show(page: Page) -> None:
        from desk.certificates import GROUNDS

        if not rows:
            page.line(_("Nothing is held."))
        page.table(
            (
                row["hold"],
                f"{organisation}:{row['dialogue']}"
                if row["dialogue"]
                else (_("about one person") if row["aboutPerson"] else organisation),
                _(GROUNDS[row["ground"]]),
                row["authority"],
                Cell(_("lifted"), "quiet")
                if row["lifted"]
                else Cell(_("stands"), "open"),
            )
            for row in rows
        )

    return Result({"holds": rows}, show)


def _row(hold: Hold) -> dict[str, Any]:
    return {
        "hold": hold.id,
        "seq": hold.seq,
        "placed": hold.at.isoformat(),
        "lifted": hold.lifted and hold.lifted.isoformat(),
        "dialogue": hold.placed.dialogue,
        "aboutPerson": hold.placed.subject is not None,
        "ground": hold.placed.ground,
        "authority": hold.placed.authority,
    }
