"""Servers in a namespace and a database of this suite's own."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from temporalio.client import Client

from tests.observing.collector import Collector, collecting
from tests.services import own_namespace


@pytest.fixture(scope="session")
async def client(temporal_client: Client) -> Client:
    """Give a client without any interceptor."""
    return await own_namespace(temporal_client, "observing")


@pytest.fixture
def seen(
    monkeypatch: pytest.MonkeyPatch,
) -> Generator[tuple[Collector, dict[str, str]]]:
    """Give a collector, and an environment that names it."""
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        yield collector, {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
