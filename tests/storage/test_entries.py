"""Lists: what people look up follows the record row by row, and can be made again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from random import Random
from typing import Any

import pytest
import pytest_asyncio

from domain.commands import AssignRole, CompleteItems, ReleaseRole
from domain.entry import Entry
from storage.lists import Lists
from storage.migrate import migrate
from storage.pool import Connection, Pool, connect
from storage.projecting import Projections
from storage.projection import FORM
from storage.queries import EntryRow, entries, entry_counts
from storage.rebuild import rebuild
from storage.record import append
from storage.verify import verify_all
from tests.storage.dialogues import Play
from tests.storage.planting import plant


@pytest_asyncio.fixture
async def conn(url: str) -> AsyncIterator[Connection]:
    """Give a connection of the writer's."""
    async with await connect(url) as opened:
        yield opened


async def rows_of(conn: Connection, stream: str) -> dict[tuple[str, str], Any]:
    """Give all rows of a stream: seq and data by kind and id."""
    query = "SELECT kind, id, seq, data FROM read.entry WHERE stream = %s"
    cursor = await conn.execute(query, [stream])
    return {
        (kind, name): (seq, data) for kind, name, seq, data in await cursor.fetchall()
    }


async def joined(pool: Pool, slug: str = "parkzicht") -> Play:
    """Put a dialogue on record in which one party joined and another left."""
    play, projections = Play(slug), Projections()
    await append(pool, play.batch(play.starts()), projections)
    new = play.does(AssignRole(role="sounding_board", actor="p-9"))
    new += play.does(ReleaseRole(role="sounding_board", actor="p-2"))
    await append(pool, play.batch(new), projections)
    return play


def names(rows: tuple[EntryRow, ...]) -> list[str]:
    """Give the ids of rows."""
    return [row.id for row in rows]


async def test_a_row_is_there_with_its_event(pool: Pool) -> None:
    """After an append the lists hold what its events say, in their order."""
    play = await joined(pool)
    found = await entries(pool, play.stream, "role")
    assert names(found) == [
        "process_director:p-1",
        "sounding_board:p-2",
        "sounding_board:p-3",
        "sounding_board:p-9",
    ]
    assert [row.seq for row in found] == [1, 1, 1, 2]
    assert [row.data["until"] is None for row in found] == [True, False, True, True]
    assert await entry_counts(pool, play.stream) == {"role": 4}


async def test_a_list_can_be_read_by_pages(pool: Pool) -> None:
    """What comes after a row is all the rest, rows of one event told apart by id."""
    play = await joined(pool)
    whole = await entries(pool, play.stream, "role")
    paged: tuple[EntryRow, ...] = ()
    while True:
        after = (paged[-1].seq, paged[-1].id) if paged else (0, "")
        page = await entries(pool, play.stream, "role", after=after, limit=1)
        if not page:
            break
        paged += page
    assert paged == whole


async def test_an_event_without_entries_leaves_the_lists(pool: Pool) -> None:
    """A completion changes no list."""
    play = await joined(pool)
    before = await entries(pool, play.stream, "role")
    new = play.does(CompleteItems(items=("opdracht.waartoe",)))
    await append(pool, play.batch(new), Projections())
    assert await entries(pool, play.stream, "role") == before


@pytest.mark.parametrize("seed", range(8))
async def test_patches_give_the_same_rows_in_whatever_batches(
    pool: Pool, seed: int
) -> None:
    """A batch of changes leaves what the changes leave one by one."""
    chance = Random(seed)
    changes = [_change(chance, seq) for seq in range(2, 42)]
    cuts = sorted(chance.sample(range(len(changes)), 5))
    async with pool.connection() as conn:
        for stream, ends in (("a:one", range(1, 41)), ("a:many", [*cuts, 40])):
            begin = 0
            for end in ends:
                lists = Lists()
                for seq, entry in changes[begin:end]:
                    lists.patch(seq, entry)
                begin = end
                written = lists.written()
                if written is not None:
                    await conn.execute("SELECT read.list(%s, %s)", [stream, written])
        one, many = await rows_of(conn, "a:one"), await rows_of(conn, "a:many")
    assert one == many == _folded(changes)


