"""No private text stays anywhere but in the raw input of the signal that carried it.

Temporal stores a signal's input before Polder sees it. That is the one place, and it
goes with Temporal's retention; an update that is refused is stored nowhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from domain.commands import COMMANDS
from domain.messages import private_fields
from tests.services import until
from tests.workflows.playing import DIRECTOR, WINDOW, Engine, Play

MARK = "GEHEIM"
"""In every text that is planted; never in a name or an id."""

FITTING: dict[str, Any] = {
    "items": ["kennismaken.tijd-nemen"],
    "step": "kennismaken",
    "window": WINDOW,
    "duration": {"working_days": 5},
    "respondent": "k-1",
    "compensation": "c1-1",
    "effect": "e1",
    "role": "parties",
    "actor": "k-3",
}
"""Members that let a command be read but for its private fields."""


def planted() -> Iterator[tuple[str, dict[str, Any]]]:
    """Give envelopes that carry a marked text in each private field, in many guises."""
    for kind, model in COMMANDS.items():
        for field in private_fields(model):
            text = f"{MARK} {kind} {field}"
            guises: list[Any] = [
                text,
                [text],
                {"commitment": text},
                {"commitment": "0" * 64, "value": text},
                {text: 1},
                {"commitment": {"value": text}},
            ]
            for number, guise in enumerate(guises):
                wanted = {k: v for k, v in FITTING.items() if k in model.model_fields}
                yield (
                    kind,
                    {
                        "id": f"{kind}-{field}-{number}",
                        "actor": DIRECTOR,
                        "command": {**wanted, field: guise},
                    },
                )
    for place in ("id", "actor", "mandate", "if_version", "sig", "command", MARK):
        body = {"id": "x", "actor": DIRECTOR, "command": {}, place: f"{MARK} {place}"}
        yield "complete_items", body


async def test_what_is_private_is_kept_nowhere(
    engine: Engine, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Marked texts in every private field are in no event, no record and no log."""
    caplog.set_level("INFO")
    play = await engine.start()
    everyone = list(planted())
    # Several at once share a workflow task; Temporal takes ten updates at a time.
    for begin in range(0, len(everyone), 8):
        some = everyone[begin : begin + 8]
        await asyncio.gather(*(refused_twice(play, *each) for each in some))
    await until(lambda: are_refused(play, len(everyone)), every=0.5)

    kept = [e for run in await play.runs() for e in run if holds_mark(e)]
    signals = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED
    assert {e.event_type for e in kept} == {signals}
    for event in kept:
        event.workflow_execution_signaled_event_attributes.ClearField("input")
        assert not holds_mark(event)
    assert MARK not in await everything(engine.database)
    assert MARK not in "".join([*capfd.readouterr(), caplog.text])
    for query in ("state", "progress", "head", "outbox"):
        assert MARK not in str(await play.handle.query(query))
    await play.is_sound()


async def refused_twice(play: Play, kind: str, body: dict[str, Any]) -> None:
    """Send an update, whose refusal repeats nothing, and the same as a signal."""
    refusal = await play.refused(kind, body)
    assert MARK not in f"{refusal} {refusal.details}", kind
    await play.handle.signal(kind, body)


def holds_mark(event: HistoryEvent) -> bool:
    """Whether the mark is anywhere in an event, as Temporal keeps it."""
    return MARK.encode() in event.SerializeToString()


async def are_refused(play: Play, sent: int) -> bool:
    """Whether each of so many signals is refused on record."""
    return (await play.types()).count("command_refused") == sent


async def everything(database: str) -> str:
    """Give all rows of all tables of our schemas, as text."""
    tables = b"""SELECT schemaname, tablename FROM pg_tables
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"""
    rows: list[Any] = []
    async with await psycopg.AsyncConnection.connect(database) as conn:
        for schema, table in await (await conn.execute(tables)).fetchall():
            name = sql.Identifier(schema, table)
            read = sql.SQL("SELECT encode(convert_to(t::text, 'utf8'), 'escape'), t.*")
            found = await conn.execute(sql.SQL("{} FROM {} t").format(read, name))
            rows.extend(await found.fetchall())
            await asyncio.sleep(0)
    return str(rows)
