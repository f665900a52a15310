"""What is the same for every page: its language, and faults told as a page."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from api.knocking import note_denial
from api.problems import Problem, lang_of
from api.security import Visit
from desk.errors import DeskError
from desk.reachable import reaching
from language import languages
from language.speaking import speaking
from pages.telling import Elsewhere, tell, tell_unforeseen

LANGUAGE_COOKIE: Final = "lang"
"""In which somebody's choice of a language is kept."""


class PageRoute(APIRoute):
    """A route of a page; `router` makes them."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Give what answers a request."""
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            choose_language(request)
            try:
                with reaching(), speaking(lang_of(request)):
                    return await answer(request)
            except Elsewhere as sent:
                return sent.response
            except (DeskError, Problem, HTTPException, RequestValidationError) as error:
                return await tell(request, error)
            except Exception as error:  # noqa: BLE001 (logged there, and told as a page)
                return await tell_unforeseen(request, error)
            finally:
                await _note_denied(request)

        return handle


def router() -> APIRouter:
    """Give the router of an area."""
    return APIRouter(
        route_class=PageRoute, redirect_slashes=False, include_in_schema=False
    )


def choose_language(request: Request) -> None:
    """Let the choice that somebody made go before what their browser says."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in languages():
        request.state.lang = chosen


async def _note_denied(request: Request) -> None:
    visit = getattr(request.state, "visit", None)
    if isinstance(visit, Visit):
        for why in visit.denied[:1]:
            await note_denial(request, visit.service, why, visit.caller)
