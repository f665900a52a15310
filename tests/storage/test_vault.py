"""The vault: one value per place, the same commitment on every retry, no leftovers."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from domain.commands import AssignRole
from domain.facts import Private
from evidence.errors import NotCanonical
from evidence.event import commitment, seal
from storage import delivery
from storage.batch import Batch
from storage.contacts import contacts
from storage.errors import PrivateValueDiffers
from storage.keys import Keys
from storage.pool import Pool
from storage.record import append
from storage.vault import (
    Overdue,
    PrivateField,
    alone,
    destroy,
    openings,
    overdue,
    pending,
    put,
    sweep,
)
from storage.verify import verify_all
from tests.storage.dialogues import Play

STREAM = "gemeente-waterdam:parkzicht"
ELDERS = "gemeente-waterdam:elders"
NAME = PrivateField("/name", "p-9", "Anna de Vries")
ADDRESS = PrivateField("/address", "p-9", "anna@example.org")


async def record(pool: Pool, keys: Keys, play: Play, name: str, address: str) -> None:
    """Give p-9 a role, with this name and address, on record."""
    command = f"assign-{len(play.sealed)}"
    fields = [
        PrivateField("/name", "p-9", name),
        PrivateField("/address", "p-9", address),
    ]
    made = await put(pool, keys, play.stream, command, fields)
    first = len(play.sealed)
    play.does(
        AssignRole(
            role="facilitator" if first == 1 else "speaker",
            actor="p-9",
            name=Private(commitment=made["/name"]),
            address=Private(commitment=made["/address"]),
        ),
        cause=command,
    )
    await append(pool, play.batch(play.sealed[first:]))


async def started(pool: Pool) -> Play:
    """Record a dialogue's start."""
    play = Play()
    await append(pool, play.batch(play.starts()))
    return play


async def test_a_retry_finds_the_same_commitment(pool: Pool, keys: Keys) -> None:
    """However often and at once a value is put, there is one salt and commitment."""
    made = await asyncio.gather(
        *(put(pool, keys, STREAM, "c-1", [NAME, ADDRESS]) for _ in range(20))
    )
    assert all(one == made[0] for one in made)
    assert made[0]["/name"] != made[0]["/address"]
    assert await pending(pool) == 2
    again = await put(pool, keys, STREAM, "c-1", [ADDRESS])
    assert again == {"/address": made[0]["/address"]}


async def test_equal_values_have_different_commitments(pool: Pool, keys: Keys) -> None:
    """A commitment tells nothing: the same value has another one in another command."""
    one = await put(pool, keys, STREAM, "c-1", [NAME])
    two = await put(pool, keys, STREAM, "c-2", [NAME])
    assert one["/name"] != two["/name"]


async def test_another_value_in_the_same_place_is_refused(
    pool: Pool, keys: Keys
) -> None:
    """The same command may not put another value or subject; nothing of it stays."""
    await put(pool, keys, STREAM, "c-1", [NAME])
    for other in (NAME._replace(value="Eva"), NAME._replace(subject="p-8")):
        with pytest.raises(PrivateValueDiffers):
            await put(pool, keys, STREAM, "c-1", [other, ADDRESS])
    assert await pending(pool) == 1


async def test_what_has_no_canonical_form_is_refused(pool: Pool, keys: Keys) -> None:
    """A value that could not be committed to is refused before it is kept."""
    with pytest.raises(NotCanonical):
        await put(pool, keys, STREAM, "c-1", [NAME._replace(value="a\x00")])
    assert await pending(pool) == 0


async def test_values_are_recorded_with_their_event(pool: Pool, keys: Keys) -> None:
    """The append that records an event turns its values from pending to recorded."""
    play = await started(pool)
    await record(pool, keys, play, "Anna de Vries", "anna@example.org")
    assert await pending(pool) == 0
    found = await openings(pool, keys, STREAM)
    assert [(o.path, o.subject, o.value, o.seq) for o in found] == [
        ("/address", "p-9", "anna@example.org", 2),
        ("/name", "p-9", "Anna de Vries", 2),
    ]
    for opening in found:
        assert opening.commitment == commitment(
            salt=opening.salt,
            stream=STREAM,
            subject=opening.subject,
            value=opening.value,
        )


async def test_the_last_recorded_address_counts(pool: Pool, keys: Keys) -> None:
    """A contact has the name and address recorded last, and no pending ones."""
    play = await started(pool)
    await record(pool, keys, play, "Anna de Vries", "anna@example.org")
    await record(pool, keys, play, "Anna de Vries", "anna@example.net")
    await put(pool, keys, STREAM, "later", [ADDRESS._replace(value="no@example.org")])
    known = await contacts(pool, keys, STREAM, ["p-9", "p-404"])
    assert list(known) == ["p-9"]
    assert (known["p-9"].name, known["p-9"].address) == (
        "Anna de Vries",
        "anna@example.net",
    )
    assert await contacts(pool, keys, ELDERS, ["p-9"]) == {}


