"""What is the same for every route: who calls, in what form, with which parameters.

It is asked before the body is read, so that who may not come in learns nothing and
costs little.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.dependencies.models import Dependant
from fastapi.responses import Response
from fastapi.routing import APIRoute

from api.knocking import note_denial
from api.mistakes import UNKNOWN, Mistake
from api.negotiation import JSON, acceptable, is_json
from api.problems import MEDIA_TYPE, Problem, bad_input
from api.security import Visit, admit, visit
from api.strict_json import StrictRequest
from desk.reachable import reaching
from language import mark

_NOT_ACCEPTABLE: Final = mark("What is here can be had as: {known}.")
NOT_JSON: Final = mark("The body has to be JSON: Content-Type: application/json.")


class Route(APIRoute):
    """A route of this API; `router` makes them.

    ``admit`` says who calls, for those where that is asked.
    """

    admit: Callable[[Request], Awaitable[Visit]] = staticmethod(admit)

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:  # noqa: ANN401
        """Take what FastAPI takes; members without a value are left out of answers."""
        if more.get("response_model_exclude_none") in {None, False}:
            more["response_model_exclude_none"] = True
        super().__init__(path, endpoint, **more)

    @property
    def secured(self) -> bool:
        """Whether it asks who calls."""
        return any(each.call is visit for each in _all(self.dependant))

    @property
    def produces(self) -> frozenset[str]:
        """The media types of what it answers with, when all is well."""
        found: set[str] = set()
        for status, response in self.responses.items():
            if str(status).startswith("2"):
                found |= set(response.get("content", {}))
        return frozenset(found) or frozenset({JSON})

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Give what answers a request."""
        answer = super().get_route_handler()
        secured, produces = self.secured, self.produces
        query = frozenset(_query_names(self.dependant))

        async def handle(request: Request) -> Response:
            with reaching():
                if secured:
                    request.state.visit = await self.admit(request)
                try:
                    _check_form(request, produces, has_body=self.body_field is not None)
                    _check_query(request, query)
                    if self.body_field is not None and is_json(
                        request.headers.get("content-type")
                    ):
                        request = StrictRequest(request.scope, request.receive)
                        await request.read()
                    return await answer(request)
                finally:
                    if secured:
                        await _note_denied(request)

        return handle


def router(tag: str, prefix: str = "", kind: type[Route] = Route) -> APIRouter:
    """Give a router whose routes are `Route`s; ``tag`` is its heading in OpenAPI."""
    return APIRouter(
        prefix=prefix, tags=[tag], route_class=kind, redirect_slashes=False
    )


async def _note_denied(request: Request) -> None:
    visited: Visit = request.state.visit
    for why in visited.denied[:1]:
        await note_denial(request, visited.service, why, visited.caller)


def _check_form(request: Request, produces: frozenset[str], *, has_body: bool) -> None:
    told = request.headers
    if not acceptable(told.get("accept"), produces | {MEDIA_TYPE}):
        known = ", ".join(sorted(produces))
        raise Problem(406, "NotAcceptable", _NOT_ACCEPTABLE, known=known)
    if not has_body:
        return
    kind = told.get("content-type")
    empty = kind is None and told.get("content-length", "0") == "0"
    if not empty and not is_json(kind) and "transfer-encoding" not in told:
        raise Problem(415, "UnsupportedMediaType", NOT_JSON)


def _check_query(request: Request, known: frozenset[str]) -> None:
    strange = sorted({*request.query_params} - known)
    if strange:
        raise bad_input(*(Mistake("query", n, UNKNOWN, "unknown") for n in strange))


def _query_names(dependant: Dependant) -> Iterator[str]:
    from pydantic import BaseModel  # noqa: PLC0415

    for each in _all(dependant):
        for field in each.query_params:
            kind = field.field_info.annotation
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                for name, info in kind.model_fields.items():
                    yield info.alias or name
            else:
                yield field.alias


def _all(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for each in dependant.dependencies:
        yield from _all(each)
