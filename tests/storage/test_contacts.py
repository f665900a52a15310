"""Whoever is written to is found where an event says it is their address."""

from __future__ import annotations

import pytest

from domain.commands import AnyCommand, AssignRole
from domain.facts import Private
from domain.people_register_facts import (
    ChangeStakeholder,
    HandOverRole,
    RegisterStakeholder,
)
from storage.contacts import contacts
from storage.keys import Keys
from storage.pool import Pool
from storage.record import append
from storage.vault import PrivateField, put
from storage.verify import verify_all
from tests.storage.dialogues import Play


async def obeyed(
    pool: Pool, keys: Keys, play: Play, wish: AnyCommand, who: str, **texts: str
) -> None:
    """Put the texts of a command about somebody in the vault, and record its events."""
    cause = f"wish-{len(play.sealed)}"
    fields = [PrivateField(f"/{name}", who, text) for name, text in texts.items()]
    made = await put(pool, keys, play.stream, cause, fields)
    told = {name: Private(commitment=made[f"/{name}"]) for name in texts}
    first = len(play.sealed)
    play.does(wish.model_copy(update=told), cause=cause)
    await append(pool, play.batch(play.sealed[first:]))


@pytest.fixture
async def play(pool: Pool) -> Play:
    """A dialogue that has begun."""
    begun = Play()
    await append(pool, begun.batch(begun.starts()))
    return begun


async def test_a_stakeholder_is_written_to_at_the_address_of_the_register(
    pool: Pool, keys: Keys, play: Play
) -> None:
    """Registered or changed later: the last one counts, for nobody else."""
    new = RegisterStakeholder(stakeholder="huurders")
    await obeyed(
        pool, keys, play, new, "huurders", name="West", address="a@example.org"
    )
    move = ChangeStakeholder(stakeholder="huurders", impact=2)
    await obeyed(pool, keys, play, move, "huurders", address="b@example.org")
    found = await contacts(pool, keys, play.stream, ["huurders", "winkels"])
    assert [*found] == ["huurders"]
    assert (found["huurders"].name, found["huurders"].address) == (
        "West",
        "b@example.org",
    )


async def test_whoever_takes_a_role_over_is_written_to_at_their_own_address(
    pool: Pool, keys: Keys, play: Play
) -> None:
    """Not the one who handed it over; and the record is sound."""
    said = Private(commitment="5a" * 32)
    gets = AssignRole(role="speaker", actor="s-1")
    await obeyed(pool, keys, play, gets, "s-1", address="one@example.org")
    over = HandOverRole(role="speaker", actor="s-1", successor="s-2", note=said)
    texts = {"note": "De zaal is besteld", "address": "two@example.org"}
    await obeyed(pool, keys, play, over, "s-2", **texts)
    found = await contacts(pool, keys, play.stream, ["s-1", "s-2"])
    known = {who: each.address for who, each in found.items()}
    assert known == {"s-1": "one@example.org", "s-2": "two@example.org"}
    async with pool.connection() as conn:
        findings = (await verify_all(conn, keys)).findings
    assert [f for f in findings if f.check == "opening"] == []
