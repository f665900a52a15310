"""Events reach each subscriber at least once and in order, whatever others do."""

from __future__ import annotations

import asyncio
import random
import time

import pytest
from aiohttp import web
from temporalio.client import Client, WorkflowExecutionStatus

from storage.subscription_log import attempts, dead
from storage.subscriptions import ask_again, ask_dead, enable, replay, ring
from tests.activities.hooks import Got, Hook, Town, hooked, served, town, until
from tests.services import own_namespace

__all__ = ["town"]

OTHER = "gemeente-anders:plein"


@pytest.fixture(scope="module")
async def client(temporal_client: Client) -> Client:
    """A namespace of this module's own."""
    return await own_namespace(temporal_client, "delivering")


async def test_everything_comes_once_and_in_order(town: Town, client: Client) -> None:
    """What was there before, and what comes later; and of no other organisation."""
    await town.grow(5, "parkzicht", "aardlaan", OTHER)
    hook = Hook()
    async with hooked(hook) as url, served(client, town.delivering()):
        id = await town.subscribe(url)
        await town.grow(5, "parkzicht", OTHER, "stationsweg")
        await until(hook.has(20))
        await town.grow(1, "parkzicht")
        await until(hook.has(21))
        await until(lambda: rests(client, id))
    assert hook.numbers() == {
        "gemeente-waterdam:parkzicht": [*range(1, 12)],
        "gemeente-waterdam:aardlaan": [*range(1, 6)],
        "gemeente-waterdam:stationsweg": [*range(1, 6)],
    }
    now = await town.now(id)
    assert (now.status, now.cursor, now.held, now.dead) == (
        "active",
        now.log_size,
        0,
        0,
    )
    noted = await attempts(town.pool, id, most=1_000)
    assert len(noted) == 21
    assert {each.outcome for each in noted} == {"delivered"}


async def test_a_subscriber_that_was_away_gets_it_all_in_order(
    town: Town, client: Client
) -> None:
    """Nothing is lost, nothing comes twice, and each dialogue is in its order."""
    hook = Hook()
    async with served(client, town.delivering()):
        async with hooked(hook) as url:
            id = await town.subscribe(url)
            await town.grow(3, "parkzicht", "aardlaan")
            await until(hook.has(6))
        port = int(url.rpartition(":")[2])
        for _ in range(5):
            await town.grow(2, "parkzicht", "stationsweg", "aardlaan")
            await asyncio.sleep(0.1)
        away = await town.now(id)
        assert away.failing_since is not None
        assert away.undone_from < away.log_size
        assert away.problem is not None
        assert "can't be reached" in away.problem
        async with hooked(hook, port):
            await until(hook.has(36))
    assert hook.numbers() == {
        "gemeente-waterdam:parkzicht": [*range(1, 14)],
        "gemeente-waterdam:aardlaan": [*range(1, 14)],
        "gemeente-waterdam:stationsweg": [*range(1, 11)],
    }
    assert (await town.now(id)).failing_since is None


async def test_a_moody_subscriber_hears_each_event_in_order(
    town: Town, client: Client
) -> None:
    """It refuses and breaks off at random; what it took, it took in order."""
    chance = random.Random(5)

    def mood(got: Got, time: int) -> int:
        return 204 if time > 2 or chance.random() < 0.6 else chance.choice([500, 503])

    hook = Hook(mood)
    slugs = [f"d{number}" for number in range(12)]
    async with hooked(hook) as url, served(client, town.delivering()):
        await town.subscribe(url)
        for _ in range(4):
            await town.grow(2, *slugs)
        await until(hook.has(96), 60)
    expected = [*range(1, 9)]
    assert hook.numbers() == {f"gemeente-waterdam:{s}": expected for s in slugs}


