"""A body that is too large is refused as every fault is, however it was announced.

Starlette's own limit answers in plain text, outside of the frame of the app.
"""

from __future__ import annotations

from typing import Final

from fastapi import HTTPException, Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MOST: Final = "polder.body"


def take_more(request: Request, most: int) -> None:
    """Let a request have a larger body, before it is read: of whoever is known.

    For a route that reads it piece by piece and keeps next to nothing of it.
    """
    request.scope[_MOST] = most


class BodyLimit:
    """The layer that counts what comes in (ASGI)."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        """Wrap an app that takes at most ``most`` bytes."""
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; whoever reads too much of it gets a 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope[_MOST] = self._most
        await self._app(scope, _Counted(receive, scope), send)


class _Counted:
    """Receives, until it is too much. Raises ``HTTPException``."""

    def __init__(self, receive: Receive, scope: Scope) -> None:
        self._receive = receive
        self._scope = scope
        self._announced = _announced(scope)
        self._came = 0

    async def __call__(self) -> Message:
        most: int = self._scope[_MOST]
        if self._announced > most:
            raise HTTPException(413)
        message = await self._receive()
        self._came += len(message.get("body", b""))
        if self._came > most:
            raise HTTPException(413)
        return message


def _announced(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isdecimal() else 0
