"""A trace leads through all that a command sets off, and carries nothing else."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Tracer
from temporalio.api.common.v1 import Payload
from temporalio.client import (
    Client,
    Interceptor,
    OutboundInterceptor,
    QueryWorkflowInput,
    SignalWorkflowInput,
    StartWorkflowInput,
    StartWorkflowUpdateInput,
    WorkflowHandle,
    WorkflowHistory,
)
from temporalio.worker import Replayer

from activities.contracts import APPEND, TASK_QUEUE
from activities.notify import Messenger
from desk.desk import Desk, Sender
from desk.errors import Refused
from domain.commands import COMMANDS
from observing import trace
from observing.contexts import carried
from observing.counting import Counting
from observing.temporal import HEADER_KEY, Tracing
from observing.tracing import Traces, is_on, traced
from storage.keys import Keys, beside
from storage.pool import make_pool
from tests.observing.collector import Collector, collecting
from tests.workflows.letters import Letters
from tests.workflows.test_replay import STORED, named, stored
from worker import make_worker, workflow_runner
from workflows.conversion import WORKER_CONVERTER
from workflows.dialogue import DialogueWorkflow

HEADER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TRACE, PARENT = HEADER.split("-")[1:3]
SECRET = "Vossenstaart"
DIRECTOR = Sender("p-1", "process_director")
START = {
    "method": "belangen-op-tafel",
    "title": "Parkzicht",
    "roles": {"process_director": ["p-1"]},
}


@dataclass
class Traced:
    """A desk and a worker whose traces go to a collector."""

    desk: Desk
    client: Client
    traces: Traces


@asynccontextmanager
async def traced_house(
    client: Client, database: str, traces: Traces
) -> AsyncGenerator[Traced]:
    """Open a desk and run a worker, in these traces."""
    config = client.config()
    config["interceptors"] = traces.interceptors(APPEND)
    seen = Client(**config)
    address = client.service_client.config.target_host
    async with make_pool(database) as pool, Keys(beside(database)) as keys:
        desk = Desk(pool, keys, address, client.namespace)
        desk.trace_with(traces)
        async with make_worker(seen, pool, cast("Messenger", Letters())):
            yield Traced(desk, client, traces)


@pytest.fixture
async def seen(
    client: Client, database: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[tuple[Collector, dict[str, str]]]:
    """Give a collector, and an environment that names it."""
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        yield collector, {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}


def test_traces_are_off_unless_a_collector_is_named() -> None:
    """And off where OpenTelemetry's own settings say so."""
    where = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}
    assert not is_on({})
    assert is_on(where)
    assert not is_on({**where, "OTEL_SDK_DISABLED": "true"})
    assert not is_on({**where, "OTEL_TRACES_EXPORTER": "none"})


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "00",
        HEADER[:-1],
        HEADER.upper(),
        f"ff{HEADER[2:]}",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
    ],
)
def test_what_is_no_traceparent_counts_as_none(header: str | None) -> None:
    """As the standard has it; a request then begins a trace of its own."""
    assert trace.read(header) is None
    with Traces(None).visit("GET", header) as visit:
        assert visit.place.trace_id != TRACE
        assert trace.current() == visit.place


def test_without_traces_the_number_goes_on() -> None:
    """Who sends a traceparent gets the same trace, in another span, also with none."""
    with Traces(None).visit("GET", HEADER) as visit:
        assert visit.place.trace_id == TRACE
        assert visit.place.span_id != PARENT
        assert str(visit.place).endswith("-01")


