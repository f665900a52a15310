"""What is taken out of the record is sealed, checked, counted and on record itself."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest

from desk.desk import Desk
from desk.errors import DeskError, NotFound, Refused
from desk.exporting import Format, export, rank, sample
from desk.questions import Question
from desk.reads import reads
from evidence.canonical import JsonValue
from exports.formats import FORMATS
from exports.provenance import SIDECAR, vouches
from storage.past import checkpoint
from tests.desk.sealed import DIRECTOR_READS, WHY, Town, question, town
from tests.storage.planting import plant

PARK = "gemeente-waterdam:parkzicht"
OTHER = "gemeente-elders:plein"
QUICK: dict[str, Any] = {"clock": {"day_ms": 1000}}
LATE: dict[str, Any] = {"late": True}
ON_TIME: dict[str, Any] = {"late": False}


@pytest.fixture
async def played(database: str, tmp_path: Path) -> AsyncGenerator[Town]:
    """A record with two dialogues, sealed."""
    async with town(database, tmp_path) as made:
        await made.dialogue()
        told = (("response_recorded", LATE), ("response_recorded", ON_TIME))
        await made.tells(OTHER, ("dialogue_started", QUICK), *told)
        await made.seal(publish=True)
        yield made


async def lines(
    desk: Desk, asked: Question, path: Path, form: Format = "jsonl"
) -> list[dict[str, Any]]:
    """Export as JSON Lines; return them all, the provenance last."""
    await export(desk, asked, form, str(path))
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


async def places(played: Town, asked: Question, path: Path) -> list[tuple[str, int]]:
    """Export, and return stream and seq of what came out."""
    *rows, _ = await lines(played.desk, asked, path)
    return [(row["event"]["stream"], row["event"]["seq"]) for row in rows]


async def test_the_whole_log_comes_out_in_its_own_order(
    played: Town, tmp_path: Path
) -> None:
    """Every leaf, Polder's own stream too, and the block says how many of what."""
    *rows, last = await lines(played.desk, question(), tmp_path / "x.jsonl")
    block = last["provenance"]
    assert [row["leaf_index"] for row in rows] == list(range(len(rows)))
    assert block["rows"] == len(rows) == block["checkpoint"]["size"]
    assert rows[-1]["event"]["type"] == "census_taken"
    assert block["totals"]["response_recorded"] == 2
    at = await checkpoint(played.desk.pool)
    assert at is not None
    assert block["checkpoint"]["origin"] == at.origin == "polder/waterdam"


async def test_each_filter_leaves_exactly_what_it_says(
    played: Town, tmp_path: Path
) -> None:
    """By stream, organisation, type, actor, mandate, period and lateness."""
    path = tmp_path / "x.jsonl"
    mine = [(PARK, seq) for seq in (1, 2, 3, 4)]
    assert await places(played, question(PARK), path) == mine
    assert (
        await places(played, question(organisation="gemeente-waterdam"), path) == mine
    )
    assert await places(played, question(organisation="gemeente"), path) == []
    wanted = question(types=["items_waived", "step_started"])
    assert await places(played, wanted, path) == [mine[1], mine[3]]
    assert await places(played, question(actors=["p-2"]), path) == [(OTHER, 2)]
    under = question(mandate="org:waterdam/3")
    assert await places(played, under, path) == [(OTHER, 3)]
    then = datetime(2026, 11, 23, 9, 2, tzinfo=UTC)
    upto = datetime(2026, 11, 23, 9, 4, tzinfo=UTC)
    period = question(since=then, until=upto)
    assert await places(played, period, path) == [mine[1], mine[2]]
    assert await places(played, question(OTHER, late=True), path) == [(OTHER, 2)]


async def test_recorded_long_after_it_happened_is_late_but_not_by_a_demo_clock(
    played: Town, tmp_path: Path
) -> None:
    """A clock that runs a day in a second says nothing about recording."""
    path = tmp_path / "x.jsonl"
    plain = "gemeente-elders:straat"
    await played.tells(plain, ("note_taken", {}), ("note_taken", {}))
    await played.seal()
    late = question(organisation="gemeente-elders", late=True)
    assert await places(played, late, path) == [(OTHER, 2), (plain, 1)]


@pytest.mark.parametrize("form", FORMATS)
async def test_the_same_question_has_the_same_answer_later(
    played: Town, tmp_path: Path, form: Format
) -> None:
    """Byte for byte, though the log has grown: the checkpoint is the moment."""
    first, second = tmp_path / "1" / "x", tmp_path / "2" / "x"
    for path in (first, second):
        path.parent.mkdir()
    made = await export(played.desk, question(), form, str(first))
    await played.dialogue("aardlaan")
    await played.seal()
    size = made.block["checkpoint"]["size"]
    await export(played.desk, question(size=size), form, str(second))
    assert first.read_bytes() == second.read_bytes()
    assert made.sidecar.read_bytes() == (tmp_path / "2" / f"x{SIDECAR}").read_bytes()
    assert vouches(first)
    assert sorted(path.name for path in first.parent.iterdir()) == ["x", f"x{SIDECAR}"]


