"""Once is once: one command id has one effect, however often and by whichever way."""

from __future__ import annotations

import asyncio

import pytest

from tests.faults.oracle import holds
from tests.faults.rig import Rig
from tests.faults.telling import (
    WINDOW,
    Sending,
    Told,
    Way,
    begin,
    fresh,
    items,
    noted,
    together,
)
from tests.faults.windows import open_window
from tests.services import until

pytestmark = pytest.mark.faults

BUDGETS = {"workflows.policies.UPDATE_BUDGET": 60}


def is_repeat(sending: Sending) -> bool:
    """Whether the answer says that the command was obeyed before."""
    assert sending.answer is not None
    return bool(sending.answer.get("repeated"))


async def moves_on(told: Told) -> None:
    """Send commands until the dialogue goes on in a new run."""
    before = await told.run_id()

    async def moved() -> bool:
        await told.insist("update", "note_signal", noted("more"), fresh())
        return await told.run_id() != before

    await until(moved, within=60)


async def test_one_id_a_hundred_times_at_once(rig: Rig) -> None:
    """By desk and by raw client, at once, and again in a later run: one effect."""
    async with rig.worker(rig.orders(counts=BUDGETS)), rig.desk() as desk:
        told = await begin(rig.client, desk)
        name, command = fresh(), {"items": items("kennismaken"), "reference": "nota"}
        ways: list[Way] = ["desk", "update"] * 50

        async def all_at_once(ways: list[Way]) -> list[bool]:
            ended = await together(
                *(told.insist(way, "complete_items", command, name) for way in ways)
            )
            assert {each.outcome for each in ended} == {"acknowledged"}
            return [is_repeat(each) for each in ended]

        assert False in await all_at_once(ways)
        first_run = await told.run_id()
        await moves_on(told)
        assert await told.run_id() != first_run
        assert all(await all_at_once(ways[:20]))
        await told.tell("signal", "complete_items", command, name)
        record = await holds(rig.database, told)
        assert [e.members["type"] for e in record if e.cause == name].count(
            "items_completed"
        ) == 1


async def test_one_id_with_another_body(steady: Rig) -> None:
    """Refused, by every way; the head stays where it is, and so does the vault."""
    async with steady.desk() as desk:
        told = await begin(steady.client, desk)
        name = fresh()
        first = {"items": items("kennismaken")[:1], "note": "Met iedereen gesproken"}
        assert (await told.tell("desk", "complete_items", first, name)).answer
        head = await told.head()
        others = (
            {**first, "items": items("kennismaken")[:2]},
            {**first, "note": "Met niemand gesproken"},
        )
        for other in others:
            ended = await told.tell("desk", "complete_items", other, name)
            assert (ended.outcome, ended.refusal) == ("refused", "IdReused")
        ended = await told.tell("update", "note_signal", noted("x"), name)
        assert (ended.outcome, ended.refusal) == ("refused", "IdReused")
        assert await told.head() == head
        await holds(steady.database, told)


async def test_a_refused_repeat_leaves_the_words_of_the_first(steady: Rig) -> None:
    """While the first waits for the record, another body under its id is refused.

    What the first put in the vault stays there: its event is still to come.
    """
    async with steady.desk() as desk:
        told = await begin(steady.client, desk)
        name = fresh()
        first = {"items": items("kennismaken")[:1], "note": "Met iedereen gesproken"}
        async with steady.held_record(told.stream):
            asked = asyncio.create_task(
                told.tell("desk", "complete_items", first, name)
            )
            await until(lambda: _version(told, 2))
            other = {**first, "items": items("kennismaken")[:2]}
            ended = await told.tell("desk", "complete_items", other, name)
            assert (ended.outcome, ended.refusal) == ("refused", "IdReused")
        assert (await asked).outcome == "acknowledged"
        await holds(steady.database, told)


async def test_a_response_sent_twice_is_one_response(steady: Rig) -> None:
    """The desk notes anew when it had it; the response is the same all the same."""
    async with steady.desk() as desk:
        told = await begin(steady.client, desk)
        await open_window(told, days=10)
        name, said = fresh(), {"window": WINDOW, "respondent": "k-1", "response": "Ja"}
        first = await told.tell("desk", "record_response", said, name)
        again = await told.tell("desk", "record_response", said, name)
        assert first.answer is not None
        assert again.answer is not None
        assert again.answer["events"] == first.answer["events"]
        await holds(steady.database, told)


async def _version(told: Told, at_least: int) -> bool:
    return (await told.head())["seq"] >= at_least
