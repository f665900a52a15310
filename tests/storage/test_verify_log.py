"""Verifying the log: each change that its owner makes behind its back is found."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import count
from typing import NamedTuple

import pytest
import pytest_asyncio

from evidence.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from evidence.note import VerifierKey, parse_note
from evidence.signer import make_signer
from storage import logkey, proofs
from storage.pool import Pool, connect, make_pool
from storage.record import append
from storage.sealing import seal
from storage.verify import snapshot, verify_all
from storage.verify_log import LogReport, verify_log
from tests.services import TEMPLATE, drop_database
from tests.storage.conftest import create
from tests.storage.planting import plant
from tests.storage.streams import batch, events

SEALED = "verify_log_template"
STREAMS = ("gemeente-waterdam:parkzicht", "gemeente-waterdam:elders")
_copies = count(1)


class Log(NamedTuple):
    """A database with a log of more than a tile, its keys, and a note of each size."""

    url: str
    keys: tuple[VerifierKey, ...]
    older: Checkpoint
    """The first published checkpoint."""
    newest: Checkpoint


@pytest_asyncio.fixture(scope="module")
async def template(server: str, tmp_path_factory: pytest.TempPathFactory) -> Log:
    """Seal two streams in four turns, two of them published by different keys."""
    url = await create(server, SEALED, TEMPLATE)
    path = tmp_path_factory.mktemp("keys") / "log.key"
    key = logkey.create(path, "waterdam")
    async with make_pool(url, max_size=2) as pool:
        await _grow(pool, 0)
        await seal(pool, key)
        first = await seal(pool, key, publish=True)
        key = logkey.rotate(path)
        await _grow(pool, 100)
        await seal(pool, key)
        last = await seal(pool, key, publish=True)
    assert first is not None
    assert last is not None
    return Log(url, key.vkeys, _checkpoint(first.note), _checkpoint(last.note))


async def _grow(pool: Pool, after: int) -> None:
    for stream in STREAMS:
        every = events(after + 100, stream=stream)
        before = every[after - 1] if after else None
        await append(pool, batch(every[after:], before, epoch=0))


def _checkpoint(note: bytes) -> Checkpoint:
    return parse_checkpoint(parse_note(note).text)


@pytest_asyncio.fixture
async def log(server: str, template: Log) -> AsyncIterator[Log]:
    """Give a copy of that log to change."""
    name = f"verify_log_{next(_copies)}"
    yield template._replace(url=await create(server, name, SEALED))
    await drop_database(server, name)


async def verified(log: Log, older: Checkpoint | None = None) -> LogReport:
    """Verify a log with the keys that it was signed by."""
    conn = await connect(log.url)
    async with conn, snapshot(conn):
        return await verify_log(conn, log.keys, older)


async def test_an_untouched_log_is_sound(log: Log) -> None:
    """With all that was signed, by the earlier key too, and its older checkpoints."""
    report = await verified(log, log.older)
    assert (report.findings, report.more) == ((), 0)
    assert (report.leaves, report.checkpoints) == (log.newest.size, 4)
    assert (report.unsealed, report.signatures_checked) == (0, True)


async def test_events_that_are_not_sealed_yet_are_counted(log: Log) -> None:
    """They are no fault: the sealer comes by every second."""
    async with make_pool(log.url, max_size=1) as pool:
        await append(pool, batch(events(3, stream="gemeente-waterdam:nieuw")))
    report = await verified(log)
    assert (report.findings, report.unsealed) == ((), 3)
    assert report.unsealed_since is not None


CHANGES: list[tuple[str, set[str]]] = [
    (
        "UPDATE audit.leaf SET hash = sha256('x') WHERE leaf_index = 5",
        {"leaf", "checkpoint", "tile"},
    ),
    (
        "UPDATE audit.leaf SET seq = 900 WHERE leaf_index = 5",
        {"leaf"},
    ),
    (
        "DELETE FROM audit.leaf WHERE leaf_index = 5",
        {"leaf", "checkpoint", "tile", "census"},
    ),
    (
        "DELETE FROM audit.leaf WHERE leaf_index >= 300",
        {"checkpoint"},
    ),
    (
        (
            "INSERT INTO audit.leaf (leaf_index, stream, seq, hash, db_epoch)"
            " SELECT max(leaf_index) + 1, 'a:b', 1, sha256('x'), 1 FROM audit.leaf"
        ),
        {"leaf", "checkpoint"},
    ),
    ("UPDATE audit.tile SET root = sha256('x')", {"tile"}),
    (
        "UPDATE audit.tile SET hashes = set_byte(hashes, 99, get_byte(hashes, 99) # 1)",
        {"tile"},
    ),
    ("UPDATE audit.tile SET number = number + 7", {"tile"}),
    ("DELETE FROM audit.tile", {"tile"}),
    (
        (
            "UPDATE audit.checkpoint SET root = sha256('x')"
            " WHERE size = (SELECT min(size) FROM audit.checkpoint)"
        ),
        {"checkpoint"},
    ),
    ("UPDATE audit.checkpoint SET note = 'x'", {"checkpoint"}),
    ("UPDATE audit.checkpoint SET key_id = '\\x01020304'", {"signature"}),
    ("UPDATE audit.checkpoint SET published = true", {"census"}),
    ("UPDATE audit.checkpoint SET size = size + 1000", {"checkpoint"}),
    (
        (
            "DELETE FROM audit.checkpoint"
            " WHERE size = (SELECT max(size) FROM audit.checkpoint)"
        ),
        {"checkpoint"},
    ),
    ("DELETE FROM audit.checkpoint", {"checkpoint"}),
    ("UPDATE audit.checkpoint SET published = false", {"checkpoint"}),
    (
        (
            "INSERT INTO audit.cosignature (size, key_name, line)"
            " SELECT max(size), 'w', 'no line' FROM audit.checkpoint"
        ),
        {"witness"},
    ),
    (
        (
            "INSERT INTO audit.cosignature (size, key_name, line)"
            " SELECT 7, 'w', '— w q83vEjRW' FROM audit.installation"
        ),
        {"witness"},
    ),
    ("DELETE FROM audit.event WHERE seq = 100", {"leaf"}),
    ("UPDATE audit.event SET hash = sha256('x') WHERE seq = 7", {"leaf"}),
    (
        (
            "UPDATE audit.event SET body = convert_to(replace("
            "convert_from(body, 'UTF8'), '\"streams\":', '\"streams\":1'), 'UTF8')"
            " WHERE type = 'census_taken'"
        ),
        {"census"},
    ),
]


@pytest.mark.parametrize(("change", "checks"), CHANGES, ids=range(len(CHANGES)))
async def test_a_change_is_found(log: Log, change: str, checks: set[str]) -> None:
    """A leaf, a tile, a checkpoint, or the event under a leaf: by just these checks."""
    await plant(log.url, change)
    assert {found.check for found in (await verified(log)).findings} == checks


async def test_a_changed_leaf_is_named(log: Log) -> None:
    """The finding says which event it is about."""
    await plant(log.url, "UPDATE audit.event SET hash = sha256('x') WHERE seq = 7")
    found = (await verified(log)).findings
    assert {(one.stream, one.seq) for one in found} == {(s, 7) for s in STREAMS}


async def test_a_rewritten_stream_is_found_by_any_checkpoint(log: Log) -> None:
    """Chained anew, with leaves and tiles that fit: the roots were signed before."""
    stream = STREAMS[0]
    rewritten = events(200, stream=stream, mark="x")
    async with await connect(log.url) as conn:
        tiles = "SELECT level, number FROM audit.tile"
        assert len(await (await conn.execute(tiles)).fetchall()) == 1
    await plant(
        log.url,
        *(
            f"UPDATE audit.event SET body = '\\x{e.body.hex()}', hash = '\\x{e.hash}'"
            f" WHERE stream = '{stream}' AND seq = {e.seq}"
            for e in rewritten
        ),
        f"UPDATE audit.stream SET head = '\\x{rewritten[-1].hash}'"
        f" WHERE stream = '{stream}'",
        "UPDATE audit.leaf l SET hash = e.hash FROM audit.event e"
        " WHERE e.stream = l.stream AND e.seq = l.seq",
        "DELETE FROM audit.tile",
    )
    found = {one.check for one in (await verified(log)).findings}
    assert found == {"checkpoint", "census", "tile"}


async def test_a_note_signed_by_somebody_else_is_found(log: Log) -> None:
    """Under the log's own name, over the right root, by a key that is not the log's."""
    stranger = make_signer("polder/waterdam", b"s" * 32)
    note = sign_checkpoint(log.newest, stranger.private)
    where = f"WHERE size = {log.newest.size}"
    await plant(
        log.url, f"UPDATE audit.checkpoint SET note = '\\x{note.hex()}' {where}"
    )
    assert {one.check for one in (await verified(log)).findings} == {"signature"}


async def test_a_key_that_was_not_given_is_named_once(log: Log) -> None:
    """However many checkpoints it signed: whoever checks may lack an older key."""
    (found,) = (await verified(log._replace(keys=log.keys[1:]))).findings
    assert found.check == "signature"
    assert log.keys[0].id.hex() in found.detail
    assert found.detail.startswith("2 checkpoints")


async def test_without_a_key_signatures_are_left_and_that_is_said(log: Log) -> None:
    """What can't be checked is no finding."""
    report = await verified(log._replace(keys=()))
    assert (report.findings, report.signatures_checked) == ((), False)


