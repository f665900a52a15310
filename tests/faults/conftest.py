"""Servers of the fault suite's own, so that it may break them."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from tests.faults.rig import Rig, rig_running


@pytest.fixture(scope="session")
async def rig(
    own_environment: None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Rig]:
    """Give the servers; a test that stops one starts it again."""
    async with rig_running(tmp_path_factory.mktemp("faults")) as running:
        yield running


@pytest.fixture(scope="session")
async def steady(rig: Rig) -> AsyncGenerator[Rig]:
    """Give the same servers with a worker that nobody kills, where it serves alone."""
    apart = await rig.apart("steady")
    async with apart.worker():
        yield apart