def _change(chance: Random, seq: int) -> tuple[int, Entry]:
    name = chance.choice("abc")
    members = {
        m: chance.choice([seq, None, {"x": seq}]) for m in chance.sample("uvw", 2)
    }
    return seq, Entry("fact", name, None if chance.random() < 0.3 else members)


def _folded(changes: list[tuple[int, Entry]]) -> dict[tuple[str, str], Any]:
    rows: dict[tuple[str, str], Any] = {}
    for seq, (kind, name, data) in changes:
        if data is None:
            rows.pop((kind, name), None)
        else:
            first, held = rows.get((kind, name), (seq, {}))
            rows[kind, name] = (first, {**held, **data})
    return rows


CHANGES = [
    "DELETE FROM read.entry WHERE id = 'sounding_board:p-9'",
    "UPDATE read.entry SET data = data || '{\"until\": null}'",
    "UPDATE read.entry SET seq = seq + 1",
    "INSERT INTO read.entry SELECT stream, 'fact', 'x', 1, '{}' FROM read.dialogue",
]


@pytest.mark.parametrize("change", CHANGES)
async def test_a_changed_list_is_found_and_made_again(
    url: str, pool: Pool, conn: Connection, change: str
) -> None:
    """Verification names the list that is not what the events make it."""
    play = await joined(pool)
    before = await entries(pool, play.stream, "role")
    assert (await verify_all(conn)).sound
    await plant(url, change)
    (finding,) = (await verify_all(conn)).findings
    assert (finding.stream, finding.check) == (play.stream, "projection")
    assert finding.detail.startswith("list of ")
    assert len((await rebuild(conn)).differences) == 1
    assert (await verify_all(conn)).sound
    assert await entries(pool, play.stream, "role") == before


async def test_lists_of_no_dialogue_are_found(
    url: str, pool: Pool, conn: Connection
) -> None:
    """Rows of a stream that is not on record are named, and a rebuild drops them."""
    await plant(url, "INSERT INTO read.entry VALUES ('a:b', 'fact', 'x', 1, '{}')")
    assert {f.stream for f in (await verify_all(conn)).findings} == {"a:b"}
    await rebuild(conn)
    assert (await verify_all(conn)).sound


async def test_a_record_from_before_is_made_anew_by_migrating(
    url: str, pool: Pool, conn: Connection
) -> None:
    """Dialogues without lists, laid out by an older program, verify once migrated."""
    play, other = await joined(pool), await joined(pool, "aardlaan")
    before = await entries(pool, play.stream, "role")
    await plant(
        url,
        "DELETE FROM read.entry",
        "UPDATE read.dialogue SET form = 1, state = state - 'signals'",
    )
    assert not (await verify_all(conn)).sound
    await asyncio.to_thread(migrate, url)
    assert (await verify_all(conn)).sound
    assert await entries(pool, play.stream, "role") == before
    assert await entries(pool, other.stream, "role") == before


async def test_the_next_event_makes_an_old_form_anew(url: str, pool: Pool) -> None:
    """A worker that meets a row of an older program folds the dialogue again."""
    play = await joined(pool)
    before = await entries(pool, play.stream, "role")
    await plant(url, "DELETE FROM read.entry", "UPDATE read.dialogue SET form = 1")
    new = play.does(CompleteItems(items=("opdracht.waartoe",)))
    await append(pool, play.batch(new), Projections())
    assert await entries(pool, play.stream, "role") == before
    async with pool.connection() as conn:
        row = await (await conn.execute("SELECT form FROM read.dialogue")).fetchone()
    assert row == (FORM,)
