"""What the vault does not have is noted with its event, once, and named after that."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.commands import AssignRole, CompleteItems, ErasePersonalData
from domain.facts import Actor, Private
from evidence.chain import Finding
from storage.absent import Unnamed, streams, unnamed
from storage.keys import Keys
from storage.pool import Pool, connection
from storage.projecting import Projections
from storage.record import Receipt, append
from storage.vault import PrivateField, put, sweep
from storage.verify import verify_all
from tests.storage.dialogues import Play
from tests.storage.planting import plant
from tests.storage.test_vault import STREAM, record, started

MADE_UP = Private(commitment="5a" * 32)
CLOCK = Actor(id="polder", role="clock", via="timer")


def assigns(play: Play, *, name: Private | None = None, cause: str = "c-x") -> None:
    """Give p-9 a role, with a made-up address."""
    address = MADE_UP
    play.does(
        AssignRole(role="facilitator", actor="p-9", name=name, address=address),
        cause=cause,
    )


async def added(pool: Pool, play: Play, since: int) -> Receipt:
    """Record what happened since."""
    return await append(pool, play.batch(play.sealed[since:]), Projections())


async def findings(pool: Pool, keys: Keys) -> tuple[Finding, ...]:
    """Verify the record; give what is found about the vault."""
    async with connection(pool) as conn:
        found = (await verify_all(conn, keys)).findings
    return tuple(each for each in found if each.check == "opening")


def names(play: Play, *paths: tuple[int, str], seq: int | None = None) -> None:
    """Let the dialogue say that these texts never came."""
    cause = f"polder:missing:{seq or paths[0][0]}"
    play.does(ErasePersonalData(paths=paths), CLOCK, cause)


async def test_the_receipt_names_what_has_no_text(pool: Pool, keys: Keys) -> None:
    """Of two fields the one that was put is not named; asked again, the same answer."""
    play = await started(pool)
    [name] = (
        await put(pool, keys, STREAM, "c-x", [PrivateField("/name", "p-9", "A")])
    ).values()
    assigns(play, name=Private(commitment=name))
    first = await added(pool, play, 1)
    assert first.missing == ((2, "/address"),)
    assert first.added == 1
    again = await added(pool, play, 1)
    assert (again, again.added) == (first, 0)
    assert await unnamed(pool, STREAM) == (
        Unnamed("polder:missing:2", ((2, "/address"),)),
    )
    assert await streams(pool, timedelta()) == [STREAM]


async def test_other_portions_name_the_same(pool: Pool) -> None:
    """A longer batch with the same beginning gets the whole answer."""
    play = await started(pool)
    assigns(play)
    assert (await added(pool, play, 1)).missing == ((2, "/address"),)
    play.does(CompleteItems(step="opdracht", note=MADE_UP), cause="c-y")
    last = play.sealed[-1].seq
    told = (await added(pool, play, 1)).missing
    assert told[0] == (2, "/address")
    assert {path for seq, path in told if seq > 2} == {"/note"}
    assert [each.cause for each in await unnamed(pool, STREAM)] == [
        f"polder:missing:{seq}" for seq, _ in told
    ]
    assert told[-1][0] <= last


async def test_what_is_named_is_sound(pool: Pool, keys: Keys) -> None:
    """Until an event says that a text never came, that is a finding; then no more."""
    play = await started(pool)
    assigns(play)
    await added(pool, play, 1)
    assert [found.check for found in await findings(pool, keys)] == ["opening"]
    names(play, (2, "/address"))
    await added(pool, play, 2)
    assert await findings(pool, keys) == ()
    assert await unnamed(pool, STREAM) == ()
    assert await streams(pool, timedelta()) == []


async def test_a_pardon_does_not_cover_what_is_there(pool: Pool, keys: Keys) -> None:
    """To say of a text in the vault that it never came is a finding, for ever."""
    play = await started(pool)
    await record(pool, keys, play, "Anna", "anna@example.org")
    names(play, (2, "/name"))
    await added(pool, play, 2)
    [found] = await findings(pool, keys)
    assert (found.check, found.seq) == ("opening", 2)
    assert "still in the vault" in found.detail


@pytest.mark.parametrize("again", [False, True])
async def test_what_the_owner_deletes_is_not_what_never_came(
    url: str, pool: Pool, keys: Keys, *, again: bool
) -> None:
    """Not even when the same events are sent once more, as after a lost answer."""
    play = await started(pool)
    await record(pool, keys, play, "Anna", "anna@example.org")
    await plant(url, "DELETE FROM vault.value WHERE path = '/name'")
    if again:
        assert (await added(pool, play, 1)).missing == ()
        assert await unnamed(pool, STREAM) == ()
    [found] = await findings(pool, keys)
    assert "not in the vault" in found.detail


async def test_another_text_in_its_place_waits_and_goes(pool: Pool, keys: Keys) -> None:
    """What a command put and does not commit to is swept."""
    play = await started(pool)
    await put(
        pool, keys, STREAM, "c-x", [PrivateField("/address", "p-9", "a@b.example")]
    )
    assigns(play)
    assert (await added(pool, play, 1)).missing == ((2, "/address"),)
    names(play, (2, "/address"))
    await added(pool, play, 2)
    assert await findings(pool, keys) == ()
    assert await sweep(pool, [STREAM], older_than=timedelta()) == 1
    assert await findings(pool, keys) == ()


async def test_nothing_is_noted_of_what_is_refused(pool: Pool) -> None:
    """A batch that the record does not take leaves no note."""
    play = await started(pool)
    assigns(play)
    wrong = replace(play.batch(play.sealed[1:]), epoch=7)
    with pytest.raises(Exception, match="epoch"):
        await append(pool, wrong)
    assert await unnamed(pool, STREAM) == ()
