"""To silence somebody: a text can go by decision only, and what else goes is found."""

from __future__ import annotations

from typing import Any

import pytest

from storage.ownlog import New, append, append_many
from storage.pool import connect, make_pool
from storage.projecting import Projections
from storage.record import head
from tests.attacks.owner import (
    DOSSIER,
    change,
    count,
    drop,
    keys_come_back,
    lose_key,
    owning,
)
from tests.attacks.record import DIJK, ERASED, HOUSE, PARK, Record
from tests.storage.test_erasing import ACTOR

WAIVED = 4
"""The event that has a reason in the vault."""

OF_IT = f"stream = '{PARK}' AND command_id = 'waive-1'"
SILENCED = f"DELETE FROM vault.value WHERE {OF_IT}"


async def says_erased(record: Record, cause: str, stream: str = PARK) -> None:
    """Have an event say, as the owner, that the reason was erased."""
    paths: list[Any] = [[WAIVED, "/reason"]]
    async with make_pool(record.url) as pool:
        await append_many(
            pool,
            stream,
            [New("personal_data_erased", {"paths": paths})],
            cause=cause,
            projections=Projections(),
        )


async def says(record: Record, house: str, kind: str, **data: Any) -> None:  # noqa: ANN401
    """Have an organisation say something."""
    async with make_pool(record.url) as pool:
        await append(pool, house, kind, data, cause=f"f-{kind}", actor=ACTOR)


async def test_a_text_deleted_to_silence_somebody(record: Record) -> None:
    """Missing without an erasure; a pack for who may read all says so as well."""
    await change(record.url, SILENCED)
    assert await record.found() == {(PARK, WAIVED, "opening")}
    assert record.judged(await record.pack()) == (1, {"opening"})


async def test_a_text_that_was_erased_by_decision(record: Record) -> None:
    """Is no finding, in the record and in a pack."""
    query = f"SELECT count(*) FROM vault.value WHERE stream = '{DIJK}'"
    assert await count(record.url, query) == 2
    assert await record.found() == set()
    assert record.judged(await record.pack(DIJK)) == (0, set())


@pytest.mark.parametrize(
    "column",
    [
        "value = value || 'x'",
        "salt = sha256('x')",
        "subject = 'p-8'",
        "nonce = 'twelve bytes'",
        "key_id = gen_random_uuid()",
        "commitment = sha256('x')",
        "path = '/other'",
        "command_id = 'other'",
        "seq = 5",
        "status = 'pending', seq = NULL",
    ],
)
async def test_a_text_that_was_changed(record: Record, column: str) -> None:
    """Whatever is changed about it: it no longer opens what the event committed to."""
    await change(record.url, f"UPDATE vault.value SET {column} WHERE {OF_IT}")
    found = await record.found()
    # One that is said to belong to event 5 is found there.
    assert found == {(PARK, 5 if column == "seq = 5" else WAIVED, "opening")}


@pytest.mark.parametrize("noted", [None, "-1 hour", "1 year"])
async def test_a_key_deleted_without_an_erasure(
    record: Record, noted: str | None
) -> None:
    """Texts that nobody can read any more, whenever it is said that the key went."""
    async with keys_come_back(record.url):
        assert await lose_key(record.url, "p-1", noted=noted) == 1
        found = await record.found()
    assert found == {(PARK, WAIVED, "opening"), (PARK, 5, "opening")}


async def test_an_erasure_that_nobody_decided_on(record: Record) -> None:
    """An event that says it, from the owner's hand, has no decision behind it."""
    await change(record.url, SILENCED)
    await says_erased(record, "c-77")
    assert await record.found() == {(PARK, 9, "erasure")}


async def test_an_erasure_under_a_decision_about_another(record: Record) -> None:
    """Under the name of one that was granted: what that did is on record already."""
    await change(record.url, SILENCED)
    await says_erased(record, "polder:erased:e1:4.00000000")
    query = f"SELECT max(seq) FROM audit.event WHERE stream = '{HOUSE}'"
    executed = await count(record.url, query)
    assert await record.found() == {(HOUSE, executed, "erasure")}


