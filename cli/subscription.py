"""Subscriptions: who is told of events, tried out, put right and taken away."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from cli.frame import command
from cli.listening import secrets_in
from cli.mandate import instant
from cli.options import As, OfOrganisation
from cli.page import Result
from cli.settings import Call, Usage, sender
from cli.showing_subscriptions import (
    listed,
    made_known,
    one,
)
from cli.speech import _
from language import mark

if TYPE_CHECKING:
    from desk.desk import Desk
    from desk.subscribing import Subscription, Wish

_ORG = "gemeente-waterdam"
_ID = "0f9c2a52-6f5c-4a6e-9a52-3c1d3d7a1a10"
WITHIN = 20.0
"""Seconds that the handshake or a test is waited for."""

LOOK = 0.2
_FORMATS = ("event", "zgw")

Id = Annotated[str, typer.Argument(metavar="ID", help=mark("The subscription."))]
Secret = Annotated[
    list[str] | None,
    typer.Option(
        "--secret",
        metavar="SECRET",
        help=mark("To sign with: whsec_…, or @file; a fresh one otherwise."),
    ),
]
From = Annotated[
    int | None,
    typer.Option(
        "--from-leaf", metavar="N", min=0, help=mark("From this place in the log on.")
    ),
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="WHEN", help=mark("From this day or instant on.")),
]
_Of = Annotated[
    str, typer.Option("--organisation", metavar="ORG", help=mark("The organisation."))
]
_Target = Annotated[
    str, typer.Option("--target", metavar="URL", help=mark("Where events are sent."))
]
_Types = Annotated[
    list[str] | None,
    typer.Option(
        "--type", metavar="KIND", help=mark("Only events of this kind; repeatable.")
    ),
]
_Dialogues = Annotated[
    list[str] | None,
    typer.Option(
        "--dialogue", metavar="SLUG", help=mark("Of this dialogue; repeatable.")
    ),
]
_Format = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="event|zgw",
        help=mark("What data holds: the event, or a ZGW notification."),
    ),
]
_Bearer = Annotated[
    str | None,
    typer.Option(
        "--bearer", metavar="TOKEN", help=mark("Sent as Bearer token; or @file.")
    ),
]
_ZgwClient = Annotated[
    str | None,
    typer.Option(
        "--zgw-client", metavar="ID", help=mark("Client id of the ZGW token (JWT).")
    ),
]
_ZgwSecret = Annotated[
    str | None,
    typer.Option("--zgw-secret", metavar="SECRET", help=mark("Its secret; or @file.")),
]
_Handshake = Annotated[
    bool,
    typer.Option(
        "--handshake/--no-handshake",
        help=mark("Ask the receiver for leave first (OPTIONS)."),
    ),
]


@command(
    "subscription",
    "create",
    mark("Have events sent to an address, from now on or from a place in the log."),
    f"polder subscription create --organisation {_ORG} "
    "--target https://zaken.waterdam.nl/polder",
    f"polder subscription create --organisation {_ORG} "
    "--target https://zaken.waterdam.nl/polder --type window_opened "
    "--type window_closed --dialogue parkzicht --format zgw "
    "--zgw-client polder --zgw-secret @zgw.secret",
)
async def create(  # noqa: PLR0913  (one option for each fact)
    call: Call,
    *,
    organisation: _Of,
    target: _Target,
    types: _Types = None,
    dialogues: _Dialogues = None,
    form: _Format = "event",
    secret: Secret = None,
    bearer: _Bearer = None,
    zgw_client: _ZgwClient = None,
    zgw_secret: _ZgwSecret = None,
    handshake: _Handshake = True,
    from_leaf: From = None,
    since: Since = None,
    as_: As = None,
) -> Result:
    """Subscribe, and wait a while for the handshake."""
    from desk import subscribing
    from desk.subscribing import Wish

    if form not in _FORMATS:
        raise Usage(_("--format takes event or zgw."))
    wish = Wish(
        target=target,
        types=types or (),
        dialogues=dialogues or (),
        format="zgw" if form == "zgw" else "event",
        authorisation="bearer" if bearer else "zgw" if zgw_client else "none",
        bearer=_word(bearer),
        client_id=zgw_client,
        client_secret=_word(zgw_secret),
        secret=secret_in(secret),
        handshake=handshake,
        from_leaf=from_leaf,
    )
    private = call.environment.get("POLDER_ALLOW_PRIVATE_TARGETS", "")
    async with call.desk() as desk:
        wish = await _begun(desk, wish, since)
        made = await subscribing.create(
            desk, organisation, wish, sender(as_), private=private
        )
        found = await settled(desk, made.subscription)
    return made_known(found, made.secret)


@command(
    "subscription",
    "list",
    mark("List subscriptions, and how each is doing."),
    f"polder subscription list --organisation {_ORG}",
)
async def list_subscriptions(
    call: Call, *, organisation: OfOrganisation = None
) -> Result:
    """List subscriptions."""
    from desk.subscribing import list_

    async with call.desk() as desk:
        found = await list_(desk, organisation)
    return listed(found)


@command(
    "subscription",
    "show",
    mark("Show a subscription with its last deliveries and its dead letters."),
    f"polder subscription show {_ID}",
)
async def show(
    call: Call,
    id: Id,
    *,
    deliveries: Annotated[
        int,
        typer.Option("--deliveries", metavar="N", min=0, help=mark("How many.")),
    ] = 20,
) -> Result:
    """Show one."""
    from desk import subscribing

    async with call.desk() as desk:
        found = await subscribing.find(desk, id)
        attempts = await subscribing.deliveries(desk, found, most=deliveries)
        dead = await subscribing.dead_letters(desk, found)
    return one(found, attempts, dead)


def _word(told: str | None) -> str | None:
    return (secrets_in([told]) or [""])[0] if told else None


def secret_in(told: list[str] | None) -> str | None:
    """Give the secret that was told, also where it stands in a file."""
    found = secrets_in(told)
    return found[0] if found else None


async def _begun(desk: Desk, wish: Wish, since: str | None) -> Wish:
    """Say from which leaf on, where a moment was told."""
    from desk.subscribing import first_since

    if since is None:
        return wish
    return wish._replace(from_leaf=await first_since(desk, instant(since)))


async def settled(desk: Desk, made: Subscription) -> Subscription:
    """Wait until the handshake was answered, for a while."""
    from desk.subscribing import find

    found, tries = made, WITHIN / LOOK
    while found.status == "pending" and not found.failures and tries > 0:
        await asyncio.sleep(LOOK)
        found, tries = await find(desk, made.id), tries - 1
    return found
