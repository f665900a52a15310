"""As it was, and what differs: folded from the events, and citing what covers them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from desk.errors import DeskError, NotFound, Refused
from desk.past import as_of, diff
from desk.reads import reads
from domain.state import thin
from tests.desk.sealed import START, Town, town
from tests.storage.dialogues import Play
from tests.storage.planting import plant

OTHER_BYTES = """UPDATE audit.event SET body = convert_to(replace(
    convert_from(body, 'UTF8'), 'opdracht.waartoe', 'opdracht.aanleiding'), 'UTF8')
    WHERE seq = 3"""
OTHER_SEAL = "UPDATE audit.leaf SET hash = sha256('x') WHERE seq = 4"
BACKDATED = """INSERT INTO audit.read_log (at, who, what, target, filters, rows, opened)
    VALUES ('2020-01-01', 'x', 'y', 'z', '{}', 0, false)"""


async def told(played: Town, play: Play) -> list[dict[str, object]]:
    """The state after each event, as `as_of` gives it by number."""
    found = [
        await as_of(played.desk, play.stream, str(seq), by="a-1")
        for seq in range(1, len(play.sealed) + 1)
    ]
    return [thin(each.state) for each in found]


async def test_each_moment_is_what_the_dialogue_was_then(
    database: str, tmp_path: Path
) -> None:
    """By number, by time and by checkpoint the same state, with its event and hash."""
    async with town(database, tmp_path) as played:
        play = await played.dialogue()
        size = await played.seal()
        await played.pauses(play)
        by_seq = await as_of(played.desk, play.stream, "4", by="a-1")
        by_size = await as_of(played.desk, play.stream, f"checkpoint:{size}", by="a-1")
        then = (START + timedelta(minutes=4)).isoformat()
        by_time = await as_of(played.desk, play.stream, then, by="a-1")
        states = await told(played, play)
    assert [s["version"] for s in states] == [1, 2, 3, 4, 5]
    assert by_seq.hash == by_size.hash == by_time.hash == play.sealed[3].hash
    assert by_seq.state == by_size.state == by_time.state
    assert (by_seq.state.status, states[-1]["status"]) == ("running", "paused")


async def test_a_moment_cites_the_first_checkpoint_that_covers_it(
    database: str, tmp_path: Path
) -> None:
    """Not a later one, unless that was asked for; none where nothing is sealed yet."""
    async with town(database, tmp_path) as played:
        play = await played.dialogue()
        first = await played.seal()
        await played.pauses(play)
        unsealed = await as_of(played.desk, play.stream, "5", by="a-1")
        second = await played.seal(publish=True)
        early = await as_of(played.desk, play.stream, "4", by="a-1")
        late = await as_of(played.desk, play.stream, "5", by="a-1")
        asked = await as_of(played.desk, play.stream, f"checkpoint:{second}", by="a-1")
    assert unsealed.document["checkpoint"] is None
    assert early.covered is not None
    assert early.covered.checkpoint.size == first
    cited = late.document["checkpoint"]
    assert (cited["size"], cited["published"]) == (second, True)
    assert cited["origin"] == "polder/waterdam"
    assert asked.document["checkpoint"] == cited
    assert asked.seq == 5


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ("6", NotFound),
        ("2026-11-20", NotFound),
        ("checkpoint:999", NotFound),
        ("yesterday", DeskError),
    ],
)
async def test_a_moment_that_is_none_is_refused(
    database: str, tmp_path: Path, asked: str, error: type[DeskError]
) -> None:
    """An event that is not there, a day before the start, no checkpoint, no moment."""
    async with town(database, tmp_path) as played:
        play = await played.dialogue()
        await played.seal()
        with pytest.raises(error):
            await as_of(played.desk, play.stream, asked, by="a-1")
        assert await reads(played.desk) == []


@pytest.mark.parametrize("change", [OTHER_BYTES, OTHER_SEAL])
async def test_nothing_is_answered_from_a_changed_record(
    database: str, tmp_path: Path, change: str
) -> None:
    """The chain is followed over the bytes, to what was sealed."""
    async with town(database, tmp_path) as played:
        play = await played.dialogue()
        await played.seal()
        await as_of(played.desk, play.stream, "4", by="a-1")
        await plant(database, change)
        with pytest.raises(Refused, match="not what was"):
            await as_of(played.desk, play.stream, "4", by="a-1")


async def test_two_moments_differ_in_exactly_what_happened(
    database: str, tmp_path: Path
) -> None:
    """Each property by its place, with what it was and became; backwards as well."""
    async with town(database, tmp_path) as played:
        play = await played.dialogue()
        await played.seal()
        await played.pauses(play)
        there = await diff(played.desk, play.stream, "4", by="a-1")
        back = await diff(played.desk, play.stream, "5", "4", by="a-1")
        same = await diff(played.desk, play.stream, "5", "2026-12-24", by="a-1")
    changed = {c.pointer: (c.before, c.after) for c in there.changes}
    assert changed.pop("/version") == (4, 5)
    assert changed.pop("/status") == ("running", "paused")
    assert changed.pop("/paused_at")[0] is None
    assert changed == {}
    assert {c.pointer: (c.after, c.before) for c in back.changes} == {
        c.pointer: (c.before, c.after) for c in there.changes
    }
    assert same.changes == []


async def test_every_answer_was_logged_before_it_was_given(
    database: str, tmp_path: Path
) -> None:
    """Who, what, of what, within which checkpoint and over how many events."""
    async with town(database, tmp_path) as played:
        play = await played.dialogue()
        size = await played.seal()
        await as_of(played.desk, play.stream, "3", by="a-1")
        await diff(played.desk, play.stream, "1", "4", by="a-2")
        newest, oldest = await reads(played.desk)
        only = await reads(played.desk, who="a-1", target=play.stream)
    assert newest[2:] == (
        "a-2",
        "diff",
        play.stream,
        {"from": "1", "to": "4"},
        size,
        4,
        False,
    )
    assert oldest[2:] == ("a-1", "as-of", play.stream, {"moment": "3"}, size, 3, False)
    assert only == [oldest]
    assert oldest.at <= newest.at


async def test_where_the_read_cannot_be_logged_nothing_is_answered(
    database: str, tmp_path: Path
) -> None:
    """A log of reads that somebody took away silences the reader, not the log."""
    async with town(database, tmp_path) as played:
        play = await played.dialogue()
        await plant(database, "REVOKE INSERT ON audit.read_log FROM polder_writer")
        with pytest.raises(psycopg.Error, match="read_log"):
            await as_of(played.desk, play.stream, "3", by="a-1")


async def test_the_log_of_reads_takes_nothing_back(
    database: str, tmp_path: Path
) -> None:
    """Not for the role that writes it, nor with another moment than the database's."""
    async with town(database, tmp_path) as played:
        play = await played.dialogue()
        await as_of(played.desk, play.stream, "1", by="a-1")
        for attempt in (
            "UPDATE audit.read_log SET who = 'x'",
            "DELETE FROM audit.read_log",
            BACKDATED,
        ):
            async with played.desk.pool.connection() as conn:
                with pytest.raises(psycopg.Error, match="permission denied"):
                    await conn.execute(attempt.encode())
    async with await psycopg.AsyncConnection.connect(database) as conn:
        with pytest.raises(psycopg.Error, match="only added to"):
            await conn.execute("DELETE FROM audit.read_log")
