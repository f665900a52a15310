"""Who gets to see the secret of a subscription, and for how long: who just made it."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import timedelta
from typing import Final, NamedTuple

from desk.desk import Desk, Sender
from desk.errors import NotFound, Refused
from language import mark
from storage import subscription_log as log
from storage import subscriptions as kept
from storage.pool import Connection, Source
from storage.subscription_log import Doing
from storage.subscriptions import Subscription

SHOWN: Final = timedelta(minutes=10)
"""How long what made a secret may come again and be answered with it: a page that is
loaded again, a request whose answer was lost."""

NONE: Final = mark("There is no subscription {id}. See polder subscription list.")
_BEFORE: Final = mark(
    "This made a secret before, and it was shown then. If it was not kept, take "
    "another one."
)


class Made(NamedTuple):
    """A subscription, and the secret that its messages are signed with."""

    subscription: Subscription
    secret: str


async def found_in(
    source: Source, id: str, organisation: str | None = None
) -> Subscription:
    """Give one subscription. Raises `NotFound`, also for one of somebody else."""
    with suppress(ValueError):
        found = await kept.subscriptions(source, organisation, id=str(uuid.UUID(id)))
        if found:
            return found[0]
    raise NotFound(NONE, id=id)


async def made_before(
    desk: Desk,
    conn: Connection,
    subscription: Subscription,
    act: Doing,
    sender: Sender,
    *,
    command: str | None = None,
) -> Made:
    """Give the secret once more to who just made it, in a transaction that holds it.

    Raises `Refused` where it was made by another act since, by somebody else, or longer
    than `SHOWN` ago.
    """
    id, organisation = subscription.id, subscription.organisation
    if not await log.was_last(conn, id, act, sender.id, SHOWN, command=command):
        raise Refused("MadeBefore", _BEFORE, template=_BEFORE)
    told = await kept.secrets_of(conn, desk.keys, organisation, id)
    return Made(await found_in(conn, id, organisation), told.signing)
