"""Subscriptions that do not get what is meant for them, for who is to do something.

Whoever keeps Polder running sees those of all; who steers dialogues sees those of the
organisations in which they do, and nobody else sees any.
"""

from __future__ import annotations

from typing import Any

from desk.desk import Desk
from desk.remarks_deliveries import BY_HAND
from desk.subscriptions_told import subscription_told
from storage import subscriptions as kept
from storage.subscriptions import Subscription


async def undelivered(
    desk: Desk, actor: str | None = None, organisation: str | None = None
) -> tuple[Subscription, ...]:
    """Give those that are disabled, fail, wait or gave something up; oldest first.

    Without ``actor`` for who keeps it running.
    """
    found = await kept.subscriptions(desk.pool, organisation, troubled=True)
    if not found or actor is None:
        return tuple(found)
    steered = await kept.steered_by(desk.pool, actor)
    return tuple(each for each in found if each.organisation in steered)


def by_hand(subscription: Subscription) -> bool:
    """Whether somebody put it out themselves, and so means it."""
    return subscription.status == "disabled" and subscription.problem == BY_HAND


def helps(subscription: Subscription) -> str:
    """Give the one command of the command line that would help."""
    if subscription.status == "disabled":
        return f"polder subscription enable {subscription.id}"
    if subscription.failing_since is not None:
        return f"polder subscription test {subscription.id}"
    return f"polder subscription show {subscription.id}"


def undelivered_told(subscription: Subscription, lang: str) -> dict[str, Any]:
    """Give one as JSON, with the command that would help."""
    return {**subscription_told(subscription, lang), "command": helps(subscription)}
