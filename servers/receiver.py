"""A receiver of webhooks on this machine, to try out what is sent.

It answers the handshake of CloudEvents (OPTIONS), and what each POST is answered with
is for the caller to say. It listens on loopback alone.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Final

Answering = Callable[[Mapping[str, str], bytes], int]
"""Headers, by lower-case name, and body of a POST → the status that answers it."""

_MOST: Final = 1_000_000
"""Bytes of a body that are read."""

_TOO_LARGE: Final = 413
_NO_LENGTH: Final = 411


@contextmanager
def receiving(port: int, answer: Answering) -> Generator[int]:
    """Receive as long as the block lasts; gives the port, a free one for 0.

    ``answer`` is called in a thread of each connection. Raises `OSError` where the
    port is taken.
    """

    class Handler(_Handler):
        answering = staticmethod(answer)

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answering: Answering

    def do_OPTIONS(self) -> None:
        """Agree that events are sent here, as fast as they come."""
        origin = self.headers.get("WebHook-Request-Origin", "")
        self.send_response(204)
        self.send_header("Allow", "POST, OPTIONS")
        if origin:
            self.send_header("WebHook-Allowed-Origin", origin)
            self.send_header("WebHook-Allowed-Rate", "*")
        self.end_headers()

    def do_POST(self) -> None:
        """Give what came to who is to answer."""
        told = self.headers.get("Content-Length", "")
        if not (told.isascii() and told.isdigit()):
            self._say(_NO_LENGTH)
        elif int(told) > _MOST:
            self._say(_TOO_LARGE)
        else:
            body = self.rfile.read(int(told))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self._say(self.answering(headers, body))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing by itself."""

    def _say(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        if status in {_NO_LENGTH, _TOO_LARGE}:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