async def test_an_erasure_with_a_decision_that_was_forged(record: Record) -> None:
    """Not found by the record alone: the house's stream then says who decided it.

    Whoever can write as the worker can write in anybody's name. It is sealed within a
    second, and for those named in it to deny.
    """
    await change(record.url, SILENCED)
    decided: dict[str, Any] = {"erasure": "f1", "granted": True, "ground": "objection"}
    await says(record, HOUSE, "erasure_decided", **decided)
    await says_erased(record, "polder:erased:f1:4.00000000")
    assert await record.found() == set()


async def test_a_text_said_to_have_never_come(record: Record) -> None:
    """Not found by the record alone; an older pack that opens it proves the contrary.

    In a dialogue that runs, reconcile finds the event: see test_reconcile.
    """
    before = await record.pack()
    await change(record.url, SILENCED)
    await says_erased(record, f"polder:missing:{WAIVED}")
    assert await record.found() == set()
    after = await record.pack()
    for pack in (before, after):
        assert record.judged(pack) == (0, set())
    assert b"De zaal was =niet= vrij" in before
    assert b"De zaal was =niet= vrij" not in after


async def test_a_value_put_back_that_was_erased(record: Record) -> None:
    """Somebody kept a copy of what had to go: it is there, and should not be."""
    await change(
        record.url,
        "INSERT INTO vault.value SELECT stream, 'assign-p-9', path, 'p-9', salt, value,"
        " (SELECT decode(convert_from(body, 'UTF8')::json -> 'private' ->> '/name',"
        f" 'hex') FROM audit.event WHERE stream = '{DIJK}' AND seq = 2), status, 2,"
        " created_at, key_id, nonce FROM vault.value WHERE stream ="
        f" '{DIJK}' AND path = '/name'",
    )
    assert await record.found() == {(DIJK, 2, "opening")}


async def test_an_erasure_deleted(record: Record) -> None:
    """The event that says what was erased is sealed like any other."""
    where = f"stream = '{DIJK}' AND seq = {ERASED}"
    await change(record.url, f"DELETE FROM audit.event WHERE {where}")
    found = await record.found()
    assert {(DIJK, ERASED, "leaf"), (DIJK, 2, "opening")} <= found


async def test_a_dossier_said_to_be_destroyed(record: Record) -> None:
    """Of one whose last events are not in the log, or at another head, it is found."""
    last = await _head(record, PARK)
    async with owning(record.url) as owner:
        for table in DOSSIER:
            await owner.execute(
                f"DELETE FROM {table} WHERE stream = %s".encode(), [PARK]
            )
    await says(record, HOUSE, "dossier_destroyed", stream=PARK, seq=8, hash=last)
    assert await record.found() == {(PARK, 8, "destroyed")}


async def test_a_dossier_of_which_only_traces_were_left(record: Record) -> None:
    """Gone from every table, with an event that says so: its last leaf is missed."""
    last = await _head(record, PARK)
    async with owning(record.url) as owner:
        await drop(owner, PARK)
    await says(record, HOUSE, "dossier_destroyed", stream=PARK, seq=8, hash=last)
    assert await record.found() == {(PARK, 8, "destroyed")}


async def test_a_sealed_dossier_said_to_be_destroyed(record: Record) -> None:
    """With every event in the log it passes here: the house's stream says who did it.

    In a dialogue that runs, reconcile finds it: see test_reconcile.
    """
    await record.seals()
    last = await _head(record, PARK)
    async with owning(record.url) as owner:
        for table in DOSSIER:
            await owner.execute(
                f"DELETE FROM {table} WHERE stream = %s".encode(), [PARK]
            )
    await says(record, HOUSE, "dossier_destroyed", stream=PARK, seq=8, hash=last)
    assert await record.found(record.new) == set()


async def test_an_organisation_that_destroys_another_s(record: Record) -> None:
    """What another organisation says of a dossier excuses nothing."""
    last = await _head(record, PARK)
    await says(
        record,
        "org:gemeente-elders",
        "dossier_destroyed",
        stream=PARK,
        seq=8,
        hash=last,
    )
    async with owning(record.url) as owner:
        await owner.execute("DELETE FROM audit.event WHERE stream = %s", [PARK])
    found = await record.found()
    assert (PARK, 1, "leaf") in found
    assert (PARK, 8, "head") in found


async def _head(record: Record, stream: str) -> str:
    async with await connect(record.url) as conn:
        held = await head(conn, stream)
    assert held is not None
    return held.head
