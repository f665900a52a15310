"""Traces lead through API, update and activities, to whoever collects them by OTLP.

Off unless the environment names a collector: OTEL_EXPORTER_OTLP_ENDPOINT, or
OTEL_EXPORTER_OTLP_TRACES_ENDPOINT. The other OTEL_ settings hold as OpenTelemetry has
them (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/),
OTEL_SDK_DISABLED and OTEL_TRACES_EXPORTER=none too.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Final

from observing import trace
from observing.trace import Traceparent

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

    from observing.temporal import Tracing

_LAST_WORDS: Final = 3.0
"""Seconds in which the last spans are sent."""

_WHERE: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


def is_on(environment: Mapping[str, str]) -> bool:
    """Whether traces go anywhere."""
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    if environment.get("OTEL_TRACES_EXPORTER", "otlp").strip() != "otlp":
        return False
    return any(environment.get(name) for name in _WHERE)


class Traces:
    """The traces of one process, on or off."""

    def __init__(self, tracer: Tracer | None) -> None:
        """Without a tracer no span is made, and numbers are passed on all the same."""
        self.tracer = tracer

    def interceptors(self, records: str) -> list[Tracing]:
        """Give what a Temporal client is to have: none where traces are off.

        ``records`` is the activity that puts on record. A worker has those of its
        client.
        """
        if self.tracer is None:
            return []
        # Loading it takes most of a second, which only who traces has to spend.
        from observing.temporal import Tracing  # noqa: PLC0415

        return [Tracing(self.tracer, records)]

    @contextmanager
    def visit(self, name: str, header: str | None) -> Generator[Visit]:
        """Be in a request, which came with this `traceparent` or none."""
        came = trace.read(header)
        if self.tracer is None:
            with trace.at(trace.fresh(came)) as place:
                yield Visit(place, None)
            return
        from opentelemetry.trace import SpanKind  # noqa: PLC0415

        from observing.contexts import context_of, place_of  # noqa: PLC0415

        with self.tracer.start_as_current_span(
            name,
            context=context_of(came),
            kind=SpanKind.SERVER,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            yield Visit(place_of(span) or trace.fresh(came), span)


class Visit:
    """A request under way: where in which trace, and its span if there is one."""

    def __init__(self, place: Traceparent, span: Span | None) -> None:
        """Know both."""
        self.place = place
        self._span = span

    def named(self, name: str) -> None:
        """Give its span a name, once the route is known."""
        if self._span is not None:
            self._span.update_name(name)

    def tell(self, **known: str | int) -> None:
        """Note on its span what it is about; what is not listed goes no further."""
        if self._span is not None:
            for name, value in known.items():
                self._span.set_attribute(name.replace("__", "."), value)


OFF: Final = Traces(None)
"""No traces."""


@contextmanager
def traced(environment: Mapping[str, str], service: str) -> Generator[Traces]:
    """Give the traces of this process, and send the last when the block ends.

    ``service`` is what it is called, unless OTEL_SERVICE_NAME says otherwise.
    """
    if not is_on(environment):
        yield OFF
        return
    from observing.collecting import provider_of  # noqa: PLC0415
    from observing.contexts import here  # noqa: PLC0415

    provider = provider_of(environment, service)
    trace.ask_first(here)
    try:
        yield Traces(provider.get_tracer("polder"))
    finally:
        # A collector that is away holds up no stop.
        last = Thread(target=provider.shutdown, daemon=True)
        last.start()
        last.join(_LAST_WORDS)
