"""A subscriber is asked for leave first; what it answers then decides what comes next.

Sources: HTTP 1.1 Web Hooks for Event Delivery 1.0 (CloudEvents), the NL GOV guideline
for webhooks, Standard Webhooks 1.0 for the signature, and for ``zgw`` the token of the
ZGW APIs: a JWT by HS256, fresh for each delivery.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Literal, NamedTuple

from joserfc import jwt
from joserfc.jwk import OctKey

from activities.notification import MEDIA_TYPE, Message, trace_of
from activities.ourselves import Ourselves
from activities.outward import Answer, Line, Unreached
from activities.webhook import asked_to_wait, read_secret, sign
from storage.deliveries import Claimed
from storage.subscriptions import Secrets

Kind = Literal["taken", "refused", "away", "gone"]

_TAKEN: Final = range(200, 300)
_REFUSED: Final = frozenset({400, 406, 409, 413, 415, 422, 500})
"""Answers that are about this one event; others are about the target as a whole."""

_GONE: Final = 410
_ANYBODY: Final = "*"
_LONGEST_WAIT: Final = timedelta(days=1)


class Verdict(NamedTuple):
    """What came of a request.

    ``refused``: this event; ``away``: the target takes nothing now; ``gone``: never
    again.
    """

    kind: Kind
    status: int | None = None
    problem: str | None = None
    wait: timedelta | None = None
    """How long the target asks to be left alone."""


class Leave(NamedTuple):
    """What a target answered to the handshake; ``rate`` is per minute."""

    verdict: Verdict
    rate: int | None = None


class Subscriber:
    """The far end of one subscription, for as long as a line is open."""

    def __init__(
        self, line: Line, to: Claimed, secrets: Secrets, ourselves: Ourselves
    ) -> None:
        """Nothing is sent before `handshake` or `send`."""
        self._line = line
        self._to = to
        self._secrets = secrets
        self._ourselves = ourselves
        self._pace = Pace(to.rate)

    async def handshake(self) -> Leave:
        """Ask whether we may send events (OPTIONS); only a clear yes is one."""
        origin = self._ourselves.origin
        headers = {**self._authorised(), "WebHook-Request-Origin": origin}
        try:
            answer = await self._line.send("OPTIONS", self._to.target, b"", headers)
        except Unreached as error:
            return Leave(Verdict("away", problem=str(error)))
        allowed = answer.headers.get("WebHook-Allowed-Origin", "").strip().lower()
        if allowed not in {_ANYBODY, origin.lower()}:
            problem = (
                f"it does not allow events from {origin}: its answer to OPTIONS"
                f" ({answer.status}) has no WebHook-Allowed-Origin that says so"
            )
            kind: Kind = "gone" if answer.status < 500 else "away"  # noqa: PLR2004
            return Leave(Verdict(kind, answer.status, problem, _wait(answer)))
        return Leave(Verdict("taken", answer.status), _rate(answer))

    async def send(self, message: Message) -> Verdict:
        """Send one message, signed and with a token of this very moment."""
        await self._pace.turn()
        seconds = int(time.time())
        signatures = [
            sign(secret, message.id, seconds, message.body) for secret in self._keys()
        ]
        headers = {
            **self._authorised(),
            "Content-Type": MEDIA_TYPE,
            "WebHook-Request-Origin": self._ourselves.origin,
            "traceparent": trace_of(message.id),
            "webhook-id": message.id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": " ".join(signatures),
        }
        target = self._to.target
        try:
            answer = await self._line.send("POST", target, message.body, headers)
        except Unreached as error:
            return Verdict("away", problem=str(error))
        return judged(answer)

    def _keys(self) -> list[bytes]:
        """Give the secrets to sign with: two while one is being replaced."""
        until, previous = self._to.previous_until, self._secrets.previous
        told = [self._secrets.signing]
        if previous and until is not None and datetime.now(UTC) < until:
            told.append(previous)
        return [read_secret(one) for one in told]

    def _authorised(self) -> dict[str, str]:
        secrets = self._secrets
        match self._to.authorisation:
            case "none":
                return {}
            case "bearer":
                return {"Authorization": f"Bearer {secrets.bearer}"}
            case "zgw":
                token = zgw_token(secrets.client_id or "", secrets.client_secret or "")
                return {"Authorization": f"Bearer {token}"}


def judged(answer: Answer) -> Verdict:
    """Say what a target's answer means."""
    status = answer.status
    if status in _TAKEN:
        return Verdict("taken", status)
    problem = f"the subscriber answered {status}"
    if status == _GONE:
        return Verdict("gone", status, f"{problem}: it wants no more")
    kind: Kind = "refused" if status in _REFUSED else "away"
    return Verdict(kind, status, problem, _wait(answer))


def _wait(answer: Answer) -> timedelta | None:
    """Read ``Retry-After``, which may be a date as well (RFC 9110, 10.2.3)."""
    wait = asked_to_wait(answer)
    said = answer.headers.get("Retry-After", "")
    if wait is not None or not said:
        return wait
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return min(max(moment - datetime.now(UTC), timedelta(0)), _LONGEST_WAIT)


def zgw_token(client_id: str, client_secret: str) -> str:
    """Make the JWT of the ZGW APIs; its ``iat`` is now."""
    claims: dict[str, str | int] = {
        "iss": client_id,
        "iat": int(time.time()),
        "client_id": client_id,
        "user_id": client_id,
        "user_representation": "Polder",
    }
    key = OctKey.import_key(client_secret)
    return jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, key)


class Pace:
    """Keeps to a number of requests a minute; None is as fast as it goes."""

    def __init__(self, rate: int | None) -> None:
        """The first may go at once."""
        self._between = 60 / rate if rate else 0.0
        self._next = 0.0

    async def turn(self) -> None:
        """Wait for one's turn."""
        if not self._between:
            return
        now = time.monotonic()
        mine = max(self._next, now)
        self._next = mine + self._between
        await asyncio.sleep(mine - now)


def _rate(answer: Answer) -> int | None:
    said = answer.headers.get("WebHook-Allowed-Rate", "").strip()
    return int(said[:6]) or None if said.isascii() and said.isdigit() else None
