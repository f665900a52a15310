"""A personal link is good once; what it becomes is for one person in one dialogue."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from api.app import make_app
from api.settings import Settings
from desk.access.links import MadeLink, create
from desk.desk import Sender
from tests.api.conftest import Api
from tests.desk.town_hall import TownHall

HERE = "http://polder"
BY = Sender("beheer-1", "system", "cli")


@pytest.fixture
async def browser(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    """Give a browser that keeps cookies and has none yet."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
        yield client


async def link(hall: TownHall, who: str = "anna") -> MadeLink:
    """Make a link to a dialogue of its own."""
    return await create(hall.desk, await hall.dialogue(), who, BY)


async def inside(hall: TownHall, browser: httpx.AsyncClient) -> MadeLink:
    """Go in with a link."""
    made = await link(hall)
    answer = await browser.post(f"/link/{made.secret}", headers={"Origin": HERE})
    assert answer.status_code == 200
    return made


async def test_looking_uses_nothing_up(
    hall: TownHall, browser: httpx.AsyncClient
) -> None:
    """A program that opens links in mail takes nothing away; the button does, once."""
    path = f"/link/{(await link(hall)).secret}"
    for method in ("GET", "HEAD", "GET"):
        looked = await browser.request(method, path)
        assert looked.status_code == 200
        assert "set-cookie" not in looked.headers
    assert "default-src 'none'" in looked.headers["content-security-policy"]
    # With no-referrer a browser says of the button's POST that it is from nowhere
    # (Fetch, "append a request Origin header"); the whole address it tells nobody.
    assert looked.headers["referrer-policy"] == "strict-origin"
    assert looked.headers["cache-control"] == "no-store"
    assert re.search(f'<form method="post" action="{path}">', looked.text)
    taken = await browser.post(path)
    assert taken.status_code == 200
    for method in ("GET", "POST"):
        assert (await browser.request(method, path)).status_code == 404


async def test_the_cookie_is_for_this_browser_alone(
    hall: TownHall, browser: httpx.AsyncClient
) -> None:
    """No script, no other site and no other person of the house gets at it."""
    made = await link(hall)
    answer = await browser.post(f"/link/{made.secret}")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("polder_session=pls_")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {*cookie.split("; ")}
    assert "Domain" not in cookie
    secret = cookie.partition("=")[2].partition(";")[0]
    async with await psycopg.AsyncConnection.connect(hall.database) as conn:
        rows = await conn.execute(
            "SELECT s::text || l::text FROM access.session s, access.link l"
        )
        kept = "".join(text for (text,) in await rows.fetchall())
    assert secret not in kept
    assert made.secret not in kept


async def test_over_https_the_cookie_is_of_this_host_alone(
    hall: TownHall, settings: Settings
) -> None:
    """Its name makes a browser see to that, and no other name gets anybody in."""
    there = "https://polder.waterdam.nl"
    app = make_app(settings.model_copy(update={"url": there}))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=there) as browser,
    ):
        made = await link(hall)
        answer = await browser.post(f"/link/{made.secret}", headers={"Origin": there})
        cookie = answer.headers["set-cookie"]
        name, _, rest = cookie.partition("=")
        secret, *attributes = rest.split("; ")
        assert name == "__Host-polder_session"
        assert {"Secure", "Path=/", "HttpOnly", "SameSite=strict"} <= {*attributes}
        assert not [each for each in attributes if each.startswith("Domain")]
        path = f"/v1/dialogues/{made.stream}"
        assert (await browser.get(path)).status_code == 403, "known, and may not"
        left = await browser.post("/leave", headers={"Origin": there})
        assert left.headers["set-cookie"].startswith('__Host-polder_session=""; ')
        assert "Secure" in left.headers["set-cookie"].split("; ")
        assert not browser.cookies
    async with httpx.AsyncClient(transport=transport, base_url=there) as neighbour:
        for name in ("polder_session", "__host-polder_session"):
            told = {"Cookie": f"{name}={secret}"}
            assert (await neighbour.get(path, headers=told)).status_code == 401


async def test_of_two_at_once_one_gets_in(
    hall: TownHall, browser: httpx.AsyncClient
) -> None:
    """The same link at the same moment gives one session."""
    path = f"/link/{(await link(hall)).secret}"
    answers = await asyncio.gather(*(browser.post(path) for _ in range(5)))
    assert sorted(each.status_code for each in answers) == [200, 404, 404, 404, 404]


async def test_what_is_no_good_is_alike(
    hall: TownHall, browser: httpx.AsyncClient
) -> None:
    """Unknown, used, expired and malformed links give the same page."""
    used, expired = await link(hall), await link(hall)
    await browser.post(f"/link/{used.secret}")
    async with await psycopg.AsyncConnection.connect(hall.database) as conn:
        await conn.execute(
            "UPDATE access.link SET expires_at = now() WHERE id = %s", [expired.id]
        )
    found = [
        await browser.get(f"/link/{secret}")
        for secret in (used.secret, expired.secret, "plk_" + "A" * 43, "x", "plk_%00")
    ]
    assert {each.status_code for each in found} == {404}
    assert len({each.text for each in found}) == 1