async def test_one_trace_from_the_request_to_the_record(
    client: Client, database: str, seen: tuple[Collector, dict[str, str]]
) -> None:
    """Request, update, handler and the activity that records: each part of the last."""
    collector, environment = seen
    with traced(environment, "polder-test") as traces:
        async with traced_house(client, database, traces) as house:
            await house.desk.start("waterdam:traced", START, DIRECTOR)
            with traces.visit("POST", HEADER) as visit:
                why = {"reason": SECRET}
                await house.desk.send(
                    "waterdam:traced", "pause_dialogue", why, DIRECTOR
                )
                visit.tell(http__route="/v1", name=SECRET)
            assert visit.place.trace_id == TRACE
        await replays("waterdam:traced", client, [])
    ours = [span for span in collector.spans if span.trace_id.hex() == TRACE]
    way = [
        "POST",
        "StartWorkflowUpdate:pause_dialogue",
        "HandleUpdate:pause_dialogue",
        "StartActivity:append",
        "RunActivity:append",
    ]
    above = PARENT
    for name in way:
        [span] = [each for each in ours if each.name == name]
        assert span.parent_span_id.hex() == above, name
        above = span.span_id.hex()
    assert SECRET not in collector.text()
    assert "Parkzicht" not in collector.text()
    start = [span for span in collector.spans if span.name == "RunWorkflow:Dialogue"]
    assert len(start) == 1


async def test_a_refusal_s_words_stay_here(
    client: Client, database: str, seen: tuple[Collector, dict[str, str]]
) -> None:
    """What was asked is in the trace; why it was refused and about what is not."""
    collector, environment = seen
    with traced(environment, "polder-test") as traces:
        async with traced_house(client, database, traces) as house:
            await house.desk.start("waterdam:refused", START, DIRECTOR)
            wish = {"step": "nergens"}
            with pytest.raises(Refused) as refused:
                await house.desk.send(
                    "waterdam:refused", "complete_step", wish, DIRECTOR
                )
    assert collector.named("StartWorkflowUpdate:complete_step").trace_id
    assert str(refused.value) not in collector.text()
    assert "nergens" not in collector.text()


def fail_in_a_span(tracer: Tracer) -> None:
    """Say it in all places where a span has words."""
    with tracer.start_as_current_span(f"by\n{SECRET}") as span:
        span.set_attribute("name", SECRET)
        span.add_event(f"{SECRET}!", {"name": SECRET})
        raise ValueError(SECRET)


def test_the_words_of_an_error_stay_here(
    seen: tuple[Collector, dict[str, str]],
) -> None:
    """That it failed and by what kind of error goes out, whoever made the span."""
    collector, environment = seen
    with traced(environment, "polder-test") as traces:
        assert traces.tracer is not None
        with pytest.raises(ValueError, match=SECRET):
            fail_in_a_span(traces.tracer)
    [told] = collector.spans
    assert told.status.code == told.status.STATUS_CODE_ERROR
    assert told.name == "unnamed"
    kinds = [each.attributes[0].value.string_value for each in told.events[1:]]
    assert kinds == ["ValueError"]
    assert SECRET not in collector.text()


def interceptors() -> list[Any]:
    """Give what a worker has that traces and counts."""
    tracer = TracerProvider(shutdown_on_exit=False).get_tracer("test")
    return [Tracing(tracer, APPEND), Counting(COMMANDS)]


async def replays(stream: str, client: Client, given: list[Any]) -> WorkflowHistory:
    """Replay the history of a dialogue; raises where it does something else."""
    history = await client.get_workflow_handle(stream).fetch_history()
    await replayer(given).replay_workflow(history)
    return history


def replayer(given: list[Any]) -> Replayer:
    """Replay as a worker with these interceptors would."""
    return Replayer(
        workflows=[DialogueWorkflow],
        workflow_runner=workflow_runner(),
        data_converter=WORKER_CONVERTER,
        interceptors=given,
    )


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
async def test_stored_histories_replay_with_traces(path: Any) -> None:  # noqa: ANN401
    """A worker that traces and counts goes on with what others began."""
    await replayer(interceptors()).replay_workflow(named(stored(path)))


async def test_headers_carry_a_traceparent_alone(
    client: Client, database: str, seen: tuple[Collector, dict[str, str]]
) -> None:
    """Whatever came with a request: no baggage gets into a history."""
    _, environment = seen
    with traced(environment, "polder-test") as traces:
        async with traced_house(client, database, traces) as house:
            from opentelemetry import baggage, context  # noqa: PLC0415

            token = context.attach(baggage.set_baggage("name", SECRET))
            with traces.visit("POST", HEADER):
                await house.desk.start("waterdam:headers", START, DIRECTOR)
            context.detach(token)
            history = await replays("waterdam:headers", client, interceptors())
    started = history.events[0].workflow_execution_started_event_attributes
    carrier = json.loads(started.header.fields[HEADER_KEY].data)
    assert list(carrier) == ["traceparent"]
    assert carrier["traceparent"].split("-")[1] == TRACE
    for event in history.events:
        assert SECRET.encode() not in event.SerializeToString()


