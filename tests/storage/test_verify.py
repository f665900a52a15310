"""Verifying: each change behind the record's back is found, and named."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from domain.commands import (
    ArchiveDialogue,
    AssignRole,
    CancelDialogue,
    RestoreDialogue,
    SkipStep,
    StartStep,
)
from domain.facts import Actor, Private
from evidence.event import ZERO_HASH
from storage.batch import Batch
from storage.errors import UnknownStream
from storage.folding import fold_stream
from storage.keys import Keys
from storage.pool import Connection, Pool, connect
from storage.projecting import Projections
from storage.rebuild import rebuild
from storage.record import append, head, take_over
from storage.vault import PrivateField, put
from storage.verify import verify_all
from tests.storage.dialogues import Play
from tests.storage.planting import plant
from tests.storage.streams import batch, events

PARK = "gemeente-waterdam:parkzicht"


@pytest_asyncio.fixture
async def conn(url: str) -> AsyncIterator[Connection]:
    """Give a connection of the writer's."""
    opened = await connect(url)
    async with opened:
        yield opened


@pytest_asyncio.fixture
async def play(pool: Pool, keys: Keys) -> Play:
    """Record two dialogues, one with private values; and a stream that is none."""
    projections = Projections()
    other = Play("elders")
    await append(pool, other.batch(other.starts()), projections)
    await append(pool, batch(events(3, stream="polder:log")), projections)
    play = Play()
    await append(pool, play.batch(play.starts()), projections)
    person = [PrivateField("/name", "p-9", "Anna"), PrivateField("/address", "p-9", "")]
    made = await put(pool, keys, play.stream, "anna", person)
    play.does(
        AssignRole(
            role="facilitator",
            actor="p-9",
            name=Private(commitment=made["/name"]),
            address=Private(commitment=made["/address"]),
        ),
        cause="anna",
    )
    reason = await put(
        pool, keys, play.stream, "r", [PrivateField("/reason", "p-1", "x")]
    )
    skip = SkipStep(step="opdracht", reason=Private(commitment=reason["/reason"]))
    play.does(skip, cause="r")
    play.does(StartStep(step="context"))
    await append(pool, play.batch(play.sealed[1:]), projections)
    return play


async def found(conn: Connection, keys: Keys) -> set[tuple[str, str]]:
    """Return stream and check of every finding."""
    report = await verify_all(conn, keys)
    return {(finding.stream, finding.check) for finding in report.findings}


async def test_an_untouched_record_is_sound(
    conn: Connection, keys: Keys, play: Play
) -> None:
    """Nothing is found, and the report says what was looked at."""
    report = await verify_all(conn, keys)
    assert report.findings == ()
    assert report.sound
    assert (report.events, report.streams) == (len(play.sealed) + 4, 3)
    assert (report.vault_checked, report.pending, report.blocked) == (True, 0, ())


CHANGES: list[tuple[str, set[str]]] = [
    (
        (
            "UPDATE audit.event SET body = convert_to("
            "replace(convert_from(body, 'UTF8'), 'p-9', 'p-8'), 'UTF8') WHERE seq = 2"
        ),
        {"hash", "prev"},
    ),
    ("UPDATE audit.event SET body = body || ' ' WHERE seq = 2", {"canonical", "hash"}),
    ("UPDATE audit.event SET body = '\\xff' WHERE seq = 2", {"canonical", "hash"}),
    ("UPDATE audit.event SET hash = sha256('x') WHERE seq = 2", {"hash"}),
    ("UPDATE audit.event SET prev = sha256('x') WHERE seq = 2", {"column"}),
    ("UPDATE audit.event SET type = 'x' WHERE seq = 2", {"column"}),
    ("UPDATE audit.event SET at = at + interval '1 us' WHERE seq = 2", {"column"}),
    ("UPDATE audit.event SET cause = 'x' WHERE seq = 2", {"column"}),
    ("UPDATE audit.event SET actor_id = 'x' WHERE seq = 2", {"column"}),
    ("UPDATE audit.event SET actor_role = 'x' WHERE seq = 2", {"column"}),
    ("UPDATE audit.event SET event_id = gen_random_uuid() WHERE seq = 2", {"column"}),
    ("DELETE FROM audit.event WHERE seq = 2", {"gap", "prev"}),
    ("DELETE FROM audit.event WHERE seq = 1", {"gap", "prev"}),
    ("DELETE FROM audit.event WHERE seq = 4", {"head", "projection"}),
    ("DELETE FROM audit.event", {"head", "projection"}),
    (
        (
            "UPDATE audit.event SET seq = CASE seq WHEN 2 THEN 3 ELSE 2 END"
            " WHERE seq IN (2, 3)"
        ),
        {"seq", "prev"},
    ),
    ("UPDATE audit.stream SET seq = 9", {"head"}),
    ("UPDATE audit.stream SET head = sha256('x')", {"head"}),
    ("DELETE FROM audit.stream", {"head"}),
    ("DELETE FROM vault.value WHERE path = '/name'", {"opening"}),
    ("UPDATE vault.value SET value = '\"Eva\"' WHERE path = '/name'", {"opening"}),
    ("UPDATE vault.value SET subject = 'p-8' WHERE path = '/name'", {"opening"}),
    ("UPDATE vault.value SET salt = sha256('x') WHERE path = '/name'", {"opening"}),
    (
        "UPDATE vault.value SET key_id = gen_random_uuid() WHERE path = '/name'",
        {"opening"},
    ),
    (
        "UPDATE vault.value SET nonce = 'twelve bytes' WHERE path = '/name'",
        {"opening"},
    ),
    ("UPDATE vault.value SET status = 'pending', seq = NULL", {"opening"}),
    ("UPDATE vault.value SET command_id = 'x' WHERE path = '/name'", {"opening"}),
    ("UPDATE vault.value SET path = '/x' WHERE path = '/name'", {"opening"}),
    ("UPDATE vault.value SET seq = 3 WHERE path = '/name'", {"opening"}),
    ("UPDATE read.dialogue SET title = 'x'", {"projection"}),
    ("UPDATE read.dialogue SET state = state || '{\"signals\": 7}'", {"projection"}),
    ("DELETE FROM read.dialogue", {"projection"}),
    ("UPDATE read.deadline SET due = due + interval '1 hour'", {"projection"}),
    ("DELETE FROM read.deadline", {"projection"}),
]


