"""Our two numbers and OpenTelemetry's contexts, each made from the other.

Neither `tracestate` nor `baggage` passes: see `observing.trace`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from opentelemetry import trace as api
from opentelemetry.context import Context
from opentelemetry.propagators.textmap import (
    CarrierT,
    Getter,
    Setter,
    TextMapPropagator,
    default_getter,
    default_setter,
)
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, TraceFlags

from observing import trace
from observing.trace import Traceparent

HEADER: Final = "traceparent"


def context_of(place: Traceparent | None, within: Context | None = None) -> Context:
    """Give the context of a place elsewhere; an empty one where there is none."""
    context = Context() if within is None else within
    if place is None:
        return context
    flags = TraceFlags(TraceFlags.SAMPLED if place.sampled else TraceFlags.DEFAULT)
    ids = int(place.trace_id, 16), int(place.span_id, 16)
    there = SpanContext(*ids, is_remote=True, trace_flags=flags)
    return api.set_span_in_context(NonRecordingSpan(there), context)


def place_of(span: Span) -> Traceparent | None:
    """Give where a span is; None for one that is nowhere."""
    there = span.get_span_context()
    if not there.is_valid:
        return None
    return Traceparent(
        api.format_trace_id(there.trace_id),
        api.format_span_id(there.span_id),
        there.trace_flags.sampled,
    )


def here() -> Traceparent | None:
    """Give where this code runs, if a span is under way."""
    return place_of(api.get_current_span())


class Bare(TextMapPropagator):
    """Carries `traceparent` and nothing else."""

    def extract(
        self,
        carrier: CarrierT,
        context: Context | None = None,
        getter: Getter[CarrierT] = default_getter,
    ) -> Context:
        """Give the context of a carrier; what is malformed counts as absent."""
        found = getter.get(carrier, HEADER) or []
        return context_of(trace.read(found[0] if found else None), context)

    def inject(
        self,
        carrier: CarrierT,
        context: Context | None = None,
        setter: Setter[CarrierT] = default_setter,
    ) -> None:
        """Put in where we are."""
        place = place_of(api.get_current_span(context))
        if place is not None:
            setter.set(carrier, HEADER, str(place))

    @property
    def fields(self) -> set[str]:
        """The names it carries."""
        return {HEADER}


def carried(value: object) -> dict[str, str]:
    """Give what may be read of a carrier that somebody sent: one member, or nothing."""
    if not isinstance(value, Mapping):
        return {}
    told = cast("Mapping[str, object]", value).get(HEADER)
    place = trace.read(told) if isinstance(told, str) else None
    return {} if place is None else {HEADER: str(place)}
