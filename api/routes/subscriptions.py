"""Events out: who is told of what, and with which secret."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, Final

from fastapi import Request, Response

from api.conditions import IdempotencyKey
from api.mistakes import Mistake
from api.models.subscriptions import (
    ActShown,
    BearerBody,
    SecretBody,
    SubscriptionBody,
    SubscriptionMade,
    SubscriptionShown,
    SwitchBody,
    ZgwBody,
)
from api.paging import Listed, Paging, linked, next_page, place_of
from api.problems import bad_input
from api.routing import router
from api.security import Visit, Visiting
from api.subscribed import Name, is_theirs, shown, theirs
from api.wording import OVER_HTTP
from desk import subscribing
from desk.saying import said
from desk.subscribing import Subscription
from desk.subscription_wish import BadSubscription, Wish
from desk.subscriptions_told import subscription_told
from language import mark

ROUTE = router("Abonnementen")

_KEYS: Final = uuid.UUID("6f2f0b0e-6a3c-5d8a-9a3e-5b7c6d1e2f30")
"""Namespace of the ids that keys of callers become."""

_OWN: Final = mark("this token is for one dialogue: {dialogue}")

_MADE: Final[dict[int | str, dict[str, Any]]] = {
    201: {
        "headers": {
            "Location": {
                "description": "Het abonnement.",
                "schema": {"type": "string"},
            }
        }
    }
}


@ROUTE.get(
    "/subscriptions",
    operation_id="listSubscriptions",
    summary="Abonnementen",
)
async def list_subscriptions(
    visit: Visiting, request: Request, response: Response, page: Paging
) -> Listed[SubscriptionShown]:
    """Geeft de abonnementen van uw organisatie, oudste eerst."""
    visit.allow("subscribe")
    every = await subscribing.list_(visit.desk, visit.caller.organisation)
    place = place_of(page.cursor, str, str)
    known = [
        each
        for each in every
        if is_theirs(visit, each) and (place is None or _place(each) > place)
    ]
    found, more = known[: page.limit], len(known) > page.limit
    following = next_page(request, _place(found[-1]) if more else None)
    response.headers.update(linked(following))
    return Listed(items=[shown(visit, each) for each in found], next=following)


@ROUTE.post(
    "/subscriptions",
    operation_id="createSubscription",
    summary="Een abonnement nemen",
    status_code=201,
    responses=_MADE,
)
async def create_subscription(
    visit: Visiting,
    response: Response,
    body: SubscriptionBody,
    idempotency_key: IdempotencyKey = None,
) -> SubscriptionMade:
    """Laat gebeurtenissen naar een adres sturen, als CloudEvents, ondertekend.

    Het antwoord bevat het geheim waarmee is ondertekend; het wordt later niet meer
    getoond. Het adres wordt eerst om toestemming gevraagd (`OPTIONS`): tot dat ja er is
    staat het abonnement op `pending`. Met dezelfde `Idempotency-Key` nog eens gestuurd
    komt er geen tweede.
    """
    visit.allow("subscribe")
    organisation = visit.caller.organisation
    made_of = f"{organisation}\n{visit.caller.actor}\n{idempotency_key}"
    try:
        made = await subscribing.create(
            visit.desk,
            organisation,
            _wish(visit, body),
            visit.sender(),
            id=str(uuid.uuid5(_KEYS, made_of)) if idempotency_key else None,
            private=visit.service.settings.private_targets,
        )
    except BadSubscription as error:
        wrong = Mistake("body", f"/{error.field}", said(error, visit.lang, OVER_HTTP))
        raise bad_input(wrong) from None
    response.headers["Location"] = f"/v1/subscriptions/{made.subscription.id}"
    told = subscription_told(made.subscription, visit.lang) | {"secret": made.secret}
    return SubscriptionMade.model_validate(told)


@ROUTE.get(
    "/subscriptions/{subscription}",
    operation_id="getSubscription",
    summary="Een abonnement",
)
async def get_subscription(visit: Visiting, subscription: Name) -> SubscriptionShown:
    """Geeft een abonnement en hoe het ermee gaat."""
    return shown(visit, await theirs(visit, subscription))


@ROUTE.delete(
    "/subscriptions/{subscription}",
    operation_id="deleteSubscription",
    summary="Een abonnement opzeggen",
    status_code=204,
)
async def delete_subscription(visit: Visiting, subscription: Name) -> Response:
    """Zegt een abonnement op; zijn geheim en zijn logboek zijn daarna weg."""
    found = await theirs(visit, subscription)
    await subscribing.delete(visit.desk, found, visit.sender())
    return Response(status_code=204)


@ROUTE.post(
    "/subscriptions/{subscription}/secrets",
    operation_id="rotateSecret",
    summary="Een nieuw geheim",
    status_code=201,
)
async def rotate_secret(
    visit: Visiting, subscription: Name, body: SecretBody
) -> SubscriptionMade:
    """Neemt een nieuw geheim; het vorige tekent nog een tijd mee."""
    found = await theirs(visit, subscription)
    overlap = timedelta(hours=body.overlap_hours)
    try:
        made = await subscribing.rotate(
            visit.desk, found, visit.sender(), secret=body.secret, overlap=overlap
        )
    except BadSubscription as error:
        wrong = Mistake("body", f"/{error.field}", said(error, visit.lang, OVER_HTTP))
        raise bad_input(wrong) from None
    told = subscription_told(made.subscription, visit.lang) | {"secret": made.secret}
    return SubscriptionMade.model_validate(told)


@ROUTE.get(
    "/subscriptions/{subscription}/secrets",
    operation_id="listSecrets",
    summary="Wisselingen van geheim",
)
async def list_secrets(visit: Visiting, subscription: Name) -> Listed[ActShown]:
    """Geeft wie wanneer het geheim wisselde; nooit het geheim zelf."""
    found = await theirs(visit, subscription)
    acts = await subscribing.acts(visit.desk, found, "created", "rotated")
    return Listed(items=[ActShown.model_validate(each._asdict()) for each in acts])


@ROUTE.get(
    "/subscriptions/{subscription}/switches",
    operation_id="listSwitches",
    summary="Aan en uit",
)
async def list_switches(visit: Visiting, subscription: Name) -> Listed[ActShown]:
    """Geeft wie het abonnement wanneer aan- of uitzette."""
    found = await theirs(visit, subscription)
    acts = await subscribing.acts(visit.desk, found, "enabled", "disabled")
    return Listed(items=[ActShown.model_validate(each._asdict()) for each in acts])


@ROUTE.post(
    "/subscriptions/{subscription}/switches",
    operation_id="switchSubscription",
    summary="Aan- of uitzetten",
    status_code=201,
)
async def switch_subscription(
    visit: Visiting, subscription: Name, body: SwitchBody
) -> SubscriptionShown:
    """Zet een abonnement uit, of weer aan: dan gaat het verder waar het bleef."""
    found = await theirs(visit, subscription)
    change = subscribing.enable if body.enabled else subscribing.disable
    return shown(visit, await change(visit.desk, found, visit.sender()))


def _place(each: Subscription) -> tuple[str, str]:
    """Give the place of one in the list: oldest first."""
    return each.created_at.isoformat(), each.id


def _wish(visit: Visit, body: SubscriptionBody) -> Wish:
    only = visit.caller.dialogue
    dialogues = body.dialogues or ([only] if only else [])
    if only and dialogues != [only]:
        text = _OWN.format(dialogue=only)
        raise bad_input(Mistake("body", "/dialogues", text))
    told = body.authorisation
    return Wish(
        target=body.target,
        types=body.types or (),
        dialogues=dialogues,
        format=body.format,
        authorisation=told.type if told else "none",
        bearer=told.token if isinstance(told, BearerBody) else None,
        client_id=told.client_id if isinstance(told, ZgwBody) else None,
        client_secret=told.client_secret if isinstance(told, ZgwBody) else None,
        secret=body.secret,
        from_leaf=body.from_leaf,
    )
