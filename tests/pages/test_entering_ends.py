"""A session of who logged in at a provider ends, and so does what it hangs on."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from datetime import timedelta
from http import HTTPStatus

import httpx
import psycopg
import pytest
from playwright.async_api import Browser, expect
from psycopg import sql

from desk.access import entering, own_sessions, provided, tokens
from desk.access.links import close_session, recognise
from tests.desk.town_hall import ORGANISATION, TownHall
from tests.pages.at_the_door import (
    BENDS_ITS_LIBRARY,
    KEEPER,
    come_back,
    door_at,
    newest,
    straighten,
)
from tests.pages.house import Site, house, visitor
from tests.pages.provided import Provided, provider

pytestmark = BENDS_ITS_LIBRARY


@pytest.fixture(scope="module")
def identity() -> Generator[Provided]:
    """Give the provider."""
    with provider() as made:
        yield made


@pytest.fixture(scope="module")
async def door(hall: TownHall, identity: Provided) -> AsyncGenerator[Site]:
    """Give a house in which people log in at that provider."""
    async with door_at(hall, identity) as opened:
        yield opened


@pytest.fixture(autouse=True)
def straight(identity: Provided, door: Site) -> None:
    """Have the provider say what it says by itself, until a test bends it."""
    straighten(identity, door)


async def test_who_logs_in_again_leaves_what_they_had(door: Site) -> None:
    """The session of this browser ends, though the way back can't show its cookie."""
    before = (await come_back(door, "7")).cookies["polder_session"]
    other = (await come_back(door, "7")).cookies["polder_session"]
    async with door.caller(before) as somebody, httpx.AsyncClient() as there:
        sent = await somebody.get("/in/oidc?to=/portfolio")
        back = await there.post(sent.headers["location"], data={"sub": "7"})
        somebody.cookies.delete("polder_session")
        again = await somebody.get(back.headers["location"])
    pool = door.desk.pool
    assert await recognise(pool, before) is None
    assert await recognise(pool, other) is not None
    assert await recognise(pool, again.cookies["polder_session"]) is not None


async def test_a_revoked_doorkeeper_lets_nobody_in_and_ends_whom_it_let_in(
    hall: TownHall, identity: Provided
) -> None:
    """What a provider may here hangs on one token of the organisation."""
    made = await tokens.create(hall.desk, ORGANISATION, ["doorkeeper"], KEEPER)
    async with house(hall, provided=identity.oidc(made.token)) as site:
        answer = await come_back(site)
        secret = answer.cookies["polder_session"]
        known = await recognise(site.desk.pool, secret)
        assert known is not None
        assert (known.actor, known.roles) == ("mw-7", {"director"})
        await tokens.revoke(hall.desk, made.id, KEEPER)
        assert await recognise(site.desk.pool, secret) is None
        answer = await come_back(site)
        assert answer.status_code == 403
        assert (await newest(site))[0] == ("no_doorkeeper", ORGANISATION)


async def test_a_doorkeeper_s_token_is_good_for_nothing_else(
    door: Site, hall: TownHall
) -> None:
    """With it nothing is read; and no other token opens a session."""
    keeper = await tokens.create(hall.desk, ORGANISATION, ["doorkeeper"], KEEPER)
    other = await tokens.create(hall.desk, ORGANISATION, ["operator"], KEEPER)
    async with httpx.AsyncClient(base_url=door.url) as system:
        bearer = {"Authorization": f"Bearer {keeper.token}"}
        answer = await system.get("/v1/dialogues", headers=bearer)
        assert answer.status_code == 403
    pool = hall.desk.pool
    for token, roles in (
        (other.token, ["director"]),
        (keeper.token, ["participant"]),
        (keeper.token, ["integrator"]),
        (keeper.token, []),
    ):
        got = await provided.open_for(pool, [token], ORGANISATION, "p-1", roles)
        assert got is None
    named = "gemeente-anders"
    assert (
        await provided.open_for(pool, [keeper.token], named, "p-1", ["director"])
    ) is None


async def test_a_session_that_is_not_used_has_ended(door: Site) -> None:
    """After two hours without use, and after twelve whatever was done."""
    for column, past in (
        ("seen_at", timedelta(hours=provided.IDLE_HOURS, seconds=1)),
        ("expires_at", timedelta(seconds=1)),
    ):
        secret = (await come_back(door)).cookies["polder_session"]
        assert await recognise(door.desk.pool, secret) is not None
        async with await psycopg.AsyncConnection.connect(door.hall.database) as conn:
            await conn.execute(
                sql.SQL(
                    "UPDATE access.session SET {} = clock_timestamp() - %s"
                    " WHERE digest = %s"
                ).format(sql.Identifier(column)),
                (past, tokens.digest(secret)),
            )
        assert await recognise(door.desk.pool, secret) is None
        assert await own_sessions.listed(door.desk.pool, secret) == []
        assert await own_sessions.end(door.desk.pool, secret) == 0