async def test_a_log_that_was_put_back_is_found_by_a_newer_checkpoint(
    log: Log,
) -> None:
    """Cut at an older checkpoint it is sound in itself; the newer one knows better."""
    size = log.older.size
    await plant(
        log.url,
        f"DELETE FROM audit.checkpoint WHERE size > {size}",
        f"DELETE FROM audit.leaf WHERE leaf_index >= {size}",
        "DELETE FROM audit.tile",
    )
    assert (await verified(log, log.older)).findings == ()
    (found,) = (await verified(log, log.newest)).findings
    assert found.check == "since"


async def test_another_log_is_found_by_an_older_checkpoint(log: Log) -> None:
    """Of the same size, or smaller: the root is another."""
    for point in (log.older, log.newest):
        other = point._replace(root=bytes(32))
        (found,) = (await verified(log, other)).findings
        assert found.check == "since"


async def test_a_stream_whose_events_were_destroyed_keeps_its_leaves(log: Log) -> None:
    """Where it was decided that its events go, their leaves say enough."""
    stream = STREAMS[0]
    await plant(log.url, f"DELETE FROM audit.event WHERE stream = '{stream}'")
    conn = await connect(log.url)
    async with conn, snapshot(conn):
        gone = await verify_log(conn, log.keys, None, frozenset({stream}))
        lost = await verify_log(conn, log.keys)
    assert gone.findings == ()
    assert {one.check for one in lost.findings} == {"leaf"}


async def test_the_record_beside_it_is_sound(log: Log) -> None:
    """Streams that are no dialogue, the log's own among them, verify as they are."""
    conn = await connect(log.url)
    async with conn:
        found = (await verify_all(conn)).findings
        root = await proofs.root(conn, log.older.size)
    assert {one.stream for one in found} <= set(STREAMS)
    assert root == log.older.root
