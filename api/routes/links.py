"""A participant's personal link: a page with one button, and what the button does.

To open the page uses nothing up, since programs that read mail open links by
themselves. The secret is in the address once, is never logged, and is good for nothing
once the button was pressed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from typing import Annotated, Any, Final, NamedTuple

from fastapi import Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.cookies import from_elsewhere, name_of, set_cookie, unset_cookie
from api.knocking import slow_down
from api.negotiation import HTML
from api.routing import router
from api.security import Serving, end_before, foreign
from desk.access import links
from language import mark, translator

ROUTE = router("Toegang")

_SAFE: Final = {
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
    # With no-referrer browsers say "Origin: null" of the button's POST, which is nobody
    # of ours. This tells where it came from, and never the secret in the path.
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
_TITLE: Final = mark("Take part in a dialogue")
_WELCOME: Final = mark(
    "This link is yours alone, and is good once. Press the button on the device that "
    "you want to take part with."
)
_ENTER: Final = mark("Go on")
_NO_GOOD: Final = mark(
    "This link is not good, or not any more. Ask whoever sent it to you for a new one."
)
_INSIDE: Final = mark(
    "You are in: until {day} you take part in this dialogue with this browser."
)
_LEAVE: Final = mark("Leave")
_LEFT: Final = mark("You have left. To come back you need a new link.")

_HTML: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "Een pagina.", "content": {HTML: {}}}
}

Secret = Annotated[str, Path(max_length=100)]


class Told(NamedTuple):
    """What a page about a link says: a text, and a button if there is one to press."""

    title: str
    text: str
    status: int
    button: str | None
    action: str


Teller = Callable[[Request, Told], Response]
"""Makes a page of it. Who adds pages of their own to the app puts theirs under
``app.state.link_page``, and where a participant goes on under ``app.state.link_home``;
without these it is a bare page of ours."""


@ROUTE.get(
    "/link/{secret}",
    operation_id="showLink",
    summary="De pagina van een persoonlijke link",
    responses=_HTML,
    include_in_schema=False,
)
async def show_link(request: Request, service: Serving, secret: Secret) -> Response:
    """Toont één knop; de link blijft goed tot erop gedrukt is."""
    if not await links.is_good(service.desk.pool, secret):
        # Who has a good one waits for nobody who guesses from the same network.
        slow_down(request, service)
        return _page(request, _NO_GOOD, status=404)
    return _page(request, _WELCOME, button=_ENTER, action=f"/link/{escape(secret)}")


@ROUTE.post(
    "/link/{secret}",
    operation_id="swapLink",
    summary="Ruilt een persoonlijke link voor een cookie",
    responses=_HTML,
    include_in_schema=False,
)
async def swap_link(request: Request, service: Serving, secret: Secret) -> Response:
    """Ruilt de link, één keer, voor een sessie van deze browser."""
    if from_elsewhere(request, service.settings):
        slow_down(request, service)
        raise foreign()
    opened = await links.open_session(service.desk.pool, secret)
    if opened is None:
        slow_down(request, service)
        return _page(request, _NO_GOOD, status=404)
    home = getattr(request.app.state, "link_home", None)
    page = (
        RedirectResponse(home, 303, headers=_SAFE)
        if home
        else _page(
            request,
            _INSIDE,
            button=_LEAVE,
            action="/leave",
            day=opened.expires_at.date(),
        )
    )
    await end_before(request, service)
    seconds = int((opened.expires_at - datetime.now(UTC)).total_seconds())
    set_cookie(page, opened.secret, seconds, service.settings)
    return page


@ROUTE.post(
    "/leave",
    operation_id="leave",
    summary="Beëindigt de sessie van deze browser",
    responses=_HTML,
    include_in_schema=False,
)
async def leave(request: Request, service: Serving) -> Response:
    """Beëindigt de sessie; het cookie is daarna nergens goed voor."""
    if from_elsewhere(request, service.settings):
        slow_down(request, service)
        raise foreign()
    secret = request.cookies.get(name_of(service.settings), "")
    if not await links.close_session(service.desk.pool, secret):
        slow_down(request, service)
    page = _page(request, _LEFT)
    unset_cookie(page, service.settings)
    return page


def _page(
    request: Request,
    text: str,
    *,
    status: int = 200,
    button: str | None = None,
    action: str = "",
    **facts: object,
) -> Response:
    say = translator(request.state.lang)
    told = Told(say(_TITLE), say(text).format(**facts), status, None, action)
    told = told._replace(button=say(button) if button else None)
    teller: Teller = getattr(request.app.state, "link_page", _bare)
    return teller(request, told)


def _bare(request: Request, told: Told) -> HTMLResponse:
    title = escape(told.title)
    press = (
        f'<form method="post" action="{told.action}">'
        f"<button>{escape(told.button)}</button></form>"
        if told.button
        else ""
    )
    body = (
        f'<!doctype html><html lang="{request.state.lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title></head><body><main><h1>{title}</h1>"
        f"<p>{escape(told.text)}</p>{press}</main></body></html>\n"
    )
    return HTMLResponse(body, told.status, headers=_SAFE)
