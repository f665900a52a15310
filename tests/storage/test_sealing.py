"""Sealing: every event gets one place in a log that is signed, and no other does."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from evidence.census import LOG_STREAM
from evidence.checkpoint import verify_checkpoint
from evidence.note import parse_note
from storage import proofs
from storage.errors import BadLogKey, LogDamaged, MayNotSeal, NoCensus
from storage.logkey import LogKey, rotate
from storage.ownlog import append as append_own
from storage.ownlog import events as events_of
from storage.pool import Pool, connect, connection, make_pool
from storage.record import append
from storage.sealing import Sealer, seal
from storage.statements import statement
from storage.verify import verify_all
from tests.storage.logs import Filling, check_log, check_proofs, key_in, leaves
from tests.storage.planting import plant
from tests.storage.streams import STREAM, batch, events


@pytest.fixture
def key(tmp_path: Path) -> LogKey:
    """The key of a log."""
    return key_in(tmp_path)


async def incidents(pool: Pool) -> list[tuple[str, str]]:
    """Return stream and kind of every incident."""
    async with connection(pool) as conn:
        cursor = await conn.execute("SELECT stream, kind FROM audit.incident")
        return await cursor.fetchall()


@pytest.mark.parametrize("seed", range(3))
async def test_the_log_is_the_tree_over_its_leaves(
    pool: Pool, key: LogKey, seed: int
) -> None:
    """Leaves, tiles, roots, proofs and censuses agree with a tree in memory."""
    filling = Filling(pool, seed)
    sealer = Sealer(key, batch=37)
    for turn in range(8):
        await filling.some()
        await sealer.seal(pool, publish=turn % 3 == 2)
    await sealer.seal(pool, publish=True)
    tree = await check_log(pool, key.vkeys)
    assert tree.size > 256
    await check_proofs(pool, tree, [1, 2, 255, 256, 257, tree.size])


async def test_nothing_new_makes_no_checkpoint(pool: Pool, key: LogKey) -> None:
    """An idle record is not signed again, unless it is to be published."""
    sealer = Sealer(key)
    assert await sealer.seal(pool) is None
    await append(pool, batch(events(3)))
    sealed = await sealer.seal(pool)
    assert sealed is not None
    assert (sealed.size, sealed.added, sealed.published) == (3, 3, False)
    assert await sealer.seal(pool) is None
    assert await seal(pool, key) is None
    published = await sealer.seal(pool, publish=True)
    assert published is not None
    assert (published.size, published.published) == (4, True)


async def test_an_idle_look_waits_for_nobody_and_begins_no_transaction(
    pool: Pool, url: str, key: LogKey
) -> None:
    """It is one question, that costs no writer anything, once a second."""
    sealer = Sealer(key)
    await append(pool, batch(events(3)))
    await sealer.seal(pool)
    lock = b"SELECT pg_advisory_lock(hashtextextended('polder sealer', 0))"
    now = b"SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
    async with await connect(url) as other:
        await other.execute(lock)
        before = await (await other.execute(now)).fetchone()
        for _ in range(20):
            async with asyncio.timeout(2):
                assert await sealer.seal(pool) is None
        assert await (await other.execute(now)).fetchone() == before


@pytest.mark.parametrize("as_the_sealer", [True, False])
async def test_what_is_unsealed_is_looked_up_whatever_the_planner_knows(
    pool: Pool, url: str, *, as_the_sealer: bool
) -> None:
    """It never compares all events with all leaves, as it would with no statistics."""
    await append(pool, batch(events(30)))
    where = {"db_epoch": 0, "txid": "0", "stream": "", "seq": 0, "now": 9}
    query = statement("sealing", "unsealed")
    async with await connect(url) as conn, conn.transaction():
        if as_the_sealer:
            await conn.execute(statement("sealing", "as_sealer"))
        else:
            await conn.execute("ANALYZE audit.event")
        told = {**where, "xmin": "9", "most": 5_000}
        cursor = await conn.execute(b"EXPLAIN " + query, told)
        plan = "\n".join(row[0] for row in await cursor.fetchall())
    assert ("Seq Scan" in plan) is not as_the_sealer


async def test_streams_of_polders_own_are_sound_and_leave_projections_alone(
    pool: Pool, url: str, key: LogKey
) -> None:
    """Verifying and rebuilding know the log's and an organisation's own streams."""
    await append_own(pool, "org:gemeente-waterdam", "token_made", {}, cause="c-1")
    await seal(pool, key, publish=True)
    async with await connect(url, role="polder_reader") as conn:
        report = await verify_all(conn)
    assert report.findings == ()
    assert (report.streams, report.events) == (2, 2)


async def test_a_published_log_ends_in_a_census_of_what_is_before_it(
    pool: Pool, key: LogKey
) -> None:
    """Also of a log without events, and of its own stream."""
    first = await seal(pool, key, publish=True)
    second = await seal(pool, key, publish=True)
    assert first is not None
    assert second is not None
    assert [first.size, second.size] == [1, 2]
    told = await events_of(pool, LOG_STREAM)
    assert [event.data["events"] for event in told] == [0, 1]
    assert [event.data["streams"] for event in told] == [0, 1]
    async with connection(pool) as conn:
        assert [size for size, _ in await proofs.published(conn)] == [1, 2]
    await check_log(pool, key.vkeys)


async def test_what_may_still_appear_waits(pool: Pool, key: LogKey) -> None:
    """Nothing is sealed past a transaction that is under way, and nothing is missed."""
    sealer = Sealer(key)
    early, late = "gemeente-waterdam:early", "gemeente-waterdam:late"
    async with connection(pool) as conn, conn.transaction():
        await append(conn, batch(events(2, stream=early)))
        await append(pool, batch(events(3, stream=late)))
        assert await sealer.seal(pool) is None
    sealed = await sealer.seal(pool)
    assert sealed is not None
    assert sealed.size == 5
    await check_log(pool, key.vkeys)


async def test_a_stream_keeps_its_order_when_transactions_do_not(
    pool: Pool, key: LogKey
) -> None:
    """The transaction that began first may append last, and is cut off by a batch."""
    made = events(6)
    sealer = Sealer(key, batch=2)
    async with connection(pool) as conn, conn.transaction():
        await append(conn, batch(events(1, stream="gemeente-waterdam:other")))
        await append(pool, batch(made[:3]))
        await append(conn, batch(made[3:], made[2]))
    sealed = await sealer.seal(pool)
    assert sealed is not None
    assert (sealed.size, sealed.left_out) == (7, ())
    await check_log(pool, key.vkeys)


async def test_a_later_life_of_the_database_comes_later(
    pool: Pool, url: str, key: LogKey
) -> None:
    """After a logical restore transactions count anew, and the order stays."""
    made = events(6)
    sealer = Sealer(key)
    await append(pool, batch(made[:2]))
    await sealer.seal(pool)
    await append(pool, batch(made[2:4], made[1]))
    await plant(
        url,
        "UPDATE audit.event SET txid = (txid::text::bigint + 1000000)::text::xid8",
        "UPDATE audit.installation SET db_epoch = 2",
    )
    await append(pool, batch(made[4:], made[3]))
    other = events(1, stream="gemeente-waterdam:other")
    await append(pool, batch(other))
    sealed = await sealer.seal(pool)
    assert sealed is not None
    assert (sealed.size, sealed.left_out) == (7, ())
    async with connection(pool) as conn:
        assert [seq for _, _, seq, _ in await leaves(conn)] == [1, 2, 3, 4, 5, 6, 1]
    await check_log(pool, key.vkeys)


OWN = f"WHERE stream = '{LOG_STREAM}'"
FAULTS = {
    "hash": "UPDATE audit.event SET hash = sha256('x') WHERE (stream, seq) = ('{}', 4)",
    "canonical": "UPDATE audit.event SET body = body || ' ' "
    "WHERE (stream, seq) = ('{}', 4)",
    "prev": "UPDATE audit.event SET body = convert_to(regexp_replace("
    "convert_from(body, 'UTF8'), '\"prev\":\"..', '\"prev\":\"00'), 'UTF8') "
    "WHERE (stream, seq) = ('{}', 4)",
    "gap": "DELETE FROM audit.event WHERE (stream, seq) = ('{}', 4)",
    "head": "DELETE FROM audit.event WHERE (stream, seq) = ('{}', 5)",
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_stream_with_a_fault_is_left_out_and_the_others_go_on(
    pool: Pool, url: str, key: LogKey, fault: str
) -> None:
    """It is an incident, once; what came before the fault stays in the log."""
    sealer = Sealer(key)
    made = events(6)
    await append(pool, batch(made[:2]))
    await sealer.seal(pool)
    await append(pool, batch(made[2:5], made[1]))
    await plant(url, FAULTS[fault].format(STREAM))
    await append(pool, batch(events(2, stream="gemeente-waterdam:other")))
    sealed = await Sealer(key).seal(pool)
    assert sealed is not None
    assert [each.stream for each in sealed.left_out] == [STREAM]
    checks = {"prev": "hash", "canonical": "hash"}
    assert [each.check for each in sealed.left_out] == [checks.get(fault, fault)]
    for _ in range(3):
        await append_own(pool, LOG_STREAM, "note", {}, cause="once")
        await sealer.seal(pool)
        await Sealer(key).seal(pool)
    assert await incidents(pool) == [(STREAM, "not_sealed")]
    await check_log(pool, key.vkeys)


async def test_a_stream_that_was_mended_is_taken_up_again(
    pool: Pool, url: str, key: LogKey
) -> None:
    """Whoever puts back what was lost needs to do no more."""
    sealer = Sealer(key)
    made = events(4)
    await append(pool, batch(made))
    await plant(
        url,
        "CREATE TABLE kept AS SELECT * FROM audit.event WHERE seq = 2",
        "DELETE FROM audit.event WHERE seq = 2",
    )
    first = await sealer.seal(pool)
    assert first is not None
    assert first.size == 1
    await plant(url, "INSERT INTO audit.event SELECT * FROM kept")
    sealed = await sealer.seal(pool, publish=True)
    assert sealed is not None
    assert (sealed.size, sealed.left_out) == (5, ())
    await check_log(pool, key.vkeys)


async def test_two_sealers_at_once_make_one_log(pool: Pool, key: LogKey) -> None:
    """While a third writes, and they publish as well."""
    filling = Filling(pool, 7)

    async def seals(*, publish: bool) -> None:
        sealer = Sealer(key, batch=20)
        for _ in range(6):
            await sealer.seal(pool, publish=publish)

    async def fills() -> None:
        for _ in range(6):
            await filling.some()

    await asyncio.gather(seals(publish=False), seals(publish=True), fills())
    await seal(pool, key, publish=True)
    tree = await check_log(pool, key.vkeys)
    assert tree.size == 7 + sum(len(made) for made in filling.made.values())


async def test_a_sealer_that_was_killed_leaves_nothing_behind(
    pool: Pool, url: str, key: LogKey
) -> None:
    """Between its leaves and its checkpoint as well; the next one goes on."""
    filling = Filling(pool)
    for _ in range(3):
        await filling.grow(STREAM, 100)
    async with await connect(url) as dying:
        with suppress(KeyboardInterrupt):
            async with dying.transaction():
                await seal(dying, key, publish=True)
                raise KeyboardInterrupt
    async with connection(pool) as conn:
        assert await leaves(conn) == []
    sealed = await seal(pool, key, publish=True)
    assert sealed is not None
    assert sealed.size == 301
    await check_log(pool, key.vkeys)


async def test_in_a_transaction_of_the_callers_the_role_is_given_back(
    pool: Pool, key: LogKey
) -> None:
    """What comes after sealing has the rights from before."""
    async with connection(pool) as conn, conn.transaction():
        await seal(conn, key, publish=True)
        row = await (await conn.execute("SELECT current_user")).fetchone()
    assert row == ("polder_writer",)


async def test_who_may_not_seal_is_told_so(
    pool: Pool, server: str, url: str, key: LogKey
) -> None:
    """A user outside of polder_sealer can't, and nothing is there of it."""
    await append(pool, batch(events(1)))
    user = "sealer_without_rights"
    async with await psycopg.AsyncConnection.connect(server, autocommit=True) as conn:
        await conn.execute(
            sql.SQL(
                "CREATE ROLE {0} LOGIN PASSWORD 'x';"
                "GRANT polder_writer TO {0} WITH INHERIT FALSE, SET TRUE"
            ).format(sql.Identifier(user))
        )
    async with make_pool(make_conninfo(url, user=user, password="x")) as other:
        with pytest.raises(MayNotSeal, match="polder_sealer"):
            await seal(other, key)
    async with connection(pool) as conn:
        assert await leaves(conn) == []


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM audit.leaf WHERE leaf_index = 299",
        "UPDATE audit.leaf SET hash = sha256('x') WHERE leaf_index = 280",
        "UPDATE audit.tile SET root = sha256('x')",
        "DELETE FROM audit.tile",
        "DELETE FROM audit.checkpoint",
    ],
)
async def test_a_log_that_was_changed_is_not_signed_on(
    pool: Pool, url: str, key: LogKey, change: str
) -> None:
    """The sealer signs nothing that does not continue what was signed."""
    filling = Filling(pool)
    await filling.grow(STREAM, 100)
    await filling.grow(STREAM, 100)
    await filling.grow(STREAM, 100)
    await seal(pool, key)
    await plant(url, change)
    await filling.grow(STREAM, 1)
    for _ in range(2):
        with pytest.raises(LogDamaged):
            await seal(pool, key)
    assert await incidents(pool) == [(LOG_STREAM, "not_sealed")]