async def test_all_sessions_of_somebody_end_at_once(
    browser: Browser, door: Site
) -> None:
    """In every browser, at the next page; of somebody else none."""
    mine = [(await come_back(door, "7")).cookies["polder_session"] for _ in range(2)]
    other = (await come_back(door, "9")).cookies["polder_session"]
    page = await visitor(browser, door, "operator", actor="o-1")
    await page.goto("/administration/sessions")
    row = page.get_by_role("row").filter(has_text="mw-7").first
    await expect(row).to_contain_text("inloggen bij de organisatie")
    await row.get_by_role("button").click()
    await expect(page.get_by_role("status").first).to_contain_text("uitgelogd")
    for secret in mine:
        assert await recognise(door.desk.pool, secret) is None
    assert await recognise(door.desk.pool, other) is not None


async def test_who_left_a_browser_open_logs_out_there(
    browser: Browser, door: Site
) -> None:
    """They see where they are in; one of those ends, or all but the one they are in."""
    left = [(await come_back(door, "7")).cookies["polder_session"] for _ in range(2)]
    other = (await come_back(door, "9")).cookies["polder_session"]
    page = await visitor(browser, door, "director", actor="mw-7")
    pool = door.desk.pool
    await page.goto("/today")
    await page.get_by_role("link", name="waar u bent ingelogd").click()
    rows = page.get_by_role("row").filter(has_text="inloggen bij de organisatie")
    here = page.get_by_role("row").filter(has_text="waarin u nu werkt")
    await expect(here).to_have_count(1)
    await expect(here).to_contain_text("een link")
    before = await rows.count()
    assert before >= len(left)
    await rows.first.get_by_role("button").click()
    await expect(page.get_by_role("status").first).to_contain_text("Daar bent u")
    await expect(rows).to_have_count(before - 1)
    known = [await recognise(pool, each) is not None for each in left]
    assert known == [True, False]  # the one that was used last stands first
    await page.get_by_role("button", name="overal uit").click()
    await expect(rows).to_have_count(0)
    await expect(here).to_have_count(1)
    assert [await recognise(pool, each) for each in left] == [None, None]
    assert await recognise(pool, other) is not None


async def test_nobody_ends_what_is_anothers(door: Site) -> None:
    """Not by the id of it, nor by what is no id, nor with a session that ended."""
    mine = (await come_back(door, "7")).cookies["polder_session"]
    other = (await come_back(door, "9")).cookies["polder_session"]
    pool = door.desk.pool
    of_other = (await own_sessions.listed(pool, other))[0]
    assert of_other.here
    assert of_other.id not in {s.id for s in await own_sessions.listed(pool, mine)}
    again = (await come_back(door, "7")).cookies["polder_session"]
    for told in (of_other.id, f"urn:uuid:{of_other.id}", "niets", " ", ""):
        async with door.caller(mine, headers={"Origin": door.url}) as somebody:
            sent = await somebody.post("/sessions", data={"session": told})
        assert sent.status_code == HTTPStatus.SEE_OTHER
        assert sent.headers["location"] == "/sessions"
    for each in (other, again):
        assert await recognise(pool, each) is not None
    assert await close_session(pool, mine)
    assert await own_sessions.listed(pool, mine) == []
    assert await own_sessions.end(pool, mine) == 0
    assert await recognise(pool, again) is not None


async def test_a_program_has_no_sessions(door: Site) -> None:
    """With a token nobody sees or ends any, whosever cookie comes along."""
    other = (await come_back(door, "9")).cookies["polder_session"]
    made = await tokens.create(door.desk, ORGANISATION, ["auditor"], KEEPER)
    headers = {"Authorization": f"Bearer {made.token}", "Origin": door.url}
    async with door.caller(other, headers=headers) as program:
        seen = await program.get("/sessions")
        ended = await program.post("/sessions", data={})
    assert seen.status_code == ended.status_code == HTTPStatus.NOT_FOUND
    assert await recognise(door.desk.pool, other) is not None


async def test_who_is_out_everywhere_comes_in_by_no_link_of_before(door: Site) -> None:
    """One that was not used yet is good for nothing; where they are they stay in."""
    pool = door.desk.pool
    made = [
        await entering.create(door.desk, ORGANISATION, "mw-8", KEEPER) for _ in range(2)
    ]
    opened = await entering.open_session(pool, made[0].secret)
    assert opened is not None
    assert len(await own_sessions.listed(pool, opened.secret)) == 1
    assert await entering.is_good(pool, made[1].secret)
    assert await own_sessions.end(pool, opened.secret) == 0
    assert not await entering.is_good(pool, made[1].secret)
    assert await recognise(pool, opened.secret) is not None