async def test_somebody_inside_is_a_participant_of_one_dialogue(
    hall: TownHall, browser: httpx.AsyncClient
) -> None:
    """They answer for themselves there; of all else they know nothing."""
    made = await inside(hall, browser)
    other = await hall.dialogue()
    there = await browser.get(f"/v1/dialogues/{other}")
    assert there.status_code == 404
    assert (await browser.get(f"/v1/dialogues/{made.stream}")).status_code == 403
    spoken = {"respondent": "bram", "window": "x", "response": "Namens een ander"}
    sent = await browser.post(
        f"/v1/dialogues/{made.stream}/commands",
        json={"kind": "record_response", "command": spoken},
        headers={"Origin": HERE},
    )
    assert (sent.status_code, sent.json()["error"]) == (403, "NotAllowed")


async def test_what_changes_something_has_to_come_from_our_own_page(
    hall: TownHall, browser: httpx.AsyncClient
) -> None:
    """By what the browser says: another site, or one that says nothing, is refused."""
    made = await inside(hall, browser)
    path = f"/v1/dialogues/{made.stream}/commands"
    for headers in (
        {},
        {"Origin": "https://elders.example"},
        {"Origin": "null"},
        {"Origin": f"{HERE}.elders.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elders.example", "Sec-Fetch-Site": "same-origin"},
    ):
        refused = await browser.post(path, json={}, headers=headers)
        assert refused.json()["error"] == "ForeignPage", headers
    for headers in ({"Origin": HERE}, {"Sec-Fetch-Site": "same-origin"}):
        taken = await browser.post(path, json={}, headers=headers)
        assert taken.json()["error"] == "BadInput", headers
    # A token comes from no browser by itself, so it needs no page of ours.
    for headers in ({"Origin": "https://elders.example"}, {}):
        secret = {"Authorization": "Bearer pld_nee"}
        refused = await browser.post(path, json={}, headers=headers | secret)
        assert refused.status_code == 401


async def test_another_site_can_not_put_somebody_in_its_own_session(
    hall: TownHall, browser: httpx.AsyncClient
) -> None:
    """The button counts from our own page only; the link stays good."""
    path = f"/link/{(await link(hall)).secret}"
    for headers in (
        {"Origin": "https://elders.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        assert (await browser.post(path, headers=headers)).status_code == 403
    assert (await browser.post(path)).status_code == 200


async def test_leaving_ends_the_session_itself(
    hall: TownHall, browser: httpx.AsyncClient
) -> None:
    """Not only in this browser: a copy of the cookie is good for nothing."""
    made = await inside(hall, browser)
    copy = {"Cookie": f"polder_session={browser.cookies['polder_session']}"}
    left = await browser.post("/leave", headers={"Origin": HERE})
    assert left.status_code == 200
    assert 'polder_session=""' in left.headers["set-cookie"]
    again = await browser.get(f"/v1/dialogues/{made.stream}", headers=copy)
    assert again.status_code == 401


async def test_a_secret_is_in_no_log(
    hall: TownHall, browser: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a link nor a session nor a token is written anywhere."""
    made = await inside(hall, browser)
    session = browser.cookies["polder_session"]
    await browser.get(f"/link/{made.secret}")
    await browser.get(f"/v1/dialogues/{made.stream}")
    await browser.get("/v1/dialogues", headers={"Authorization": "Bearer pld_geheim"})
    told = "".join(capsys.readouterr())
    assert "/link/{secret}" in told
    assert not [s for s in (made.secret, session, "pld_geheim") if s in told]


async def test_what_is_denied_is_noted(
    hall: TownHall, browser: httpx.AsyncClient, api: Api
) -> None:
    """When, on which route, why and from which network: no address and no values."""
    stream = await hall.dialogue()
    bad = {"Authorization": "Bearer pld_" + "A" * 43}
    await browser.get(f"/v1/dialogues/{stream}", headers=bad)
    await api.get("/v1/dialogues/provincie-elders:parkzicht")
    await api.get(f"/v1/dialogues/{stream}/audit/state?at=1", "member")
    async with await psycopg.AsyncConnection.connect(hall.database) as conn:
        rows = await conn.execute(
            "SELECT method, route, why, token IS NOT NULL, organisation, network::text"
            " FROM access.denial ORDER BY id DESC LIMIT 3"
        )
        newest = await rows.fetchall()
    one = "/v1/dialogues/{dialogue}"
    here = "gemeente-waterdam", "127.0.0.0/24"
    assert newest[::-1] == [
        ("GET", one, "unknown", False, None, "127.0.0.0/24"),
        ("GET", one, "not_theirs", True, *here),
        ("GET", f"{one}/audit/state", "not_allowed", True, *here),
    ]


async def test_who_guesses_keeps_nobody_with_a_good_link_out(
    hall: TownHall, settings: Settings
) -> None:
    """Behind one proxy all come from one network: guesses wait, links do not."""
    app = make_app(settings.model_copy(update={"limit_rate": 1, "limit_burst": 60}))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=HERE) as client,
    ):
        path = f"/link/{(await link(hall)).secret}"
        guess = "/link/plk_" + "A" * 43
        found = {(await client.get(guess)).status_code for _ in range(150)}
        assert found == {404, 429}
        assert (await client.get(path)).status_code == 200
        assert (await client.post(path)).status_code == 200
        assert (await client.post("/leave")).status_code == 200
