"""A way in ends when somebody takes it back, or is given another one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from api.settings import Settings
from desk.access import entering
from desk.access.links import (
    MadeLink,
    create,
    is_good,
    listed,
    open_session,
    recognise,
    take_back,
)
from desk.access.provided import end_everybody
from desk.access.provided import listed as staff_inside
from desk.desk import Sender
from desk.errors import NotFound
from storage.pool import connection
from tests.api.conftest import Api
from tests.cli.running import polder
from tests.cli.running import settings as environment
from tests.desk.town_hall import ORGANISATION, TownHall

HERE = "http://polder"
BY = Sender("beheer-1", "system", "cli")


@pytest.fixture
async def browser(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    """Give a browser that keeps cookies and has none yet."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
        yield client


async def inside(hall: TownHall, browser: httpx.AsyncClient) -> MadeLink:
    """Go in with a link."""
    made = await create(hall.desk, await hall.dialogue(), "anna", BY)
    answer = await browser.post(f"/link/{made.secret}", headers={"Origin": HERE})
    assert answer.status_code == 200
    return made


async def test_who_comes_in_again_leaves_what_they_had(
    hall: TownHall, browser: httpx.AsyncClient
) -> None:
    """The session that this browser had is over; one of another browser is not."""
    made = await inside(hall, browser)
    before = browser.cookies["polder_session"]
    again = await create(hall.desk, made.stream, "anna", BY)
    await browser.post(f"/link/{again.secret}", headers={"Origin": HERE})
    after = browser.cookies["polder_session"]
    assert await recognise(hall.desk.pool, before) is None
    assert await recognise(hall.desk.pool, after) is not None
    third = await create(hall.desk, made.stream, "anna", BY)
    assert await open_session(hall.desk.pool, third.secret) is not None
    assert await recognise(hall.desk.pool, after) is not None


async def test_a_link_that_is_taken_back_lets_nobody_in_or_stay(
    hall: TownHall, browser: httpx.AsyncClient
) -> None:
    """Used or not, it is good for nothing; of another organisation it is not there."""
    made = await inside(hall, browser)
    assert (await browser.get(f"/v1/dialogues/{made.stream}")).status_code == 403
    unused = await create(hall.desk, made.stream, "anna", BY)
    with pytest.raises(NotFound):
        await take_back(hall.desk, "gemeente-anders", made.id)
    for one in (made, unused):
        taken = await take_back(hall.desk, ORGANISATION, one.id)
        assert taken.revoked_at is not None
        assert taken.inside_until is None
        again = await take_back(hall.desk, None, one.id)
        assert again.revoked_at == taken.revoked_at
        assert not await is_good(hall.desk.pool, one.secret)
    assert (await browser.get(f"/v1/dialogues/{made.stream}")).status_code == 401
    found = await listed(hall.desk, ORGANISATION, stream=made.stream)
    assert [each.id for each in found] == [unused.id, made.id]
    older = await listed(hall.desk, stream=made.stream, before=unused.id)
    assert [each.id for each in older] == [made.id]


async def test_everybody_of_a_house_can_be_put_out(
    hall: TownHall, browser: httpx.AsyncClient
) -> None:
    """Participants too, with links that were not used; of another house nobody."""
    made = await inside(hall, browser)
    unused = await create(hall.desk, made.stream, "bram", BY)
    entry = await entering.create(hall.desk, "gemeente-anders", "p-1", BY)
    assert await end_everybody(hall.desk, ORGANISATION) >= 1
    session = browser.cookies["polder_session"]
    assert await recognise(hall.desk.pool, session) is None
    assert not await is_good(hall.desk.pool, unused.secret)
    assert await entering.is_good(hall.desk.pool, entry.secret)


async def test_a_link_that_is_swapped_at_that_moment_lets_nobody_stay(
    hall: TownHall,
) -> None:
    """Of a swap that is not committed yet nothing is seen, and it is over as well."""
    made = await create(hall.desk, await hall.dialogue(), "anna", BY)
    entry = await entering.create(hall.desk, ORGANISATION, "p-9", BY)
    async with connection(hall.desk.pool) as conn, conn.transaction():
        guest = await open_session(conn, made.secret)
        staff = await entering.open_session(conn, entry.secret)
        ending = asyncio.create_task(end_everybody(hall.desk, ORGANISATION))
        await until_waiting(hall)
    await ending
    assert guest is not None
    assert staff is not None
    for session in (guest, staff):
        assert await recognise(hall.desk.pool, session.secret) is None
    found = await staff_inside(hall.desk, ORGANISATION)
    assert "p-9" not in {each.actor for each in found}


async def until_waiting(hall: TownHall) -> None:
    """Wait until the statement that ends sessions waits for somebody else's."""
    waits = (
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
        "AND datname = current_database() AND query LIKE '%WITH useless%'"
    )
    async with (
        asyncio.timeout(30),
        await psycopg.AsyncConnection.connect(hall.database, autocommit=True) as conn,
    ):
        while await (await conn.execute(waits.encode())).fetchone() != (1,):
            await asyncio.sleep(0.05)


async def test_the_command_line_shows_ways_in_and_takes_them_back(
    hall: TownHall, api: Api, settings: Settings, browser: httpx.AsyncClient
) -> None:
    """By a link's id one person is out, by an id of somebody all their sessions are."""
    del api  # a worker that takes commands
    here = environment(
        DATABASE_URL=hall.database,
        TEMPORAL_ADDRESS=settings.temporal,
        TEMPORAL_NAMESPACE=settings.namespace,
    )

    async def run(*words: str) -> dict[str, Any]:
        said = await asyncio.to_thread(polder, *words, "--json", environment=here)
        assert said.code == 0, said
        return said.document

    made = await inside(hall, browser)
    found = (await run("participant", "links", "--dialogue", made.stream))["links"]
    assert [(each["id"], each["actor"]) for each in found] == [(made.id, "anna")]
    assert found[0]["insideUntil"] is not None
    [taken] = (await run("participant", "take-back", made.id))["links"]
    assert (taken["insideUntil"], taken["takenBackAt"] is None) == (None, False)
    session = browser.cookies["polder_session"]
    assert await recognise(hall.desk.pool, session) is None
    entry = await entering.create(hall.desk, ORGANISATION, "p-8", BY)
    opened = await entering.open_session(hall.desk.pool, entry.secret)
    assert opened is not None
    inside_now = (await run("session", "list", ORGANISATION))["sessions"]
    assert "p-8" in {each["actor"] for each in inside_now}
    ended = await run("session", "end", ORGANISATION, "p-8")
    assert ended == {"actor": "p-8", "ended": 1}
    assert await recognise(hall.desk.pool, opened.secret) is None
    neither = await asyncio.to_thread(
        polder, "session", "end", ORGANISATION, environment=here
    )
    assert neither.code == 2
