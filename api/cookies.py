"""The cookie of a participant's session, and whether a page of ours sent a request.

The cookie is of no use to other sites (SameSite=Strict) nor to scripts (HttpOnly). Over
HTTPS its name begins with ``__Host-``: a browser takes one of such a name from this
very host alone, so no neighbour of its domain can put somebody in a session of theirs.

What changes something must besides come from a page of our own, as the browser says it:
Origin, or Sec-Fetch-Site (Fetch Metadata). What is read is refused to a page of another
site that fetches it, for who read it is on record.
"""

from __future__ import annotations

from typing import Final

from fastapi import Request
from fastapi.responses import Response

from api.settings import Settings

COOKIE: Final = "polder_session"
"""Its name where there is no HTTPS, as on one's own machine; see `name_of`."""

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def name_of(settings: Settings) -> str:
    """Give the cookie's name; one of another name is not looked at."""
    return f"__Host-{COOKIE}" if settings.secure else COOKIE


def set_cookie(
    response: Response, secret: str, seconds: int, settings: Settings
) -> None:
    """Give a browser its session for so many seconds."""
    response.set_cookie(
        name_of(settings),
        secret,
        max_age=seconds,
        httponly=True,
        samesite="strict",
        secure=settings.secure,
    )


def unset_cookie(response: Response, settings: Settings) -> None:
    """Take it away."""
    response.delete_cookie(
        name_of(settings), httponly=True, samesite="strict", secure=settings.secure
    )


def from_here(request: Request, settings: Settings) -> bool:
    """Whether the browser says that a page of ours sent this."""
    origin = request.headers.get("origin")
    if origin is not None:
        return origin.casefold() == own_origin(request, settings).casefold()
    return request.headers.get("sec-fetch-site") == "same-origin"


def from_elsewhere(request: Request, settings: Settings) -> bool:
    """Whether the browser says that another site's page sent this."""
    if request.headers.get("origin") is not None:
        return not from_here(request, settings)
    return request.headers.get("sec-fetch-site") not in {None, "same-origin", "none"}


def fetched_elsewhere(request: Request) -> bool:
    """Whether a page of another site fetches this, and not somebody by a link there.

    What is read is noted as read by whoever looks: no other page does that for them.
    """
    headers = request.headers
    foreign_site = headers.get("sec-fetch-site") in {"same-site", "cross-site"}
    return foreign_site and headers.get("sec-fetch-dest") != "document"


def own_origin(request: Request, settings: Settings) -> str:
    """Give where a browser reaches us: scheme, host and port."""
    if settings.url:
        scheme, _, rest = settings.url.partition("://")
        return f"{scheme}://{rest.partition('/')[0]}"
    return f"{request.url.scheme}://{request.headers.get('host', '')}"
