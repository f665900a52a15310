"""A trace is known by two numbers that travel with a request, and by nothing else.

Form: W3C Trace Context, https://www.w3.org/TR/trace-context/. Of its two headers only
`traceparent` is read and passed on: `tracestate` and `baggage` hold whatever a sender
puts in them, which may be about people.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, NamedTuple

_FORM: Final = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_INVALID: Final = "ff"
_SAMPLED: Final = 0x01


class Traceparent(NamedTuple):
    """Where in which trace something happens: 32 and 16 lowercase hex digits."""

    trace_id: str
    span_id: str
    sampled: bool = False

    def __str__(self) -> str:
        """As the header has it."""
        return f"00-{self.trace_id}-{self.span_id}-{int(self.sampled):02x}"


def read(header: str | None) -> Traceparent | None:
    """Read a `traceparent`; None for what is none, as the standard has it."""
    found = _FORM.fullmatch(header or "")
    if found is None or found[1] == _INVALID:
        return None
    if not int(found[2], 16) or not int(found[3], 16):
        return None
    return Traceparent(found[2], found[3], bool(int(found[4], 16) & _SAMPLED))


def fresh(within: Traceparent | None = None) -> Traceparent:
    """Give a new place: in the trace of ``within``, or in a trace of its own."""
    if within is None:
        return Traceparent(secrets.token_hex(16), secrets.token_hex(8))
    return within._replace(span_id=secrets.token_hex(8))


_current: ContextVar[Traceparent | None] = ContextVar("polder_trace", default=None)
_sources: list[Callable[[], Traceparent | None]] = []


def current() -> Traceparent | None:
    """Give where we are now, or None."""
    for source in _sources:
        found = source()
        if found is not None:
            return found
    return _current.get()


def ask_first(source: Callable[[], Traceparent | None]) -> None:
    """Have `current` ask ``source`` first: whoever makes real spans knows better."""
    if source not in _sources:
        _sources.append(source)


@contextmanager
def at(place: Traceparent) -> Generator[Traceparent]:
    """Be there, for as long as the block lasts."""
    token = _current.set(place)
    try:
        yield place
    finally:
        _current.reset(token)
