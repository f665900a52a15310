"""Rule 20: who follows over HTTP gets every event once, in order, and can come back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest

from api import streaming
from api.settings import Settings
from desk import feed
from desk.access import tokens
from storage.pool import make_pool
from storage.record import append
from tests.api.conftest import OPERATOR, OTHER, Api
from tests.api.hearing import Heard, grown
from tests.api.serving import wired
from tests.desk.town_hall import ORGANISATION
from tests.storage.streams import batch, events


@pytest.fixture(scope="module")
async def wire(settings: Settings) -> AsyncGenerator[httpx.AsyncClient]:
    """Give a client of an API on a port."""
    async with wired(settings) as client:
        yield client


@asynccontextmanager
async def following(
    wire: httpx.AsyncClient, path: str, headers: dict[str, str], **more: str
) -> AsyncGenerator[Heard]:
    """Follow a stream as long as the block lasts."""
    sent = {"Accept": "text/event-stream", **headers, **more}
    async with wire.stream("GET", path, headers=sent) as answer:
        assert answer.status_code == 200, (await answer.aread()).decode()
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        heard = Heard(answer.aiter_lines())
        first = await heard.frame()
        assert first.keys() == {"retry", "id"}
        yield heard


async def test_a_stream_tells_what_happens_as_it_happens(
    api: Api, wire: httpx.AsyncClient
) -> None:
    """And begins with what happens from then on."""
    stream = await grown(api)
    bearer = await api.bearer()
    async with following(wire, f"/v1/dialogues/{stream}/events", bearer) as heard:
        await grown(api)
        await grown(api, dialogue=stream)
        told = await heard.event()
    assert (told["type"], told["dialogue"]) == ("role_released", stream)


async def test_who_had_nothing_yet_can_come_back_as_well(
    api: Api, wire: httpx.AsyncClient
) -> None:
    """The first thing that comes is a place to go on behind."""
    stream = await grown(api)
    path, bearer = f"/v1/dialogues/{stream}/events", await api.bearer()
    async with following(wire, path, bearer) as heard:
        last = heard.last
    await grown(api, dialogue=stream)
    async with following(wire, path, bearer, **{"Last-Event-ID": last}) as heard:
        assert (await heard.event())["type"] == "role_released"


async def test_a_stream_goes_on_behind_the_last_that_one_had(
    api: Api, wire: httpx.AsyncClient
) -> None:
    """However often it is broken off, each event comes once, and all of them."""
    stream = await grown(api)
    path, bearer = f"/v1/dialogues/{stream}/events", await api.bearer()
    whole = (await api.get(path)).json()["items"]
    had: list[dict[str, Any]] = []
    last = "-1"
    while len(had) < len(whole):
        async with following(wire, path, bearer, **{"Last-Event-ID": last}) as heard:
            had += [await heard.event() for _ in range(min(2, len(whole) - len(had)))]
            last = heard.last
    assert had == whole


async def test_a_stream_can_begin_at_a_moment_or_a_place(
    api: Api, wire: httpx.AsyncClient
) -> None:
    """``since`` and ``after`` are as in the list."""
    stream = await grown(api)
    path, bearer = f"/v1/dialogues/{stream}/events", await api.bearer()
    whole = (await api.get(path)).json()["items"]
    for asked in ("since=1970-01-01T00:00:00Z", "after=-1"):
        async with following(wire, f"{path}?{asked}", bearer) as heard:
            assert await heard.event() == whole[0]


async def test_a_silent_stream_says_that_it_lives(
    api: Api, wire: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the place one would go on behind, and no event."""
    monkeypatch.setattr(streaming, "HEARTBEAT", 0.2)
    stream = await grown(api)
    bearer = await api.bearer()
    async with following(wire, f"/v1/dialogues/{stream}/events", bearer) as heard:
        before = int(heard.last)
        assert (await heard.frame()).keys() == {"", "id"}
        await grown(api)
        while int(heard.last) <= before:
            assert "data" not in await heard.frame()


async def test_other_organisations_are_not_heard(
    api: Api, wire: httpx.AsyncClient
) -> None:
    """Not their events, not that a dialogue is there, in no form."""
    stream = await grown(api)
    bearer = await api.bearer(organisation=OTHER)
    assert (await wire.get("/v1/events", headers=bearer)).json() == {"items": []}
    absent = f"{ORGANISATION}:is-er-niet"
    told: list[str] = []
    for name in (stream, absent):
        for accept in ("application/json", "text/event-stream"):
            path, sent = f"/v1/dialogues/{name}/events", bearer | {"Accept": accept}
            found = await wire.get(path, headers=sent)
            assert found.status_code == 404
            told.append(found.json()["detail"].replace(name, "…"))
    assert len(set(told)) == 1
    async with following(wire, "/v1/events?after=-1", bearer) as heard:
        await grown(api, dialogue=stream)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await heard.event()