@pytest.mark.parametrize(
    "fault",
    [
        f"UPDATE audit.stream SET blocked_by = gen_random_uuid() {OWN}",
        f"DELETE FROM audit.event {OWN} AND seq = 2",
    ],
    ids=["blocked", "gap"],
)
async def test_without_a_census_all_else_is_sealed_and_nothing_published(
    pool: Pool, url: str, key: LogKey, fault: str
) -> None:
    """The log's own stream is a stream like others: its faults hold up nobody."""
    await seal(pool, key, publish=True)
    await append_own(pool, LOG_STREAM, "note", {}, cause="a")
    await append(pool, batch(events(3)))
    await plant(url, fault)
    for _ in range(2):
        with pytest.raises(NoCensus):
            await seal(pool, key, publish=True)
    async with connection(pool) as conn:
        newest = await proofs.newest(conn)
        published = await proofs.published(conn)
    assert newest is not None
    assert not newest.published
    assert newest.size == (5 if "blocked" in fault else 4)
    assert [size for size, _ in published] == [1]
    await check_log(pool, key.vkeys)


async def test_another_key_signs_on_and_old_checkpoints_stay_good(
    pool: Pool, tmp_path: Path
) -> None:
    """The log says so itself; who has only the old key refuses the new checkpoints."""
    old = key_in(tmp_path)
    await append(pool, batch(events(3)))
    before = await seal(pool, old, publish=True)
    new = rotate(tmp_path / "keys" / "log.key")
    after = await seal(pool, new, publish=True)
    assert before is not None
    assert after is not None
    assert after.size == before.size + 2
    told = await events_of(pool, LOG_STREAM, ["log_key_changed"])
    assert [one.data for one in told] == [{"old": str(old.vkey), "new": str(new.vkey)}]
    assert verify_checkpoint(before.note, new.vkeys).key == old.vkey
    assert verify_checkpoint(after.note, new.vkeys).key == new.vkey
    assert [line.key_id for line in parse_note(after.note).signatures] == [new.vkey.id]
    with pytest.raises(BadLogKey):
        await seal(pool, old, publish=True)
    await check_log(pool, new.vkeys)


async def test_the_key_of_another_log_signs_nothing(pool: Pool, tmp_path: Path) -> None:
    """A log has one origin for ever."""
    await seal(pool, key_in(tmp_path / "a"), publish=True)
    with pytest.raises(BadLogKey):
        await seal(pool, key_in(tmp_path / "b"), publish=True)
