"""A stream of events over as many connections as it takes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from polder_client.answers import Happened
from polder_client.asking import Reply
from polder_client.asks import dialogue_path
from polder_client.patience import grown, pause
from polder_client.problems import Unreachable, problem
from polder_client.stream import Reading

_SILENCE: Final = 45.0
"""Seconds without a byte after which a connection is taken for dead: the server says
something every fifteen."""

_OK: Final = 200
_NOTHING_MORE: Final = 204


def path(dialogue: str | None) -> str:
    """Give where the events are, of one dialogue or of all."""
    return "/v1/events" if dialogue is None else dialogue_path(dialogue, "events")


def happened(item: Mapping[str, Any]) -> Happened:
    """Read an event."""
    return Happened.model_validate(item)


class Following:
    """Where a stream is, and what to do when its connection ends."""

    def __init__(
        self,
        dialogue: str | None,
        after: int | None,
        types: Sequence[str],
        patience: float,
    ) -> None:
        """Begin after the event at this leaf; without it from now on."""
        self.goes_on = True
        self._path = path(dialogue)
        self._query = {"type": ",".join(types)} if types else {}
        self._reading = Reading(None if after is None else str(after))
        self._patience = patience
        self._heard = time.monotonic()
        self._attempt = 0
        self._wait: float | None = None

    def request(self) -> dict[str, Any]:
        """Give what opens the stream behind the last event, for httpx."""
        last = self._reading.last
        headers = {"Accept": "text/event-stream", "Cache-Control": "no-cache"}
        headers |= {"Last-Event-ID": last} if last is not None else {}
        return {
            "url": self._path,
            "params": self._query or None,
            "headers": headers,
            "timeout": _SILENCE,
        }

    def read(self, chunk: bytes) -> Iterator[Happened]:
        """Take bytes that came; give the events in them."""
        self._heard, self._attempt = time.monotonic(), 0
        for sent in self._reading.read(chunk):
            yield happened(json.loads(sent.data))

    @staticmethod
    def opened(status: int) -> bool:
        """Whether an answer with this status is a stream."""
        return status == _OK

    def refused(self, reply: Reply) -> None:
        """Take an answer that is no stream. Raises `Problem` where it stays so."""
        if reply.status == _NOTHING_MORE:
            self.goes_on = False
            return
        self._wait = pause(self._attempt, self._left, reply.status, reply.headers)
        if self._wait is None:
            try:
                document: object = json.loads(reply.body)
            except ValueError:
                document = None
            raise problem(reply.status, document, f"status {reply.status}")

    def failed(self, error: Exception) -> None:
        """Take a connection that broke. Raises `Unreachable` when patience ends."""
        if self._left <= 0:
            raise Unreachable(str(error)) from error

    def pause(self) -> float:
        """Give the seconds before it is opened again; half an event is forgotten."""
        self._reading.broken()
        told, self._wait = self._wait, None
        wait = max(self._reading.retry, grown(self._attempt)) if told is None else told
        self._attempt += 1
        return wait if self.goes_on else 0.0

    @property
    def _left(self) -> float:
        return self._patience - (time.monotonic() - self._heard)
