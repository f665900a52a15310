"""What dialogues ask: kept row by row with the record, and known at every moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from domain.advice import next_acts
from domain.asked import ANYBODY, asked
from domain.asks import urgency
from domain.commands import (
    COMMANDS,
    AnyCommand,
    AssignRole,
    NoteSignal,
    PauseDialogue,
    RecordResponse,
    ReleaseRole,
    ResumeDialogue,
)
from domain.state import Dialogue
from storage.migrate import migrate
from storage.needs import read_ask
from storage.pool import Connection, Pool, connect
from storage.projecting import Projections
from storage.rebuild import rebuild
from storage.record import append
from storage.verify import verify_all
from storage.waiting import After, WaitingRow, counts, page
from tests.desk.listed import holds
from tests.storage.dialogues import START, Play
from tests.storage.planting import plant

SAID: Any = {"commitment": "5a" * 32}
ALL = list(range(100))
WINDOW = "oogst.concept-klankbordgroep"


@pytest_asyncio.fixture
async def conn(url: str) -> AsyncIterator[Connection]:
    """Give a connection of the writer's."""
    async with await connect(url) as opened:
        yield opened


async def does(
    pool: Pool, play: Play, projections: Projections, *commands: AnyCommand
) -> None:
    """Put commands on record, each in a batch of its own."""
    for command in commands:
        await append(pool, play.batch(play.does(command)), projections)


async def asking(pool: Pool, slug: str = "parkzicht") -> tuple[Play, Projections]:
    """Put a dialogue on record that asks its sounding board for something."""
    play, projections = Play(slug), Projections()
    await append(pool, play.batch(play.starts()), projections)
    while not state_of(play).open_windows():
        act = next(next_acts(state_of(play)))
        play.does(COMMANDS[act.kind].model_validate(act.body))
    await append(pool, play.batch(play.sealed[1:]), projections)
    return play, projections


def state_of(play: Play) -> Dialogue:
    """Give the state of a dialogue that was started."""
    assert play.state is not None
    return play.state


async def rows(conn: Connection) -> dict[str, dict[tuple[str, ...], str]]:
    """Give which transaction wrote each row, by table and by key."""
    found: dict[str, dict[tuple[str, ...], str]] = {}
    for table, key in (("need", "kind, id"), ("need_for", "party, kind, id")):
        query = f"SELECT xmin::text, {key} FROM read.{table}"
        cursor = await conn.execute(query.encode())
        found[table] = {tuple(k): xmin for xmin, *k in await cursor.fetchall()}
    return found


def changed(
    before: dict[str, dict[tuple[str, ...], str]],
    after: dict[str, dict[tuple[str, ...], str]],
) -> dict[str, set[tuple[str, ...]]]:
    """Give the rows that were written, or that are no more."""
    return {
        table: {
            key
            for key in before[table] | after[table]
            if before[table].get(key) != after[table].get(key)
        }
        for table in before
    }


async def test_what_changes_nothing_writes_nothing(
    pool: Pool, conn: Connection
) -> None:
    """A note of another system leaves every row of needs as it was."""
    play, projections = await asking(pool)
    before = await rows(conn)
    await does(pool, play, projections, NoteSignal(source="zaak", type="x"))
    assert changed(before, await rows(conn)) == {"need": set(), "need_for": set()}


async def test_only_what_changed_is_written(pool: Pool, conn: Connection) -> None:
    """Who responds is asked no more; of the others not a row is touched."""
    play, projections = await asking(pool)
    before = await rows(conn)
    said = RecordResponse(window=WINDOW, respondent="p-2", response=SAID)
    await does(pool, play, projections, said)
    assert changed(before, await rows(conn)) == {
        "need": set(),
        "need_for": {("p-2", "respond", WINDOW)},
    }


async def test_a_worker_that_knows_nothing_writes_no_more(
    pool: Pool, conn: Connection
) -> None:
    """After a restart it is the row of the dialogue that says what was there."""
    play, _ = await asking(pool)
    before = await rows(conn)
    new = AssignRole(role="client", actor="c-1")
    await append(pool, play.batch(play.does(new)), Projections())
    differing = changed(before, await rows(conn))
    assert (
        differing["need"] == {("go_on", "1")} - {*before["need"]}
        or not differing["need"]
    )
    assert {key[0] for key in differing["need_for"]} <= {"c-1"}


async def test_a_pause_takes_what_a_window_asks_and_gives_it_again(
    pool: Pool,
) -> None:
    """Nobody is asked to respond in a window that stands still."""
    play, projections = await asking(pool)
    now = START + timedelta(days=1)
    assert await counts(pool, "p-2", now) == {urgency("respond"): 1}
    await does(pool, play, projections, PauseDialogue(reason=SAID))
    assert await counts(pool, "p-2", now) == {}
    assert urgency("paused") in await counts(pool, "p-1", now)
    await does(pool, play, projections, ResumeDialogue())
    assert await counts(pool, "p-2", now) == {urgency("respond"): 1}


