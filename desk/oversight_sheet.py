"""The dialogues that fit, as a sheet for a spreadsheet: a row for each.

Headings and words are those of the reader's language, and in Dutch semicolons stand
between cells, as spreadsheets there expect. The form is that of `exports.commas`.
"""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from io import StringIO
from typing import Final
from zoneinfo import ZoneInfo

from desk.desk import Desk
from desk.overseeing import Reader, Selection, every
from desk.overseen import Seen
from exports.commas import defused
from language import mark, translator

STATUS: Final[Mapping[str, str]] = {
    "running": mark("running"),
    "paused": mark("paused"),
    "completed": mark("completed"),
    "cancelled": mark("cancelled"),
    "archived": mark("archived"),
}
"""A dialogue's status, in words."""

HEADINGS: Final = (
    mark("dialogue"),
    mark("title"),
    mark("status"),
    mark("method"),
    mark("version"),
    mark("phase"),
    mark("step"),
    mark("next date"),
    mark("what then"),
    mark("open windows"),
    mark("attention"),
    mark("overdue"),
    mark("begun"),
    mark("last change"),
)


async def sheet(desk: Desk, reader: Reader, wanted: Selection) -> AsyncIterator[str]:
    """Give the dialogues that fit as CSV, in pieces; the first opens with Excel's mark.

    Days and moments are those of each dialogue's own wall clock.
    """
    say = translator(reader.lang)
    yield "\ufeff" + _written([[say(head) for head in HEADINGS]], reader.lang)
    async for lines in every(desk, reader, wanted):
        cells = (_cells(line, say(STATUS[line.row.status])) for line in lines)
        yield _written(cells, reader.lang)


def _cells(line: Seen, status: str) -> Sequence[str | int]:
    row, zone = line.row, ZoneInfo(line.row.zone)
    return (
        row.stream,
        row.title,
        status,
        line.method,
        row.method_version,
        line.phase,
        line.step or "",
        line.due.isoformat() if line.due else "",
        line.due_what,
        row.open_windows,
        row.attention,
        row.overdue,
        f"{row.started_at.astimezone(zone):%Y-%m-%d %H:%M}",
        f"{row.updated_at.astimezone(zone):%Y-%m-%d %H:%M}",
    )


def _written(rows: Iterable[Sequence[str | int]], lang: str) -> str:
    out = StringIO(newline="")
    writer = csv.writer(
        out,
        delimiter=";" if lang == "nl" else ",",
        quoting=csv.QUOTE_ALL,
        lineterminator="\r\n",
    )
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return out.getvalue()
