"""A webhook gets each checkpoint once, and can tell who sent it and whether it changed.

Signed by Standard Webhooks: HMAC-SHA256 with a shared secret over id, time and body.
The id is that of the checkpoint, so a receiver sees a repeat. What counts for others is
inside: the note, which the log's key signed.
"""

from __future__ import annotations

import hmac
import json
import time
from base64 import b64encode
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from activities.outward import Answer, Outward, Unreached
from activities.target import BadTarget, Newest, NotPublished, short_hash, told_of
from domain.facts import written
from evidence.errors import MalformedNote
from evidence.note import strict_base64
from storage.pool import Pool

EVENT: Final = "checkpoint.published"

_PREFIX: Final = "whsec_"
_SHORTEST, _LONGEST = 24, 64
"""Bytes in a secret, by Standard Webhooks."""

_TAKEN: Final = range(200, 300)
_LONGEST_WAIT: Final = 86_400


def read_secret(text: str) -> bytes:
    """Read ``whsec_`` with 24 to 64 bytes in base64; raises ``BadTarget``."""
    try:
        secret = strict_base64(text.removeprefix(_PREFIX))
    except MalformedNote:
        secret = b""
    if not _SHORTEST <= len(secret) <= _LONGEST:
        # Never the text itself: it may be a secret with a slip in it.
        raise BadTarget(
            "POLDER_CHECKPOINT_WEBHOOK_SECRET takes whsec_ and 24 to 64 bytes in base64"
        )
    return secret


def sign(secret: bytes, message_id: str, seconds: int, body: bytes) -> str:
    """Return the signature of a message, as it stands in ``webhook-signature``."""
    signed = f"{message_id}.{seconds}.".encode() + body
    return f"v1,{b64encode(hmac.digest(secret, signed, 'sha256')).decode()}"


class Webhook:
    """One receiver, with the secrets that are shared with it, the newest first."""

    def __init__(self, url: str, secrets: tuple[bytes, ...], outward: Outward) -> None:
        """While a secret is being replaced there are two, and each signs."""
        self.id = f"webhook:{host_of(url)}"
        self._url = url
        self._secrets = secrets
        self._outward = outward

    async def publish(self, pool: Pool, newest: Newest) -> bool:  # noqa: ARG002
        """Send it; taken is any answer from 200 to 299. Raises `NotPublished`."""
        body = _body(newest)
        message_id, seconds = f"checkpoint_{told_of(newest)[:32]}", int(time.time())
        signatures = [sign(one, message_id, seconds, body) for one in self._secrets]
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": " ".join(signatures),
        }
        try:
            answer = await self._outward.post(self._url, body, headers)
        except Unreached as error:
            raise NotPublished(str(error)) from None
        if answer.status not in _TAKEN:
            message = f"the webhook answered {answer.status}"
            raise NotPublished(message, wait=asked_to_wait(answer))
        return False


def _body(newest: Newest) -> bytes:
    document = {
        "type": EVENT,
        "timestamp": written(newest.at),
        "data": {
            "origin": newest.origin,
            "size": newest.size,
            "root": b64encode(newest.root).decode(),
            "note": newest.note.decode(),
        },
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def asked_to_wait(answer: Answer) -> timedelta | None:
    """Read ``Retry-After`` in seconds; a date in it, or nonsense, asks nothing."""
    said = answer.headers.get("Retry-After", "")
    if not (said.isascii() and said.isdigit()):
        return None
    return timedelta(seconds=min(int(said[:9]), _LONGEST_WAIT))


def host_of(url: str) -> str:
    """Name a place without what may be secret in its path."""
    return f"{urlsplit(url).netloc}#{short_hash(url)}"
