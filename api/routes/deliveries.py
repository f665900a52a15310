"""What became of events that were sent out, and sending them once more."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path, Request, Response

from api.mistakes import Mistake
from api.models.subscriptions import (
    ActShown,
    DeadLetter,
    DeliveryShown,
    ReplayBody,
    SubscriptionShown,
)
from api.paging import Listed, Paging, linked, next_page, place_of
from api.problems import bad_input
from api.routing import router
from api.security import Visit, Visiting
from api.subscribed import Name, shown, theirs
from desk import subscribing
from desk.subscribing import Attempt
from desk.subscriptions_told import attempt_told, dead_told
from language import mark

ROUTE = router("Abonnementen")

_ONE_OF: Final = mark("give one of fromLeaf, since and deadLetters")
_AN_OFFSET: Final = mark("this needs an offset, such as Z")

Delivery = Annotated[
    str,
    Path(description="De aflevering.", pattern="^[0-9]{1,18}$", examples=["42"]),
]


@ROUTE.get(
    "/subscriptions/{subscription}/deliveries",
    operation_id="listDeliveries",
    summary="Afleveringen",
)
async def list_deliveries(
    visit: Visiting,
    request: Request,
    response: Response,
    subscription: Name,
    page: Paging,
) -> Listed[DeliveryShown]:
    """Geeft elke poging om een bericht af te leveren, nieuwste eerst."""
    found = await theirs(visit, subscription)
    place = place_of(page.cursor, int)
    tried = await subscribing.deliveries(
        visit.desk, found, most=page.limit + 1, before=place[0] if place else None
    )
    shown, more = tried[: page.limit], len(tried) > page.limit
    following = next_page(request, (shown[-1].id,) if more else None)
    response.headers.update(linked(following))
    items = [
        DeliveryShown.model_validate(attempt_told(each, visit.lang)) for each in shown
    ]
    return Listed(items=items, next=following)


@ROUTE.get(
    "/subscriptions/{subscription}/deliveries/{delivery}/replays",
    operation_id="listDeliveryReplays",
    summary="Alle pogingen voor één bericht",
)
async def list_delivery_replays(
    visit: Visiting, subscription: Name, delivery: Delivery
) -> Listed[DeliveryShown]:
    """Geeft alle pogingen voor het bericht van deze aflevering, nieuwste eerst."""
    found = await theirs(visit, subscription)
    one = await subscribing.delivery(visit.desk, found, int(delivery))
    tried = await subscribing.deliveries(visit.desk, found, message=one.message)
    items = [
        DeliveryShown.model_validate(attempt_told(each, visit.lang)) for each in tried
    ]
    return Listed(items=items)


@ROUTE.post(
    "/subscriptions/{subscription}/deliveries/{delivery}/replays",
    operation_id="replayDelivery",
    summary="Een bericht nog eens sturen",
    status_code=202,
)
async def replay_delivery(
    visit: Visiting, subscription: Name, delivery: Delivery
) -> DeliveryShown:
    """Stuurt het bericht van deze aflevering nog eens, met dezelfde `id`."""
    found = await theirs(visit, subscription)
    sender = visit.sender()
    one = await subscribing.repeat(visit.desk, found, int(delivery), sender)
    return _delivery(visit, one)


@ROUTE.get(
    "/subscriptions/{subscription}/replays",
    operation_id="listReplays",
    summary="Wat nog eens is gestuurd",
)
async def list_replays(visit: Visiting, subscription: Name) -> Listed[ActShown]:
    """Geeft wie er om herhaling vroeg, nieuwste eerst."""
    found = await theirs(visit, subscription)
    acts = await subscribing.acts(visit.desk, found, "replayed", "repeated")
    return Listed(items=[ActShown.model_validate(each._asdict()) for each in acts])


@ROUTE.post(
    "/subscriptions/{subscription}/replays",
    operation_id="replaySubscription",
    summary="Nog eens sturen",
    status_code=202,
)
async def replay_subscription(
    visit: Visiting, subscription: Name, body: ReplayBody
) -> SubscriptionShown:
    """Stuurt alles vanaf een plaats of moment nog eens, op volgorde.

    Nieuwe gebeurtenissen komen daarachter. Met `deadLetters` alleen wat is opgegeven.
    """
    found = await theirs(visit, subscription)
    asked = (body.from_leaf is not None, body.since is not None, body.dead_letters)
    if asked.count(True) != 1:
        raise bad_input(Mistake("body", "", _ONE_OF, "one_of"))
    if body.since is not None and body.since.tzinfo is None:
        raise bad_input(Mistake("body", "/since", _AN_OFFSET))
    sender = visit.sender()
    if body.dead_letters:
        await subscribing.replay_dead(visit.desk, found, sender)
    else:
        await subscribing.replay(
            visit.desk, found, sender, leaf=body.from_leaf, since=body.since
        )
    return shown(visit, await theirs(visit, subscription))


@ROUTE.get(
    "/subscriptions/{subscription}/dead-letters",
    operation_id="listDeadLetters",
    summary="Opgegeven berichten",
)
async def list_dead_letters(visit: Visiting, subscription: Name) -> Listed[DeadLetter]:
    """Geeft wat na drie dagen proberen is opgegeven, op volgorde van het logboek."""
    found = await theirs(visit, subscription)
    dead = await subscribing.dead_letters(visit.desk, found)
    return Listed(
        items=[DeadLetter.model_validate(dead_told(each, visit.lang)) for each in dead]
    )


@ROUTE.get(
    "/subscriptions/{subscription}/tests",
    operation_id="listTests",
    summary="Proefberichten",
)
async def list_tests(visit: Visiting, subscription: Name) -> Listed[DeliveryShown]:
    """Geeft wat er van proefberichten werd, nieuwste eerst."""
    found = await theirs(visit, subscription)
    tried = await subscribing.deliveries(visit.desk, found, type="nl.polder.test")
    items = [
        DeliveryShown.model_validate(attempt_told(each, visit.lang)) for each in tried
    ]
    return Listed(items=items)


@ROUTE.post(
    "/subscriptions/{subscription}/tests",
    operation_id="testSubscription",
    summary="Een proefbericht sturen",
    status_code=202,
)
async def test_subscription(visit: Visiting, subscription: Name) -> SubscriptionShown:
    """Stuurt een proefbericht, ook als er verder niets heen gaat."""
    found = await theirs(visit, subscription)
    await subscribing.test(visit.desk, found, visit.sender())
    return shown(visit, found)


def _delivery(visit: Visit, each: Attempt) -> DeliveryShown:
    return DeliveryShown.model_validate(attempt_told(each, visit.lang))
