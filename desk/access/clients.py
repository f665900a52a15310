"""A client is a token that signs: a JWT for each message, as ZGW systems send them.

The secret a client signs with comes from a key in the keys' database, so that nobody
who has a copy of the record alone can sign; the record knows it by its digest.
"""

from __future__ import annotations

import json
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from hashlib import sha256
from hmac import digest as hmac
from typing import Any, Final, NamedTuple, cast

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from desk.access.caller import Caller, NotAllowed
from desk.access.tokens import find
from desk.desk import Desk, Sender
from desk.errors import DeskError
from language import mark
from storage import cases

ROLE: Final = "integrator"
FRESH: Final = 3600
"""For how many seconds a JWT is taken, from when it says it was made."""

_EARLY: Final = 60
"""How many seconds ahead of ours the clock of a client may be."""

_MOST: Final = 4096
_LAST: Final = 10**12
_NOT_ITS_ROLE: Final = mark(
    "Token {id} has not the role {role}: only such a token reports for case systems."
)


class Client(NamedTuple):
    """What a case system is given: with these it signs the JWT of each message."""

    client_id: str
    secret: str
    organisation: str


async def client(desk: Desk, id: str, sender: Sender) -> Client:
    """Let a token sign JWTs; once more gives the same. Raises `NotFound`."""
    token = await find(desk, id)
    if ROLE not in token.roles:
        raise DeskError(_NOT_ITS_ROLE, id=token.id, role=ROLE)
    async with desk.keys.held(token.organisation, [f"zgw:{token.id}"]) as held:
        (key,) = held.values()
        secret = _secret(key.secret, token.id)
        new = cases.NewClient(
            token=token.id,
            organisation=token.organisation,
            key=key.id,
            digest=sha256(secret.encode()).digest(),
            created_by=sender.id,
        )
        await cases.put_client(desk.pool, new)
    return Client(token.id, secret, token.organisation)


def check_role(caller: Caller) -> None:
    """Raise `NotAllowed` for who is no case system: people never act as one."""
    if ROLE not in caller.roles:
        raise NotAllowed(_NOT_ITS_ROLE, id=caller.id or "-", role=ROLE)


async def authenticate(desk: Desk, text: str) -> Caller | None:
    """Say who signed a JWT; None alike for whatever is wrong with it."""
    named = _client_id(text)
    key = None if named is None else await cases.client_key(desk.pool, named)
    if named is None or key is None:
        return None
    found = await desk.keys.get([key])
    if key not in found:
        return None
    secret = _secret(found[key], named)
    if not _is_signed(text, secret):
        return None
    known = await cases.client_of(desk.pool, sha256(secret.encode()).digest())
    if known is None or ROLE not in known.roles:
        return None
    return Caller(
        id=known.id,
        organisation=known.organisation,
        actor=known.actor,
        roles=frozenset({ROLE}),
        dialogue=known.dialogue,
        badge=known.badge,
    )


def _secret(key: bytes, token: str) -> str:
    """Derive the secret of a client from its key."""
    made = hmac(key, b"polder/zgw/v1\n" + token.encode(), "sha256")
    return urlsafe_b64encode(made).rstrip(b"=").decode()


def _client_id(text: str) -> str | None:
    """Read whose a JWT says to be, before anything of it is believed."""
    parts = text.split(".")
    if len(text) > _MOST or len(parts) != 3:  # noqa: PLR2004 (RFC 7519)
        return None
    try:
        claims = json.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return str(uuid.UUID(cast("dict[str, Any]", claims)["client_id"]))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _is_signed(text: str, secret: str) -> bool:
    try:
        key = OctKey.import_key(secret)
        claims = jwt.decode(text, key, algorithms=["HS256"]).claims
    except (JoseError, ValueError, TypeError, RecursionError):
        return False
    now = datetime.now(UTC).timestamp()
    made, ends = _moment(claims.get("iat")), _moment(claims.get("exp"))
    fresh = made is not None and -_EARLY <= now - made <= FRESH
    over = "exp" in claims and (ends is None or ends <= now)
    return fresh and not over


def _moment(value: object) -> float | None:
    """Read seconds since 1970; None for what can't be that."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < _LAST else None
