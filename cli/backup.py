"""Backups of the record, and putting one back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.frame import command
from cli.options import As
from cli.page import Page, Result
from cli.settings import Call
from cli.speech import _
from language import mark

KeysDirectory = Annotated[
    Path | None,
    typer.Option(
        "--keys",
        metavar="DIR",
        help=mark("Where the copy of the vault's keys is, if not in DIR/keys."),
    ),
]


@command(
    "db",
    "backup",
    mark("Copy record and vault to a directory, and the vault's keys to another."),
    "polder db backup --out backup-2026-11-21",
    "polder db backup --out /mnt/a/record --keys /mnt/b/keys",
)
async def backup(
    call: Call,
    *,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help=mark("A new directory."))
    ],
    keys: KeysDirectory = None,
    as_: As = None,
) -> Result:
    """Make a backup of one moment; work goes on meanwhile."""
    from desk.backups import MAX_KEY_AGE, Places, back_up
    from servers.programs import postgres_programs

    found = call.addresses.need("database")
    places = Places.at(out.absolute(), keys.absolute() if keys else None)
    made = await back_up(
        found.database or "", found.keys, places, postgres_programs(), operator(as_)
    )

    def show(page: Page) -> None:
        page.line(_("The backup is made."), "good")
        page.table(
            (
                (_("record and vault"), str(places.record)),
                (_("keys of the vault"), str(places.keys)),
                (_("events"), str(made["events"])),
                (_("streams"), str(made["streams"])),
            ),
            indent=2,
        )
        text = _(
            "Keep the keys elsewhere, and destroy that copy after {days} days at most: "
            "with both, what is erased from now on can still be read."
        )
        page.line(text.format(days=MAX_KEY_AGE.days), "open")

    data = {**made, "directory": str(places.record), "keys": str(places.keys)}
    return Result(data, show)


@command(
    "db",
    "restore",
    mark("Put a backup of the record back; the present one is kept beside it."),
    "polder db restore backup-2026-11-21",
    "polder db restore /mnt/a/record --keys /mnt/b/keys --replace",
)
async def restore(
    call: Call,
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help=mark("The directory of the backup."))
    ],
    *,
    keys: KeysDirectory = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help=mark("Also where a record is in place.")),
    ] = False,
    replace_keys: Annotated[
        bool,
        typer.Option(
            "--replace-keys", help=mark("Also put the keys back where there are keys.")
        ),
    ] = False,
    old_keys: Annotated[
        bool,
        typer.Option("--old-keys", help=mark("Also keys older than they may become.")),
    ] = False,
    as_: As = None,
) -> Result:
    """Put a backup back, and say what must be done next."""
    from desk.backups import Places, Wish, put_back
    from servers.programs import postgres_programs

    found = call.addresses.need("database")
    places = Places.at(directory.absolute(), keys.absolute() if keys else None)
    done = await put_back(
        found.database or "",
        found.keys,
        places,
        postgres_programs(),
        Wish(replace, replace_keys, old_keys),
        actor=operator(as_),
    )

    return Result(done, lambda page: _put_back(page, done))


def _put_back(page: Page, done: dict[str, Any]) -> None:
    page.line(_("The backup of {made_at} is put back.").format_map(done), "good")
    page.table(
        ((_("events"), str(done["events"])), (_("streams"), str(done["streams"]))),
        indent=2,
    )
    for name in done["setAside"]:
        text = _("What was there is in the database {name}; remove it when done.")
        page.line(text.format(name=name))
        page.command(f"polder db leftovers --drop {name}")
    if not done["keys"]:
        page.line(_("The vault's keys were left as they are."))
    page.line(_("Now get back what happened since:"))
    page.command("polder audit reconcile --catch-up")


def operator(named: str | None) -> dict[str, Any]:
    """Give the actor of what an operator does, by default `operator`."""
    from cli.settings import reader

    return {"id": reader(named) or "operator", "role": "operator", "via": "cli"}


@command(
    "db",
    "leftovers",
    mark("List the databases that were set aside for a backup, or destroy one."),
    "polder db leftovers",
    "polder db leftovers --drop polder_before_20261121_222534_989198",
)
async def leftovers(
    call: Call,
    *,
    name: Annotated[
        str | None,
        typer.Option(
            "--drop", metavar="NAME", help=mark("Destroy this one, for good.")
        ),
    ] = None,
) -> Result:
    """List what was set aside; destroy what is named first."""
    from desk.backups import drop, left_over

    found = call.addresses.need("database")
    if name is not None:
        await drop(found.database or "", found.keys, name)
    names = await left_over(found.database or "", found.keys)

    def show(page: Page) -> None:
        if name is not None:
            page.line(_("{name} is destroyed.").format(name=name), "good")
        if not names:
            page.line(_("Nothing that was set aside is left."))
            return
        page.line(_("Set aside, with texts in it that may have been erased since:"))
        for one in names:
            page.line(one, indent=2)

    return Result({"leftovers": names, "dropped": name}, show)