def named(value: str | set[str]) -> str:
    """Name a test alike in each process of a run: a set has no order of its own."""
    return (value if isinstance(value, str) else " ".join(sorted(value)))[:50]


@pytest.mark.parametrize(("change", "checks"), CHANGES, ids=named)
async def test_a_change_by_the_owner_is_found(
    url: str, conn: Connection, keys: Keys, play: Play, *, change: str, checks: set[str]
) -> None:
    """What a database owner changes is found, in the stream where it was changed."""
    if "WHERE" in change:
        change += f" AND stream = '{PARK}'"
    else:
        change += f" WHERE stream = '{PARK}'"
    if change.startswith("UPDATE audit.event SET seq"):
        first = change.replace("CASE seq WHEN 2 THEN 3 ELSE 2 END", "seq + 100")
        second = (
            "UPDATE audit.event SET seq = CASE seq WHEN 102 THEN 3 ELSE 2 END"
            f" WHERE seq > 100 AND stream = '{PARK}'"
        )
        await plant(url, first, second)
    else:
        await plant(url, change)
    discovered = await found(conn, keys)
    assert {check for _, check in discovered} >= checks
    assert {stream for stream, _ in discovered} == {PARK}


async def test_a_stream_dropped_without_trace_leaves_its_projection(
    url: str, conn: Connection, keys: Keys, play: Play
) -> None:
    """Dropping events and head of a stream leaves its row in read.dialogue over."""
    where = f"WHERE stream = '{PARK}'"
    await plant(
        url, f"DELETE FROM audit.event {where}", f"DELETE FROM audit.stream {where}"
    )
    assert await found(conn, keys) == {(PARK, "projection")}


async def test_changed_contents_are_found(
    url: str, conn: Connection, keys: Keys, play: Play
) -> None:
    """A method that was changed or removed is found."""
    await plant(url, "UPDATE audit.content SET body = body || ' '")
    assert ("", "content") in await found(conn, keys)
    await plant(url, "DELETE FROM audit.content WHERE kind = 'method'")
    assert (PARK, "content") in await found(conn, keys)


async def test_a_projection_is_rebuilt(
    url: str, conn: Connection, keys: Keys, play: Play
) -> None:
    """Rebuilding finds what was changed, puts it right, and then finds nothing."""
    await plant(
        url,
        f"UPDATE read.dialogue SET title = 'x', open_windows = 7"
        f" WHERE stream = '{PARK}'",
        "DELETE FROM read.dialogue WHERE slug = 'elders'",
        "UPDATE read.deadline SET silent = 9",
        "INSERT INTO read.deadline VALUES ('a:b', 'date', 'x', 1, now(), null, 0)",
    )
    first = await rebuild(conn)
    assert {finding.stream for finding in first.differences} == {
        PARK,
        "gemeente-waterdam:elders",
        "a:b",
    }
    assert any("title" in finding.detail for finding in first.differences)
    assert (await rebuild(conn)).differences == ()
    assert (await verify_all(conn, keys)).sound


