"""A webhook can tell who sent a checkpoint, if it changed, and if it repeats."""

from __future__ import annotations

import hmac
import json
import time
from base64 import b64decode, b64encode
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple

import pytest
from aiohttp import web
from multidict import CIMultiDict

from activities.outward import Answer
from activities.target import NotPublished
from activities.webhook import Webhook, asked_to_wait, read_secret, sign
from evidence.checkpoint import verify_checkpoint
from tests.activities.checkpoints import LOOPBACK, Journal, journal, serving

__all__ = ["journal"]

OLD, NEW = b"o" * 24, b"n" * 64


class Received(NamedTuple):
    """What a receiver got."""

    headers: CIMultiDict[str]
    body: bytes


def believed(message: Received, secret: bytes) -> bool:
    """Check as the specification of Standard Webhooks tells a receiver to."""
    told = message.headers
    if abs(time.time() - int(told["webhook-timestamp"])) > 300:
        return False
    signed = f"{told['webhook-id']}.{told['webhook-timestamp']}.".encode()
    expected = hmac.new(secret, signed + message.body, sha256).digest()
    return any(
        version == "v1" and hmac.compare_digest(b64decode(signature), expected)
        for version, signature in (
            one.split(",") for one in told["webhook-signature"].split(" ")
        )
    )


def test_a_signature_is_that_of_the_specification() -> None:
    """The example of Standard Webhooks gives the signature that stands there."""
    secret = read_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    made = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_a_checkpoint_is_sent_whole_and_signed(journal: Journal) -> None:
    """The receiver needs nothing but the log's key to believe what is inside."""
    got: list[Received] = []

    async def receive(request: web.Request) -> web.Response:
        got.append(Received(request.headers.copy(), await request.read()))
        return web.Response(status=202)

    newest = await journal.grow(2)
    async with serving(receive) as url:
        webhook = Webhook(f"{url}/hook", (NEW, OLD), LOOPBACK)
        await webhook.publish(journal.pool, newest)
        await webhook.publish(journal.pool, newest)
    [first, again] = got
    assert believed(first, OLD)
    assert believed(first, NEW)
    assert not believed(first, b"x" * 24)
    assert not believed(first._replace(body=first.body + b" "), NEW)
    assert first.headers["webhook-id"] == again.headers["webhook-id"]
    document = json.loads(first.body)
    assert document["type"] == "checkpoint.published"
    note = document["data"]["note"].encode()
    assert note == newest.note
    signed = verify_checkpoint(note, [journal.key.vkey])
    assert signed.checkpoint.size == document["data"]["size"] == newest.size
    assert b64encode(signed.checkpoint.root).decode() == document["data"]["root"]


@pytest.mark.parametrize("status", [301, 400, 401, 410, 429, 500, 503])
async def test_only_an_answer_in_the_two_hundreds_is_taken(
    journal: Journal, status: int
) -> None:
    """Anything else is tried again, no sooner than the receiver asks."""

    async def refuse(_: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Retry-After": "120"})

    newest = await journal.grow()
    async with serving(refuse) as url:
        with pytest.raises(NotPublished, match=f"answered {status}") as refused:
            await Webhook(url, (NEW,), LOOPBACK).publish(journal.pool, newest)
    assert refused.value.wait == timedelta(minutes=2)


@pytest.mark.parametrize("said", ["", "soon", "-1", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_nonsense_asks_for_no_wait(said: str) -> None:
    """And nobody can put us off for longer than a day."""
    assert asked_to_wait(Answer(429, {"Retry-After": said}, b"")) is None
    far = Answer(429, {"Retry-After": "99999999999"}, b"")
    assert asked_to_wait(far) == timedelta(days=1)
