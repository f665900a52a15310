"""Server-Sent Events: bytes become events; a stream that broke goes on where it was.

The form is that of the HTML standard, section 9.2 (server-sent events).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

RETRY: Final = 1.0
"""Seconds before a stream is opened again, unless the server says otherwise."""

# Lines end here and nowhere else: `splitlines` also ends them at U+2028, which JSON may
# hold as it is.
_END: Final = re.compile(rb"\r\n|\n|\r")


class Sent(NamedTuple):
    """One event of a stream: ``id`` is what to go on after."""

    id: str
    event: str
    data: str


class Reading:
    """A stream as it is read, over as many connections as it takes."""

    def __init__(self, last: str | None = None) -> None:
        """Begin after the event ``last``."""
        self.last = last
        """The id of the last event that was read whole: what to go on after."""
        self.retry = RETRY
        self._rest = b""
        self._id = last or ""
        self._event = ""
        self._data: list[str] = []

    def read(self, chunk: bytes) -> Iterator[Sent]:
        """Take the next bytes; give the events that they complete."""
        came = self._rest + chunk
        lines = _END.split(came)
        self._rest = lines.pop()
        if came.endswith(b"\r"):
            # The LF of a CR LF may come with the next bytes: keep both together.
            self._rest = lines.pop() + b"\r"
        for line in lines:
            found = self._line(line.decode("utf-8", "replace"))
            if found is not None:
                yield found

    def broken(self) -> None:
        """Forget what was half read: it comes again, whole."""
        self._rest, self._event, self._data = b"", "", []
        self._id = self.last or ""

    def _line(self, line: str) -> Sent | None:
        if not line:
            return self._completed()
        name, _colon, value = line.partition(":")
        value = value.removeprefix(" ")
        match name:
            case "id" if "\0" not in value:
                self._id = value
            case "event":
                self._event = value
            case "data":
                self._data.append(value)
            case "retry" if value.isascii() and value.isdigit():
                self.retry = int(value) / 1000
            case _:
                pass  # a comment, which keeps the connection alive
        return None

    def _completed(self) -> Sent | None:
        event, data = self._event, self._data
        self._event, self._data = "", []
        self.last = self._id or None
        if not data:
            return None
        return Sent(self._id, event or "message", "\n".join(data))