async def test_rebuilding_an_untouched_record_finds_nothing(
    conn: Connection, play: Play
) -> None:
    """Projections are what the events make them, without a rebuild."""
    rebuilt = await rebuild(conn)
    assert (rebuilt.dialogues, rebuilt.differences) == (2, ())


def odd_start(play: Play, old: bytes, new: bytes) -> Batch:
    """Return a start that no core would decide on, sealed as it should be."""
    start = play.batch(play.starts())
    return replace(start, events=(start.events[0].replace(old, new),))


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"2027-03-01", b"2027-02-30"), (b'"roles":{', b'"rules":{')],
)
async def test_a_dialogue_that_cannot_be_folded_hides_no_other(
    url: str, conn: Connection, keys: Keys, play: Play, *, old: bytes, new: bytes
) -> None:
    """What can't be folded or laid out is a finding, and all the rest is looked at."""
    bad = Play("aardlaan")
    await append(conn, odd_start(bad, old, new), Projections())
    await plant(url, f"UPDATE read.dialogue SET title = 'x' WHERE stream = '{PARK}'")
    assert await found(conn, keys) == {(bad.stream, "fold"), (PARK, "projection")}
    rebuilt = await rebuild(conn)
    assert rebuilt.dialogues == 3
    assert {(f.stream, f.check) for f in rebuilt.differences} == {
        (bad.stream, "fold"),
        (PARK, "projection"),
    }
    assert await found(conn, keys) == {(bad.stream, "fold")}


async def test_an_erasure_that_says_nothing_is_a_finding(
    conn: Connection, keys: Keys
) -> None:
    """An event whose data is not what its type asks for stops no verification."""
    (plain,) = events(1, stream="polder:log")
    body = plain.body.replace(b"step_started", b"personal_data_erased")
    await append(conn, Batch("polder:log", 0, 0, ZERO_HASH, (body,)))
    assert await found(conn, keys) == {("polder:log", "fold")}


async def test_an_epoch_without_its_restore_is_found(
    url: str, conn: Connection, keys: Keys, play: Play
) -> None:
    """Who raised an epoch must have said so; a restore under way has yet to."""
    held = await head(conn, PARK)
    assert held is not None
    await take_over(conn, held)
    await take_over(conn, held)
    assert await found(conn, keys) == set()
    await plant(url, f"UPDATE audit.stream SET token = NULL WHERE stream = '{PARK}'")
    assert await found(conn, keys) == {(PARK, "epoch")}


async def test_a_restore_on_record_explains_its_epoch(
    conn: Connection, keys: Keys, play: Play
) -> None:
    """The first event of the new epoch names it, and then all is sound."""
    held = await head(conn, PARK)
    assert held is not None
    await take_over(conn, held)
    epoch, token = await take_over(conn, held)
    restored = RestoreDialogue(epoch=epoch, from_seq=held.seq)
    system = Actor(id="polder", role="system", via="worker")
    new = play.batch(play.does(restored, system), epoch)
    await append(conn, replace(new, token=token), Projections())
    assert await found(conn, keys) == set()


async def test_nothing_follows_the_end_of_a_dialogue(
    conn: Connection, keys: Keys
) -> None:
    """An event after the dialogue was archived is found, whoever chained it."""
    play = Play()
    play.starts()
    play.does(CancelDialogue(reason=Private(commitment="ab" * 32)))
    play.does(ArchiveDialogue())
    first = events(1, after=play.sealed, mark="late")
    bodies = tuple(event.body for event in (*play.sealed, *first))
    await append(conn, replace(play.batch(play.sealed), events=bodies))
    assert (PARK, "archived") in await found(conn, keys)


async def test_an_auditor_verifies_without_the_vault(
    url: str, play: Play, keys: Keys
) -> None:
    """An auditor's connection checks all but the vault, and the report says so."""
    async with await connect(url, role="polder_reader") as reader:
        report = await verify_all(reader, keys)
    assert (report.sound, report.vault_checked) == (True, False)


async def test_a_dialogue_is_folded_from_its_events(pool: Pool, play: Play) -> None:
    """Folding the record gives the workflow's state, and any earlier one."""
    moment = await fold_stream(pool, PARK)
    assert moment.state == play.state
    assert (moment.seq, moment.hash) == (len(play.sealed), play.sealed[-1].hash)
    earlier = await fold_stream(pool, PARK, until_seq=2)
    assert (earlier.seq, earlier.state.version) == (2, 2)
    assert (await fold_stream(pool, PARK, until=earlier.at)).seq == 2
    with pytest.raises(UnknownStream):
        await fold_stream(pool, PARK, until_seq=0)
