"""Subscriptions: who is told of what happens, tried out, put right and taken away.

Whatever is asked here is in the record when it returns; the worker is told at once, and
would find it by itself. What is sent, and how: `activities.deliver`.
"""

from __future__ import annotations

import asyncio
import uuid
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from activities.contracts import DELIVERING, DELIVERY_QUEUE, SUBSCRIPTION_CHANGED
from desk.desk import Desk, Sender
from desk.errors import NotFound, Refused, Unreachable
from desk.mandates import own_stream
from desk.remarks_deliveries import BY_HAND
from desk.subscription_secrets import Made, found_in, made_before
from desk.subscription_wish import (
    Wish,
    check_secret,
    fresh_secret,
    kinds_of,
    secrets_of,
    slugs_of,
    target_of,
)
from language import mark
from storage import subscription_log as log
from storage import subscriptions as kept
from storage.pool import connection
from storage.subscription_log import Act, Attempt, Dead, Doing
from storage.subscriptions import NewSubscription, Subscription

OVERLAP: Final = timedelta(days=1)
"""How long a secret that was replaced is still used beside the new one."""

MOST: Final = 100
"""Subscriptions of one organisation: who delivers has a limited number of places, and
one organisation does not take all of them."""

_SOON: Final = timedelta(seconds=3)
_NO_ATTEMPT: Final = mark("Subscription {id} has no delivery {attempt}.")
ENABLE_FIRST: Final = mark(
    "This subscription is disabled: {problem}. First: polder subscription enable {id}."
)
_OTHER: Final = mark(
    "This id was used before, for another subscription. Nothing has changed."
)
_TOO_MANY: Final = mark(
    "{organisation} has {most} subscriptions already, and no more are kept: delete "
    "one, or have one address take more."
)


async def create(
    desk: Desk,
    organisation: str,
    wish: Wish,
    sender: Sender,
    *,
    id: str | None = None,
    private: str = "",
) -> Made:
    """Subscribe; the same ``id`` again gives the subscription that is there.

    ``private`` is the setting POLDER_ALLOW_PRIVATE_TARGETS. Raises `BadSubscription`,
    and `Refused` where the organisation has too many, or its secret was shown before.
    """
    own_stream(organisation)
    named = id or str(uuid.uuid4())
    secret = wish.secret or fresh_secret()
    new = NewSubscription(
        id=named,
        organisation=organisation,
        target=target_of(wish.target, private),
        format=wish.format,
        authorisation=wish.authorisation,
        types=kinds_of(wish.types),
        dialogues=slugs_of(organisation, wish.dialogues),
        handshake=wish.handshake,
        cursor=wish.from_leaf,
        created_by=sender.id,
    )
    await _check_room(desk, organisation, named)
    # Together or not at all: by what was done last it is known who may see the secret.
    async with connection(desk.pool) as conn, conn.transaction():
        made = await kept.add(conn, desk.keys, new, secrets_of(wish, secret))
        found = await found_in(conn, named, organisation)
        if made:
            await log.note_act(conn, found, "created", sender.id, new.cursor)
    if made:
        await _tell(desk, named)
        return Made(found, secret)
    there = found.target, found.format, found.types, found.dialogues
    if (new.target, new.format, new.types, new.dialogues) != there:
        raise Refused("IdReused", _OTHER, template=_OTHER)
    async with connection(desk.pool) as conn, conn.transaction():
        await kept.hold(conn, named)
        return await made_before(desk, conn, found, "created", sender)


async def list_(desk: Desk, organisation: str | None = None) -> list[Subscription]:
    """Give the subscriptions of an organisation, or of all; oldest first."""
    return await kept.subscriptions(desk.pool, organisation)


async def find(desk: Desk, id: str, organisation: str | None = None) -> Subscription:
    """Give one subscription. Raises `NotFound`, also for one of somebody else."""
    return await found_in(desk.pool, id, organisation)


async def test(desk: Desk, subscription: Subscription, sender: Sender) -> str:
    """Send a test event; gives the id it will have. Disabled ones get it too."""
    made = await kept.ask_again(desk.pool, subscription, None, sender.id)
    await _did(desk, subscription, "tested", sender)
    return made


async def first_since(desk: Desk, moment: datetime) -> int:
    """Give the first place in the log that was sealed at this moment or after."""
    return await kept.leaf_since(desk.pool, moment)


async def replay(
    desk: Desk,
    subscription: Subscription,
    sender: Sender,
    *,
    leaf: int | None = None,
    since: datetime | None = None,
) -> int:
    """Send everything from a place or moment on once more; gives the first leaf."""
    _check_enabled(subscription)
    if leaf is None:
        leaf = await first_since(desk, since or datetime.now(UTC))
    first = min(max(leaf, 0), subscription.cursor)
    await kept.replay(desk.pool, subscription.id, first)
    await _did(desk, subscription, "replayed", sender, first)
    return first


async def replay_dead(desk: Desk, subscription: Subscription, sender: Sender) -> int:
    """Send all that was given up once more; gives how many events that are."""
    _check_enabled(subscription)
    number = await kept.ask_dead(desk.pool, subscription.id, sender.id)
    await _did(desk, subscription, "repeated", sender)
    return number


