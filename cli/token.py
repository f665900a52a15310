"""Tokens: who comes in over HTTP, for what and until when; and what was denied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.frame import command
from cli.options import As, OfOrganisation
from cli.page import Cell, Page, Result
from cli.settings import Call, sender
from cli.speech import _
from language import mark

if TYPE_CHECKING:
    from desk.access.tokens import Token

_ORG = "gemeente-waterdam"
_ID = "4d0f1c9e-1d7e-4a53-9a39-7b1c52f0a6b1"

_For = Annotated[
    str, typer.Option("--organisation", metavar="ORG", help=mark("The organisation."))
]
_Roles = Annotated[
    list[str],
    typer.Option(
        "--role",
        metavar="ROLE",
        help=mark(
            "director, member, participant, auditor, integrator, operator or "
            "doorkeeper; can be given more than once."
        ),
    ),
]
_Actor = Annotated[
    str | None,
    typer.Option(
        "--actor",
        metavar="ID",
        help=mark("As whom its bearer acts: an id. Else the token is one of its own."),
    ),
]
_Dialogue = Annotated[
    str | None,
    typer.Option("--dialogue", metavar="SLUG", help=mark("For this dialogue only.")),
]
_Days = Annotated[
    int, typer.Option("--days", metavar="N", help=mark("For so many days."))
]


@command(
    "token",
    "create",
    mark("Make a token for the HTTP API. It is shown once: keep it where secrets are."),
    f"polder token create --organisation {_ORG} --role integrator",
    f"polder token create --organisation {_ORG} --role director --actor p-1 --days 30",
    f"polder token create --organisation {_ORG} --role participant --actor p-7 "
    "--dialogue parkzicht",
)
async def create(
    call: Call,
    *,
    organisation: _For,
    roles: _Roles,
    actor: _Actor = None,
    dialogue: _Dialogue = None,
    days: _Days = 90,
    as_: As = None,
) -> Result:
    """Make a token."""
    from desk.access.tokens import create as act

    async with call.desk() as desk:
        made = await act(
            desk,
            organisation,
            roles,
            sender(as_),
            actor=actor,
            dialogue=dialogue,
            days=days,
        )
    data: dict[str, Any] = {
        "id": made.id,
        "token": made.token,
        "organisation": made.organisation,
        "roles": [*made.roles],
        "actor": made.actor,
        "expiresAt": made.expires_at.isoformat(),
    }
    if made.dialogue:
        data["dialogue"] = made.dialogue

    def show(page: Page) -> None:
        page.line(made.token)
        text = _("Until {day}, as {actor}. It is not shown again; to revoke it:")
        page.line(text.format(day=made.expires_at.date(), actor=made.actor), "quiet")
        page.command(f"polder token revoke {made.id}")

    return Result(data, show)


@command(
    "token",
    "list",
    mark(
        "List tokens: for what, until when, last used when. Not the secrets themselves."
    ),
    f"polder token list --organisation {_ORG}",
)
async def tokens(call: Call, *, organisation: OfOrganisation = None) -> Result:
    """List them, revoked and expired ones too."""
    from desk.access.tokens import list_

    async with call.desk() as desk:
        return _shown(await list_(desk, organisation))


@command(
    "token",
    "revoke",
    mark("Make a token good for nothing, from now on."),
    f"polder token revoke {_ID}",
)
async def revoke(
    call: Call,
    token: Annotated[str, typer.Argument(metavar="ID", help=mark("Its id."))],
    *,
    as_: As = None,
) -> Result:
    """Revoke it; once more changes nothing."""
    from desk.access.tokens import revoke as act

    async with call.desk() as desk:
        return _shown([await act(desk, token, sender(as_))])


@command(
    "token",
    "denied",
    mark("List what was denied over HTTP, the newest first: when, where and why."),
    f"polder token denied --organisation {_ORG}",
)
async def denied(call: Call, *, organisation: OfOrganisation = None) -> Result:
    """List it; of who knocked only the network is known."""
    from desk.access.denials import listed

    async with call.desk() as desk:
        found = await listed(desk.pool, organisation)
    rows = [
        {
            "at": each.at.isoformat(),
            "organisation": each.organisation,
            "token": each.token,
            "method": each.method,
            "route": each.route,
            "why": each.why,
            "network": each.network,
        }
        for each in found
    ]

    def show(page: Page) -> None:
        if not rows:
            page.line(_("Nothing was denied."))
        page.table(
            (
                f"{each.at:%Y-%m-%d %H:%M:%S}",
                each.organisation or "-",
                f"{each.method} {each.route}",
                each.why,
                each.network or "-",
            )
            for each in found
        )

    return Result({"denials": rows}, show)


def _shown(found: Sequence[Token]) -> Result:
    def show(page: Page) -> None:
        if not found:
            page.line(_("There are no tokens. To make one:"))
            page.command(f"polder token create --organisation {_ORG} --role integrator")
        page.table(
            (
                each.id,
                f"{each.organisation}:{each.dialogue}"
                if each.dialogue
                else each.organisation,
                ", ".join(each.roles),
                each.actor,
                _standing(each),
            )
            for each in found
        )

    return Result({"tokens": [_row(each) for each in found]}, show)


def _standing(token: Token) -> Cell:
    from datetime import UTC, datetime

    if token.revoked_at is not None:
        return Cell(_("revoked"), "quiet")
    if token.expires_at <= datetime.now(UTC):
        return Cell(_("expired"), "quiet")
    return Cell(_("until {day}").format(day=token.expires_at.date()), "good")


def _row(token: Token) -> dict[str, Any]:
    moments = {
        "createdAt": token.created_at,
        "expiresAt": token.expires_at,
        "lastUsedAt": token.last_used_at,
        "revokedAt": token.revoked_at,
    }
    return {
        "id": token.id,
        "organisation": token.organisation,
        "roles": token.roles,
        "actor": token.actor,
        "dialogue": token.dialogue,
        "createdBy": token.created_by,
    } | {name: at and at.isoformat() for name, at in moments.items()}