async def test_who_loses_a_role_is_asked_nothing(pool: Pool) -> None:
    """And who gets it is asked the same."""
    play, projections = await asking(pool)
    lost = ReleaseRole(role="process_director", actor="p-1")
    got = AssignRole(role="process_director", actor="p-9")
    before = await counts(pool, "p-1", START)
    await does(pool, play, projections, got, lost)
    assert await counts(pool, "p-1", START) == {}
    assert await counts(pool, "p-9", START) == before


MOMENTS = [timedelta(days=days) for days in (0, 7, 9, 15, 90, 100)]


@pytest.mark.parametrize("later", MOMENTS, ids=lambda moment: f"{moment.days} days")
async def test_at_every_moment_there_is_what_the_state_asks_then(
    pool: Pool, later: timedelta
) -> None:
    """With nothing written since: what is asked begins and ends by itself."""
    play, _ = await asking(pool)
    now, whole = START + later, asked(state_of(play))
    for party in (ANYBODY, "p-1", "p-2"):
        found = await page(pool, party, now, ALL, limit=100)
        expected = {
            (kind, name)
            for who, kind, name in whole.of
            if who == party and holds(whole.asks[kind, name], now)
        }
        assert {(row.kind, row.id) for row in found} == expected
        assert [row.urgency for row in found] == sorted(r.urgency for r in found)
        assert await counts(pool, party, now) == {
            row.urgency: sum(r.urgency == row.urgency for r in found) for row in found
        }


async def test_a_row_says_all_that_is_told(pool: Pool) -> None:
    """What an ask names, its act and its days come back as they were."""
    play, _ = await asking(pool)
    whole = asked(state_of(play)).asks
    found = await page(pool, ANYBODY, START + timedelta(days=100), ALL, limit=100)
    for row in found:
        ask = read_ask(row.kind, row.id, row.target, row.data)
        untimed = whole[row.kind, row.id]._replace(since=None, until=None, place=0)
        assert ask == untimed
    (window,) = (row for row in found if row.kind == "window_overdue")
    assert list(window.silent) == ["p-2", "p-3"]
    assert {row.kind for row in found} == {"window_overdue", "deadline_passed", "go_on"}


async def paged(pool: Pool, limit: int, **only: Any) -> list[WaitingRow]:  # noqa: ANN401
    """Read all pages of a list."""
    found: list[WaitingRow] = []
    after: After | None = None
    while rows := await page(
        pool, ANYBODY, START, ALL, after=after, limit=limit, **only
    ):
        found += rows
        after = rows[-1].after
    return found


async def test_pages_together_are_the_list(pool: Pool) -> None:
    """In its order, whatever the size of a page; and that of one organisation."""
    for slug in ("parkzicht", "aardlaan", "weg"):
        await asking(pool, slug)
    whole = await paged(pool, 100)
    assert len({row.stream for row in whole}) == 3
    for limit in (1, 2, 5):
        assert await paged(pool, limit) == whole
    assert await paged(pool, 2, organisation="gemeente-waterdam") == whole
    assert await paged(pool, 2, organisation="elders") == []


CHANGES = [
    "DELETE FROM read.need WHERE kind = 'silent'",
    "UPDATE read.need SET data = data || '{\"more\": 3}'",
    "DELETE FROM read.need_for WHERE party = 'p-2'",
    "UPDATE read.need_for SET hides_at = 'infinity' WHERE kind = 'respond'",
    "UPDATE read.need_for SET organisation = 'elders' WHERE party = ''",
    "UPDATE read.dialogue SET clock = '{}'",
]


@pytest.mark.parametrize("change", CHANGES)
async def test_a_changed_need_is_found_and_made_again(
    url: str, pool: Pool, conn: Connection, change: str
) -> None:
    """Verification names it, and a rebuild puts it right."""
    play, _ = await asking(pool)
    before = await paged(pool, 100)
    assert (await verify_all(conn)).sound
    await plant(url, change)
    found = (await verify_all(conn)).findings
    assert {(f.stream, f.check) for f in found} == {(play.stream, "projection")}
    assert (await rebuild(conn)).differences
    assert (await verify_all(conn)).sound
    assert await paged(pool, 100) == before


async def test_needs_of_no_dialogue_are_found(
    url: str, pool: Pool, conn: Connection
) -> None:
    """Rows of a stream that is not on record are named, and a rebuild drops them."""
    del pool
    await plant(url, "INSERT INTO read.need VALUES ('a:b', 'silent', 'x', 'x', '{}')")
    assert {f.stream for f in (await verify_all(conn)).findings} == {"a:b"}
    await rebuild(conn)
    assert (await verify_all(conn)).sound


async def test_a_home_from_before_is_filled_by_migrating(
    url: str, pool: Pool, conn: Connection
) -> None:
    """Dialogues that an older program laid out have their needs once migrated."""
    for slug in ("parkzicht", "aardlaan"):
        await asking(pool, slug)
    before = await paged(pool, 100)
    await plant(
        url,
        "DELETE FROM read.need",
        "DELETE FROM read.need_for",
        "UPDATE read.dialogue SET form = 2, clock = NULL",
    )
    assert await paged(pool, 100) == []
    await asyncio.to_thread(migrate, url)
    assert (await verify_all(conn)).sound
    assert await paged(pool, 100) == before
