"""For integrators and operators: private texts, the schema, the cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.frame import command
from cli.options import As, CommandId, Stream
from cli.page import Page, Result
from cli.settings import Call, read_text, sender
from cli.speech import _
from language import mark

if TYPE_CHECKING:
    from desk.upkeep import Schema


@command(
    "private",
    "put",
    mark("Put a private text in the vault; answers the commitment to send instead."),
    'polder private put gemeente-waterdam:parkzicht complete_items note "Besproken" '
    "--id zaak-17 --as zaaksysteem-1",
)
async def put(
    call: Call,
    stream: Stream,
    kind: Annotated[
        str, typer.Argument(metavar="COMMAND", help=mark("The command it belongs to."))
    ],
    field: Annotated[
        str, typer.Argument(metavar="FIELD", help=mark("Its private field."))
    ],
    text: Annotated[
        str, typer.Argument(metavar="TEXT|@file", help=mark("The text; @- is stdin."))
    ],
    *,
    about: Annotated[
        str | None,
        typer.Option(
            "--about", metavar="ACTOR", help=mark("Whom it is about, if not who acts.")
        ),
    ] = None,
    as_: As = None,
    command_id: CommandId = None,
) -> Result:
    """Keep a text for a command that is sent later under the same id."""
    from desk.desk import fresh_id
    from desk.private import deposit

    value = read_text(text.removeprefix("@")) if text.startswith("@") else text
    name = command_id or fresh_id()
    async with call.desk() as desk:
        commitment = await deposit(
            desk.pool,
            desk.keys,
            stream,
            kind.replace("-", "_"),
            field,
            text=value,
            command_id=name,
            subject=about or sender(as_).id,
            sender=sender(as_).id,
        )
    data: dict[str, Any] = {"id": name, "field": field, "commitment": commitment}

    def show(page: Page) -> None:
        page.table(((_("command id"), name), (_("commitment"), commitment)))
        page.line(_("Send this in the place of the text, under the same command id:"))
        page.command(f'"{field}": {{"commitment": "{commitment}"}}')

    return Result(data, show)


@command("db", "migrate", mark("Bring the database to the newest schema."))
async def migrate(call: Call) -> Result:
    """Migrate; does nothing when nothing is missing."""
    from desk.upkeep import migrate as act

    found = call.addresses.need("database")
    return _schema(await act(found.database or "", found.keys))


@command("db", "status", mark("Tell what schema the database has."))
async def status(call: Call) -> Result:
    """Tell the schema; exit code 1 when something is missing."""
    from desk.upkeep import schema_status

    found = call.addresses.need("database")
    return _schema(await schema_status(found.database or "", found.keys))


def _schema(now: Schema) -> Result:
    def show(page: Page) -> None:
        page.table((step, _("applied")) for step in now.applied)
        page.table((step, _("missing")) for step in now.missing)
        if now.missing:
            page.command("polder db migrate")

    data = {
        "migrations": [
            *({"name": step, "applied": True} for step in now.applied),
            *({"name": step, "applied": False} for step in now.missing),
        ]
    }
    return Result(data, show, 1 if now.missing else 0)


@command(
    "cluster",
    "search-attributes",
    mark("Register Polder's search attributes with Temporal; once for a namespace."),
    "TEMPORAL_ADDRESS=temporal:7233 polder cluster search-attributes",
)
async def search_attributes(call: Call) -> Result:
    """Register what is missing; doing it again changes nothing."""
    from desk.upkeep import SEARCH_ATTRIBUTES, register_search_attributes, temporal

    found = call.addresses.need("temporal")
    client = await temporal(found.temporal or "", found.namespace)
    new = await register_search_attributes(client)
    rows: list[dict[str, Any]] = [
        {"name": name, "type": kind, "new": name in new}
        for name, kind in SEARCH_ATTRIBUTES.items()
    ]

    def show(page: Page) -> None:
        page.table(
            (
                row["name"],
                row["type"],
                _("registered now") if row["new"] else _("was there"),
            )
            for row in rows
        )

    return Result({"searchAttributes": rows}, show)
