"""Whoever acted under a mandate is held to it, from what is on record."""

from __future__ import annotations

import pytest

from domain.clock import Clock
from domain.facts import Mandate
from storage.mandates import mandates
from storage.ownlog import append
from storage.pool import Pool, connection
from storage.verify_mandates import MISSING, Remark, check_mandates
from tests.storage.mandated import BEGIN, ORGANISATION, Town, day

PARK = f"{ORGANISATION}:parkzicht"


@pytest.fixture
def town(pool: Pool) -> Town:
    """An organisation with nothing on record."""
    return Town(pool)


async def remarks(pool: Pool, stream: str | None = None) -> list[Remark]:
    """Everything that is outside a mandate."""
    async with connection(pool) as conn:
        return await check_mandates(conn, stream=stream)


async def told(pool: Pool) -> list[tuple[str, int, str]]:
    """The remarks in short: where, and why."""
    return [(each.stream, each.seq, each.reason) for each in await remarks(pool)]


async def test_what_is_within_a_mandate_gets_no_remark(town: Town, pool: Pool) -> None:
    """Nor does what names none, nor what a refused message named."""
    pin = await town.grant(commands=("complete_items",), dialogues=("parkzicht",))
    await town.act(None)
    await town.act(pin, "step_started", "window_opened", "items_completed")
    await town.act(pin, "command_refused", by="stranger", data={"mandate": None})
    assert await remarks(pool) == []


async def test_each_way_to_be_outside_is_told_of_the_commands_first_event(
    town: Town, pool: Pool
) -> None:
    """With its command, who gave it, and which mandate was named."""
    pin = await town.grant(
        commands=("complete_items",),
        dialogues=("parkzicht",),
        steps=("opdracht",),
        valid_until=day(10),
    )
    await town.act(pin)
    await town.act(pin, by="p-2")
    await town.act(pin, "step_started", "window_opened")
    await town.act(pin, slug="haven")
    await town.act(pin, data={"items": ["opdracht.scope", "verslag.concept"]})
    town.now = 10
    await town.act(pin)
    assert await told(pool) == [
        (f"{ORGANISATION}:haven", 1, "dialogue"),
        (PARK, 2, "not_grantee"),
        (PARK, 3, "command"),
        (PARK, 5, "step"),
        (PARK, 6, "no_longer"),
    ]
    second = (await remarks(pool))[2]
    assert second.command == "start_step"
    assert (second.actor, second.mandate) == ("p-1", (f"org:{ORGANISATION}", 1))
    assert not second.unsound


async def test_the_acts_own_moment_counts_and_not_that_of_its_recording(
    town: Town, pool: Pool
) -> None:
    """An act from before the revocation that was recorded after it is covered."""
    pin = await town.grant()
    sub = await town.delegate(pin, "p-2", "p-1")
    town.now = 5
    await town.revoke(pin)
    town.now = 4
    await town.act(pin)
    await town.act(sub, by="p-2")
    town.now = 5
    await town.act(pin)
    await town.act(sub, by="p-2")
    assert await told(pool) == [(PARK, 3, "revoked"), (PARK, 4, "delegator_lost")]


async def test_what_names_an_event_that_is_not_there_is_not_sound(
    town: Town, pool: Pool
) -> None:
    """A wrong hash, number or stream; an event that is no mandate is a remark."""
    pin = await town.grant()
    withdrawn = await town.revoke(pin)
    dialogue = await town.act(None)
    here = Mandate(stream=PARK, seq=dialogue, hash=town.last[PARK].hash)
    await town.act(pin.model_copy(update={"hash": "f" * 64}))
    await town.act(pin.model_copy(update={"seq": 99}))
    await town.act(pin.model_copy(update={"stream": "org:gemeente-elders"}))
    await town.act(withdrawn)
    await town.act(here)
    assert await told(pool) == [
        (PARK, 2, MISSING),
        (PARK, 3, MISSING),
        (PARK, 4, MISSING),
        (PARK, 5, "not_a_mandate"),
        (PARK, 6, "not_a_mandate"),
    ]
    assert [each.unsound for each in await remarks(pool)] == [True] * 3 + [False] * 2


async def test_the_number_of_acts_is_counted_over_all_dialogues_in_their_order(
    town: Town, pool: Pool
) -> None:
    """By when they were done; what was outside anyway does not use it up."""
    pin = await town.grant(at_most=2)
    town.now = 3
    await town.act(pin, slug="aanzee")
    town.now = 1
    await town.act(pin, by="p-2")
    await town.act(pin)
    town.now = 2
    await town.act(pin, slug="haven")
    assert await told(pool) == [
        (f"{ORGANISATION}:aanzee", 1, "too_often"),
        (PARK, 1, "not_grantee"),
    ]


async def test_a_mandate_of_another_organisation_covers_nothing_here(
    town: Town, pool: Pool
) -> None:
    """Whatever its scope says."""
    pin = await town.grant()
    await town.act(pin, slug="gemeente-elders:parkzicht")
    assert await told(pool) == [("gemeente-elders:parkzicht", 1, "other_organisation")]


async def test_a_broken_delegation_is_told_also_where_nobody_acted(
    town: Town, pool: Pool
) -> None:
    """By who passed on what he did not have; acts under it are told as well."""
    pin = await town.grant()
    sub = await town.delegate(pin, "p-2", "p-3")
    assert await told(pool) == [(f"org:{ORGANISATION}", 2, "not_delegator")]
    await town.act(sub, by="p-2")
    assert (PARK, 1, "not_delegator") in await told(pool)


async def test_a_demo_clock_is_judged_by_the_real_moment_of_its_acts(
    town: Town, pool: Pool
) -> None:
    """A day takes a second there: simulated months later the mandate still holds."""
    clock = Clock(real_start=BEGIN, start=BEGIN, day_ms=1_000)
    pin = await town.grant(valid_until=day(100 / 86_400))
    data = {"clock": clock.model_dump(mode="json")}
    await town.act(None, "dialogue_started", data=data)
    town.now = 99
    await town.act(pin)
    town.now = 101
    await town.act(pin)
    assert await told(pool) == [(PARK, 3, "no_longer")]


async def test_one_place_can_be_looked_at_alone(town: Town, pool: Pool) -> None:
    """A stream, or an organisation with its own stream."""
    pin = await town.grant("p-9")
    await town.act(pin)
    await town.act(pin, slug="haven")
    await town.act(pin, slug="gemeente-elders:haven")
    assert [each.stream for each in await remarks(pool, PARK)] == [PARK]
    async with connection(pool) as conn:
        found = await check_mandates(conn, organisation=ORGANISATION)
    assert [each.stream for each in found] == [f"{ORGANISATION}:haven", PARK]


async def test_text_that_looks_like_a_mandate_is_none(town: Town, pool: Pool) -> None:
    """Members of an event's data are not the event's own."""
    await town.act(None, data={"mandate": {"stream": "x", "seq": 1, "hash": "y"}})
    assert await remarks(pool) == []


async def test_mandates_that_a_later_program_wrote_give_nothing(
    town: Town, pool: Pool
) -> None:
    """What can't be read is no reason to fail, and covers no act."""
    done = await append(
        pool, f"org:{ORGANISATION}", "mandate_granted", {"new": 1}, cause="later"
    )
    pin = Mandate(stream=f"org:{ORGANISATION}", seq=done.seq, hash=done.hash)
    await town.act(pin)
    assert (await mandates(pool, ORGANISATION)).held == {}
    assert await told(pool) == [(PARK, 1, "not_a_mandate")]
