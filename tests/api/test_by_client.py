"""This repository's client and its API understand each other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from urllib.parse import urlsplit

import pytest

from api.settings import Settings
from polder_client import (
    AsyncPolder,
    DialogueExists,
    IdReused,
    Invalid,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    Polder,
    Refused,
    VersionConflict,
    named,
)
from tests.api.conftest import OTHER, Api
from tests.api.serving import wired
from tests.desk.town_hall import METHOD, ORGANISATION, TownHall

ITEM = "kennismaken.deelnemers"


@pytest.fixture(scope="module")
async def url(settings: Settings) -> AsyncGenerator[str]:
    """Give where an API listens."""
    async with wired(settings) as client:
        yield str(client.base_url)


async def token(api: Api, role: str = "director", **more: str) -> str:
    """Give a token for a role."""
    header = await api.bearer(role, **more)
    return header["Authorization"].removeprefix("Bearer ")


@pytest.fixture(scope="module")
async def polder(url: str, api: Api) -> AsyncGenerator[AsyncPolder]:
    """Give a client for a director."""
    async with AsyncPolder(url, await token(api)) as client:
        yield client


async def test_a_dialogue_from_start_to_refusal(polder: AsyncPolder) -> None:
    """Started, read, acted in, twice and once too often, each told as what it is."""
    name = f"{ORGANISATION}:client"
    begun = await polder.start(
        name,
        method=METHOD,
        title="Parkzicht",
        question="Wat doen we hier?",
        roles={"process_director": ["p-1"], "parties": ["k-1"]},
        deadlines=[{"title": "Raad", "date": "2027-03-01"}],
        id="start-client",
    )
    again = await polder.start(
        name,
        method=METHOD,
        title="Parkzicht",
        question="Wat doen we hier?",
        roles={"process_director": ["p-1"], "parties": ["k-1"]},
        deadlines=[{"title": "Raad", "date": "2027-03-01"}],
        id="start-client",
    )
    assert (begun.recorded, begun.events) == (True, again.events)
    with pytest.raises(DialogueExists):
        await polder.start(name, method=METHOD, title="Anders")
    found = await polder.dialogue(name)
    assert (found.title, found.status, found.method.id) == (
        "Parkzicht",
        "running",
        METHOD,
    )
    assert found.deadlines[0].title == "Raad"

    started = await polder.send(name, "complete_items", {"step": "kennismaken"})
    assert started.events[-1].type == "items_completed"
    with pytest.raises(VersionConflict):
        await polder.send(name, "start_step", {"step": "belangen"}, if_version=1)
    with pytest.raises(named("UnknownStep")) as unknown:
        await polder.send(name, "start_step", {"step": "nergens"})
    assert isinstance(unknown.value, Invalid)
    with pytest.raises(Refused) as refused:
        await polder.send(name, "complete_items", {"step": "kennismaken"})
    assert refused.value.name == "NothingToDo"
    assert "niets" in refused.value.detail.lower()


async def test_once_is_once_and_its_outcome_can_be_asked(
    polder: AsyncPolder, hall: TownHall
) -> None:
    """The same id gives the same events; with another body it is refused."""
    name = await hall.dialogue(words=False)
    command = {"step": "kennismaken"}
    first = await polder.send(name, "complete_items", command, id="zaak-1")
    again = await polder.send(name, "complete_items", command, id="zaak-1")
    assert (again.version, again.events) == (first.version, first.events)
    outcome = await polder.outcome(name, "zaak-1")
    assert outcome is not None
    assert outcome.events == first.events
    with pytest.raises(IdReused):
        await polder.send(name, "start_step", {"step": "belangen"}, id="zaak-1")
    with pytest.raises(NotFound):
        await polder.outcome(name, "zaak-2")


async def test_a_plan_and_cases_have_calls_of_their_own(
    polder: AsyncPolder, hall: TownHall
) -> None:
    """A plan is read and changed; a case is linked once, listed, and let go."""
    name = await hall.dialogue(words=False)
    plan = await polder.plan(name)
    assert plan["dialogue"] == name
    assert plan["phases"][0]["steps"]
    first = plan["phases"][0]["steps"][0]["items"][0]["id"]
    drop = {"change": "drop_item", "item": first}
    why = "Dat is hier al gedaan"
    amended = await polder.amend_plan(name, [drop], why, id="plan-1")
    assert [each.type for each in amended.events] == ["plan_amended"]
    again = await polder.amend_plan(name, [drop], why, id="plan-1")
    assert again.events == amended.events
    left = (await polder.plan(name))["phases"][0]["steps"][0]["items"]
    assert first not in {each["id"] for each in left}
    with pytest.raises(VersionConflict):
        await polder.amend_plan(name, [drop], "Nog eens", if_version=1)
    url = "https://zaken.example.org/api/v1/zaken/1"
    linked = await polder.link_case(name, url)
    assert (await polder.link_case(name, url)).id == linked.id
    assert [each.url for each in await polder.cases(name)] == [url]
    assert linked.linked_by == "p-1"
    await polder.unlink_case(name, linked.id)
    assert await polder.cases(name) == ()


async def test_lists_are_followed_over_pages(
    polder: AsyncPolder, hall: TownHall
) -> None:
    """Every dialogue comes once, however small the pages."""
    ours = {await hall.dialogue(words=False) for _ in range(3)}
    small = [each.id async for each in polder.dialogues(limit=1)]
    assert ours <= set(small)
    assert len(small) == len(set(small))
    whole = [each.id async for each in polder.dialogues(limit=200)]
    assert small == whole
    running = [each async for each in polder.dialogues(status="cancelled")]
    assert not {each.id for each in running} & ours


async def test_what_a_token_may_not_know_is_not_there(
    url: str, api: Api, hall: TownHall
) -> None:
    """Another organisation's dialogue, no token, and a role that may not."""
    name = await hall.dialogue(words=False)
    other = await token(api, organisation=OTHER)
    async with AsyncPolder(url, other) as elsewhere:
        with pytest.raises(NotFound):
            await elsewhere.dialogue(name)
        with pytest.raises(NotFound):
            await elsewhere.send(name, "complete_items", {"step": "kennismaken"})
    async with AsyncPolder(url, "pld_" + "a" * 43) as nobody:
        with pytest.raises(NotAuthenticated):
            await nobody.dialogue(name)
    async with AsyncPolder(url, await token(api, "auditor")) as auditor:
        with pytest.raises(NotAllowed):
            await auditor.send(name, "complete_items", {"step": "kennismaken"})


