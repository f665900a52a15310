"""An erasure that nobody decided on is found, and so is one that did something else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from desk.executing import digest_of
from storage import erasing
from storage.erasing import Made, Part
from storage.keys import Keys
from storage.ownlog import append
from storage.pool import Pool
from storage.record import head
from tests.storage.planting import plant
from tests.storage.test_erasing import (
    ACTOR,
    HOUSE,
    ORGANISATION,
    Case,
    granted,
    named,
)


async def carried_out(pool: Pool, keys: Keys) -> Case:
    """Erase p-9 from one dialogue."""
    case = Case(pool, keys)
    await case.begins()
    job = await granted(pool, keys)
    await erasing.prepare(pool, job)
    for part in await erasing.parts(pool, job=job):
        await named(pool, part)
    return case


async def executed(pool: Pool, digest: str) -> None:
    """Say that it was executed."""
    data: dict[str, Any] = {"erasure": "e1", "events_hash": digest}
    await append(pool, HOUSE, "erasure_executed", data, cause="done", actor=ACTOR)


async def said(
    pool: Pool, name: str, found: Sequence[Made], **other: int | str
) -> None:
    """Say in full that an erasure made these events."""
    data: dict[str, Any] = {
        "erasure": name,
        "events": len(found),
        "dialogues": len({one.stream for one in found} - {HOUSE}),
        "events_hash": digest_of(found),
    }
    cause = f"done-{name}"
    await append(
        pool, HOUSE, "erasure_executed", data | other, cause=cause, actor=ACTOR
    )


async def goes(pool: Pool, url: str, case: Case) -> None:
    """Take a dossier away, as its organisation says it was."""
    last = case.play.sealed[-1]
    stream = case.play.stream
    async with pool.connection() as conn:
        now = await head(conn, stream)
    assert now is not None
    assert now.seq > last.seq
    data = {"stream": stream, "seq": now.seq, "hash": now.head, "term": 1}
    await append(pool, HOUSE, "dossier_destroyed", data, cause=f"gone-{stream}")
    await plant(
        url,
        f"DELETE FROM audit.event WHERE stream = '{stream}'",
        f"DELETE FROM vault.value WHERE stream = '{stream}'",
    )


async def other_events(case: Case) -> list[str]:
    """Give the findings about erasures that made other events than they say."""
    return [one for one in await case.findings() if "other events than it" in one]


async def test_an_erasure_without_a_decision_is_found(
    pool: Pool, keys: Keys, url: str
) -> None:
    """An owner who deletes a value and writes an event about it is found as well."""
    case = Case(pool, keys)
    await case.begins()
    await plant(url, "DELETE FROM vault.value WHERE subject = 'p-9'")
    stream = case.play.stream
    await named(pool, Part(stream, "c-77", ((2, "/name"),)))
    await named(pool, Part(stream, "polder:erased:nobody:2.0", ((2, "/address"),)))
    found = await case.findings()
    assert len(found) == 2
    assert all("no decision on record says so" in one for one in found)


async def test_an_erasure_of_what_never_was_is_found(pool: Pool, keys: Keys) -> None:
    """A field that is not private, an event that is not there, or comes later."""
    case = await carried_out(pool, keys)
    stream = case.play.stream
    paths = ((1, "/title"), (2, "/reason"), (4, "/name"), (400, "/name"))
    await named(pool, Part(stream, "polder:erased:e1:1.00000000", paths))
    found = [f for f in await case.findings() if "no such field" in f]
    assert len(found) == len(paths)


async def test_an_execution_is_held_to_what_dialogues_say(
    pool: Pool, keys: Keys
) -> None:
    """Its digest is that of the events, and of no others."""
    case = await carried_out(pool, keys)
    made = await erasing.made(pool, ORGANISATION, "polder:erased:e1:")
    assert [one.fields for one in made] == [2, 1]
    await executed(pool, digest_of(made))
    assert await case.findings() == []
    await named(
        pool, Part(case.play.stream, "polder:erased:e1:9.00000000", ((3, "/name"),))
    )
    found = await case.findings()
    assert any("other events than it says" in one for one in found)


async def test_a_dossier_that_went_excuses_what_was_in_it(
    pool: Pool, keys: Keys, url: str
) -> None:
    """What touched it is held to its counts, and what did not is held to the event."""
    cases = [Case(pool, keys, slug) for slug in ("parkzicht", "dijk")]
    for case in cases:
        await case.begins()
    job = await granted(pool, keys)
    await erasing.prepare(pool, job)
    for part in await erasing.parts(pool, job=job):
        await named(pool, part)
    made = await erasing.made(pool, ORGANISATION, "polder:erased:e1:")
    assert len(made) == 3
    await said(pool, "e1", made)
    assert await other_events(cases[0]) == []
    await goes(pool, url, cases[0])
    assert await other_events(cases[0]) == []
    # Nothing is decided or done after this but what a forger says.
    await said(pool, "after", made)
    assert len(await other_events(cases[0])) == 1


@pytest.mark.parametrize(
    ("other", "findings"),
    [
        ({}, 0),
        ({"events": 2}, 1),
        ({"events": 2, "dialogues": 1}, 1),
        ({"dialogues": 1}, 1),
        ({"dialogues": 3, "events": 4}, 1),
    ],
)
async def test_no_more_is_excused_than_can_have_gone(
    pool: Pool, keys: Keys, url: str, other: dict[str, int], findings: int
) -> None:
    """What is lacking is as many dialogues as went, each with an event or more."""
    cases = [Case(pool, keys, slug) for slug in ("parkzicht", "dijk")]
    for case in cases:
        await case.begins()
    job = await granted(pool, keys)
    await erasing.prepare(pool, job)
    for part in await erasing.parts(pool, job=job):
        await named(pool, part)
    made = await erasing.made(pool, ORGANISATION, "polder:erased:e1:")
    await said(pool, "e1", made, **other)
    await goes(pool, url, cases[0])
    assert len(await other_events(cases[0])) == findings


async def test_a_vault_that_was_put_back_is_found(
    pool: Pool, keys: Keys, url: str
) -> None:
    """A value that is there for an erased field, from an older copy, is a finding."""
    case = Case(pool, keys)
    await case.begins()
    async with pool.connection() as conn:
        query = b"SELECT v::text FROM vault.value v WHERE subject = 'p-9'"
        rows = [row[0] for row in await (await conn.execute(query)).fetchall()]
    job = await granted(pool, keys)
    await erasing.prepare(pool, job)
    for part in await erasing.parts(pool, job=job):
        await named(pool, part)
    assert await case.findings() == []
    for row in rows:
        literal = row.replace("'", "''")
        await plant(url, f"INSERT INTO vault.value SELECT ('{literal}'::vault.value).*")
    found = await case.findings()
    assert len(found) == len(rows)
    assert all("was erased, and is still in the vault" in one for one in found)


async def test_a_body_that_can_t_be_read_stops_nothing(
    pool: Pool, keys: Keys, url: str
) -> None:
    """It is found as what it is, and the rest is checked as well."""
    case = await carried_out(pool, keys)
    await plant(
        url,
        "UPDATE audit.event SET body = 'no json' WHERE type = 'personal_data_erased'",
        "UPDATE audit.event SET body = '{\"data\":[]}' WHERE type = 'erasure_decided'",
    )
    found = await case.findings()
    assert any("canonical" in one or "malformed" in one for one in found)
