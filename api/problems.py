"""Every error is a problem (RFC 9457): one form, one place where it is made.

``type``, ``title``, ``status`` and ``error`` are stable and English; ``detail`` is in
the caller's language and says what would help. Nothing of what went wrong inside is
told: that is in the log, under the trace's id, which ``instance`` is.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import compile_path
from starlette.types import Scope

from api.mistakes import Mistake, in_path, mistakes
from api.refusals import RETRY_SECONDS, kebab, status_of, words
from api.wording import OVER_HTTP
from desk.errors import DeskError, Refused
from desk.saying import said
from language import mark, translator

MEDIA_TYPE: Final = "application/problem+json"

log = structlog.get_logger()

BAD_INPUT: Final = mark("What was sent is not what this takes; errors names each part.")
NOTHING_HERE: Final = mark("There is nothing at this address.")
NO_SUCH_METHOD: Final = mark("This address takes: {allowed}.")
UNFORESEEN: Final = mark(
    "Something went wrong that nobody foresaw. It is in the log under {trace}."
)
TOO_LARGE: Final = mark("The body is too large: at most {limit} bytes are taken.")
_STATUS_NAMES: Final = {
    400: "BadInput",
    401: "Unauthenticated",
    403: "NotAllowed",
    404: "NotFound",
    405: "MethodNotAllowed",
    413: "TooLarge",
}


_LATER: Final = frozenset({429, 503})
"""With these is said after how many seconds to ask again."""


class Problem(Exception):
    """An error of HTTP itself, or of a route: told as it is.

    ``name`` is CamelCase; ``template`` a marked text with ``{facts}`` in it.
    """

    def __init__(
        self,
        status: int,
        name: str,
        template: str,
        *,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[Mistake] = (),
        **facts: str | int,
    ) -> None:
        """Keep what is told."""
        super().__init__(name)
        self.status = status
        self.name = name
        self.template = template
        self.headers = dict(headers or {})
        self.errors = tuple(errors)
        self.facts = facts


def bad_input(*errors: Mistake) -> Problem:
    """Give the problem of input that can't be taken, with every part of it."""
    return Problem(400, "BadInput", BAD_INPUT, errors=errors)


def nothing_here() -> Problem:
    """Give the problem of an address that has nothing."""
    return Problem(404, "NotFound", NOTHING_HERE)


def lang_of(request: Request) -> str:
    """Give the language in which a caller is answered."""
    return getattr(request.state, "lang", "nl")


def trace_of(request: Request) -> str:
    """Give the trace's id: 32 hexadecimal digits."""
    return getattr(request.state, "trace_id", "0" * 32)


def respond(request: Request, problem: Problem) -> Response:
    """Give the answer that tells a problem."""
    told = translator(lang_of(request))(problem.template)
    detail = told.format(**problem.facts) if problem.facts else told
    body = _body(request, problem.status, problem.name, detail)
    if problem.errors:
        body["errors"] = [each.told(lang_of(request)) for each in problem.errors]
    return _response(problem.status, body, problem.headers)


def respond_desk(request: Request, error: DeskError) -> Response:
    """Give the answer that tells what the desk could not do, or a refusal."""
    name = error.name if isinstance(error, Refused) else type(error).__name__
    status = status_of(name)
    body = _body(request, status, name, said(error, lang_of(request), OVER_HTTP))
    facts = {camel(key): value for key, value in error.facts.items()}
    if facts and status != 503:
        body["facts"] = facts
    retry = {"Retry-After": str(RETRY_SECONDS)} if status in _LATER else {}
    return _response(status, body, retry)


def problem_of(request: Request, error: Refused) -> dict[str, Any]:
    """Give a refusal as a problem that stands inside an answer."""
    status = status_of(error.name)
    words = said(error, lang_of(request), OVER_HTTP)
    return _body(request, status, error.name, words)


def respond_unforeseen(request: Request, error: Exception) -> Response:
    """Give the answer to a fault of ours, which is logged and not told."""
    log.error("unforeseen", exc_info=error, path=route_template(request))
    trace = trace_of(request)
    return respond(request, Problem(500, "Unforeseen", UNFORESEEN, trace=trace))


def camel(name: str) -> str:
    """Give a name as JSON members are written: ``if_version`` as ``ifVersion``."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def route_template(request: Request) -> str:
    """Give the template of the route that a request came to, without its values."""
    return template_of(request.scope)


def template_of(scope: Scope) -> str:
    """Give the template of the route that answers, ``-`` where there is none."""
    route = getattr(scope.get("route"), "path", None)
    if route is None:
        return "-"
    within = str(scope["path"]).startswith("/v1/") and not route.startswith("/v1/")
    return f"/v1{route}" if within else str(route)


def _body(request: Request, status: int, name: str, detail: str) -> dict[str, Any]:
    return {
        "type": f"/problems/{kebab(name)}",
        "title": words(name),
        "status": status,
        "detail": detail,
        "instance": f"urn:uuid:{uuid.UUID(trace_of(request))}",
        "error": name,
    }


def _response(
    status: int, body: Mapping[str, Any], headers: Mapping[str, str]
) -> Response:
    data = json.dumps(body, ensure_ascii=False).encode()
    return Response(data, status, {**headers}, media_type=MEDIA_TYPE)


def handle_problems(app: FastAPI) -> None:
    """Have an app tell every error as a problem."""

    async def problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)  # noqa: S101
        return respond(request, error)

    async def desk(request: Request, error: Exception) -> Response:
        assert isinstance(error, DeskError)  # noqa: S101
        return respond_desk(request, error)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        found = error.errors()
        if any(in_path(each) for each in found):
            return respond(request, nothing_here())
        return respond(request, bad_input(*mistakes(found)))

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        return respond(request, _of_http(app, request, error))

    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(DeskError, desk)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)


def _of_http(app: FastAPI, request: Request, error: HTTPException) -> Problem:
    status = error.status_code
    name = _STATUS_NAMES.get(status, f"Http{status}")
    if status == 404:
        return nothing_here()
    if status == 405:
        allowed = ", ".join(_allowed(app, request))
        headers = {"Allow": allowed}
        return Problem(405, name, NO_SUCH_METHOD, headers=headers, allowed=allowed)
    if status == 413:
        limit = int(getattr(app.state, "body_bytes", 0))
        return Problem(413, name, TOO_LARGE, limit=limit)
    if status == 400:
        return Problem(400, name, BAD_INPUT)
    return Problem(status, name, str(error.detail), headers=error.headers)


def _allowed(app: FastAPI, request: Request) -> list[str]:
    """Give the methods that an address takes, over all routes it fits."""
    found: set[str] = set()
    for each in iter_route_contexts(app.routes):
        fits = compile_path(each.path or "")[0].match(request.url.path)
        found |= set(each.methods or ()) if fits else set()
    return sorted(found | ({"HEAD"} if "GET" in found else set()))
