"""What a browser takes along to the provider, and has to bring back.

It is in a cookie of ten minutes that only this browser has and only we can write: with
it comes back who went. ``SameSite=Lax``, for the way back begins at another site.
"""

from __future__ import annotations

import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from time import time
from typing import Final, NamedTuple

from fastapi import Request
from fastapi.responses import Response

from api.settings import Settings

SECONDS: Final = 600
_MOST: Final = 3000


class Errand(NamedTuple):
    """One way to the provider and back."""

    state: str
    nonce: str
    verifier: str
    """What only we know of the code's challenge (PKCE, RFC 7636)."""
    to: str
    """Where somebody wanted to be."""
    until: float
    before: str = ""
    """By what the session is known that this browser had when it went; else empty."""


def fresh(to: str, before: str = "") -> Errand:
    """Make one that nobody can guess."""
    made = [secrets.token_urlsafe(32) for _ in range(3)]
    return Errand(made[0], made[1], made[2], to, time() + SECONDS, before)


def name_of(settings: Settings) -> str:
    """Give the cookie's name."""
    return "__Host-polder_errand" if settings.secure else "polder_errand"


def give(response: Response, errand: Errand, secret: str, settings: Settings) -> None:
    """Have a browser take it along."""
    text = urlsafe_b64encode(json.dumps(errand).encode()).decode()
    response.set_cookie(
        name_of(settings),
        f"{text}.{_seal(text, secret)}",
        max_age=SECONDS,
        httponly=True,
        samesite="lax",
        secure=settings.secure,
    )


def take(request: Request, secret: str, settings: Settings) -> Errand | None:
    """Read what a browser brings back; None alike for whatever is wrong with it."""
    text, _, seal = request.cookies.get(name_of(settings), "")[:_MOST].partition(".")
    if not hmac.compare_digest(seal.encode(), _seal(text, secret).encode()):
        return None
    errand = Errand(*json.loads(urlsafe_b64decode(text)))
    return errand if errand.until > time() else None


def forget(response: Response, settings: Settings) -> None:
    """Take it away: it is good for one way back."""
    response.delete_cookie(
        name_of(settings), httponly=True, samesite="lax", secure=settings.secure
    )


def _seal(text: str, secret: str) -> str:
    key = sha256(b"polder/oidc/errand/v1\n" + secret.encode()).digest()
    return hmac.new(key, text.encode(), "sha256").hexdigest()