async def test_what_is_not_sealed_does_not_come_along(
    played: Town, tmp_path: Path
) -> None:
    """And without any checkpoint nothing can be taken out."""
    path = tmp_path / "x.jsonl"
    await played.dialogue("aardlaan")
    assert await places(played, question("gemeente-waterdam:aardlaan"), path) == []


async def test_without_a_checkpoint_nothing_comes_out(
    database: str, tmp_path: Path
) -> None:
    """The answer says what would help."""
    async with town(database, tmp_path) as played:
        await played.dialogue()
        with pytest.raises(NotFound, match="Nothing is sealed yet"):
            await export(played.desk, question(), "csv", str(tmp_path / "x.csv"))
        assert await reads(played.desk) == []


async def test_an_event_that_was_changed_is_not_given_out(
    played: Town, database: str, tmp_path: Path
) -> None:
    """No file, no sidecar, and no line that says it was read."""
    await plant(
        database,
        "UPDATE audit.event SET body = convert_to(replace(convert_from(body, 'UTF8'),"
        f" 'p-1', 'p-9'), 'UTF8') WHERE stream = '{PARK}' AND seq = 2",
    )
    out = tmp_path / "out" / "x.csv"
    out.parent.mkdir()
    with pytest.raises(Refused, match="Event 2 of gemeente-waterdam:parkzicht"):
        await export(played.desk, question(PARK), "csv", str(out))
    assert list(out.parent.iterdir()) == []
    assert await reads(played.desk) == []


async def test_what_is_no_longer_on_record_is_counted(
    played: Town, database: str, tmp_path: Path
) -> None:
    """An export that lacks sealed events says how many, whatever it was asked for."""
    whole = await export(played.desk, question(), "csv", str(tmp_path / "x.csv"))
    assert whole.block["gone"] == 0
    where = f"stream = '{OTHER}' AND seq = 3"
    await plant(database, f"DELETE FROM audit.event WHERE {where}")
    rest = await export(played.desk, question(), "csv", str(tmp_path / "y.csv"))
    assert rest.block["rows"] == whole.block["rows"] - 1
    assert rest.block["gone"] == 1
    narrow = question(organisation="gemeente-elders", types=["note_taken"])
    assert (await sample(played.desk, narrow, 1)).gone == 1
    unharmed = await export(played.desk, question(PARK), "csv", str(tmp_path / "z.csv"))
    assert unharmed.block["gone"] == 0


async def test_private_texts_come_along_for_whoever_may_read_them(
    played: Town, tmp_path: Path
) -> None:
    """Not unasked, not for an auditor without the role, and on record as opened."""
    path = tmp_path / "x.jsonl"
    closed = await lines(played.desk, question(PARK), path)
    assert "niet" not in json.dumps(closed)
    assert "opened" not in closed[3]
    with pytest.raises(Refused, match="process_director"):
        await lines(played.desk, question(PARK, opened=True), path)
    director = question(PARK, DIRECTOR_READS, opened=True)
    rows = await lines(played.desk, director, path)
    assert rows[3]["opened"] == {"/reason": WHY}
    assert rows[2]["opened"] == {}
    told = [(read.who, read.opened, read.rows) for read in await reads(played.desk)]
    assert told == [("p-1", True, 4), ("a-1", False, 4)]


@pytest.mark.parametrize("form", FORMATS)
async def test_no_private_text_is_in_an_export_that_did_not_ask(
    played: Town, tmp_path: Path, form: Format
) -> None:
    """In no format, not in its sidecar either."""
    path = tmp_path / "x"
    await export(played.desk, question(), form, str(path))
    for file in (path, path.with_name(path.name + SIDECAR)):
        assert b"zaal" not in file.read_bytes()


