"""Servers in a namespace and a database of this suite's own."""

from __future__ import annotations

import pytest
from temporalio.client import Client

from tests.services import own_namespace


@pytest.fixture(scope="session")
async def client(temporal_client: Client) -> Client:
    """Give a client without any interceptor."""
    return await own_namespace(temporal_client, "observing")
