"""Mandates: give one, pass it on, withdraw it, and see which there are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from cli.frame import command
from cli.options import As, CommandId, Organisation, Reason
from cli.page import Result
from cli.settings import Call, Usage, sender
from cli.showing_mandates import ZONE, document, given_now, show_mandates
from cli.speech import _
from language import mark

_ORG = "gemeente-waterdam"

_Number = Annotated[
    int,
    typer.Argument(metavar="SEQ", min=1, help=mark("The mandate, by its number.")),
]
_To = Annotated[
    str, typer.Option("--to", metavar="ACTOR", help=mark("Who gets it: an id."))
]
_OnBehalfOf = Annotated[
    str,
    typer.Option(
        "--on-behalf-of",
        metavar="BODY",
        help=mark("The authority in whose name they act. Public."),
    ),
]
_Form = Annotated[
    str,
    typer.Option(
        "--form",
        metavar="FORM",
        help=mark("mandate, power_of_attorney or authorisation."),
    ),
]
_Commands = Annotated[
    list[str] | None,
    typer.Option(
        "--command", metavar="KIND", help=mark("For this kind of command, or *.")
    ),
]
_Dialogues = Annotated[
    list[str] | None,
    typer.Option("--dialogue", metavar="SLUG", help=mark("For this dialogue, or *.")),
]
_Steps = Annotated[
    list[str] | None,
    typer.Option("--step", metavar="STEP", help=mark("In this step only.")),
]
_From = Annotated[
    str | None,
    typer.Option("--from", metavar="WHEN", help=mark("From this day or instant.")),
]
_Until = Annotated[
    str | None,
    typer.Option(
        "--until", metavar="WHEN", help=mark("To the end of this day, or an instant.")
    ),
]
_AtMost = Annotated[
    int | None,
    typer.Option("--at-most", metavar="N", help=mark("For so many commands.")),
]
_Delegable = Annotated[
    bool, typer.Option("--delegable", help=mark("It may be passed on."))
]
_Reference = Annotated[
    str | None,
    typer.Option(
        "--reference", metavar="TEXT", help=mark("Where it is in writing. Public.")
    ),
]


@command(
    "mandate",
    "grant",
    mark("Give somebody a mandate to act in the name of an authority."),
    f'polder mandate grant {_ORG} --to p-1 --on-behalf-of "College van B en W" '
    "--command open_window --command close_window --dialogue parkzicht "
    "--until 2027-12-31 --as secretaris-1",
    f'polder mandate grant {_ORG} --to p-1 --on-behalf-of "College van B en W" '
    '--command "*" --dialogue "*" --delegable --reference "Mandaatbesluit 2026, 4"',
)
async def grant(  # noqa: PLR0913  (one option for each fact)
    call: Call,
    organisation: Organisation,
    *,
    to: _To,
    body: _OnBehalfOf,
    commands: _Commands = None,
    dialogues: _Dialogues = None,
    steps: _Steps = None,
    begin: _From = None,
    until: _Until = None,
    at_most: _AtMost = None,
    form: _Form = "mandate",
    delegable: _Delegable = False,
    reference: _Reference = None,
    reason: Reason = None,
    as_: As = None,
    command_id: CommandId = None,
) -> Result:
    """Grant a mandate."""
    from desk.desk import fresh_id
    from desk.mandates import grant as act

    if not commands or not dialogues:
        raise Usage(
            _('Say what it is for: --command and --dialogue, or "*" for all of them.')
        )
    told = {
        "form": form,
        "on_behalf_of": body,
        "grantee": to,
        "scope": _scope(commands, dialogues, steps, (begin, until), at_most),
        "delegable": delegable,
        "reference": reference,
    }
    async with call.desk() as desk:
        made = command_id or fresh_id()
        given = await act(
            desk, organisation, told, sender(as_), command_id=made, reason=reason
        )
    return given_now(organisation, made, given)


@command(
    "mandate",
    "delegate",
    mark("Pass a mandate on; what you leave out stays as it is there."),
    f"polder mandate delegate {_ORG} 1 --to p-2 --dialogue parkzicht --as p-1",
)
async def delegate(  # noqa: PLR0913  (one option for each fact)
    call: Call,
    organisation: Organisation,
    seq: _Number,
    *,
    to: _To,
    commands: _Commands = None,
    dialogues: _Dialogues = None,
    steps: _Steps = None,
    begin: _From = None,
    until: _Until = None,
    at_most: _AtMost = None,
    delegable: _Delegable = False,
    reference: _Reference = None,
    reason: Reason = None,
    as_: As = None,
    command_id: CommandId = None,
) -> Result:
    """Delegate a mandate."""
    from desk.desk import fresh_id
    from desk.mandates import delegate as act

    told = {
        "grantee": to,
        "scope": _scope(commands, dialogues, steps, (begin, until), at_most),
        "delegable": delegable,
        "reference": reference,
    }
    async with call.desk() as desk:
        made = command_id or fresh_id()
        given = await act(
            desk, organisation, seq, told, sender(as_), command_id=made, reason=reason
        )
    return given_now(organisation, made, given)


@command(
    "mandate",
    "revoke",
    mark("Withdraw a mandate, and with it all that was passed on from it."),
    f'polder mandate revoke {_ORG} 1 --reason "Andere functie" --as secretaris-1',
)
async def revoke(
    call: Call,
    organisation: Organisation,
    seq: _Number,
    *,
    ends: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="WHEN",
            help=mark("From this day or instant; otherwise from now."),
        ),
    ] = None,
    reason: Reason = None,
    as_: As = None,
    command_id: CommandId = None,
) -> Result:
    """Revoke a mandate."""
    from desk.desk import fresh_id
    from desk.mandates import revoke as act

    then = instant(ends) if ends else None
    async with call.desk() as desk:
        made = command_id or fresh_id()
        given = await act(
            desk,
            organisation,
            seq,
            sender(as_),
            ends=then,
            command_id=made,
            reason=reason,
        )
    return given_now(organisation, made, given)


@command(
    "mandate",
    "list",
    mark("List the mandates of an organisation, and whether each holds."),
    f"polder mandate list {_ORG}",
)
async def list_mandates(
    call: Call,
    organisation: Organisation,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help=mark("Those that have ended too."))
    ] = False,
) -> Result:
    """List mandates."""
    from desk.mandates import listed

    async with call.desk() as desk:
        found = await listed(desk, organisation)
    rows = [e for e in found if everything or e.problem in {None, "not_yet"}]
    return Result(
        {"mandates": [document(organisation, each) for each in rows]},
        lambda page: show_mandates(page, organisation, rows, len(found) - len(rows)),
    )


def _scope(
    commands: list[str] | None,
    dialogues: list[str] | None,
    steps: list[str] | None,
    period: tuple[str | None, str | None],
    at_most: int | None,
) -> dict[str, Any]:
    """Give what was told of a scope; what was not is left out."""
    begin, until = period
    told: dict[str, Any] = {
        "commands": [_kind(name) for name in commands or ()],
        "dialogues": dialogues,
        "steps": steps,
        "valid_from": instant(begin).isoformat() if begin else None,
        "valid_until": instant(until, end=True).isoformat() if until else None,
        "at_most": at_most,
    }
    return {name: value for name, value in told.items() if value}


def _kind(name: str) -> str:
    """Give the kind of a command, which may be told by its short form."""
    from cli.acts import ACTS

    short = {act.name: act.kind for act in ACTS}
    return short.get(name, name.replace("-", "_"))


def instant(told: str, *, end: bool = False) -> datetime:
    """Read a day or an instant with an offset; a day on the wall clock of Amsterdam.

    ``end``: of a day, where it ends. Raises `Usage`.
    """
    try:
        found = datetime.fromisoformat(told)
    except ValueError:
        found = None
    if found is None or (found.tzinfo is None and len(told) > len("2026-11-21")):
        raise Usage(
            _(
                "{told} is no day such as 2026-11-21, and no instant such as {example}."
            ).format(told=told, example="2026-11-21T16:20:00+01:00")
        )
    if found.tzinfo is not None:
        return found
    day = found + timedelta(days=1) if end else found
    return day.replace(tzinfo=ZoneInfo(ZONE))