GARBAGE = [
    Payload(data=b"no json", metadata={"encoding": b"json/plain"}),
    Payload(data=b"[" * 100_000, metadata={"encoding": b"json/plain"}),
    Payload(data=b'{"traceparent": 7}', metadata={"encoding": b"json/plain"}),
    Payload(data=b'{"traceparent": ["x"]}', metadata={"encoding": b"json/plain"}),
    Payload(data=b"[1]", metadata={"encoding": b"json/plain"}),
    Payload(data=b"\xff\x00", metadata={"encoding": b"binary/encrypted"}),
    Payload(),
    Payload(data=json.dumps({"traceparent": HEADER, "name": SECRET}).encode()),
]


class Evil(Interceptor):
    """Puts something in the header of everything that is sent."""

    def __init__(self, payload: Payload) -> None:
        """Send this."""
        self.payload = payload

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002
        """Stand in between."""
        return _Evil(next, {HEADER_KEY: self.payload})


class _Evil(OutboundInterceptor):
    def __init__(
        self, after: OutboundInterceptor, headers: Mapping[str, Payload]
    ) -> None:
        super().__init__(after)
        self._headers = headers

    async def start_workflow(self, input: StartWorkflowInput) -> Any:  # noqa: A002, ANN401
        input.headers = self._headers
        return await super().start_workflow(input)

    async def signal_workflow(self, input: SignalWorkflowInput) -> None:  # noqa: A002
        input.headers = self._headers
        await super().signal_workflow(input)

    async def query_workflow(self, input: QueryWorkflowInput) -> Any:  # noqa: A002, ANN401
        input.headers = self._headers
        return await super().query_workflow(input)

    async def start_workflow_update(self, input: StartWorkflowUpdateInput) -> Any:  # noqa: A002, ANN401
        input.headers = self._headers
        return await super().start_workflow_update(input)


async def test_no_header_blocks_a_dialogue(
    client: Client, database: str, seen: tuple[Collector, dict[str, str]]
) -> None:
    """Whatever somebody puts in the place of a trace counts as none, and it goes on."""
    collector, environment = seen
    with traced(environment, "polder-test") as traces:
        async with traced_house(client, database, traces):
            for number, payload in enumerate(GARBAGE):
                config = client.config()
                config["interceptors"] = [Evil(payload)]
                await everything(Client(**config), f"waterdam:garbage-{number}")
    assert SECRET not in collector.text()


async def everything(evil: Client, stream: str) -> None:
    """Start a dialogue, and send it an update, a signal and a query."""

    def envelope(name: str, command: dict[str, Any]) -> dict[str, Any]:
        actor = {"id": "p-1", "role": "process_director"}
        return {"id": name, "actor": actor, "command": command}

    handle: WorkflowHandle[Any, Any] = await evil.start_workflow(
        "Dialogue", envelope("start", START), id=stream, task_queue=TASK_QUEUE
    )
    note = {"type": "besluit", "source": "zaak", "reference": "s-1"}
    await handle.signal("note_signal", envelope("c-1", note))
    told = envelope("c-2", {**note, "reference": "s-2"})
    answer: dict[str, Any] = await handle.execute_update("note_signal", told)
    assert answer["recorded"]
    assert (await handle.query("head"))["seq"] == 3


def test_a_carrier_gives_one_member() -> None:
    """Of what somebody sent as a carrier a traceparent is left, or nothing."""
    assert carried({"traceparent": HEADER, "baggage": SECRET}) == {
        "traceparent": HEADER
    }
    odd: tuple[object, ...] = (None, 7, "x", {"traceparent": SECRET}, {"name": SECRET})
    for value in odd:
        assert carried(value) == {}