async def test_a_slow_subscriber_delays_no_other(town: Town, client: Client) -> None:
    """The quick one has it all while the slow one is at its first few."""
    slow, quick = Hook(seconds=1), Hook()
    async with (
        hooked(slow) as far,
        hooked(quick) as near,
        served(client, town.delivering()),
    ):
        await town.subscribe(far)
        await town.subscribe(near)
        began = time.monotonic()
        await town.grow(20, "parkzicht")
        await until(quick.has(20))
        assert time.monotonic() - began < 5
        assert len(slow.taken) < 6


async def test_an_event_that_is_refused_holds_its_dialogue_and_no_other(
    town: Town, client: Client
) -> None:
    """After its time it is a dead letter, the rest goes on, and it can be had again."""
    bad = "gemeente-waterdam:parkzicht"

    def mood(got: Got, _time: int) -> int:
        event = got.event
        refuses = sulks and (event["subject"], int(event["sequence"])) == (bad, 2)
        return 422 if refuses else 204

    sulks, hook = True, Hook(mood)
    async with hooked(hook) as url, served(client, town.delivering()):
        id = await town.subscribe(url)
        await town.grow(4, "parkzicht", "aardlaan")
        await until(hook.has(5))
        await until(lambda: holds(town, id, 1))
        assert hook.numbers() == {bad: [1], "gemeente-waterdam:aardlaan": [1, 2, 3, 4]}
        await until(hook.has(7))
        assert hook.numbers()[bad] == [1, 3, 4]
        [letter] = await dead(town.pool, id)
        assert (letter.stream, letter.seq, letter.problem) == (
            bad,
            2,
            "the subscriber answered 422",
        )
        sulks = False
        assert await ask_dead(town.pool, id, "p-1") == 1
        await ring(town.pool)
        await until(hook.has(8))
        await until(lambda: rests(client, id))
    assert hook.numbers()[bad] == [1, 3, 4, 2]
    assert await dead(town.pool, id) == []


async def test_a_target_that_is_away_for_too_long_leaves_dead_letters(
    town: Town, client: Client
) -> None:
    """Events that waited for three days are given up; what came later is not."""
    open_again, hook = False, Hook(lambda _got, _time: 204 if open_again else 503)
    async with hooked(hook) as url, served(client, town.delivering()):
        id = await town.subscribe(url)
        await town.grow(2, "parkzicht", "aardlaan")

        async def given_up() -> bool:
            return (await town.now(id)).dead == 4

        await until(given_up)
        await town.grow(1, "parkzicht")
        open_again = True
        await until(hook.has(1))
        assert hook.numbers() == {"gemeente-waterdam:parkzicht": [3]}
        assert await ask_dead(town.pool, id, "p-1") == 4
        await ring(town.pool)
        await until(hook.has(5))
    assert hook.numbers()["gemeente-waterdam:aardlaan"] == [1, 2]


async def test_who_is_gone_is_sent_no_more(town: Town, client: Client) -> None:
    """410 disables; once it is enabled it goes on with the very event it refused."""
    gone, hook = True, Hook(lambda got, _t: 410 if gone and ends(got, 2) else 200)
    async with hooked(hook) as url, served(client, town.delivering()):
        id = await town.subscribe(url)
        await town.grow(4, "parkzicht")
        await until(lambda: stands(town, id, "disabled"))
        seen = len(hook.tried)
        await town.grow(1, "parkzicht")
        await asyncio.sleep(0.5)
        assert len(hook.tried) == seen == 2
        gone = False
        await enable(town.pool, id)
        await town.grow(1, "parkzicht")
        await until(hook.has(6))
    assert hook.numbers() == {"gemeente-waterdam:parkzicht": [1, 2, 3, 4, 5, 6]}


