"""What every answer carries, also one to a fault: the outermost layer of the app.

Safe by default: nothing is stored, sniffed, framed or run. Whatever a route sets itself
stands. Here a request is counted, and noted in the log by its route, never by address.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Final

import structlog
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.negotiation import chosen_language
from api.problems import respond_unforeseen, template_of
from api.version import VERSION
from observing import figures
from observing.trace import Traceparent
from observing.tracing import OFF, Traces

SAFE: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_NOT_FOUND: Final = 404

log = structlog.get_logger()


class Frame:
    """The layer around the whole app (ASGI)."""

    def __init__(self, app: ASGIApp, traces: Traces = OFF) -> None:
        """Wrap an app; ``traces`` are where its requests are seen."""
        self._app = app
        self._traces = traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, whatever happens."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        came = Headers(scope=scope)
        method = str(scope["method"])
        begun = time.perf_counter()
        with self._traces.visit(method, came.get("traceparent")) as visit:
            state = scope.setdefault("state", {})
            state["trace_id"] = visit.place.trace_id
            state["lang"] = chosen_language(came.get("accept-language"))
            answer = _Answer(send, state["lang"], visit.place, bare=method == "HEAD")
            try:
                await self._answered(_as_get(scope), receive, answer)
            finally:
                route = template_of(scope)
                visit.named(f"{method} {route}")
                visit.tell(http__route=route, http__response__status_code=answer.status)
                lasted = time.perf_counter() - begun
                _note(method, route, answer.status, lasted)

    async def _answered(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        try:
            await self._app(scope, receive, answer)
        except Exception as error:
            if answer.status:
                raise
            response = respond_unforeseen(Request(scope), error)
            await response(scope, receive, answer)


class _Answer:
    """Sends on what the app sends, with the headers of every answer."""

    def __init__(
        self, send: Send, lang: str, place: Traceparent, *, bare: bool
    ) -> None:
        self.status = 0
        self._send = send
        self._lang = lang
        self._place = place
        self._bare = bare

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            headers = MutableHeaders(scope=message)
            for name, value in self._all():
                headers.setdefault(name, value)
        elif self._bare:
            message = {**message, "body": b""}
        await self._send(message)

    def _all(self) -> Iterator[tuple[str, str]]:
        yield from SAFE.items()
        yield "API-Version", VERSION
        yield "BelGov-Trace-Id", self._place.trace_id
        yield "Content-Language", self._lang
        yield "traceparent", str(self._place)
        yield "Vary", "Accept, Accept-Language"


def _as_get(scope: Scope) -> Scope:
    """Give a request for headers alone as what it is a part of (RFC 9110, 9.3.2).

    An answer without end would not end: so nobody who asks for headers gets one.
    """
    if scope["method"] != "HEAD":
        return scope
    scope["method"] = "GET"
    kept: list[Any] = [pair for pair in scope["headers"] if pair[0] != b"accept"]
    scope["headers"] = [*kept, (b"accept", b"*/*")]
    return scope


def _note(method: str, route: str, status: int, seconds: float) -> None:
    known = method if method in {*_METHODS, "HEAD"} else "other"
    figures.answered(known, route, status, seconds)
    if status == _NOT_FOUND:
        # What is not there was made up by the sender, of whatever words.
        structlog.contextvars.unbind_contextvars("dialogue", "command")
    log.info(
        "answered",
        method=known,
        route=route,
        http_status=status,
        milliseconds=round(seconds * 1000),
    )