async def test_a_stream_ends_when_its_token_is_revoked(
    api: Api, wire: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked at again while the stream goes on."""
    monkeypatch.setattr(streaming, "HEARTBEAT", 0.2)
    made = await tokens.create(api.hall.desk, ORGANISATION, ["auditor"], OPERATOR)
    bearer = {"Authorization": f"Bearer {made.token}"}
    async with following(wire, "/v1/events", bearer) as heard:
        await tokens.revoke(api.hall.desk, made.id, OPERATOR)
        assert await heard.ended()


async def test_who_takes_nothing_is_let_go(
    api: Api, wire: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that nobody holds a place for ever; a quick one beside them has everything."""
    monkeypatch.setattr(streaming, "STALLED", 0.5)
    bearer = await api.bearer(organisation="gemeente-stil")
    async with make_pool(api.hall.database) as pool:
        for number in range(40):
            stream = f"gemeente-stil:vol-{number}"
            made = events(25, stream=stream, data={"step": "x" * 9_000, "round": 1})
            await append(pool, batch(made))
    await api.hall.seals()
    url = wire.base_url
    reader, writer = await asyncio.open_connection(url.host, url.port, limit=1_024)
    lines = {"Host": url.host, "Accept": "text/event-stream", **bearer}
    told = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    writer.write(f"GET /v1/events?after=-1 HTTP/1.1\r\n{told}\r\n".encode())
    assert b"200" in await reader.readline()
    async with asyncio.timeout(20):
        async with following(wire, "/v1/events?after=-1", bearer) as heard:
            had = [await heard.event() for _ in range(1_000)]
        assert len({each["leaf"] for each in had}) == 1_000
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.sleep(1.5)
        writer.transport.resume_reading()  # type: ignore[attr-defined]
        while await reader.read(65_536):
            pass  # it ends
    writer.close()


async def test_no_more_follow_than_a_server_can_serve(
    api: Api, wire: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is too many is told so, with when to come back."""
    monkeypatch.setattr(feed, "MOST_EACH", 1)
    bearer = await api.bearer()
    async with following(wire, "/v1/events", bearer):
        sent = {"Accept": "text/event-stream", **bearer}
        found = await wire.get("/v1/events", headers=sent)
        assert (found.status_code, found.headers["retry-after"]) == (429, "30")
        other = await api.bearer(organisation=OTHER)
        async with following(wire, "/v1/events", other) as heard:
            assert heard.last


async def test_one_caller_leaves_streams_for_others_of_the_house(
    api: Api, wire: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has as many as one may is told so; the next token of the house is not."""
    monkeypatch.setattr(feed, "MOST_OF_ONE", 2)
    mine, path = await api.bearer(), "/v1/events"
    theirs = await api.bearer("auditor")
    async with AsyncExitStack() as stack:
        for _ in range(2):
            await stack.enter_async_context(following(wire, path, mine))
        found = await wire.get(path, headers={"Accept": "text/event-stream", **mine})
        assert (found.status_code, found.headers["retry-after"]) == (429, "30")
        await stack.enter_async_context(following(wire, path, theirs))
    async with following(wire, path, mine) as heard:
        assert heard.last


async def test_many_that_begin_at_once_are_no_more_than_may(
    api: Api, wire: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever slips through at the same moment is let go before anything is sent."""
    monkeypatch.setattr(feed, "MOST_OF_ONE", 3)
    sent = {"Accept": "text/event-stream", **await api.bearer()}
    # Nobody leaves, and makes room, before all have their answer.
    answered = asyncio.Barrier(12)

    async def begun() -> bool:
        async with wire.stream("GET", "/v1/events", headers=sent) as answer:
            let_in = answer.status_code == 200
            # Kept until the end: a stream that nobody reads any more is closed.
            heard = Heard(answer.aiter_lines())
            first = await heard.frame() if let_in else {"": ""}
            await answered.wait()
            return "" not in first and heard.last != ""

    async with asyncio.timeout(20):
        every = await asyncio.gather(*(begun() for _ in range(12)))
    assert every.count(True) == 3


async def test_streams_end_when_the_server_stops(api: Api, settings: Settings) -> None:
    """At once, with when to come back, so that nobody waits for them."""
    bearer = await api.bearer()
    async with asyncio.timeout(15), AsyncExitStack() as stack:
        async with wired(settings) as client:
            heard = await stack.enter_async_context(
                following(client, "/v1/events", bearer)
            )
            ends = asyncio.create_task(heard.ended())
            await asyncio.sleep(0.1)
            assert not ends.done()
        assert await ends
