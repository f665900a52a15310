"""An auditor begins with what is not as usual, the most serious first.

Nothing here is a judgement on the record's soundness, for which there is ``verify``:
these are things that a reader wants to have explained. Everything comes from events,
incidents and the log; nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from psycopg.rows import dict_row

from domain.clock import REAL_DAY_MS, Clock
from domain.incidents import CLOSED, FOUND, todo
from evidence.census import LOG_STREAM
from storage.exceptional import MOST, ORDER, Exceptional, Found, Place
from storage.mishaps import mishaps
from storage.open_incidents import still_open
from storage.ownlog import Noted
from storage.ownlog import events as own_events
from storage.pool import Connection
from storage.statements import statement
from storage.terms import shortened
from storage.unvouched import strange_keys, unsigned_acts
from storage.verify_mandates import Remark, check_mandates, clock_of

LATE: Final = timedelta(minutes=1)
"""How long after it happened an event may be recorded without being called late."""

SEAL_DELAY: Final = timedelta(seconds=10)
"""How long after its recording an event may get its place in the log."""


async def exceptions(
    conn: Connection,
    place: Place = Place(),  # noqa: B008 (frozen)
    *,
    late: timedelta = LATE,
    seal_delay: timedelta = SEAL_DELAY,
) -> Found:
    """Return what is out of the ordinary, the most serious first, then the newest.

    ``late`` and ``seal_delay`` are the delays from which something is told. Dialogues
    with a demo clock have simulated instants and are never called late.
    """
    groups = [
        await _incidents(conn, place),
        _outside(await check_mandates(conn, **place._asdict())),
        await _unsealed(conn, place, seal_delay),
        await _delayed(conn, place, seal_delay),
        await _late(conn, place, late),
        *await mishaps(conn, place),
        await shortened(conn, place),
        await strange_keys(conn, place),
        await unsigned_acts(conn, place),
    ]
    cut = [group for group in groups if len(group) > MOST]
    more = sorted({each.kind for group in cut for each in group}, key=ORDER.__getitem__)
    every = [each for group in groups for each in group[:MOST]]
    every.sort(key=lambda each: (each.stream, each.seq or 0))
    every.sort(key=lambda each: each.at, reverse=True)
    every.sort(key=lambda each: ORDER[each.kind])
    return Found(tuple(every), tuple(more))


async def _incidents(conn: Connection, place: Place) -> list[Exceptional]:
    """Give incidents: of the table, and those that only the log tells of."""
    noted = await own_events(conn, LOG_STREAM, [FOUND, CLOSED])
    closed = {e.data["incident"]: e for e in noted if e.type == CLOSED}
    found = {e.data["incident"]: e for e in noted if e.type == FOUND}
    rows = {row.id: row for row in await still_open(conn, place.stream)}
    told = [
        Exceptional(
            "incident",
            row.stream,
            _contradicted(row.detail),
            row.at,
            todo(row.kind),
            {"incident": row.id, "kind": row.kind, "blocks": row.blocks},
        )
        for row in rows.values()
    ]
    told += [_found(e, closed) for name, e in found.items() if name not in rows]
    return [each for each in told if place.holds(each.stream)]


def _found(event: Noted, closed: Mapping[str, Noted]) -> Exceptional:
    data = event.data
    end = closed.get(data["incident"])
    facts = {"incident": data["incident"], "kind": data["kind"], "noted": event.seq}
    if end is None:
        kind, what = "incident", todo(data["kind"])
    else:
        kind, what = "incident_closed", "incident_closed"
        facts["how"] = end.data["how"]
    return Exceptional(kind, data["stream"], None, event.at, what, facts)


def _contradicted(detail: Mapping[str, Any]) -> int | None:
    """Give the number of the event that was contradicted, where that is known."""
    after, seq = detail.get("after_seq"), detail.get("seq")
    if isinstance(after, int):
        return after + 1
    return seq if isinstance(seq, int) else None


def _outside(remarks: Iterable[Remark]) -> list[Exceptional]:
    return [
        Exceptional(
            kind := "mandate_missing" if remark.unsound else "outside_mandate",
            remark.stream,
            remark.seq,
            remark.at,
            kind,
            {
                "actor": remark.actor,
                "command": remark.command,
                "mandate": list(remark.mandate),
                "reason": remark.reason,
            },
        )
        for remark in remarks
    ]


async def _late(conn: Connection, place: Place, late: timedelta) -> list[Exceptional]:
    rows = await _rows(conn, "late", place, late=late)
    simulated: dict[str, bool] = {}
    found: list[Exceptional] = []
    for row in rows:
        stream = row["stream"]
        if stream not in simulated:
            simulated[stream] = _is_demo(await clock_of(conn, stream))
        if not simulated[stream]:
            facts = {"type": row["type"], "seconds": _seconds(row)}
            one = Exceptional("late", stream, row["seq"], row["at"], "late", facts)
            found.append(one)
    return found


def _is_demo(clock: Clock | None) -> bool:
    if clock is None:
        return False
    return (clock.start, clock.day_ms) != (clock.real_start, REAL_DAY_MS)


async def _unsealed(
    conn: Connection, place: Place, delay: timedelta
) -> list[Exceptional]:
    """Give what waits for the log; one line for all where there is no log at all."""
    found = [
        Exceptional("not_sealed", r["stream"], r["seq"], r["at"], "not_sealed", facts)
        for r in await _rows(conn, "unsealed", place, delay=delay)
        for facts in [{"events": r["events"], "seconds": _seconds(r)}]
    ]
    row = await (await conn.execute(statement("exceptions", "any_sealed"))).fetchone()
    if not found or (row is not None and row[0]):
        return found
    events = sum(each.facts["events"] for each in found)
    facts = {**found[0].facts, "events": events, "streams": len(found)}
    return [found[0]._replace(facts=facts)]


async def _delayed(
    conn: Connection, place: Place, delay: timedelta
) -> list[Exceptional]:
    return [
        Exceptional("sealed_late", r["stream"], r["seq"], r["at"], "sealed_late", facts)
        for r in await _rows(conn, "sealed_late", place, delay=delay)
        for facts in [{"events": r["events"], "seconds": _seconds(r)}]
    ]


async def _rows(
    conn: Connection, name: str, place: Place, **more: object
) -> list[dict[str, Any]]:
    where = {**place._asdict(), **more, "limit": MOST + 1}
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement("exceptions", name), where)
        return await cursor.fetchall()


def _seconds(row: Mapping[str, Any]) -> int:
    return int(row["seconds"])
