"""Servers and both workers of the benchmark's own, for the few rounds of a test."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from benchmarks.ground import Ground, embedded


@pytest.fixture(scope="module")
async def servers(
    own_environment: None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Ground]:
    """Give what the benchmark itself would start."""
    async with embedded(tmp_path_factory.mktemp("benchmarks")) as ground:
        yield ground