async def test_a_commitment_opens_only_for_its_own_command(
    pool: Pool, keys: Keys
) -> None:
    """Who repeats another's commitment gets neither the value nor the mail."""
    play = await started(pool)
    theirs = [ADDRESS._replace(value="eve@example.org"), NAME]
    made = await put(pool, keys, STREAM, "assign-1", theirs)
    for command, actor in (("copies", "p-9"), ("assign-1", "p-8")):
        first = len(play.sealed)
        play.does(
            AssignRole(
                role="facilitator",
                actor=actor,
                address=Private(commitment=made["/address"]),
            ),
            cause=command,
        )
        await append(pool, play.batch(play.sealed[first:]))
        assert await contacts(pool, keys, STREAM, ["p-9", "p-8"]) == {}
        assert await pending(pool) == len(theirs), "nothing was theirs to have"
    async with pool.connection() as conn:
        findings = (await verify_all(conn, keys)).findings
    assert [f.seq for f in findings if f.check == "opening"] == [2, 3]


async def test_an_address_comes_from_the_event_that_gave_the_role(
    pool: Pool, keys: Keys
) -> None:
    """What another kind of event keeps private at the same place is no address."""
    play = await started(pool)
    made = await put(pool, keys, STREAM, "c-2", [ADDRESS])
    odd = seal(
        stream=STREAM,
        seq=2,
        prev=play.sealed[0].hash,
        cause="c-2",
        position=0,
        type="signal_noted",
        at=play.now,
        actor={"id": "p-1", "role": "process_director", "via": "signal"},
        mandate=None,
        data={"actor": "p-9", "address": None},
        private=made,
    )
    await append(pool, Batch(STREAM, 0, 1, play.sealed[0].hash, (odd.body,)))
    assert await pending(pool) == 0
    assert await contacts(pool, keys, STREAM, ["p-9"]) == {}


async def test_refused_commands_leave_nothing(pool: Pool, keys: Keys) -> None:
    """Destroying takes the pending values of one command, and nothing recorded."""
    play = await started(pool)
    await record(pool, keys, play, "Anna de Vries", "anna@example.org")
    await put(pool, keys, STREAM, "c-1", [NAME, ADDRESS])
    await put(pool, keys, STREAM, "c-2", [NAME])
    assert await destroy(pool, STREAM, "c-1") == 2
    assert await destroy(pool, STREAM, "assign-1") == 0
    assert await pending(pool) == 1
    assert len(await openings(pool, keys, STREAM)) == 2


async def test_sweeping_takes_what_waited_too_long(pool: Pool, keys: Keys) -> None:
    """Only pending values older than the limit go, and only of the streams named."""
    play = await started(pool)
    await record(pool, keys, play, "Anna de Vries", "anna@example.org")
    await put(pool, keys, STREAM, "c-1", [NAME])
    await put(pool, keys, ELDERS, "c-1", [NAME])
    assert await sweep(pool, [STREAM, ELDERS]) == 0
    assert await sweep(pool, [ELDERS], older_than=timedelta()) == 1
    assert await sweep(pool, [STREAM], older_than=timedelta()) == 1
    assert await pending(pool) == 0
    assert len(await openings(pool, keys, STREAM)) == 2


async def test_what_waits_too_long_is_told(pool: Pool, keys: Keys) -> None:
    """Streams with pending values beyond the limit, and whether they are on record."""
    await started(pool)
    for stream in (STREAM, ELDERS):
        await put(pool, keys, stream, "c-1", [NAME, ADDRESS])
    assert await overdue(pool) == ()
    told = await overdue(pool, timedelta())
    assert told == (Overdue(ELDERS, lives=False), Overdue(STREAM, lives=True))


async def test_one_sweeps_at_a_time(pool: Pool) -> None:
    """Of two that would sweep at once one may; the next one once it has done."""
    async with alone(pool) as first, alone(pool) as second:
        assert (first, second) == (True, False)
        async with alone(pool) as third:
            assert not third
    async with alone(pool) as next_one:
        assert next_one


async def test_a_message_is_noted_once(pool: Pool) -> None:
    """The first note of a Message-ID stays, and says that it need not be sent."""
    note = delivery.Note("<1@polder>", STREAM, "e-1", "p-9", "sent")
    other = note._replace(message_id="<2@polder>", outcome="undeliverable")
    await delivery.note_sent(pool, [note, other])
    await delivery.note_sent(pool, [note._replace(outcome="undeliverable")])
    known = await delivery.already_sent(pool, ["<1@polder>", "<3@polder>"])
    assert known == {"<1@polder>": "sent"}
    sent = await delivery.messages(pool, STREAM)
    assert [message.recipient for message in sent] == ["p-9", "p-9"]
