"""Any column of any event, and any place in a stream: verify --all names it at once."""

from __future__ import annotations

import pytest

from tests.attacks.owner import change, owning
from tests.attacks.record import DIJK, PARK, RECORDED, SEALED, Found, Record

AT = 2
"""The event that is changed: it lies deep in the log."""

STRAY = "gemeente-waterdam:elders"
ANOTHER = "convert_to(replace(convert_from(body, 'UTF8'), 'p-1', 'p-2'), 'UTF8')"
EVENT = "convert_to(E'polder/event/v1\\n', 'UTF8')"
REPEATED: Found = {(PARK, AT, "column")}

COLUMNS: dict[str, tuple[str, Found]] = {
    "stream": (
        f"stream = '{STRAY}'",
        {
            (PARK, AT, "gap"),
            (PARK, AT, "leaf"),
            (PARK, AT + 1, "prev"),
            (STRAY, 1, "gap"),
            (STRAY, AT, "stream"),
            (STRAY, AT, "prev"),
            (STRAY, AT, "id"),
            (STRAY, None, "head"),
        },
    ),
    "seq": (
        "seq = 20",
        {
            (PARK, AT, "gap"),
            (PARK, AT, "leaf"),
            (PARK, AT + 1, "prev"),
            (PARK, RECORDED + 1, "gap"),
            (PARK, 20, "seq"),
            (PARK, 20, "prev"),
            (PARK, 20, "head"),
        },
    ),
    "event_id": ("event_id = gen_random_uuid()", REPEATED),
    "hash": ("hash = sha256('x')", {(PARK, AT, "hash"), (PARK, AT, "leaf")}),
    "prev": ("prev = sha256('x')", REPEATED),
    "type": ("type = 'step_skipped'", REPEATED),
    "at": ("at = at - interval '1 microsecond'", REPEATED),
    "cause": ("cause = 'x'", REPEATED),
    "actor_id": ("actor_id = 'p-2'", REPEATED),
    "actor_role": ("actor_role = 'client'", REPEATED),
    "body": (
        f"body = {ANOTHER}",
        {(PARK, AT, "hash"), (PARK, AT, "column"), (PARK, AT + 1, "prev")},
    ),
    "body, by a space": (
        "body = body || ' '",
        {(PARK, AT, "hash"), (PARK, AT, "canonical"), (PARK, AT + 1, "prev")},
    ),
    "body, and what repeats it": (
        f"body = {ANOTHER}, actor_id = 'p-2', hash = sha256({EVENT} || {ANOTHER})",
        {(PARK, AT, "leaf"), (PARK, AT + 1, "prev")},
    ),
}

PROVE_NOTHING = {
    "recorded_at": "recorded_at = recorded_at - interval '1 day'",
    "txid": "txid = '3'",
    "db_epoch": "db_epoch = 7",
}
"""The database's own, which the page leaves out."""


async def changed(record: Record, what: str) -> None:
    """Change one event."""
    where = f"stream = '{PARK}' AND seq = {AT}"
    await change(record.url, f"UPDATE audit.event SET {what} WHERE {where}")


@pytest.mark.parametrize("column", COLUMNS)
async def test_any_column_of_an_event(record: Record, column: str) -> None:
    """Found by the chain and by what repeats it: this event, by these checks."""
    what, expected = COLUMNS[column]
    await changed(record, what)
    assert await record.found() == expected


async def test_these_are_all_columns(record: Record) -> None:
    """A column that is added to audit.event has to be attacked here as well."""
    async with owning(record.url) as owner:
        cursor = await owner.execute("SELECT * FROM audit.event LIMIT 0")
        columns = {column.name for column in cursor.description or ()}
    assert columns == {name.partition(",")[0] for name in COLUMNS} | {*PROVE_NOTHING}


@pytest.mark.parametrize("column", PROVE_NOTHING)
async def test_what_proves_nothing(record: Record, column: str) -> None:
    """When and in which transaction PostgreSQL recorded it is nobody's evidence."""
    await changed(record, PROVE_NOTHING[column])
    assert await record.found() == set()


@pytest.mark.parametrize("seq", [1, AT, SEALED])
async def test_an_event_deleted_in_the_middle(record: Record, seq: int) -> None:
    """A gap, a link to what is not there, and a leaf of no event."""
    where = f"stream = '{PARK}' AND seq = {seq}"
    await change(record.url, f"DELETE FROM audit.event WHERE {where}")
    assert await record.found() == {
        (PARK, seq, "gap"),
        (PARK, seq, "leaf"),
        (PARK, seq + 1, "prev"),
    }


async def test_two_events_swapped(record: Record) -> None:
    """Each says another number than its place, and links break around them."""
    move = "UPDATE audit.event SET seq = {} WHERE stream = '" + PARK + "' AND seq = {}"
    moves = [(90, 2), (2, 3), (3, 90)]
    await change(record.url, *(move.format(*pair) for pair in moves))
    assert await record.found() == {
        (PARK, 2, "seq"),
        (PARK, 2, "prev"),
        (PARK, 2, "leaf"),
        # What it now begins with can't have been second.
        (PARK, 2, "fold"),
        (PARK, 3, "seq"),
        (PARK, 3, "prev"),
        (PARK, 3, "leaf"),
        (PARK, 4, "prev"),
    }


async def test_an_event_inserted_in_the_middle(record: Record) -> None:
    """All that follow have a number too high, and the leaves say another order."""
    copied = "event_id, hash, prev, type, at, cause, actor_id, actor_role, body"
    await change(
        record.url,
        f"UPDATE audit.event SET seq = seq + 100 WHERE stream = '{PARK}' AND seq > 2",
        f"UPDATE audit.event SET seq = seq - 99 WHERE stream = '{PARK}' AND seq > 100",
        f"INSERT INTO audit.event (stream, seq, {copied}, db_epoch)"
        " SELECT stream, 3, gen_random_uuid(), sha256('x'), sha256('y'), type, at,"
        " cause, actor_id, actor_role, body, db_epoch"
        f" FROM audit.event WHERE stream = '{PARK}' AND seq = 2",
    )
    found = await record.found()
    assert {(PARK, 3, check) for check in ("seq", "prev", "hash", "leaf")} <= found
    moved = {(PARK, seq, "seq") for seq in range(4, RECORDED + 2)}
    assert moved <= found
    assert {stream for stream, *_ in found} == {PARK}


async def test_an_event_under_another_dialogue(record: Record) -> None:
    """Its bytes say whose it is, and the log as well."""
    where = f"stream = '{PARK}' AND seq = {AT}"
    await change(
        record.url, f"UPDATE audit.event SET stream = '{DIJK}', seq = 12 WHERE {where}"
    )
    found = await record.found()
    assert {(PARK, AT, "gap"), (PARK, AT, "leaf"), (DIJK, 12, "stream")} <= found


@pytest.mark.parametrize("column", ["seq = 6", "head = sha256('x')", "epoch = 4"])
async def test_the_head_of_a_stream(record: Record, column: str) -> None:
    """Where a stream ends, and who may go on with it, follows from its events."""
    await change(
        record.url, f"UPDATE audit.stream SET {column} WHERE stream = '{PARK}'"
    )
    check = "epoch" if column.startswith("epoch") else "head"
    assert await record.found() == {(PARK, RECORDED, check)}
