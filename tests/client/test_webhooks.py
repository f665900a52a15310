"""A delivery is believed when it is signed by a secret we know, and of now."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
import standardwebhooks

from polder_client.webhooks import NotGenuine, signature, verified

SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
OTHER = "whsec_" + base64.b64encode(b"t" * 32).decode()
BODY = '{"id":"a/1","text":"één"}'.encode()
NOW = datetime.now(UTC)
MOMENT = int(NOW.timestamp())


def headers(*signatures: str, at: int = MOMENT) -> dict[str, str]:
    """Give the headers of a delivery."""
    return {
        "Webhook-Id": "a/1",
        "Webhook-Timestamp": str(at),
        "Webhook-Signature": " ".join(signatures),
    }


def test_what_another_implementation_signs_is_believed() -> None:
    """The library of the standard signs, we check."""
    theirs = standardwebhooks.Webhook(SECRET).sign("a/1", NOW, BODY.decode())
    found = verified(SECRET, headers(theirs), BODY, now=MOMENT)
    assert found == {"id": "a/1", "text": "één"}


def test_another_implementation_believes_what_we_sign() -> None:
    """We sign, the library of the standard checks."""
    # Their clock is that of the machine, and this module was read a while ago.
    now = int(datetime.now(UTC).timestamp())
    ours = headers(signature(SECRET, "a/1", now, BODY), at=now)
    told = {name.lower(): value for name, value in ours.items()}
    assert standardwebhooks.Webhook(SECRET).verify(BODY.decode(), told)


def test_while_a_secret_is_replaced_either_will_do() -> None:
    """Two signatures in the delivery, or two secrets on our side."""
    old, new = (signature(secret, "a/1", MOMENT, BODY) for secret in (OTHER, SECRET))
    assert verified(SECRET, headers(old, new), BODY, now=MOMENT)
    assert verified([OTHER, SECRET], headers(new), BODY, now=MOMENT)


@pytest.mark.parametrize(
    ("told", "body", "now"),
    [
        (headers(signature(OTHER, "a/1", MOMENT, BODY)), BODY, MOMENT),
        (headers(signature(SECRET, "a/2", MOMENT, BODY)), BODY, MOMENT),
        (headers(signature(SECRET, "a/1", MOMENT, BODY), at=MOMENT + 1), BODY, MOMENT),
        (headers(signature(SECRET, "a/1", MOMENT, BODY)), BODY + b" ", MOMENT),
        (headers(signature(SECRET, "a/1", MOMENT, BODY)), BODY, MOMENT + 301),
        (headers(signature(SECRET, "a/1", MOMENT, BODY)), BODY, MOMENT - 301),
        (headers(), BODY, MOMENT),
        ({}, BODY, MOMENT),
        (headers("v1,é"), BODY, MOMENT),
        (headers(signature(SECRET, "a/1", MOMENT, b"[]")), b"[]", MOMENT),
    ],
    # Their names hold no moment: each process that runs tests has to know them alike.
    ids=range(10),
)
def test_what_is_not_genuine_is_refused(
    told: dict[str, str], body: bytes, now: int
) -> None:
    """Another secret, id, moment or body, an old one, one of tomorrow, or none."""
    with pytest.raises(NotGenuine):
        verified(SECRET, told, body, now=now)


def test_a_secret_that_is_none_is_our_own_mistake() -> None:
    """It is no `NotGenuine`: the sender has done nothing wrong."""
    with pytest.raises(ValueError, match="whsec_"):
        verified("geheim!", headers("v1,x"), BODY, now=MOMENT)
