"""`polder up` and `polder demo`: everything with one command, nothing left behind."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from cli.frame import command
from cli.page import Page, write_json
from cli.settings import Call
from cli.speech import _, lang
from language import mark

if TYPE_CHECKING:
    from cli.house import House


@command(
    "",
    "demo",
    mark("Run real dialogues from start to finish in seconds, and check the record."),
    "polder demo",
    "polder demo --keep",
    "polder demo --case zwanenveld --lang en",
)
async def demo(
    call: Call,
    *,
    keep: Annotated[
        bool,
        typer.Option("--keep", help=mark("Keep the data, and say how to look inside.")),
    ] = False,
    case: Annotated[
        list[str] | None,
        typer.Option(
            "--case",
            metavar="CASE",
            help=mark("Only this example, or real case (polder case list)."),
        ),
    ] = None,
) -> int:
    """Run the demonstration; it starts and stops servers of its own."""
    from examples.demo import demonstrate

    arguments = ["--lang", lang(), *(f"--case={one}" for one in case or ())]
    arguments += [f"--home={call.home_path}"] if call.home_path else []
    arguments += ["--keep"] if keep else []
    arguments += ["--json"] if call.json else []
    return await demonstrate(arguments)


@command(
    "",
    "up",
    mark("Run everything Polder needs on this machine, until Ctrl-C."),
    "polder up",
    "POLDER_HOME=~/proef POLDER_DAY=2 polder up",
)
async def up(
    call: Call,
    *,
    headless: Annotated[
        bool, typer.Option("--headless", help=mark("Without Temporal's own pages."))
    ] = False,
) -> int:
    """Run PostgreSQL, Temporal, mail, a worker, the HTTP API and the pages."""
    from cli.house import House

    def ready(house: House) -> None:
        if call.json:
            # What the first line has is promised to the letter.
            write_json(house.where())
            write_json({"enter": house.doors})
        else:
            _welcome(Page(), house)

    await House(call, headless=headless, ready=ready).run()
    return 0


def _welcome(page: Page, house: House) -> None:
    names = {
        "home": _("Your data"),
        "http": _("Web address"),
        "temporal": "Temporal",
        "temporalUi": _("Temporal's pages"),
    }
    where = house.where()
    page.line(_("Everything runs."), "good")
    rows = [(label, where[key]) for key, label in names.items() if key in where]
    if house.day:
        rows.append((_("Demo clock"), _("{n} s in a day").format(n=house.day)))
    page.table(rows, indent=2)
    page.title(_("Open the pages with this link, within a quarter of an hour:"))
    page.table(house.doors.items(), indent=2)
    page.title(_("Open another terminal in this directory and try:"))
    if house.own_home:
        page.command(f"export POLDER_HOME={shlex.quote(where['home'])}")
    stream = "gemeente-waterdam:parkzicht"
    page.command(
        f"polder dialogue start {stream} --method stakeholderdialoog "
        '--title "Parkzicht"'
    )
    page.command(f"polder dialogue show {stream}")
    page.command("polder today")
    page.line()
    page.line(_("Ctrl-C stops everything; your data stays."), "quiet")
    page.out.flush()
