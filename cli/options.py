"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from language import mark

Stream = Annotated[
    str,
    typer.Argument(
        metavar="ORG:SLUG", help=mark("The dialogue, as organisation:name.")
    ),
]
Organisation = Annotated[
    str, typer.Argument(metavar="ORG", help=mark("The organisation."))
]
OfOrganisation = Annotated[
    str | None,
    typer.Option("--organisation", metavar="ORG", help=mark("Of this one only.")),
]
Authority = Annotated[
    str,
    typer.Option(
        "--authority",
        metavar="TEXT",
        help=mark("Where the decision can be looked up. Public: no names."),
    ),
]
Reason = Annotated[
    str | None,
    typer.Option("--reason", metavar="TEXT", help=mark("Why. Kept private.")),
]
As = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="ACTOR[/ROLE]",
        help=mark("Who acts, by an id without personal data (POLDER_AS)."),
    ),
]
CommandId = Annotated[
    str | None,
    typer.Option(
        "--id",
        metavar="ID",
        help=mark("Id of the command: sent again, it has no second effect."),
    ),
]
Under = Annotated[
    str | None,
    typer.Option(
        "--mandate",
        metavar="ORG/SEQ",
        help=mark("The mandate it is done under; see polder mandate list."),
    ),
]
IfVersion = Annotated[
    int | None,
    typer.Option(
        "--if-version",
        metavar="N",
        help=mark("Refuse the command if the dialogue has moved on from version N."),
    ),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run", help=mark("Tell what it would do, and what is in the way.")
    ),
]
At = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="MOMENT",
        help=mark(
            "At this moment: a day counts to its end; without an offset it is by "
            "the dialogue's wall clock."
        ),
    ),
]
Seq = Annotated[
    int | None,
    typer.Option("--seq", metavar="N", min=1, help=mark("After event N.")),
]
Private = Annotated[
    bool,
    typer.Option("--private", help=mark("With private texts, for the director.")),
]
PrivateByRight = Annotated[
    bool,
    typer.Option("--private", help=mark("With private texts, for whoever may read.")),
]
SheetOut = Annotated[
    Path | None,
    typer.Option("--csv", metavar="FILE", help=mark("Write a sheet to this file.")),
]
