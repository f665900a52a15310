"""Appending: once is once, and what contradicts the record becomes an incident."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from typing import Any

import pytest

from domain.commands import NoteSignal
from evidence.event import ZERO_HASH
from storage.batch import Batch, Content
from storage.errors import (
    BatchTooBig,
    Blocked,
    DialogueExists,
    Forked,
    Gap,
    NotSound,
    SchemaMismatch,
    Superseded,
    Unavailable,
    UnknownEpoch,
    UnknownStream,
)
from storage.keys import Keys
from storage.pool import Pool, make_pool
from storage.projecting import Projections
from storage.record import Receipt, append, head, take_over
from storage.verify import verify_all
from tests.storage.conftest import create
from tests.storage.dialogues import Play
from tests.storage.streams import STREAM, batch, events


async def rows(pool: Pool, query: bytes) -> list[Any]:
    """Return all rows of a query."""
    async with pool.connection() as conn:
        return await (await conn.execute(query)).fetchall()


async def count(pool: Pool) -> int:
    """Return how many events are on record."""
    return (await rows(pool, b"SELECT count(*) FROM audit.event"))[0][0]


async def incidents(pool: Pool) -> list[Any]:
    """Return kind and stream of every incident."""
    return await rows(pool, b"SELECT kind, stream FROM audit.incident")


async def test_appended_events_are_on_record_byte_by_byte(pool: Pool) -> None:
    """The record holds the exact bytes, and columns that repeat what they say."""
    made = events(3)
    receipt = await append(pool, batch(made))
    assert receipt == Receipt(STREAM, 3, made[2].hash, 0)
    assert receipt.added == 3
    found = await rows(
        pool,
        b"SELECT seq, body, encode(hash, 'hex'), event_id::text, type, cause, actor_id,"
        b" actor_role, to_char(at, 'HH24:MI'), db_epoch FROM audit.event ORDER BY seq",
    )
    assert [row[:4] for row in found] == [(e.seq, e.body, e.hash, e.id) for e in made]
    assert found[1][4:] == (
        "step_started", "c-2", "p-1", "process_director", "09:02", 1,
    )  # fmt: skip
    held = await head(pool, STREAM)
    assert held is not None
    assert (held.seq, held.head, held.epoch, held.blocked_by) == (
        3,
        made[2].hash,
        0,
        None,
    )


async def test_the_same_batch_again_gives_the_same_receipt(pool: Pool) -> None:
    """However often a batch is sent, and whatever came after it, it is there once."""
    made = events(5)
    first = await append(pool, batch(made[:3]))
    again = await append(pool, batch(made[:3]))
    assert again == first
    assert again.added == 0
    await append(pool, batch(made[3:], after=made[2]))
    assert await append(pool, batch(made[:3])) == first
    assert await append(pool, batch(made[1:2], after=made[0])) == Receipt(
        STREAM, 2, made[1].hash, 0
    )
    assert await count(pool) == 5
    assert await incidents(pool) == []


async def test_a_longer_batch_adds_only_what_is_new(pool: Pool) -> None:
    """Where its beginning is on record, the rest of a batch follows."""
    made = events(6)
    await append(pool, batch(made[:2]))
    assert (await append(pool, batch(made[:4]))).added == 2
    assert (await append(pool, batch(made[1:], after=made[0]))).added == 2
    assert await count(pool) == 6


async def test_a_hundred_at_once_are_one(pool: Pool) -> None:
    """A hundred calls with one batch write it once, and all get its receipt."""
    made = events(4)
    for offered in (batch(made[:2]), batch(made[2:], after=made[1])):
        answers = await asyncio.gather(*(append(pool, offered) for _ in range(100)))
        last = made[offered.after_seq + 1]
        assert set(answers) == {Receipt(STREAM, last.seq, last.hash, 0)}
        assert sum(answer.added for answer in answers) == 2
    assert await count(pool) == 4
    assert await incidents(pool) == []


async def test_another_event_in_the_same_place_is_a_fork(pool: Pool) -> None:
    """The fork is refused and recorded once; the stream takes nothing more."""
    made = events(3)
    await append(pool, batch(made))
    other = events(1, after=made[:2], mark="other")
    caught: set[str] = set()
    for _ in range(3):
        with pytest.raises(Forked) as refusal:
            await append(pool, batch(other, after=made[1]))
        caught.add(refusal.value.incident)
    assert len(caught) == 1
    assert await incidents(pool) == [("forked", STREAM)]
    with pytest.raises(Blocked) as blocked:
        await append(pool, batch(events(1, after=made), after=made[2]))
    assert {blocked.value.incident} == caught
    assert await append(pool, batch(made))
    assert await count(pool) == 3


async def test_a_fork_hidden_behind_a_true_beginning_is_found(pool: Pool) -> None:
    """A batch that starts as the record does and then departs is a fork."""
    made = events(4)
    await append(pool, batch(made))
    other = events(2, after=made[:3], mark="other")
    with pytest.raises(Forked):
        await append(pool, batch([made[2], *other], after=made[1]))
    assert await count(pool) == 4


async def test_an_id_that_is_taken_is_a_fork(pool: Pool) -> None:
    """The same id in another place of the stream is refused and blocks it."""
    made = events(2)
    await append(pool, batch(made))
    clash = events(1, after=made, mark="c-1#")[0]
    copied = clash.body.replace(clash.id.encode(), made[0].id.encode())
    offered = Batch(STREAM, 0, 2, made[1].hash, (copied,))
    with pytest.raises(Forked):
        await append(pool, offered)
    assert await incidents(pool) == [("forked", STREAM)]
    for again in (offered, batch([clash], after=made[1])):
        with pytest.raises(Blocked):
            await append(pool, again)


async def test_two_writers_at_once_make_no_fork(pool: Pool) -> None:
    """Of two events offered for one place, one is recorded and one refused."""
    made = events(1)
    await append(pool, batch(made))
    rivals = [events(1, after=made, mark=f"r{n}") for n in range(8)]
    answers = await asyncio.gather(
        *(append(pool, batch(rival, after=made[0])) for rival in rivals),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, Receipt) for answer in answers) == 1
    assert sum(isinstance(answer, Forked) for answer in answers) == 7
    assert await count(pool) == 2


async def test_a_gap_is_an_incident_and_not_a_wait(pool: Pool) -> None:
    """Events whose predecessors are missing are refused at once, and it is recorded."""
    made = events(4)
    with pytest.raises(Gap):
        await append(pool, batch(made[1:], after=made[0]))
    await append(pool, batch(made[:1]))
    with pytest.raises(Gap):
        await append(pool, batch(made[2:], after=made[1]))
    assert await incidents(pool) == [("gap", STREAM)] * 2
    assert (await append(pool, batch(made[1:], after=made[0]))).added == 3


async def test_starting_what_exists_is_refused(pool: Pool) -> None:
    """Another first event for an existing stream is refused, and blocks nothing."""
    made = events(2)
    await append(pool, batch(made))
    with pytest.raises(DialogueExists):
        await append(pool, batch(events(3, mark="new")))
    assert await incidents(pool) == []
    assert (await append(pool, batch(events(1, after=made), after=made[1]))).added == 1


async def test_a_writer_of_an_older_epoch_is_superseded(pool: Pool) -> None:
    """Once the stream is taken over, the old writer is stopped, the new one goes on."""
    made = events(3)
    await append(pool, batch(made[:2]))
    held = await head(pool, STREAM)
    assert held is not None
    taken = await take_over(pool, held)
    assert taken.epoch == 1
    for offered in (batch(made[2:], after=made[1]), batch(made[:2])):
        with pytest.raises(Superseded):
            await append(pool, offered)
    new = batch(made[2:], after=made[1], epoch=1, token=taken.token)
    assert (await append(pool, new)).epoch == 1
    with pytest.raises(UnknownStream):
        await take_over(pool, held)


async def test_taking_over_lifts_a_block(pool: Pool) -> None:
    """Restoring is the way out of a fork; the incident stays on record."""
    made = events(2)
    await append(pool, batch(made))
    with pytest.raises(Forked):
        await append(pool, batch(events(1, after=made[:1], mark="x"), after=made[0]))
    held = await head(pool, STREAM)
    assert held is not None
    assert held.blocked_by is not None
    taken = await take_over(pool, held)
    following = events(1, after=made, mark="restored")
    assert (await append(pool, batch(following, made[1], *taken))).added == 1
    assert await incidents(pool) == [("forked", STREAM)]


async def test_the_first_append_after_a_take_over_brings_its_token(pool: Pool) -> None:
    """Nobody else can be the one that was restored; afterwards no token is asked."""
    made = events(4)
    await append(pool, batch(made[:1]))
    held = await head(pool, STREAM)
    assert held is not None
    epoch, token = await take_over(pool, held)
    rest = made[1:3]
    for guess in (None, "", "x", sha256(token.encode()).hexdigest()):
        for offered in (rest, events(1, after=made[:1], mark="other")):
            with pytest.raises(Superseded):
                await append(pool, batch(offered, made[0], epoch, guess))
    assert await incidents(pool) == []
    for _ in range(2):
        assert (await append(pool, batch(rest, made[0], epoch, token))).seq == 3
    assert (await append(pool, batch(made[3:], made[2], epoch))).added == 1
    assert await count(pool) == 4


async def test_an_epoch_that_nobody_gave_out_takes_nothing_over(pool: Pool) -> None:
    """A writer cannot raise the epoch itself, nor start with a high one."""
    made = events(3)
    await append(pool, batch(made[:2]))
    with pytest.raises(UnknownEpoch):
        await append(pool, batch(made[2:], after=made[1], epoch=999))
    assert await incidents(pool) == [("unknown_epoch", STREAM)]
    held = await head(pool, STREAM)
    assert held is not None
    assert (held.epoch, held.blocked_by) == (0, None)
    assert (await append(pool, batch(made[2:], after=made[1]))).added == 1
    with pytest.raises(Gap):
        await append(pool, batch(events(1, stream="a-b:new"), epoch=2))
    assert await head(pool, "a-b:new") is None


async def test_a_stranger_cannot_block_a_stream(pool: Pool) -> None:
    """Events after a made-up one are refused and noted; the stream goes on."""
    made = events(3)
    await append(pool, batch(made[:2]))
    fancied = events(2, mark="fancied")
    for known in (fancied[:1], fancied):
        offered = batch(events(1, after=known, mark="x"), after=known[-1])
        with pytest.raises(Gap):
            await append(pool, offered)
    assert await incidents(pool) == [("gap", STREAM)] * 2
    assert (await append(pool, batch(made[2:], after=made[1]))).added == 1


async def test_what_is_not_sound_is_refused_before_the_database(pool: Pool) -> None:
    """A broken chain, a foreign event and malformed bytes never reach the record."""
    made = events(3)
    foreign = events(1, stream="gemeente-waterdam:elders")
    offers = [
        Batch(STREAM, 0, 0, ZERO_HASH, (made[0].body, made[2].body)),
        Batch(STREAM, 0, 0, made[0].hash, (made[0].body,)),
        Batch(STREAM, 0, 1, made[1].hash, (made[1].body,)),
        Batch(STREAM, 0, 0, ZERO_HASH, (foreign[0].body,)),
        Batch(STREAM, 0, 0, ZERO_HASH, (made[0].body + b" ",)),
        Batch(STREAM, 0, 0, ZERO_HASH, (b"{}",)),
        Batch(STREAM, 0, 0, ZERO_HASH, ()),
        Batch(STREAM, 0, 0, "x", (made[0].body,)),
        Batch(STREAM, -1, 0, ZERO_HASH, (made[0].body,)),
        Batch(STREAM, 0, -1, ZERO_HASH, (made[0].body,)),
        Batch("nobody", 0, 0, ZERO_HASH, (made[0].body,)),
        Batch(STREAM, 0, 0, ZERO_HASH, (made[0].body,), {"00": Content("x", b"{}")}),
    ]
    for offer in offers:
        with pytest.raises(NotSound):
            await append(pool, offer)
    assert await count(pool) == 0


async def test_what_is_too_big_is_refused(pool: Pool) -> None:
    """An event above 32 kB, more than 100 events and more than 256 kB are refused."""
    huge = events(1, data={"step": "x" * 33_000, "round": 1})
    large = events(9, data={"step": "x" * 30_000, "round": 1})
    for offer in (huge, events(101), large):
        with pytest.raises(BatchTooBig):
            await append(pool, batch(offer))
    assert (await append(pool, batch(events(100)))).added == 100


async def test_contents_are_kept_once_by_their_hash(pool: Pool) -> None:
    """A method that two dialogues bring is on record once."""
    body = b'{"id":"m"}'
    digest = sha256(body).hexdigest()
    for name in ("een", "twee"):
        stream = f"gemeente-waterdam:{name}"
        made = batch(events(1, stream=stream))
        contents = {digest: Content("method", body)}
        offered = Batch(stream, 0, 0, ZERO_HASH, made.events, contents)
        assert (await append(pool, offered)).added == 1
    assert await rows(pool, b"SELECT kind, body FROM audit.content") == [
        ("method", body)
    ]


async def test_a_database_that_is_away_is_said_to_be(url: str) -> None:
    """Nobody listens: the answer is Unavailable, within seconds, and can be retried."""
    away = url.rsplit("@", 1)[0] + "@127.0.0.1:1/nowhere"
    pool = make_pool(away, timeout=0.5, min_size=0)
    await pool.open(wait=False)
    try:
        with pytest.raises(Unavailable) as refusal:
            await append(pool, batch(events(1)))
        assert refusal.value.retry
    finally:
        await pool.close()


async def test_a_database_without_schema_is_said_to_be(server: str) -> None:
    """Where nobody migrated, the answer says what to do, and no retry is asked for."""
    async with make_pool(await create(server, "without_schema")) as pool:
        with pytest.raises(SchemaMismatch, match="migrate") as refusal:
            await append(pool, batch(events(1)))
    assert not refusal.value.retry


async def test_many_writers_leave_one_truth(pool: Pool, keys: Keys) -> None:
    """Writers that send the same events at once, in other portions, end up agreeing."""
    play = Play()
    play.starts()
    for _ in range(30):
        play.does(NoteSignal(type="x", source="y"))

    async def send(size: int) -> None:
        projections, at = Projections(), 0
        while at < len(play.sealed):
            portion = play.batch(play.sealed[at : at + size])
            at = (await append(pool, portion, projections)).seq

    await asyncio.gather(*(send(size) for size in (1, 2, 3, 5, 7, 11)))
    assert await count(pool) == 31
    assert await incidents(pool) == []
    async with pool.connection() as conn:
        assert (await verify_all(conn, keys)).findings == ()
