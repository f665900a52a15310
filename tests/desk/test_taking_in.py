"""Responses that come at once are taken in together, and each is judged by itself."""

# ruff: noqa: ANN401  (a step takes anything)

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from typing import Any

import psycopg
import pytest

from desk import gathering
from desk.answering import answers
from desk.desk import Desk, Sender
from desk.errors import NotFound, Refused
from desk.gathering import respond
from desk.minding import bring_in
from desk.sending import Answer
from storage import inbox
from storage.keys import Keys, beside
from storage.pool import connect, make_pool
from storage.queries import counts
from storage.vault import pending
from tests.desk.test_gathering import IDEAS, NOW, asked, body, passer_by
from tests.desk.town_hall import ORGANISATION, TownHall
from tests.services import until
from tests.storage.wire import Proxy, wired

Given = tuple[Sender, dict[str, Any], str]
"""Who sends in, what, and under which id."""


def given(who: str, name: str | None = None, **more: Any) -> Given:
    """Give what somebody of the public sends in."""
    return passer_by(who), body(who, **more), name or f"s-{who}"


async def sent(desk: Desk, stream: str, all_: list[Given]) -> list[Answer | Exception]:
    """Send all at the same moment; give what each was answered."""
    each = (respond(desk, stream, b, s, submission=name) for s, b, name in all_)
    return [
        found
        for found in await asyncio.gather(*each, return_exceptions=True)
        if isinstance(found, Answer | Exception)
    ]


@asynccontextmanager
async def another(hall: TownHall) -> AsyncGenerator[Desk]:
    """Open a second desk, with connections of its own."""
    address = hall.client.service_client.config.target_host
    async with make_pool(hall.database) as pool, Keys(beside(hall.database)) as keys:
        yield Desk(pool, keys, address, hall.client.namespace)


async def test_bad_ones_among_good_ones_are_refused_each_for_itself(
    hall: TownHall,
) -> None:
    """Each with its own error; the others are recorded, and nothing else is kept."""
    stream = await asked(hall)
    await respond(hall.desk, stream, body("r-0"), passer_by("r-0"), submission="s-r-0")
    elsewhere = body("r-6") | {"window": "brief.nowhere"}
    bad: dict[str, Given] = {
        "TooLarge": given("r-1", text="x" * 20_001),
        "MalformedCommand": given("r-2", supplements="eerste"),
        "NotEntitled": (passer_by("r-3"), body("r-4"), "s-r-3"),
        "IdReused": given("r-0", text="Minder bomen"),
        "UnknownWindow": (passer_by("r-6"), elsewhere, "s-r-6"),
        "MalformedEnvelope": given("r-7", "geen naam"),
        "ReservedId": given("r-8", "polder:s-8"),
    }
    good = [given(f"g-{n}") for n in range(8)]
    mixed = [each for pair in zip(good, bad.values(), strict=False) for each in pair]
    found = await sent(hall.desk, stream, [*mixed, good[-1]])
    refused = [each.name for each in found if isinstance(each, Refused)]
    recorded = [each for each in found if isinstance(each, Answer)]
    assert refused == [*bad]
    assert all(each.recorded and each.events for each in recorded)
    assert (await hall.desk.dialogue(stream)).received(IDEAS) == 1 + len(good)
    names = [name for _, _, name in bad.values() if name != "s-r-0"]
    assert await inbox.look(hall.desk.pool, stream, names) == {}
    assert await pending(hall.desk.pool) == 0
    assert await hall.findings() == []


async def test_a_text_that_is_no_text_is_refused_alone(hall: TownHall) -> None:
    """Half of a character can't be written down anywhere."""
    stream = await asked(hall)
    odd = given("r-1", text="half \ud800")
    first, second = await sent(hall.desk, stream, [odd, given("r-2")])
    assert isinstance(first, Refused)
    assert isinstance(second, Answer)


async def test_what_the_database_refuses_of_one_is_nothing_to_the_others(
    hall: TownHall,
) -> None:
    """Whatever it has against it: then they go in one by one."""
    stream = await asked(hall)
    refuses = """CREATE FUNCTION pg_temp_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON delivery.submission FOR EACH ROW
        WHEN (NEW.submission = 's-bad') EXECUTE FUNCTION pg_temp_refuse()"""
    allows = """DROP TRIGGER refuse ON delivery.submission;
        DROP FUNCTION pg_temp_refuse"""
    all_ = [given("r-1"), given("r-2", "s-bad"), given("r-3")]
    async with await psycopg.AsyncConnection.connect(
        hall.database, autocommit=True
    ) as conn:
        await conn.execute(refuses)
        try:
            found = await sent(hall.desk, stream, all_)
        finally:
            await conn.execute(allows)
    kinds = [type(each) for each in found]
    assert kinds == [Answer, psycopg.errors.RaiseException, Answer]
    assert await pending(hall.desk.pool) == 0, "and its text went with it"
    (again,) = await sent(hall.desk, stream, [all_[1]])
    assert isinstance(again, Answer)
    assert (await hall.desk.dialogue(stream)).received(IDEAS) == 3


async def test_who_sends_to_nowhere_hears_so(hall: TownHall) -> None:
    """Everybody who asked at that moment."""
    all_ = [given("r-1"), given("r-2")]
    found = await sent(hall.desk, f"{ORGANISATION}:nergens", all_)
    assert [type(each) for each in found] == [NotFound, NotFound]