async def test_what_was_erased_is_shown_as_erased(played: Town, tmp_path: Path) -> None:
    """From the erasure's own checkpoint on; opened texts are gone at once."""
    path, opened = tmp_path / "x.jsonl", tmp_path / "y.jsonl"
    before = (await checkpoint(played.desk.pool)) or pytest.fail("nothing sealed")
    play = await played.dialogue("erfweg")
    await played.erases(play, 4)
    async with played.desk.pool.connection() as conn:
        await conn.execute("RESET ROLE")
        await conn.execute("DELETE FROM vault.value WHERE stream = %s", [play.stream])
        await conn.execute("SET ROLE polder_writer")
    size = await played.seal()
    rows = await lines(played.desk, question(play.stream), path)
    assert rows[3]["erased"] == {"/reason": 5}
    assert rows[2]["erased"] == {}
    asked = question(play.stream, DIRECTOR_READS, opened=True)
    assert (await lines(played.desk, asked, opened))[3]["opened"] == {}
    only = question(organisation="gemeente-waterdam", erased=True)
    assert await places(played, only, path) == [(play.stream, 4)]
    earlier = only._replace(size=before.size)
    assert await places(played, earlier, path) == []
    assert size > before.size


async def test_the_block_names_the_command_that_asks_it_again(
    played: Town, tmp_path: Path
) -> None:
    """With the checkpoint's size, so that it asks of the same log."""
    asked = question(PARK, types=["step_started", "items_waived"], late=False)
    made = await export(played.desk, asked, "csv", str(tmp_path / "x.csv"))
    size = made.block["checkpoint"]["size"]
    assert made.block["query"] == (
        f"polder audit export {PARK} --type step_started --type items_waived"
        f" --checkpoint {size} --as a-1 --format csv"
    )


async def test_a_sample_can_be_drawn_again_from_the_lines_alone(
    played: Town, tmp_path: Path
) -> None:
    """By anyone with an export and the checkpoint's root: lowest SHA-256 first."""
    *rows, _ = await lines(played.desk, question(), tmp_path / "x.jsonl")
    drawn = await sample(played.desk, question(), 3)
    root = drawn.checkpoint.root

    def lot(row: dict[str, Any]) -> str:
        leaf = sha256(b"\0" + bytes.fromhex(row["hash"])).digest()
        return sha256(root + leaf).hexdigest()

    ranked = sorted(rows, key=lot)
    assert [row.document for _, row in drawn.rows] == ranked[:3]
    assert [mine for mine, _ in drawn.rows] == [lot(row) for row in ranked[:3]]
    assert lot(ranked[0]) == rank(root, ranked[0]["hash"])
    again = await sample(played.desk, question(size=drawn.checkpoint.size), 3)
    assert again.rows == drawn.rows


async def test_another_checkpoint_draws_other_events(played: Town) -> None:
    """The seed is the root, so nobody knows the sample before it is sealed."""
    seen: set[str] = set()
    for slug in ("aa", "bb", "cc", "dd", "ee"):
        await played.dialogue(slug)
        await played.seal()
        drawn = await sample(played.desk, question(PARK), 4)
        assert sorted(row.members["seq"] for _, row in drawn.rows) == [1, 2, 3, 4]
        seen.add(",".join(str(row.members["seq"]) for _, row in drawn.rows))
    assert len(seen) > 1


async def test_a_sample_keeps_to_its_filters(played: Town) -> None:
    """And is no larger than what there is."""
    drawn = await sample(played.desk, question(types=["response_recorded"]), 100)
    assert sorted(row.members["seq"] for _, row in drawn.rows) == [2, 3]
    (read,) = await reads(played.desk)
    assert (read.what, read.target, read.rows) == ("sample", "*", 2)
    assert read.filters == {"type": ["response_recorded"], "size": 100}


async def test_a_file_that_cannot_be_written_is_said_to_be(
    played: Town, tmp_path: Path
) -> None:
    """With the reason; nothing was read then."""
    with pytest.raises(DeskError, match="can't be written: No such file"):
        await export(played.desk, question(), "csv", str(tmp_path / "no" / "x.csv"))
    assert await reads(played.desk) == []


async def test_more_than_one_page_is_read(database: str, tmp_path: Path) -> None:
    """Nothing is lost or doubled between pages."""
    async with town(database, tmp_path) as played:
        noted: list[dict[str, JsonValue]] = [{"n": n} for n in range(90)]
        many = [("note_taken", each) for each in noted]
        for each in range(12):
            await played.tells(f"gemeente-elders:straat-{each}", *many)
        await played.seal()
        found = await places(played, question(), tmp_path / "x.jsonl")
    assert len(found) == len(set(found)) == 12 * 90


async def test_an_auditors_role_may_log_its_reads(database: str) -> None:
    """And read the log of them, and nothing of the vault."""
    async with await psycopg.AsyncConnection.connect(database) as conn:
        await conn.execute("SET ROLE polder_reader")
        await conn.execute(
            "INSERT INTO audit.read_log (who, what, target, filters, rows, opened)"
            " VALUES ('a-1', 'export', '*', '{}', 1, false)"
        )
        cursor = await conn.execute("SELECT who FROM audit.read_log")
        assert await cursor.fetchall() == [("a-1",)]
