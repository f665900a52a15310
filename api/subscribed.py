"""A subscription that a caller names: theirs, or as if it were not there."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from api.models.subscriptions import SubscriptionShown
from api.security import Visit
from desk import subscribing
from desk.errors import NotFound
from desk.subscribing import Subscription
from desk.subscription_secrets import NONE
from desk.subscriptions_told import subscription_told

Name = Annotated[
    str,
    Path(
        description="Het abonnement.",
        pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        examples=["0f9c2a52-6f5c-4a6e-9a52-3c1d3d7a1a10"],
    ),
]


async def theirs(visit: Visit, name: str) -> Subscription:
    """Give a subscription that the caller may know of. Raises `NotFound`."""
    visit.allow("subscribe")
    found = await subscribing.find(visit.desk, name, visit.caller.organisation)
    if not is_theirs(visit, found):
        raise NotFound(NONE, id=name)
    return found


def is_theirs(visit: Visit, each: Subscription) -> bool:
    """Whether it is for no other dialogue than the token is."""
    only = visit.caller.dialogue
    return only is None or each.dialogues == [only]


def shown(visit: Visit, each: Subscription) -> SubscriptionShown:
    """Give a subscription as an answer has it, in the caller's language."""
    return SubscriptionShown.model_validate(subscription_told(each, visit.lang))
