"""Puts servers and a worker together as Polder does, but for who carries the mail."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import cast

from temporalio.client import Client
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from activities.notify import Messenger
from storage.pool import make_pool
from tests.workflows.letters import Letters
from tests.workflows.playing import Engine
from workers.connecting import check_search_attributes
from workers.dialogues import make_worker


@asynccontextmanager
async def engine_on(
    client: Client, database: str, build: str | None = None
) -> AsyncGenerator[Engine]:
    """Run a worker of Polder's own root on these servers."""
    await check_search_attributes(client)
    # With the default, an idle workflow would jump to its next timer at once.
    skipper = TimeSkipper(client, config=TimeSkippingConfig(enabled=False))
    letters = Letters()
    async with (
        make_pool(database) as pool,
        make_worker(client, pool, cast("Messenger", letters), build),
    ):
        yield Engine(client, skipper, database, letters)
