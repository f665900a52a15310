"""A body that is too large is refused as every fault is, however it was announced.

Starlette's own limit answers in plain text, outside of the frame of the app.
"""

from __future__ import annotations

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send


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
        counted = _Counted(receive, self._most, _announced(scope))
        await self._app(scope, counted, send)


class _Counted:
    """Receives, until it is too much. Raises ``HTTPException``."""

    def __init__(self, receive: Receive, most: int, announced: int) -> None:
        self._receive = receive
        self._most = most
        self._announced = announced
        self._came = 0

    async def __call__(self) -> Message:
        if self._announced > self._most:
            raise HTTPException(413)
        message = await self._receive()
        self._came += len(message.get("body", b""))
        if self._came > self._most:
            raise HTTPException(413)
        return message


def _announced(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isdecimal() else 0