async def test_who_asks_for_time_gets_it(town: Town, client: Client) -> None:
    """429 and 503 with Retry-After: nothing is sent before that, whatever happens."""
    at: list[float] = []

    def mood(_got: Got, _time: int) -> web.Response:
        at.append(time.monotonic())
        if len(at) == 1:
            return web.Response(status=429, headers={"Retry-After": "2"})
        return web.Response()

    hook = Hook(mood)
    async with hooked(hook) as url, served(client, town.delivering()):
        await town.subscribe(url)
        await town.grow(1, "parkzicht")
        await until(lambda: is_true(len(at) == 1))
        for _ in range(5):
            await town.grow(1, "parkzicht", "aardlaan")
        await until(hook.has(11))
    assert at[1] - at[0] >= 1.9


async def test_a_replay_is_in_order_and_new_events_follow(
    town: Town, client: Client
) -> None:
    """From any place in the log; with the ids that each event had before."""
    hook = Hook()
    async with hooked(hook) as url, served(client, town.delivering()):
        id = await town.subscribe(url)
        await town.grow(10, "parkzicht")
        await until(hook.has(10))
        await replay(town.pool, id, 4)
        await town.grow(3, "parkzicht")
        await until(hook.has(19))
    numbers = hook.numbers()["gemeente-waterdam:parkzicht"]
    assert numbers == [*range(1, 11), *range(5, 14)]
    ids = [got.event["id"] for got in hook.taken]
    assert ids[4:10] == ids[10:16]
    assert [got.headers["webhook-id"] for got in hook.taken] == ids


async def test_filters_leave_the_rest_out(town: Town, client: Client) -> None:
    """Only the dialogues and kinds that were asked for."""
    some, none = Hook(), Hook()
    async with (
        hooked(some) as one,
        hooked(none) as other,
        served(client, town.delivering()),
    ):
        id = await town.subscribe(one, dialogues=["parkzicht"])
        quiet = await town.subscribe(other, types=["window_opened"])
        await town.grow(3, "parkzicht", "aardlaan")
        await until(some.has(3))
        await until(lambda: is_at_the_end(town, id))
        await until(lambda: is_at_the_end(town, quiet))
    assert some.numbers() == {"gemeente-waterdam:parkzicht": [1, 2, 3]}
    assert none.tried == []


async def test_a_test_event_goes_out_also_while_nothing_else_does(
    town: Town, client: Client
) -> None:
    """It has no place in the log, and its outcome is in the subscription's own."""
    hook = Hook(allows=None)
    async with hooked(hook) as url, served(client, town.delivering()):
        id = await town.subscribe(url)
        await town.grow(1, "parkzicht")
        await until(lambda: stands(town, id, "disabled"))
        assert hook.tried == []
        now = await town.now(id)
        assert now.problem is not None
        assert "WebHook-Allowed-Origin" in now.problem
        await ask_again(town.pool, now, None, "p-1")
        await town.grow(1, "parkzicht")
        await until(hook.has(1))
        await until(lambda: rests(client, id))
    [got] = hook.taken
    assert got.event["type"] == "nl.polder.test"
    [noted] = await attempts(town.pool, id)
    assert (noted.leaf_index, noted.status) == (None, 204)


def ends(got: Got, number: int) -> bool:
    """Whether this is the event with that number."""
    return int(got.event.get("sequence", 0)) == number


async def is_true(value: bool) -> bool:  # noqa: FBT001 (that is all it is)
    """The value, for who waits."""
    return value


async def stands(town: Town, id: str, status: str) -> bool:
    """Whether a subscription stands so."""
    return (await town.now(id)).status == status


async def holds(town: Town, id: str, count: int) -> bool:
    """Whether so many dialogues wait for one that was refused."""
    return (await town.now(id)).held == count


async def is_at_the_end(town: Town, id: str) -> bool:
    """Whether it has looked at the whole log."""
    now = await town.now(id)
    return now.cursor == now.log_size


async def rests(client: Client, id: str) -> bool:
    """Whether the workflow of a subscription has ended well."""
    handle = client.get_workflow_handle(f"polder:delivery:{id}")
    return (await handle.describe()).status is WorkflowExecutionStatus.COMPLETED
