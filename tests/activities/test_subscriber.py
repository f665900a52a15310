"""A subscriber can tell who sent an event, that it changed not, and that it repeats."""

from __future__ import annotations

import asyncio
import re
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final

import cloudevents.core.v1.event as sdk
import jsonschema
import pytest
from aiohttp import web
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from joserfc import jwt
from joserfc.jwk import OctKey
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from temporalio.client import Client

from activities.deliver import Delivering
from activities.outward import Answer, Outward
from activities.reach import Reach
from activities.subscriber import Pace, judged
from activities.turn import Times
from storage.subscription_log import attempts
from storage.subscriptions import Secrets, put_secrets
from tests.activities.hooks import (
    OURSELVES,
    QUICK,
    SECRET,
    Got,
    Hook,
    Town,
    hooked,
    served,
    town,
    until,
)
from tests.exports.test_cloudevents import SCHEMA
from tests.services import own_namespace

__all__ = ["town"]

NEW: Final = "whsec_" + "bmV3" * 8
PARK: Final = "gemeente-waterdam:parkzicht"


@pytest.fixture(scope="module")
async def client(temporal_client: Client) -> Client:
    """A namespace of this module's own."""
    return await own_namespace(temporal_client, "subscribers")


async def got(town: Town, client: Client, **more: Any) -> list[Got]:  # noqa: ANN401
    """What a subscriber gets of two dialogues with three events each."""
    hook = Hook()
    await town.grow(3, "parkzicht", "aardlaan")
    async with hooked(hook) as url, served(client, town.delivering()):
        await town.subscribe(f"{url}/hook?x=1", **more)
        await until(hook.has(6))
    assert all(one["webhook-request-origin"] == OURSELVES.origin for one in hook.asked)
    assert len(hook.asked) == 1
    return hook.taken


async def test_each_is_a_cloudevent_by_the_dutch_profile(
    town: Town, client: Client
) -> None:
    """As its schema and its own library have it; and with nothing but what may be."""
    for one in await got(town, client):
        assert one.headers["content-type"] == (
            "application/cloudevents+json; charset=utf-8"
        )
        event = one.event
        jsonschema.validate([event], SCHEMA, format_checker=jsonschema.FormatChecker())
        read = from_http_event(HTTPMessage(one.headers, one.body))
        assert isinstance(read, sdk.CloudEvent)
        assert read.get_id() == event["id"] == one.headers["webhook-id"]
        assert event["source"] == "urn:nld:oin:00000001823288444000:systeem:polder"
        assert event["type"] == "nl.polder.step-started"
        assert event["subject"].startswith("gemeente-waterdam:")
        assert event["dataref"] == (
            f"https://polder.waterdam.nl/v1/dialogues/{event['subject']}"
            f"/events?after={int(event['leafindex']) - 1}&limit=1"
        )
        assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", event["traceparent"])
        assert one.headers["traceparent"] == event["traceparent"]
        assert event["data"]["event"]["id"] == event["id"]
        assert event["data"]["event"]["private"] == {}


