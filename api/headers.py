"""What every answer carries, also one to a fault: the outermost layer of the app.

Safe by default: nothing is stored, sniffed, framed or run. Whatever a route sets itself
stands.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from typing import Final

import structlog
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.negotiation import chosen_language
from api.problems import respond_unforeseen
from api.version import VERSION

SAFE: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_TRACEPARENT: Final = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
"""W3C Trace Context, version 00."""


class Frame:
    """The layer around the whole app (ASGI)."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, whatever happens."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        came = Headers(scope=scope)
        trace, flags = _trace(came.get("traceparent"))
        state = scope.setdefault("state", {})
        state["trace_id"] = trace
        state["lang"] = chosen_language(came.get("accept-language"))
        answer = _Answer(send, state, flags)
        with structlog.contextvars.bound_contextvars(trace_id=trace):
            await self._answered(scope, receive, answer)

    async def _answered(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        try:
            await self._app(scope, receive, answer)
        except Exception as error:
            if answer.begun:
                raise
            response = respond_unforeseen(Request(scope), error)
            await response(scope, receive, answer)


class _Answer:
    """Sends on what the app sends, with the headers of every answer."""

    def __init__(self, send: Send, state: dict[str, str], flags: str) -> None:
        self.begun = False
        self._send = send
        self._state = state
        self._flags = flags

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            for name, value in self._all():
                headers.setdefault(name, value)
        await self._send(message)

    def _all(self) -> Iterator[tuple[str, str]]:
        yield from SAFE.items()
        trace = self._state["trace_id"]
        yield "API-Version", VERSION
        yield "BelGov-Trace-Id", trace
        yield "Content-Language", self._state["lang"]
        yield "traceparent", f"00-{trace}-{secrets.token_hex(8)}-{self._flags}"
        yield "Vary", "Accept-Language"


def _trace(told: str | None) -> tuple[str, str]:
    """Give the id and the flags of the trace that a request is part of, or of a new."""
    found = _TRACEPARENT.fullmatch((told or "").strip())
    if found and set(found[1]) != {"0"} and set(found[2]) != {"0"}:
        return found[1], found[3]
    return secrets.token_hex(16), "00"
