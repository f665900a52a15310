"""Spans of client, update and activities: the SDK's interceptor, made harmless.

The sides of client and activity are those of `temporalio.contrib.opentelemetry`. What
differs:

- A header that somebody else sent can't block a workflow: whatever is no `traceparent`
  counts as none. Nothing but `traceparent` goes into a header, and so into a history.
- The trace of a message goes on in its handler and in the activity that puts its events
  on record. The SDK's own would put all years of a dialogue in the trace of its start.

A replay makes no span and needs no header: what was traced replays where nothing is,
and the other way round. Workflow code runs in no context of OpenTelemetry at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

from opentelemetry import trace as api
from opentelemetry.trace import Link, SpanKind, Tracer
from temporalio import workflow
from temporalio.api.common.v1 import Payload
from temporalio.contrib.opentelemetry import TracingInterceptor
from temporalio.converter import PayloadConverter
from temporalio.worker import (
    ExecuteWorkflowInput,
    HandleSignalInput,
    HandleUpdateInput,
    StartActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)
from temporalio.workflow import ActivityHandle

from observing import trace
from observing.contexts import HEADER, Bare, carried, context_of, place_of

HEADER_KEY: Final = "_tracer-data"
"""Where the SDK's own interceptors put a trace, in all languages."""

_LARGEST: Final = 512
"""Bytes of a header that is read at all."""

_KIND: Final = re.compile("[a-z_]{1,60}")
_SPAN: Final = "polder_span"
_RECORDS: Final = "polder_records"

Headers = Mapping[str, Payload]


class Careful(PayloadConverter):
    """Reads and writes a carrier, and never fails on what somebody sent."""

    def to_payloads(self, values: Sequence[Any]) -> list[Payload]:
        """Give one payload for each carrier, with nothing but its `traceparent`."""
        return [_payload(carried(value)) for value in values]

    def from_payloads(
        self, payloads: Sequence[Payload], type_hints: list[type] | None = None
    ) -> list[Any]:
        """Give one carrier for each payload, empty where it makes no sense."""
        del type_hints
        return [carried(_json(payload)) for payload in payloads]


class Tracing(TracingInterceptor):
    """For clients and workers. ``records`` is the activity that puts on record."""

    def __init__(self, tracer: Tracer, records: str) -> None:
        """Make spans with ``tracer``."""
        super().__init__(tracer)
        self.header_key = HEADER_KEY
        self.text_map_propagator = Bare()
        self.payload_converter = Careful()
        self._records = records

    def workflow_interceptor_class(  # pyright: ignore[reportIncompatibleMethodOverride]  (the contract of workers is wider than the SDK's own class)
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor]:
        """Give what hears messages, and the way out of the sandbox for its spans."""
        input.unsafe_extern_functions[_SPAN] = self._span
        input.unsafe_extern_functions[_RECORDS] = lambda: self._records
        return Hearing

    def _span(self, name: str, within: Sequence[str], at_ns: int, about: str) -> str:
        """Make a span without length, and give its place as a header has it."""
        parent, *others = (context_of(trace.read(each)) for each in within)
        links = [Link(api.get_current_span(each).get_span_context()) for each in others]
        span = self.tracer.start_span(
            name,
            parent,
            kind=SpanKind.INTERNAL,
            attributes={"temporalWorkflowID": about},
            links=links,
            start_time=at_ns,
        )
        span.end(at_ns)
        return str(place_of(span) or within[0])


class Hearing(WorkflowInboundInterceptor):
    """Notes in which trace each message came, for as long as it is not on record."""

    def __init__(self, next: WorkflowInboundInterceptor) -> None:
        """Nothing was heard."""
        super().__init__(next)
        outside = cast("Mapping[str, Callable[..., Any]]", workflow.extern_functions())
        self._make: Callable[[str, Sequence[str], int, str], str] = outside[_SPAN]
        self._records: str = outside[_RECORDS]()
        self._heard: list[str] = []
        self._recording: list[str] = []

    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        """Stand before what the workflow starts, too."""
        super().init(Starting(outbound, self))

    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:
        """Hear the start."""
        self._hear(f"RunWorkflow:{workflow.info().workflow_type}", input.headers)
        return await super().execute_workflow(input)

    async def handle_signal(self, input: HandleSignalInput) -> None:
        """Hear a signal."""
        self._hear(f"HandleSignal:{_kind(input.signal)}", input.headers)
        await super().handle_signal(input)

    async def handle_update_handler(self, input: HandleUpdateInput) -> Any:
        """Hear an update."""
        self._hear(f"HandleUpdate:{_kind(input.update)}", input.headers)
        return await super().handle_update_handler(input)

    def started(self, activity: str, headers: Headers) -> Headers:
        """Give the headers of an activity: it is part of what asked for it."""
        if activity == self._records:
            self._recording, self._heard = self._heard, []
        place = self._span(f"StartActivity:{activity}", self._recording)
        return {**headers, HEADER_KEY: _payload({HEADER: place})} if place else headers

    def _hear(self, name: str, headers: Headers) -> None:
        came = carried(_json(headers[HEADER_KEY])) if HEADER_KEY in headers else {}
        if came:
            self._heard.append(self._span(name, [came[HEADER]]) or came[HEADER])

    def _span(self, name: str, within: Sequence[str]) -> str | None:
        if not within or workflow.unsafe.is_replaying():
            return None
        about = workflow.info().workflow_id
        return self._make(name, within, workflow.time_ns(), about)


class Starting(WorkflowOutboundInterceptor):
    """Tells activities in which trace they are."""

    def __init__(self, next: WorkflowOutboundInterceptor, hearing: Hearing) -> None:
        """Ask ``hearing``."""
        super().__init__(next)
        self._hearing = hearing

    def start_activity(self, input: StartActivityInput) -> ActivityHandle[Any]:
        """Start it in the trace of what asked for it."""
        input.headers = self._hearing.started(input.activity, input.headers)
        return super().start_activity(input)


def _kind(name: str) -> str:
    """Give what a message is called, unless somebody called it otherwise than we do."""
    return name if _KIND.fullmatch(name) else "unknown"


def _payload(carrier: Mapping[str, str]) -> Payload:
    data = json.dumps(carrier).encode()
    return Payload(metadata={"encoding": b"json/plain"}, data=data)


def _json(payload: Payload) -> object:
    if len(payload.data) > _LARGEST:
        return None
    try:
        return json.loads(payload.data)
    except (ValueError, RecursionError):
        return None
