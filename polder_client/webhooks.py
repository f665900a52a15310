"""Whether an event that was posted to you came from your Polder, and just now.

Standard Webhooks (standardwebhooks.com): `webhook-signature` has one or more
signatures, `v1,` and the base64 of an HMAC-SHA256 over id, timestamp and body. While a
secret is being replaced there are two, and either will do.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from polder_client.problems import PolderError

TOLERANCE: Final = 300
"""Seconds that a delivery may be old, or ahead of our clock."""

_PREFIX: Final = "whsec_"


class NotGenuine(PolderError):
    """This was not sent by who has the secret, or not now. Answer 400."""


def signature(secret: str, name: str, timestamp: int, body: bytes) -> str:
    """Give the signature of a delivery: `v1,` and base64."""
    signed = b".".join((name.encode(), str(timestamp).encode(), body))
    made = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(made).decode()}"


def verified(
    secrets: str | Sequence[str],
    headers: Mapping[str, str],
    body: bytes,
    *,
    tolerance: float = TOLERANCE,
    now: float | None = None,
) -> dict[str, Any]:
    """Give the event in a delivery, once its signature and its age are right.

    ``secrets`` is one secret, or two while you replace it; ``headers`` are those of the
    request, ``body`` its bytes as they came. Raises `NotGenuine`. The event's `id` is
    the same each time it is delivered: keep it, to see a repeat.
    """
    told = {name.lower(): value for name, value in headers.items()}
    name, moment = told.get("webhook-id", ""), told.get("webhook-timestamp", "")
    given = told.get("webhook-signature", "").split()
    if not (name and moment.isascii() and moment.isdigit() and given):
        message = "webhook-id, webhook-timestamp or webhook-signature is missing"
        raise NotGenuine(message)
    known = [secrets] if isinstance(secrets, str) else list(secrets)
    right = [signature(secret, name, int(moment), body) for secret in known]
    if not _any_of(right, given):
        message = "no signature in it is by a secret that we know"
        raise NotGenuine(message)
    if abs((time.time() if now is None else now) - int(moment)) > tolerance:
        message = f"it is of {moment}: too old, or ahead of our clock"
        raise NotGenuine(message)
    return _event(body)


def _any_of(right: Sequence[str], given: Sequence[str]) -> bool:
    """Compare each with each, in a time that tells nothing."""
    found = False
    for one in right:
        for other in given:
            found |= hmac.compare_digest(one.encode(), other.encode())
    return found


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        message = "a secret is whsec_ and base64"
        raise ValueError(message) from error


def _event(body: bytes) -> dict[str, Any]:
    found: object = json.loads(body)
    if not isinstance(found, dict):
        message = "its body is no JSON object"
        raise NotGenuine(message)
    return cast("dict[str, Any]", found)