async def test_events_are_read_and_followed(
    polder: AsyncPolder, hall: TownHall
) -> None:
    """Those that are sealed as a list, those to come as they are sealed."""
    name = await hall.dialogue(words=False)
    await hall.seals()
    known = [each async for each in polder.events(name)]
    assert [each.seq for each in known] == list(range(1, len(known) + 1))
    assert known[0].event["type"] == "dialogue_started"

    async def hear(after: int, number: int) -> list[int]:
        found: list[int] = []
        async with aclosing(polder.follow(name, after=after)) as stream:
            async for each in stream:
                found.append(each.seq)
                if len(found) == number:
                    break
        return found

    first = await asyncio.wait_for(hear(-1, 2), 20)
    assert first == [1, 2]
    later = asyncio.create_task(hear(known[-1].leaf, 1))
    answer = await polder.send(name, "complete_items", {"step": "kennismaken"})
    await hall.seals()
    assert await asyncio.wait_for(later, 20) == [answer.events[0].seq]


async def test_subscriptions_are_made_followed_and_taken_away(
    polder: AsyncPolder,
) -> None:
    """The secret is told once; an address inside the network is refused."""
    with pytest.raises(Invalid) as inside:
        await polder.subscribe("http://127.0.0.1:9/")
    assert inside.value.errors[0]["pointer"] == "/target"
    made = await polder.subscribe(
        "https://zaken.example.org/polder", types=["items_completed"], from_leaf=0
    )
    assert made.secret is not None
    assert made.secret.startswith("whsec_")
    again = await polder.subscription(made.id)
    assert (again.secret, again.status) == (None, "pending")
    assert made.id in [each.id async for each in polder.subscriptions()]
    assert [each async for each in polder.deliveries(made.id)] == []
    assert (await polder.replay(made.id, from_leaf=0)).cursor == 0
    await polder.unsubscribe(made.id)
    with pytest.raises(NotFound):
        await polder.subscription(made.id)


async def test_without_an_event_loop_it_is_the_same(
    url: str, api: Api, hall: TownHall
) -> None:
    """The other client asks the same, from a thread that may wait."""
    name = await hall.dialogue(words=False)
    mine = await token(api)

    def asked() -> tuple[set[str], int]:
        with Polder(url, mine) as polder:
            names = {each.id for each in polder.dialogues()}
            answer = polder.send(name, "complete_items", {"step": "kennismaken"})
            return names, answer.version

    names, version = await asyncio.to_thread(asked)
    assert name in names
    assert version == (await hall.desk.dialogue(name)).version


@asynccontextmanager
async def carried(url: str) -> AsyncGenerator[tuple[str, Callable[[], None]]]:
    """Carry connections to an API; give the way there, and what cuts them all."""
    parts = urlsplit(url)
    open_now: set[asyncio.StreamWriter] = set()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while chunk := await reader.read(65_536):
                writer.write(chunk)
                await writer.drain()
        writer.close()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, away = await asyncio.open_connection(parts.hostname, parts.port)
        open_now.update((writer, away))
        await asyncio.gather(pump(reader, away), pump(there, writer))
        open_now.difference_update((writer, away))

    def cut() -> None:
        for writer in open_now:
            writer.close()

    server = await asyncio.start_server(carry, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", cut
    finally:
        cut()
        server.close()
        await asyncio.sleep(0.05)


async def test_a_connection_that_is_cut_costs_no_event(
    url: str, api: Api, hall: TownHall
) -> None:
    """Whoever follows gets each event once, in order, cut off after each."""
    name = await hall.dialogue(words=False)
    await hall.does(name, "complete_items", step="kennismaken")
    await hall.seals()
    last = (await hall.desk.dialogue(name)).version
    heard: list[int] = []
    mine = await token(api)
    async with (
        carried(url) as (way, cut),
        AsyncPolder(way, mine) as client,
        asyncio.timeout(60),
        aclosing(client.follow(name, after=-1)) as events,
    ):
        async for each in events:
            heard.append(each.seq)
            cut()
            if each.seq == last:
                break
    assert heard == list(range(1, last + 1))
