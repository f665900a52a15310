"""A trace leads through all that a command sets off, and carries nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from opentelemetry.trace import Tracer
from temporalio.client import Client

from desk.errors import Refused
from observing import trace
from observing.tracing import Traces, is_on, traced
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
from tests.workflows.replaying import replayer
from tests.workflows.test_replay import STORED, named, stored

TRACE, PARENT = HEADER.split("-")[1:3]


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


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
async def test_stored_histories_replay_with_traces(path: Path) -> None:
    """A worker that traces and counts goes on with what others began."""
    given = interceptors()
    await replayer(interceptors=given).replay_workflow(named(stored(path)))
