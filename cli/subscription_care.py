"""Caring for a subscription: try it out, send again, new secrets, on, off, away."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from cli.frame import command
from cli.mandate import instant
from cli.options import As
from cli.page import Result
from cli.settings import Call, Usage, sender
from cli.showing_subscriptions import changed, made_known, tested
from cli.speech import _
from cli.subscription import (
    LOOK,
    WITHIN,
    From,
    Id,
    Secret,
    Since,
    secret_in,
    settled,
)
from language import mark

if TYPE_CHECKING:
    from desk.desk import Desk
    from desk.subscribing import Attempt, Subscription

_ID = "0f9c2a52-6f5c-4a6e-9a52-3c1d3d7a1a10"


@command(
    "subscription",
    "test",
    mark("Send a test event, and show what the receiver answers."),
    f"polder subscription test {_ID}",
)
async def try_out(call: Call, id: Id, *, as_: As = None) -> Result:
    """Test; exit code 1 where it was not taken."""
    from desk import subscribing

    async with call.desk("temporal") as desk:
        found = await subscribing.find(desk, id)
        message = await subscribing.test(desk, found, sender(as_))
        answered = await _answered(desk, found, message)
    return tested(answered)


@command(
    "subscription",
    "replay",
    mark("Send events once more, in order: from a place, a moment, or dead letters."),
    f"polder subscription replay {_ID} --from-leaf 0",
    f"polder subscription replay {_ID} --since 2026-11-21",
    f"polder subscription replay {_ID} --dead",
)
async def replay(
    call: Call,
    id: Id,
    *,
    from_leaf: From = None,
    since: Since = None,
    dead: Annotated[
        bool, typer.Option("--dead", help=mark("Those that were given up."))
    ] = False,
    as_: As = None,
) -> Result:
    """Replay."""
    from desk import subscribing

    if [from_leaf is not None, since is not None, dead].count(True) != 1:
        raise Usage(_("Give one of --from-leaf, --since and --dead."))
    async with call.desk() as desk:
        found = await subscribing.find(desk, id)
        if dead:
            number = await subscribing.replay_dead(desk, found, sender(as_))
            text = _("Dead letters that are sent once more: {number}.")
            return changed({"id": id, "again": number}, text.format(number=number))
        moment = instant(since) if since else None
        first = await subscribing.replay(
            desk, found, sender(as_), leaf=from_leaf, since=moment
        )
    text = _("Everything from place {leaf} in the log on is sent once more.")
    return changed({"id": id, "fromLeaf": first}, text.format(leaf=first))


@command(
    "subscription",
    "rotate",
    mark("Take a new secret; the old one signs beside it for a while."),
    f"polder subscription rotate {_ID} --overlap 48",
)
async def rotate(
    call: Call,
    id: Id,
    *,
    secret: Secret = None,
    overlap: Annotated[
        int,
        typer.Option(
            "--overlap", metavar="HOURS", min=0, max=720, help=mark("How long both.")
        ),
    ] = 24,
    as_: As = None,
) -> Result:
    """Rotate."""
    from desk import subscribing

    async with call.desk() as desk:
        found = await subscribing.find(desk, id)
        made = await subscribing.rotate(
            desk,
            found,
            sender(as_),
            secret=secret_in(secret),
            overlap=timedelta(hours=overlap),
        )
    return made_known(made.subscription, made.secret)


@command(
    "subscription",
    "enable",
    mark("Go on with a subscription that was disabled, from where it stopped."),
    f"polder subscription enable {_ID}",
)
async def enable(call: Call, id: Id, *, as_: As = None) -> Result:
    """Enable, and wait a while for the handshake."""
    from desk import subscribing

    async with call.desk() as desk:
        found = await subscribing.find(desk, id)
        found = await subscribing.enable(desk, found, sender(as_))
        return made_known(await settled(desk, found), None)


@command(
    "subscription",
    "disable",
    mark("Send nothing more until it is enabled; nothing is lost meanwhile."),
    f"polder subscription disable {_ID}",
)
async def disable(call: Call, id: Id, *, as_: As = None) -> Result:
    """Disable."""
    from desk import subscribing

    async with call.desk() as desk:
        found = await subscribing.find(desk, id)
        found = await subscribing.disable(desk, found, sender(as_))
    return made_known(found, None)


@command(
    "subscription",
    "delete",
    mark("Take a subscription away, with its log and its secrets."),
    f"polder subscription delete {_ID}",
)
async def delete(call: Call, id: Id, *, as_: As = None) -> Result:
    """Delete."""
    from desk import subscribing

    async with call.desk() as desk:
        found = await subscribing.find(desk, id)
        await subscribing.delete(desk, found, sender(as_))
    return changed({"id": id, "deleted": True}, _("The subscription is gone."))


async def _answered(desk: Desk, of: Subscription, message: str) -> Attempt | None:
    """Wait for what a test came to; None where no worker sent it in time."""
    from desk.subscribing import deliveries

    tries = WITHIN / LOOK
    while tries > 0:
        found = await deliveries(desk, of, most=1, message=message)
        if found:
            return found[0]
        await asyncio.sleep(LOOK)
        tries -= 1
    return None