async def test_the_signature_is_that_of_standard_webhooks(
    town: Town, client: Client
) -> None:
    """Their own library believes it, and nothing that was changed."""
    for one in await got(town, client):
        hook = Webhook(SECRET)
        hook.verify(one.body, one.headers)
        with pytest.raises(WebhookVerificationError):
            hook.verify(one.body + b" ", one.headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(NEW).verify(one.body, one.headers)


async def test_while_a_secret_is_replaced_both_sign(town: Town, client: Client) -> None:
    """Whoever has the old one or the new one believes it; later the new one alone."""
    hook = Hook()
    async with hooked(hook) as url, served(client, town.delivering()):
        id = await town.subscribe(url)
        await town.grow(1, "parkzicht")
        await until(hook.has(1))
        soon = datetime.now(UTC) + timedelta(seconds=2)
        both = Secrets(NEW, previous=SECRET)
        await put_secrets(town.pool, town.keys, await town.now(id), both, soon)
        await town.grow(1, "parkzicht")
        await until(hook.has(2))
        await until(lambda: is_past(soon + timedelta(seconds=1)))
        await town.grow(1, "parkzicht")
        await until(hook.has(3))
    _, during, after = hook.taken
    for secret in (SECRET, NEW):
        Webhook(secret).verify(during.body, during.headers)
    assert int(after.headers["webhook-timestamp"]) > soon.timestamp() - 1
    Webhook(NEW).verify(after.body, after.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(after.body, after.headers)


async def test_a_bearer_token_is_in_the_header_alone(
    town: Town, client: Client
) -> None:
    """Never in the address, nor in what the log of deliveries has."""
    secrets = Secrets(SECRET, bearer="t0k3n")
    found = await got(town, client, secrets=secrets, authorisation="bearer")
    assert {one.headers["authorization"] for one in found} == {"Bearer t0k3n"}


async def test_each_zgw_notification_has_a_fresh_token(
    town: Town, client: Client
) -> None:
    """A JWT of the moment itself; and `data` is the message that case systems know."""
    key = "een-lang-geheim-1234"
    secrets = Secrets(SECRET, client_id="polder", client_secret=key)
    hook = Hook(seconds=0.6)
    await town.grow(3, "parkzicht")
    async with hooked(hook) as url, served(client, town.delivering()):
        await town.subscribe(url, secrets, authorisation="zgw", format="zgw")
        await until(hook.has(3))
    claims: list[dict[str, Any]] = []
    for one in hook.taken:
        token = one.headers["authorization"].removeprefix("Bearer ")
        claims.append(jwt.decode(token, OctKey.import_key(key), ["HS256"]).claims)
    assert {each["client_id"] for each in claims} == {"polder"}
    assert claims[0]["iat"] < claims[-1]["iat"] <= time.time()
    place = f"https://polder.waterdam.nl/v1/dialogues/{PARK}"
    assert hook.taken[1].event["data"] == {
        "kanaal": "dialogen",
        "hoofdObject": place,
        "resource": "gebeurtenis",
        "resourceUrl": f"{place}/events?after=0&limit=1",
        "actie": "create",
        "aanmaakdatum": hook.taken[1].event["time"],
        "kenmerken": {
            "organisatie": "gemeente-waterdam",
            "dialoog": PARK,
            "gebeurtenis": "step_started",
        },
    }


async def test_a_redirect_is_not_followed_and_a_private_address_not_reached(
    town: Town, client: Client
) -> None:
    """Whatever the subscriber answers, or its name leads to."""
    inside = Hook()

    def lead_inside(_got: Got, _time: int) -> web.Response:
        return web.Response(status=307, headers={"Location": inner})

    outside = Hook(lead_inside)
    public = Delivering(town.pool, town.keys, Outward(Reach()), OURSELVES, QUICK)
    async with hooked(inside) as inner, hooked(outside) as url:
        async with served(client, town.delivering()):
            id = await town.subscribe(url)
            await town.grow(1, "parkzicht")
            await until(lambda: failed(town, id, "answered 307"))
        async with served(client, public, every=0.5):
            # A name passes where an address would be refused at once.
            named = url.replace("127.0.0.1", "localhost")
            id = await town.subscribe(named, handshake=False)
            await town.grow(1, "parkzicht")
            await until(lambda: failed(town, id, "private network"))
    assert inside.tried == inside.asked == []


async def test_what_failed_is_in_the_log_without_what_was_said(
    town: Town, client: Client
) -> None:
    """A status and a reason; nothing of the body, and nothing of a secret."""
    hook = Hook(lambda _got, _time: web.Response(status=500, text="a-secret-of-ours"))
    async with hooked(hook) as url, served(client, town.delivering()):
        id = await town.subscribe(f"{url}/path-that-is-secret")
        await town.grow(1, "parkzicht")
        await until(lambda: failed(town, id, "answered 500"))
    noted = await attempts(town.pool, id)
    assert noted[-1].status == 500
    assert "secret" not in repr(noted)


async def test_no_more_is_sent_than_the_target_allows(
    town: Town, client: Client
) -> None:
    """`WebHook-Allowed-Rate` is requests a minute."""
    hook = Hook()
    at: list[float] = []

    async def options(_: web.Request) -> web.Response:
        allow = {"WebHook-Allowed-Origin": "*", "WebHook-Allowed-Rate": "240"}
        return web.Response(headers=allow)

    def mood(_got: Got, _time: int) -> int:
        at.append(time.monotonic())
        return 200

    hook.mood = mood
    hook.options = options  # type: ignore[method-assign]
    async with hooked(hook) as url, served(client, town.delivering()):
        await town.subscribe(url)
        await town.grow(4, "parkzicht", "aardlaan")
        await until(hook.has(8))
    assert at[-1] - at[0] >= 7 * 0.25 * 0.9


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, "taken"),
        (202, "taken"),
        (204, "taken"),
        (302, "away"),
        (400, "refused"),
        (401, "away"),
        (404, "away"),
        (410, "gone"),
        (413, "refused"),
        (422, "refused"),
        (429, "away"),
        (500, "refused"),
        (503, "away"),
    ],
)
def test_an_answer_is_about_the_event_or_about_the_target(
    status: int, kind: str
) -> None:
    """What is about the event holds one dialogue; what is about the target, all."""
    assert judged(Answer(status, {}, b"")).kind == kind


def test_the_time_that_is_asked_for_may_be_a_date() -> None:
    """Seconds, or a date as HTTP has it; nonsense asks for nothing, none for ever."""

    def wait(said: str) -> timedelta | None:
        return judged(Answer(503, {"Retry-After": said}, b"")).wait

    soon = datetime.now(UTC) + timedelta(minutes=10)
    found = wait(format_datetime(soon, usegmt=True))
    assert found is not None
    assert timedelta(minutes=9) < found <= timedelta(minutes=10)
    assert wait("120") == timedelta(minutes=2)
    assert wait("Wed, 21 Oct 2015 07:28:00 GMT") == timedelta(0)
    assert wait("Wed, 21 Oct 2099 07:28:00 GMT") == timedelta(days=1)
    assert wait("soon") is None


def test_who_is_away_for_long_is_asked_less_and_less() -> None:
    """From two seconds to an hour; who was away for an hour is asked each quarter."""
    times = Times()

    def minutes(away: float, asked: float | None = None) -> float:
        wish = timedelta(minutes=asked) if asked else None
        return times.pause(timedelta(minutes=away), wish).total_seconds() / 60

    assert minutes(0) < 0.05
    assert 14 < minutes(60) < 18
    assert 59 < minutes(60 * 24) < 70
    assert minutes(1, asked=30) == 30


async def test_a_pace_is_kept_whoever_asks() -> None:
    """Ten that ask at once go one after the other."""
    pace, began = Pace(600), time.monotonic()
    await asyncio.gather(*(pace.turn() for _ in range(6)))
    assert time.monotonic() - began >= 0.5


async def failed(town: Town, id: str, why: str) -> bool:
    """Whether an attempt failed for this reason."""
    found = await attempts(town.pool, id)
    now = await town.now(id)
    return any(why in (each.problem or "") for each in found) or why in (
        now.problem or ""
    )


async def is_past(moment: datetime) -> bool:
    """Whether that moment has been."""
    return datetime.now(UTC) > moment