async def test_what_a_desk_that_died_had_taken_in_is_recorded(
    hall: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seventy were safe when it died: a worker brings them in, and nobody counts twice.

    Whoever asks again with the same id hears of their own event.
    """
    stream = await asked(hall)
    all_ = [given(f"r-{n}") for n in range(70)]

    async def dies(*_: Any) -> None:
        raise ConnectionAbortedError

    with monkeypatch.context() as patched:
        patched.setattr(gathering, "carry", dies)
        found = await sent(hall.desk, stream, all_)
    assert {type(each) for each in found} == {ConnectionAbortedError}
    assert (await hall.desk.dialogue(stream)).received(IDEAS) == 0
    await bring_in(hall.desk, older_than=NOW)
    again = [e for e in await sent(hall.desk, stream, all_) if isinstance(e, Answer)]
    assert len({each.events[0]["seq"] for each in again}) == len(all_)
    assert all(each.recorded and each.repeated for each in again)
    assert (await counts(hall.desk.pool, stream))["response_recorded"] == len(all_)
    assert await hall.findings() == []


async def test_a_desk_that_dies_with_a_command_under_way_counts_none_twice(
    hall: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dialogue has recorded them; the desk never heard, and those who ask again do.

    Others that come meanwhile go on after it.
    """
    stream = await asked(hall)
    whole = gathering.send

    async def dies(*told: Any) -> None:
        await whole(*told)
        raise ConnectionAbortedError

    first = [given(f"r-{n}") for n in range(30)]
    with monkeypatch.context() as patched:
        patched.setattr(gathering, "send", dies)
        found = await sent(hall.desk, stream, first)
    assert {type(each) for each in found} == {ConnectionAbortedError}
    later = [given(f"t-{n}") for n in range(30)]
    again = await sent(hall.desk, stream, [*later, *first])
    assert all(isinstance(each, Answer) and each.recorded for each in again)
    assert (await counts(hall.desk.pool, stream))["response_recorded"] == 60


async def test_two_desks_at_once(hall: TownHall) -> None:
    """They take in side by side, also the same; one carries, and both answer."""
    stream = await asked(hall)
    same = [given(f"both-{n}") for n in range(10)]
    ours = [given(f"a-{n}") for n in range(40)] + same
    theirs = same[::-1] + [given(f"b-{n}") for n in range(40)]
    async with another(hall) as second:
        found = await asyncio.gather(
            sent(hall.desk, stream, ours), sent(second, stream, theirs)
        )
    answered = [e for each in found for e in each if isinstance(e, Answer)]
    assert len(answered) == 100
    assert all(each.recorded for each in answered)
    by_seq = Counter(each.events[0]["seq"] for each in answered)
    assert sorted(by_seq.values()) == [1] * 80 + [2] * 10
    assert (await counts(hall.desk.pool, stream))["response_recorded"] == 90
    assert await hall.findings() == []


async def test_who_is_on_record_does_not_wait_for_who_is_not(
    hall: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is answered when its own command is, though the next one hangs."""
    stream = await asked(hall)
    whole, gate, commands = gathering.send, asyncio.Event(), count(1)
    answered: list[str] = []

    async def hangs(*told: Any) -> Answer:
        if next(commands) > 1:
            await gate.wait()
        return await whole(*told)

    async def one(name: str) -> None:
        sender, told, submission = given(name)
        await respond(hall.desk, stream, told, sender, submission=submission)
        answered.append(name)

    async def first_are_answered() -> bool:
        return len(answered) >= inbox.MOST

    people = [f"r-{n}" for n in range(160)]
    with monkeypatch.context() as patched:
        patched.setattr(gathering, "send", hangs)
        tasks = [asyncio.create_task(one(name)) for name in people]
        await until(first_are_answered)
        assert sorted(answered) == sorted(people[: inbox.MOST])
        gate.set()
        await asyncio.gather(*tasks)
    found = await counts(hall.desk.pool, stream)
    assert found["responses_gathered"] <= 5, "fifty at a time, and few less than full"
    listed = (await answers(hall.desk, stream, "nl")).responses
    assert sorted(each.number for each in listed) == [*range(1, len(people) + 1)]


async def questions(proxy: Proxy, quiet: float = 0.3) -> int:
    """Count what was asked, once nothing is asked any more."""
    before = -1
    while before != proxy.asked:
        before = proxy.asked
        await asyncio.sleep(quiet)
    return before


async def commits(database: str) -> int:
    """Return the number of this question's own transaction."""
    async with await connect(database) as conn:
        cursor = await conn.execute("SELECT pg_current_xact_id()::text::bigint")
        row = await cursor.fetchone()
    assert row is not None
    return row[0]


async def test_fifty_cost_the_databases_no_more_questions_than_one(
    hall: TownHall,
) -> None:
    """Nor more transactions: new keys, and holding them; what comes in; which command
    carries it, what that records, and what came of each.
    """
    stream = await asked(hall)
    address = hall.client.service_client.config.target_host
    asked_for: list[int] = []
    async with AsyncExitStack() as stack:
        proxy, through = await stack.enter_async_context(wired(hall.database))
        pool = await stack.enter_async_context(make_pool(through, min_size=3))
        await pool.wait()
        keys = await stack.enter_async_context(Keys(beside(through)))
        desk = Desk(pool, keys, address, hall.client.namespace)
        await sent(desk, stream, [given(f"warm-{n}") for n in range(3)])
        written: list[int] = []
        for number in (1, 50):
            await questions(proxy)
            before = await commits(hall.database)
            proxy.start_counting()
            all_ = [given(f"r-{number}-{n}") for n in range(number)]
            found = await sent(desk, stream, all_)
            assert all(isinstance(each, Answer) for each in found)
            asked_for.append(await questions(proxy))
            written.append(await commits(hall.database) - before - 1)
    # What is asked often is prepared, which is a question more, once; and the server
    # and the worker write for themselves as well, more the longer it takes.
    one, fifty = asked_for
    assert fifty <= one + 3 < 25
    assert max(written) < 25
