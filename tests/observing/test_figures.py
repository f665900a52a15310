"""Figures are few and truthful, and no label of theirs is about anybody."""

from __future__ import annotations

import asyncio
import socket
import urllib.request
from collections.abc import Sequence
from typing import Any, cast

import pytest
from prometheus_client.parser import text_string_to_metric_families
from temporalio.client import Client

from activities.notify import Messenger
from desk.desk import Desk, Sender
from desk.errors import Refused
from desk.gauging import look
from domain.asks import ORDER
from observing import figures
from observing.figures import REGISTRY
from observing.gauges import Gauge, gauging
from observing.scraping import BadMetricsPort, measured, port_of
from storage.keys import Keys, beside
from storage.pool import make_pool
from tests.services import until
from tests.workflows.letters import Letters
from workers.dialogues import make_worker

DIRECTOR = Sender("p-1", "process_director")
START = {
    "method": "belangen-op-tafel",
    "title": "Parkzicht",
    "roles": {"process_director": ["p-1"], "parties": ["k-1"]},
}
WINDOW = "belangen.klopt-het-beeld"


def value(name: str, **labels: str) -> float:
    """Give a figure as it stands."""
    return REGISTRY.get_sample_value(name, labels) or 0.0


def free_port() -> int:
    """Give a port that nobody has."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def scrape(port: int) -> dict[str, float]:
    """Read `/metrics` as a collector does; one line for each sample."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        text = answer.read().decode()
    return {
        f"{one.name}{one.labels or ''}": one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


async def test_what_is_recorded_and_refused_is_counted(
    client: Client, database: str
) -> None:
    """Once for each event and refusal, by whatever way it came; a repeat not again."""
    address = client.service_client.config.target_host
    events = [
        value("polder_recorded_total", kind=kind)
        for kind in ("dialogue_started", "command_refused")
    ]
    async with make_pool(database) as pool, Keys(beside(database)) as keys:
        desk = Desk(pool, keys, address, client.namespace)
        async with make_worker(client, pool, cast("Messenger", Letters())):
            await desk.start("waterdam:counted", START, DIRECTOR)
            refused = await refusals(desk, client)
            found: Sequence[Gauge] = await look(pool)
    assert refused == {"UnknownStep": 1, "MalformedEnvelope": 1, "UnknownCommand": 1}
    assert [
        value("polder_recorded_total", kind=kind)
        for kind in ("dialogue_started", "command_refused")
    ] == [events[0] + 1, events[1] + 1]
    told = {each.name: dict(each.values) for each in found}
    assert told["polder_dialogues"] == {"running": 1}
    assert told["polder_open_windows"] == {None: 0}
    assert told["polder_seal_delay_seconds"][None] > 0
    assert set(told["polder_overdue"]) <= set(ORDER)


async def refusals(desk: Desk, client: Client) -> dict[str, float]:
    """Have three things refused, over three ways; give how much more was counted."""
    ways = {
        "UnknownStep": "complete_step",
        "MalformedEnvelope": figures.UNKNOWN,
        "UnknownCommand": figures.UNKNOWN,
    }

    def now() -> dict[str, float]:
        return {
            error: value("polder_refused_total", kind=kind, error=error)
            for error, kind in ways.items()
        }

    before = now()
    handle = client.get_workflow_handle("waterdam:counted")
    with pytest.raises(Refused, match="nergens"):
        await desk.send(
            "waterdam:counted", "complete_step", {"step": "nergens"}, DIRECTOR
        )
    with pytest.raises(Exception, match="update failed"):
        await handle.execute_update("Anna de Vries", "no envelope")
    told: dict[str, Any] = {
        "id": "c-1",
        "actor": {"id": "p-1", "role": "process_director"},
        "command": {},
    }
    await handle.signal("anna_de_vries", told)

    async def refused() -> bool:
        return now()["UnknownCommand"] > before["UnknownCommand"]

    await until(refused)
    after = now()
    return {error: after[error] - before[error] for error in ways}


async def test_metrics_have_a_port_of_their_own() -> None:
    """There and on loopback as long as the block lasts; nowhere without a setting."""
    port = free_port()

    async def found() -> Sequence[Gauge]:
        return [Gauge("polder_test_gauge", "A gauge.", [(None, 3)])]

    figures.delivered("taken")
    async with measured({"POLDER_METRICS_PORT": str(port)}, found):
        await asyncio.sleep(0.2)
        told = await asyncio.to_thread(scrape, port)
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((own_address(), port), timeout=2)
        # The next one has no port, and works all the same.
        async with measured({"POLDER_METRICS_PORT": str(port)}):
            pass
    assert told["polder_test_gauge"] == 3
    assert told["polder_deliveries_total{'status': 'taken'}"] >= 1
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=2)
    async with measured({}):
        pass


def own_address() -> str:
    """Give an address of this machine that is not loopback's first."""
    return "127.0.0.2"


@pytest.mark.parametrize("told", ["0", "70000", "-1", "８０", "x"])
def test_a_port_that_is_none_is_refused(told: str) -> None:
    """A setting that can't work is said at once."""
    with pytest.raises(BadMetricsPort, match="POLDER_METRICS_PORT is no port"):
        port_of({"POLDER_METRICS_PORT": told})
    assert port_of({"POLDER_METRICS_PORT": ""}) is None


async def test_gauges_that_are_old_are_not_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A record that can't be asked gives no gauges; only how old they are stays."""
    answers: list[Sequence[Gauge] | None] = [
        [Gauge("polder_test_old", "A gauge.", [("a", 1), ("b", 2)])]
    ]

    async def found() -> Sequence[Gauge]:
        told = answers.pop(0) if answers else None
        if told is None:
            raise OSError
        return told

    async with gauging(found, every=0.05):
        await asyncio.sleep(0.02)
        assert value("polder_test_old", kind="b") == 2
        monkeypatch.setattr("observing.gauges.OLD", 0.1)
        await asyncio.sleep(0.3)
        assert REGISTRY.get_sample_value("polder_test_old", {"kind": "b"}) is None
        assert value("polder_gauges_age_seconds") > 0.1
    assert REGISTRY.get_sample_value("polder_gauges_age_seconds") is None
