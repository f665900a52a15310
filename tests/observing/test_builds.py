"""Health is of the workers that are there: it does not ask a build that is gone."""

from __future__ import annotations

from datetime import timedelta

from temporalio.client import Client

from desk.canary import sing
from servers import PostgresServer
from tests.services import create_database, own_namespace, until
from tests.workflows.running import engine_on
from tests.workflows.test_worker import is_current

SOON = timedelta(seconds=5)


async def test_the_canary_moves_to_the_newest_build(
    temporal_client: Client, postgres_server: PostgresServer
) -> None:
    """It sings by one build, and by the next once the first is gone."""
    client = await own_namespace(temporal_client, "observing-builds")
    database = await create_database(postgres_server.address, "observing_builds")

    async def well() -> bool:
        return await sing(client, SOON) is None

    async with engine_on(client, database, "build-a"):
        await until(lambda: is_current(client, "build-a"))
        await until(well)
    async with engine_on(client, database, "build-b"):
        await until(lambda: is_current(client, "build-b"))
        await until(well)
        assert await well()
