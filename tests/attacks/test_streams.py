"""A stream cut, dropped, or written anew: what was sealed gives it away."""

from __future__ import annotations

import json

import pytest

from evidence.census import Head, census_data
from tests.attacks.owner import (
    Members,
    Owner,
    bodies,
    chained,
    cut,
    drop,
    leaves_follow,
    move_head,
    owning,
    rewrite,
)
from tests.attacks.record import DIJK, LOG, PARK, RECORDED, SEALED, Record

NOWHERE = ("", None)


async def rebuilt(record: Record) -> None:
    """Cover up: have the projections follow, by the product's own command."""
    await record.rebuilt()
    assert await record.rebuilt() == set()


def other_role(members: Members) -> None:
    """Have it done by somebody else."""
    members["actor"]["id"] = "p-2"


async def test_a_tail_cut_that_was_sealed(record: Record) -> None:
    """The head moved back, the projections rebuilt: leaves without their events."""
    async with owning(record.url) as owner:
        await cut(owner, PARK, SEALED - 2)
    await rebuilt(record)
    assert await record.found() == {(PARK, 5, "leaf"), (PARK, 6, "leaf")}


async def test_a_tail_cut_in_the_log_too(record: Record) -> None:
    """Leaves and events of it gone: the checkpoint and the census over them are not."""
    async with owning(record.url) as owner:
        await cut(owner, PARK, SEALED - 2)
        await owner.execute(
            "DELETE FROM audit.leaf WHERE stream = %s AND seq > 4", [PARK]
        )
        await _renumber(owner)
    await rebuilt(record)
    found = await record.found()
    assert {(*NOWHERE, "checkpoint"), (LOG, 2, "census")} <= found


async def _renumber(owner: Owner) -> None:
    """Close the gaps in the log, and throw the tiles away that no longer fit."""
    await owner.execute("UPDATE audit.leaf SET leaf_index = leaf_index + 10000")
    await owner.execute(
        "UPDATE audit.leaf l SET leaf_index = n.new - 1 FROM (SELECT leaf_index,"
        " row_number() OVER (ORDER BY leaf_index) AS new FROM audit.leaf) n"
        " WHERE n.leaf_index = l.leaf_index"
    )
    await owner.execute("DELETE FROM audit.tile")


async def test_a_tail_cut_that_was_not_sealed_yet(record: Record) -> None:
    """Within a second of its recording nothing but Temporal knows of it: see there."""
    async with owning(record.url) as owner:
        await cut(owner, PARK, SEALED)
    await rebuilt(record)
    assert await record.found() == set()


async def test_a_dropped_stream(record: Record) -> None:
    """Gone from every table, the log still has the leaves of its events."""
    async with owning(record.url) as owner:
        await drop(owner, PARK)
    expected = {(PARK, seq, "leaf") for seq in range(1, SEALED + 1)}
    assert await record.found() == expected


async def test_a_stream_dropped_from_the_log_too(record: Record) -> None:
    """Each census that counted it says so, and so does the root that was signed."""
    async with owning(record.url) as owner:
        await drop(owner, PARK)
        await owner.execute("DELETE FROM audit.leaf WHERE stream = %s", [PARK])
        await _renumber(owner)
    found = await record.found()
    assert {(*NOWHERE, "checkpoint"), (LOG, 1, "census"), (LOG, 2, "census")} <= found


@pytest.mark.parametrize("seq", [1, 2, SEALED])
async def test_a_stream_rewritten_and_chained_anew(record: Record, seq: int) -> None:
    """From this event on every leaf is of another one."""
    async with owning(record.url) as owner:
        await rewrite(owner, PARK, seq, other_role)
    await rebuilt(record)
    assert await record.found() == {
        (PARK, each, "leaf") for each in range(seq, SEALED + 1)
    }


async def test_a_stream_rewritten_with_its_leaves(record: Record) -> None:
    """The tree fits the events then, and no checkpoint fits the tree."""
    async with owning(record.url) as owner:
        await rewrite(owner, PARK, 2, other_role)
        await leaves_follow(owner, [PARK])
        await owner.execute("DELETE FROM audit.tile")
    await rebuilt(record)
    found = await record.found()
    assert {(*NOWHERE, "checkpoint"), (LOG, 1, "census"), (LOG, 2, "census")} <= found
    assert {stream for stream, *_ in found} == {"", LOG}


async def test_checkpoints_thrown_away_with_it(record: Record) -> None:
    """Without the key there is nothing to put in their place, and that is seen."""
    async with owning(record.url) as owner:
        await rewrite(owner, PARK, 2, other_role)
        await leaves_follow(owner, [PARK])
        await owner.execute("DELETE FROM audit.tile")
        await owner.execute("DELETE FROM audit.checkpoint")
    await rebuilt(record)
    assert (*NOWHERE, "checkpoint") in await record.found()


async def test_a_tail_rewritten_that_was_not_sealed_yet(record: Record) -> None:
    """Hash, link, columns and head fit: only Temporal knows better."""
    async with owning(record.url) as owner:
        await rewrite(owner, PARK, RECORDED, other_role)
    await rebuilt(record)
    assert await record.found() == set()


async def test_events_of_one_dialogue_in_another(record: Record) -> None:
    """Chained anew under its name: they follow from no command there, by their ids."""
    async with owning(record.url) as owner:
        taken = [json.loads(body) for body in (await bodies(owner, PARK))[SEALED:]]
        there = [json.loads(body) for body in await bodies(owner, DIJK)]
        await cut(owner, PARK, SEALED)
        made = chained([*there, *({**one, "stream": DIJK} for one in taken)])
        for one in made[len(there) :]:
            await owner.execute(
                "INSERT INTO audit.event (stream, seq, event_id, hash, prev, type, at,"
                " cause, actor_id, actor_role, body, db_epoch) VALUES (%s, %s, %s,"
                " decode(%s, 'hex'), decode(%s, 'hex'), %s, %s, %s, %s, %s, %s, 1)",
                (
                    DIJK,
                    one.seq,
                    one.members["id"],
                    one.hash,
                    one.members["prev"],
                    one.members["type"],
                    one.members["at"],
                    one.members["cause"],
                    one.members["actor"]["id"],
                    one.members["actor"]["role"],
                    one.body,
                ),
            )
        await move_head(owner, DIJK, made[-1].seq, made[-1].hash)
    await record.rebuilt()
    found = await record.found()
    first = len(there) + 1
    assert {(DIJK, first, "id"), (DIJK, first + 1, "id")} <= found
    assert {stream for stream, *_ in found} == {DIJK}


async def test_a_forged_census(record: Record) -> None:
    """One that counts a stream less is not what the leaves before it make it."""
    async with owning(record.url) as owner:
        events = [json.loads(body) for body in await bodies(owner, LOG)]
        heads = [Head(DIJK, 1, "ab" * 32)]
        data = census_data(events[-1]["data"]["events"], heads)
        await rewrite(owner, LOG, len(events), lambda last: last.update(data=data))
        await leaves_follow(owner, [LOG])
    found = await record.found()
    assert found == {(LOG, len(events), "census"), (*NOWHERE, "checkpoint")}
