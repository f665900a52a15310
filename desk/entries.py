"""The lists of a dialogue: who is in it, what was said, agreed and done, row by row.

They say publicly what the events say publicly. A private text stands in a row as its
place; `opened` puts the text there, for a reader who may have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from desk.desk import Desk, Sender
from desk.disclosing import Opener
from domain.entries import Kind
from storage import queries
from storage.queries import EntryRow
from storage.queries import entries as rows_of

__all__ = ["EntryRow", "bearing_on", "entries", "opened", "page", "some"]

Words = Mapping[tuple[int, str], str]
"""Private texts by the event's seq and the JSON pointer in its data."""


async def entries(desk: Desk, stream: str, kind: Kind) -> list[EntryRow]:
    """Give one list of a dialogue, in the order in which its rows were made.

    Without a dialogue, as without rows, it is empty.
    """
    return list(await rows_of(desk.pool, stream, kind))


async def page(
    desk: Desk,
    stream: str,
    kind: Kind,
    *,
    after: tuple[int, str] = (0, ""),
    limit: int,
    id: str | None = None,
    like: Sequence[Mapping[str, Any]] | None = None,
) -> list[EntryRow]:
    """Give at most ``limit`` rows of a list, after the row with this seq and id.

    ``id`` leaves one row, ``like`` those that have the members of one of these.
    """
    found = await rows_of(
        desk.pool, stream, kind, after=after, limit=limit, id=id, like=like
    )
    return list(found)


async def some(
    desk: Desk,
    stream: str,
    kind: Kind,
    *,
    ids: Sequence[str] | None = None,
    like: Sequence[Mapping[str, Any]] | None = None,
) -> list[EntryRow]:
    """Give the rows of a list with these ids, or the members of one of these."""
    return list(await rows_of(desk.pool, stream, kind, ids=ids, like=like))


async def bearing_on(
    desk: Desk, stream: str, window: str, responses: Sequence[EntryRow]
) -> dict[str, list[EntryRow]]:
    """Give these responses with the answers that may be theirs, and who heard them."""
    numbers = [int(row.data["number"]) for row in responses]
    given = await queries.answers(desk.pool, stream, window, numbers) if numbers else ()
    seqs = [row.seq for row in given]
    told = await queries.tellings(desk.pool, stream, window, seqs) if seqs else ()
    return {"response": [*responses], "answer": [*given], "telling": [*told]}


async def opened(
    desk: Desk, stream: str, rows: Iterable[EntryRow], reader: Sender
) -> list[EntryRow]:
    """Give these rows with private texts in their places.

    What was erased, or is kept from this reader, is None. Raises `Refused` for a
    reader who may open nothing of this dialogue, and `NotFound`.
    """
    words = await Opener(desk, reader).words(stream)
    return [row._replace(data=_with_words(row.data, words)) for row in rows]


def _with_words(value: Any, words: Words) -> Any:  # noqa: ANN401 (JSON is anything)
    """Put private texts in their places; None where there is no text."""
    if isinstance(value, list):
        return [_with_words(each, words) for each in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    members = cast("dict[str, Any]", value)
    if members.keys() == {"private", "seq"}:
        return words.get((int(members["seq"]), str(members["private"])))
    return {name: _with_words(each, words) for name, each in members.items()}
