"""The page of a personal link, in the looks of all others, for the API's routes."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import Response

from api.routes.links import Told
from pages.rendering import page
from pages.routing import choose_language

HOME: Final = "/mine"
"""Where a participant goes on once the link was swapped."""


def use_in(app: FastAPI) -> None:
    """Have the app tell of links with this page, and lead on to a participant's own."""
    app.state.link_page = _show
    app.state.link_home = HOME


def _show(request: Request, told: Told) -> Response:
    choose_language(request)
    headers = {"Cache-Control": "no-store"}
    return page(
        request,
        None,
        "participant/link.html",
        status=told.status,
        headers=headers,
        told=told,
    )
