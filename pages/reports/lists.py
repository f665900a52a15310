"""What came of a dialogue in lists, each page by page.

Private texts are opened of what is on the page alone: no more was read than is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from starlette.datastructures import QueryParams

from api.security import Visit
from desk.entries import EntryRow, entries
from domain.entries import Kind
from pages.dialogue.head import Head
from pages.texts import opened
from pages.turning import Turn, turn

PAGE: Final = 10
"""How many there are of each list on a page."""

_FROM: Final[Mapping[Kind, str]] = {
    "report": "from",
    "decision": "decisions",
    "conclusion": "conclusions",
    "communication": "told",
    "feedback": "said-after",
}
"""Where each list is turned to, in the address."""


class Listed(NamedTuple):
    """A page of a list, with texts in it, and ``every`` row without them.

    ``name`` is what says in the address where the page begins.
    """

    rows: list[EntryRow]
    every: list[EntryRow]
    name: str
    turn: Turn


async def lists(visit: Visit, head: Head, asked: QueryParams) -> dict[Kind, Listed]:
    """Give a page of each list: what is private in them is read once, and so noted."""
    found: dict[Kind, Listed] = {}
    for kind, name in _FROM.items():
        every = _in_order(kind, await entries(visit.desk, head.stream, kind))
        here = turn(asked.get(name), PAGE, len(every))
        found[kind] = Listed(every[here.first : here.end], every, name, here)
    shown = [row for each in found.values() for row in each.rows]
    whole = iter(await opened(visit, head.stream, head.state, shown, "reports"))
    return {
        kind: each._replace(rows=[next(whole) for _ in each.rows])
        for kind, each in found.items()
    }


def _in_order(kind: Kind, rows: Iterable[EntryRow]) -> list[EntryRow]:
    newest = sorted(rows, key=lambda row: row.seq, reverse=True)
    if kind == "report":
        return _chained(newest)
    if kind == "decision":
        return sorted(newest, key=lambda row: not row.data.get("to_review"))
    return newest


def _chained(newest: Sequence[EntryRow]) -> list[EntryRow]:
    """Put reports in chains, each from the one that stands back to the first.

    The chain of the last one that was published comes first.
    """
    by_id = {row.id: row for row in newest}
    found: dict[str, EntryRow] = {}
    for last in newest:
        name = None if last.data.get("superseded_by") else last.id
        while name in by_id and name not in found:
            found[name] = by_id[name]
            name = found[name].data.get("supersedes")
    return [*found.values()]