async def repeat(
    desk: Desk, subscription: Subscription, attempt: int, sender: Sender
) -> Attempt:
    """Send the event of one delivery once more. Raises `NotFound`."""
    _check_enabled(subscription)
    found = await delivery(desk, subscription, attempt)
    leaf = found.leaf_index
    await kept.ask_again(desk.pool, subscription, leaf, sender.id)
    await _did(desk, subscription, "repeated", sender, leaf)
    return found


async def rotate(
    desk: Desk,
    subscription: Subscription,
    sender: Sender,
    *,
    secret: str | None = None,
    overlap: timedelta = OVERLAP,
    command: str | None = None,
) -> Made:
    """Take a new secret; for a while the one of before signs as well.

    The same ``command`` again takes no other: it gives the one that it made. Raises
    `Refused` where that is long ago, or another one was made since.
    """
    new = secret or fresh_secret()
    check_secret(new)
    organisation, id = subscription.organisation, subscription.id
    until = datetime.now(UTC) + overlap
    # Of two at once the second waits here for the first.
    async with connection(desk.pool) as conn, conn.transaction():
        await kept.hold(conn, id)
        taken = await log.note_act(
            conn, subscription, "rotated", sender.id, command=command
        )
        if not taken:
            again = desk, conn, subscription, "rotated", sender
            return await made_before(*again, command=command)
        old = await kept.secrets_of(conn, desk.keys, organisation, id)
        shared = old._replace(signing=new, previous=old.signing)
        await kept.put_secrets(conn, desk.keys, subscription, shared, until)
    await _tell(desk, id)
    return Made(await find(desk, id, organisation), new)


async def enable(
    desk: Desk, subscription: Subscription, sender: Sender
) -> Subscription:
    """Let it be tried again from where it stopped, beginning with the handshake."""
    await kept.enable(desk.pool, subscription.id)
    await _did(desk, subscription, "enabled", sender)
    return await find(desk, subscription.id, subscription.organisation)


async def disable(
    desk: Desk, subscription: Subscription, sender: Sender
) -> Subscription:
    """Send nothing more until it is enabled; nothing is lost meanwhile."""
    await kept.disable(desk.pool, subscription.id, BY_HAND)
    await _did(desk, subscription, "disabled", sender)
    return await find(desk, subscription.id, subscription.organisation)


async def delete(desk: Desk, subscription: Subscription, sender: Sender) -> None:
    """Take it away, with its log and its secrets; that it was there is still known."""
    await kept.remove(desk.pool, desk.keys, subscription)
    await _did(desk, subscription, "deleted", sender)


async def deliveries(
    desk: Desk,
    subscription: Subscription,
    *,
    most: int = 100,
    before: int | None = None,
    message: str | None = None,
    type: str | None = None,
) -> list[Attempt]:
    """Give the attempts, newest first; those of one message, or type, where named."""
    return await log.attempts(
        desk.pool, subscription.id, most=most, before=before, message=message, type=type
    )


async def delivery(desk: Desk, subscription: Subscription, attempt: int) -> Attempt:
    """Give one attempt. Raises `NotFound`."""
    found = await log.attempts(desk.pool, subscription.id, attempt=attempt)
    if not found:
        raise NotFound(_NO_ATTEMPT, id=subscription.id, attempt=attempt)
    return found[0]


async def acts(desk: Desk, subscription: Subscription, *doings: Doing) -> list[Act]:
    """Give what was done with it, newest first; only these doings where named."""
    return await log.acts(desk.pool, subscription.id, *doings)


async def dead_letters(
    desk: Desk, subscription: Subscription, *, most: int = 1_000
) -> list[Dead]:
    """Give the first events that were given up, in the order of the log."""
    return await log.dead(desk.pool, subscription.id, most=most)


async def _did(
    desk: Desk,
    subscription: Subscription,
    act: Doing,
    sender: Sender,
    leaf: int | None = None,
) -> None:
    """Note it, and tell the worker."""
    await log.note_act(desk.pool, subscription, act, sender.id, leaf)
    await _tell(desk, subscription.id)


async def _tell(desk: Desk, id: str) -> None:
    """Tell the worker; without Temporal it finds out by itself, a little later."""
    from temporalio.service import RPCError  # noqa: PLC0415 (who only reads needs none)

    await kept.ring(desk.pool)
    with suppress(Unreachable, RPCError, TimeoutError):
        async with asyncio.timeout(_SOON.total_seconds()):
            client = await desk.client()
        await client.start_workflow(
            DELIVERING,
            id,
            id=f"polder:delivery:{id}",
            task_queue=DELIVERY_QUEUE,
            start_signal=SUBSCRIPTION_CHANGED,
            rpc_timeout=_SOON,
        )


async def _check_room(desk: Desk, organisation: str, id: str) -> None:
    known = {each.id for each in await list_(desk, organisation)}
    if len(known) >= MOST and id not in known:
        told = {"organisation": organisation, "most": MOST}
        message = _TOO_MANY.format(**told)
        raise Refused("TooManySubscriptions", message, told, template=_TOO_MANY)


def _check_enabled(subscription: Subscription) -> None:
    if subscription.status == "disabled":
        told = {"problem": subscription.problem or "?", "id": subscription.id}
        message = ENABLE_FIRST.format(**told)
        raise Refused("SubscriptionDisabled", message, told, template=ENABLE_FIRST)
