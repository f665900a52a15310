"""One cluster for all its tests: real Temporal on real PostgreSQL."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.client import Client

from cluster.run import Running, cluster
from cluster.schema import HERE
from tests.cluster.probe import ATTRIBUTE

_HOW_TO_GET_GO = "needs Go to build the Temporal server: https://go.dev/dl"


@pytest.fixture(scope="session")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """A cluster of its own, gone without a trace afterwards."""
    built = (HERE / "bin" / "temporal-server").exists()
    if not built and shutil.which("go") is None:
        pytest.skip(_HOW_TO_GET_GO)
    home: Path = tmp_path_factory.mktemp("cluster")
    async with cluster(home) as started:
        yield started
    await asyncio.gather(started.temporal_db.destroy(), started.record_db.destroy())


@pytest.fixture(scope="session")
async def client(running: Running) -> Client:
    """A client of the cluster, which knows the probe's search attribute."""
    connected = await Client.connect(running.temporal.address)
    await register_attribute(connected)
    return connected


async def register_attribute(client: Client) -> None:
    """Register the probe's search attribute, and wait until it may be used."""
    keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(
            search_attributes={ATTRIBUTE.name: keyword}, namespace=client.namespace
        )
    )
    listing = ListSearchAttributesRequest(namespace=client.namespace)
    for _ in range(60):
        known = await client.operator_service.list_search_attributes(listing)
        if ATTRIBUTE.name in known.custom_attributes:
            return
        await asyncio.sleep(0.5)
    pytest.fail("the search attribute does not appear")
