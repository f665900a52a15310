"""A small log as exports get it: events of real types, with text that means harm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from evidence.canonical import JsonValue, parse
from evidence.event import ZERO_HASH, format_instant, seal
from exports.formats import Format, Manner, writer
from exports.provenance import Asked, Tally
from exports.rows import Row

STREAM = "gemeente-waterdam:parkzicht"
START = datetime(2026, 11, 23, 9, tzinfo=UTC)
HARM = (
    "=1+1",
    "+31 20 555",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "a;=HYPERLINK(1)",
    'x";=1+1',
    "|=cmd",
    "'quoted",
    "Één wijk, twee plannen\n=1",
    "\uff1d1",
)
"""What a spreadsheet might obey, and what it must not change."""

ASKED = Asked(
    query="polder audit export gemeente-waterdam --format csv",
    filters={"type": ["items_completed"]},
    by="a-1",
    origin="polder/waterdam",
    size=40,
    root="AAAA",
    at="2026-11-24T09:00:00.000000Z",
    opened=False,
)
WORDS = {"seq": "gebeurtenis", "events": "Gebeurtenissen", "provenance": "Herkomst"}

TOLD: tuple[tuple[str, dict[str, JsonValue]], ...] = (
    (
        "dialogue_started",
        {"title": HARM[0], "method": {"id": "m"}, "roles": {"director": ["p-1"]}},
    ),
    ("step_started", {"step": "opdracht", "round": 1}),
    ("items_completed", {"items": ["opdracht.a", "opdracht.b"], "round": 1}),
    (
        "window_opened",
        {
            "window": "verslag.reactie",
            "run": 1,
            "audience": "panel",
            "invited": ["k-1", "k-2"],
            "closes": "2026-12-05T00:00:00.000000Z",
            "reason": None,
        },
    ),
    (
        "response_recorded",
        {
            "window": "verslag.reactie",
            "run": 1,
            "respondent": "k-1",
            "late": True,
            "reference": "; ".join(HARM),
        },
    ),
    ("window_closed", {"window": "verslag.reactie", "run": 1, "silent": 1}),
)


def log(
    stream: str = STREAM,
    first: int = 0,
    told: Sequence[tuple[str, dict[str, JsonValue]]] = TOLD,
) -> list[Row]:
    """Return a row for each event of a stream, from this place in the log on."""
    rows: list[Row] = []
    prev = ZERO_HASH
    for seq, (kind, data) in enumerate(told, 1):
        at = START + timedelta(minutes=seq)
        made = seal(
            stream=stream,
            seq=seq,
            prev=prev,
            cause=f"c-{seq}",
            position=0,
            type=kind,
            at=at,
            actor={"id": "p-1", "role": "process_director", "via": None},
            mandate={"stream": "org:gemeente-waterdam", "seq": 3, "hash": "ab" * 32}
            if seq == 3
            else None,
            data=data,
            private={"/reason": "5a" * 32} if data.get("reason", 0) is None else {},
        )
        prev = made.hash
        late = format_instant(at + timedelta(seconds=1))
        event: Any = parse(made.body)
        gone = {"/reason": 9} if event["private"] else {}
        rows.append(Row(first + seq - 1, made.hash, event, late, late, gone))
    return rows


def export(
    form: Format, path: Path, rows: Sequence[Row], *, opened: bool = False
) -> dict[str, Any]:
    """Write rows in a format; return the provenance."""
    made = datetime.fromisoformat(ASKED.at)
    out = writer(form, path, Manner(made, "urn:nld:oin:1:systeem:x", WORDS, opened))
    tally = Tally()
    try:
        for row in rows:
            out.add(row)
            tally.add(row)
        block = tally.block(ASKED)
        out.finish(block)
    finally:
        out.close()
    return block
