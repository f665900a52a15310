"""No header does any harm: not what we send, and not what somebody else does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

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
)

from activities.contracts import TASK_QUEUE
from observing.contexts import carried
from observing.temporal import HEADER_KEY
from observing.tracing import traced
from tests.observing.collector import Collector
from tests.observing.house import (
    DIRECTOR,
    HEADER,
    SECRET,
    START,
    interceptors,
    replays,
    traced_house,
)

TRACE = HEADER.split("-")[1]


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
