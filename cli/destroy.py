"""The end of a dossier: how long it is kept, and its destruction after that."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.erase import Certificate, write_certificate
from cli.frame import command
from cli.options import As, Authority, CommandId, Organisation, Stream, Under
from cli.page import Page, Result
from cli.settings import Call, sender
from cli.speech import _, lang
from cli.under import mandated
from language import mark

_ORG = "gemeente-waterdam"


@command(
    "audit",
    "retention",
    mark("Say how many years dialogues are kept after they were archived."),
    f'polder audit retention {_ORG} --years 10 --authority "selectielijst 2020, 11.1"',
)
async def retention(
    call: Call,
    organisation: Organisation,
    *,
    years: Annotated[
        int,
        typer.Option("--years", metavar="N", min=0, max=200, help=mark("How many.")),
    ],
    authority: Authority,
    dialogue: Annotated[
        str | None,
        typer.Option(
            "--dialogue", metavar="SLUG", help=mark("For this dialogue alone.")
        ),
    ] = None,
    name: CommandId = None,
    as_: As = None,
    under: Under = None,
) -> Result:
    """Note the term; the last one counts."""
    from desk.desk import fresh_id
    from desk.destroying import keep

    async with call.desk() as desk:
        fact = await keep(
            desk,
            organisation,
            sender(as_),
            name=name or fresh_id(),
            years=years,
            authority=authority,
            dialogue=dialogue,
            mandate=await mandated(desk, under),
        )

    def show(page: Page) -> None:
        what = f"{organisation}:{fact.dialogue}" if fact.dialogue else organisation
        text = _("{what}: kept for {years} years after archiving ({authority}).")
        page.line(text.format(what=what, years=fact.years, authority=fact.authority))

    return Result({"organisation": organisation, **fact.model_dump()}, show)


@command(
    "audit",
    "destroy",
    mark("Destroy an archived dialogue whose term is over; its hashes stay."),
    f'polder audit destroy {_ORG}:parkzicht --authority "vernietigingslijst 2037" '
    "--as archief-1/archivist --out vernietiging.json",
)
async def destroy(
    call: Call,
    stream: Stream,
    *,
    authority: Authority,
    out: Certificate = None,
    as_: As = None,
    under: Under = None,
) -> Result:
    """Destroy it, or do what is left of that."""
    from desk.certificates import of_destruction
    from desk.desk import fresh_id
    from desk.destroying import destroy as act

    async with call.desk("temporal") as desk:
        found = await act(
            desk,
            stream,
            sender(as_),
            name=fresh_id(),
            authority=authority,
            mandate=await mandated(desk, under),
        )
    document = of_destruction(found)
    if out is not None:
        write_certificate(out, document)

    def show(page: Page) -> None:
        for text in document["text"][lang()]:
            page.line(text)

    return Result(document, show, 5 if found.runs_left else 0)
