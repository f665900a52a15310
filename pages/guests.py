"""Who looks at a page: somebody of the staff, or a participant.

Both have a session, by a cookie; a token is good too, so that a program may fetch a
page. Who has none is sent to the door, and from there back to where they wanted to be.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse

from api.cookies import SAFE_METHODS
from api.problems import Problem
from api.security import Visit, admit
from pages.holding import typed_here
from pages.telling import Elsewhere
from pages.whose import otherwise_in

_UNKNOWN: Final = 401
_ANEW: Final = "Polder-Anew"
"""Header of a page that asks for itself anew: nobody asked it to (`live.js`)."""


def is_staff(visit: Visit) -> bool:
    """Whether somebody sees more than what concerns themselves."""
    return "read" in visit.caller.scopes


async def known(request: Request) -> Visit:
    """Say who looks. Raises `Elsewhere` for who is not known, and `Problem`.

    A form that nobody known sent from a page of ours is a problem, for its page holds
    what was typed; everybody else goes to the door.
    """
    try:
        visit = await admit(request)
    except Problem as problem:
        if problem.status != _UNKNOWN or typed_here(request):
            raise
        raise Elsewhere(RedirectResponse(_door(request), 303)) from problem
    if request.headers.get(_ANEW) is not None:
        visit = replace(visit, by_itself=True)
    request.state.visit = visit
    return visit


def _elsewhere(request: Request, address: str) -> Exception:
    """Lead who is in otherwise to their own pages; what was typed is held."""
    if typed_here(request):
        return otherwise_in()
    return Elsewhere(RedirectResponse(address, 303))


async def _staff(request: Request) -> Visit:
    visit = await known(request)
    if not is_staff(visit):
        raise _elsewhere(request, "/mine")
    return visit


async def _guest(request: Request) -> Visit:
    visit = await known(request)
    if is_staff(visit):
        raise _elsewhere(request, "/today")
    return visit


Staff = Annotated[Visit, Depends(_staff)]
"""Type of the parameter of a page for people who work here."""

Guest = Annotated[Visit, Depends(_guest)]
"""Type of the parameter of a page for a participant, who sees their own."""


def _door(request: Request) -> str:
    """Give the address of the door, with where somebody wanted to be."""
    if request.method not in SAFE_METHODS:
        return "/in"
    query = f"?{request.url.query}" if request.url.query else ""
    return f"/in?to={quote(request.url.path + query, safe='/')}"


def own_address(told: str) -> str:
    """Give an address of ours that somebody is sent on to; the first page for others.

    Browsers take two slashes, whichever way they lean, for another site.
    """
    inside = told.startswith("/") and told[1:2] not in {"/", "\\"}
    return told if inside and told.isprintable() else "/today"
