"""What of a span leaves the house: names and ids on a list, and no words of errors.

Whoever makes spans, ours or a library's, they all pass here on their way out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, Status, StatusCode

from observing.allowed import is_word

ATTRIBUTES: Final = frozenset(
    (
        *("temporalWorkflowID", "temporalRunID", "temporalUpdateID"),
        *("temporalActivityID", "temporalActivityType"),
        *("polder.dialogue", "polder.command", "polder.kind"),
        *("http.route", "http.request.method", "http.response.status_code"),
    )
)
"""Attributes that are told: opaque ids, names in our code, and numbers."""

_DIALOGUE: Final = "temporalWorkflowID"

EVENT_ATTRIBUTES: Final = frozenset({"exception.type"})

NAMELESS: Final = "unnamed"
_MOST: Final = 410


class Discreet(SpanExporter):
    """Exports through another, what may be told alone."""

    def __init__(self, through: SpanExporter) -> None:
        """Wrap the exporter that sends."""
        self._through = through

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send the spans, without what is not listed."""
        return self._through.export([discreet(span) for span in spans])

    def shutdown(self) -> None:
        """Send what waits, and nothing after."""
        self._through.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Send what waits."""
        return self._through.force_flush(timeout_millis)


def discreet(span: ReadableSpan) -> ReadableSpan:
    """Give a span without what is not listed."""
    told = ATTRIBUTES - {_DIALOGUE} if _may_be_made_up(span) else ATTRIBUTES
    attributes = {
        name: value
        for name, value in (span.attributes or {}).items()
        if name in told and (not isinstance(value, str) or len(value) <= _MOST)
    }
    return ReadableSpan(
        name=span.name if is_word(span.name) else NAMELESS,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=attributes,
        events=[_event(each) for each in span.events],
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _may_be_made_up(span: ReadableSpan) -> bool:
    """Whether the dialogue asked for may not be there: then its name is anybody's."""
    return span.kind is SpanKind.CLIENT and span.status.status_code is StatusCode.ERROR


def _event(event: Event) -> Event:
    told = {
        name: value
        for name, value in (event.attributes or {}).items()
        if name in EVENT_ATTRIBUTES
    }
    name = event.name if is_word(event.name) else NAMELESS
    return Event(name, attributes=told, timestamp=event.timestamp)
