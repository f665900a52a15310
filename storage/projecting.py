"""Projections follow the record in the same transaction, from memory where they can.

The state of a dialogue is folded before the append and written by the statement that
appends, on one condition: that the head moved. So rows are there exactly when their
events are. What a process folded last it keeps, for the dialogues used last; where it
knows nothing it reads the row, and where there is no row it folds from nothing.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

import psycopg
from psycopg.rows import dict_row

from domain.calendar import Calendar
from domain.method import Method
from evidence.event import ZERO_HASH
from storage.batch import Batch, Entry
from storage.errors import UnknownContent
from storage.lists import Lists
from storage.pool import Connection
from storage.projection import (
    Contents,
    Folded,
    Rows,
    fold,
    hashes_in,
    is_dialogue,
    lay_out,
    restore,
)
from storage.statements import statement

_MODELS: Final[Mapping[str, type[Method | Calendar]]] = {
    "method": Method,
    "calendar": Calendar,
}
T = TypeVar("T")
MAX_CONTENTS: Final = 64
MAX_DIALOGUES: Final = 1_000


class Prepared(NamedTuple):
    """What to write if the batch is taken: rows, or the name of what went wrong."""

    folded: Folded | None
    rows: Rows | None
    problem: str | None


NOTHING: Final = Prepared(None, None, None)


class Projections:
    """The projections as one process keeps them up; shared by all its appends.

    Holds the last state of at most ``MAX_DIALOGUES`` dialogues. What it holds may be
    old, never wrong: it is used only where its head is the one a batch follows.
    """

    def __init__(self) -> None:
        """Start with nothing in memory."""
        self._known: OrderedDict[str, Folded] = OrderedDict()
        self._contents: OrderedDict[str, Method | Calendar] = OrderedDict()

    async def prepare(
        self, conn: Connection, batch: Batch, entries: Sequence[Entry]
    ) -> Prepared:
        """Fold a batch that has not been appended yet.

        Never fails because of the events or of a row made of them: recording comes
        first, and what could not be folded is noted in read.failure.
        """
        if not is_dialogue(batch.stream):
            return NOTHING
        try:
            lists = Lists()
            known = await self._before(conn, batch, lists)
            if known is None and batch.after_hash != ZERO_HASH:
                return NOTHING  # a repeat or a fork: the record will say which
            members = [entry.members for entry in entries]
            contents = await self.contents(conn, members, batch)
            pairs = ((entry.members, entry.hash) for entry in entries)
            after = fold(batch.stream, known, pairs, contents, lists)
            folded, rows = lay_out(after, lists)
        except psycopg.Error:
            raise  # the record itself does not answer: that is no fault of the events
        except Exception as error:  # noqa: BLE001 - the core's bug must not stop the record
            return Prepared(None, None, named(error))
        return Prepared(folded, rows, None)

    def keep(self, prepared: Prepared) -> None:
        """Remember what is now on record; forget whom we have not seen longest."""
        folded = prepared.folded
        if folded is not None:
            _remember(self._known, folded.stream, folded, MAX_DIALOGUES)

    async def contents(
        self,
        conn: Connection,
        members: Iterable[Mapping[str, Any]],
        batch: Batch | None = None,
    ) -> Contents:
        """Return the methods and calendars these events bring, by hash."""
        return await self.load(conn, set(hashes_in(members)), batch)

    async def load(
        self, conn: Connection, hashes: Iterable[str], batch: Batch | None = None
    ) -> Contents:
        """Return methods and calendars, from memory, the batch or the record.

        Raises ``UnknownContent``.
        """
        found: dict[str, Method | Calendar] = {}
        for digest in hashes:
            held = self._contents.get(digest)
            found[digest] = held or await _content(conn, digest, batch)
            _remember(self._contents, digest, found[digest], MAX_CONTENTS)
        return found

    async def _before(
        self, conn: Connection, batch: Batch, lists: Lists
    ) -> Folded | None:
        known = self._known.get(batch.stream)
        if known is not None and known.head == batch.after_hash:
            return known
        if batch.after_seq == 0:
            return None
        known = None
        async with conn.cursor(row_factory=dict_row) as cursor:
            stream = {"stream": batch.stream}
            await cursor.execute(statement("projections", "dialogue"), stream)
            row = await cursor.fetchone()
        if row is not None and row["head"] == batch.after_hash:
            known = await self._from_row(conn, row)
        if known is not None:
            return known
        # No row, an old one, or one that can't be read: the events say how it is.
        return await self.from_record(conn, batch.stream, batch.after_hash, lists)

    async def _from_row(
        self, conn: Connection, row: Mapping[str, Any]
    ) -> Folded | None:
        needed = (row["method_hash"], row["calendar_hash"])
        try:
            return restore(row, await self.load(conn, needed))
        except psycopg.Error:
            raise
        except Exception:  # noqa: BLE001 - another version made it, or it was changed
            return None

    async def from_record(
        self, conn: Connection, stream: str, head: str, lists: Lists
    ) -> Folded | None:
        """Fold a dialogue from its events; None where its head is not ``head``.

        What they make of its lists is added to ``lists``.
        """
        query = statement("projections", "events_up_to_head")
        cursor = await conn.execute(query, {"stream": stream, "head": head})
        folded: Folded | None = None
        for body, digest in await cursor.fetchall():
            members = json.loads(body)
            contents = await self.contents(conn, [members])
            folded = fold(stream, folded, [(members, digest)], contents, lists)
        return folded if folded and folded.head == head else None

    async def repair(self, conn: Connection, stream: str, head: str) -> None:
        """Fold a dialogue from nothing and put its rows in place, if it is at ``head``.

        Raises whatever the core raises for events that cannot be folded.
        """
        lists = Lists()
        folded = await self.from_record(conn, stream, head, lists)
        if folded is not None:
            folded, rows = lay_out(folded, lists)
            where = {"stream": stream, "head": head}
            query = statement("projections", "project")
            await conn.execute(query, {**rows._asdict(), **where})
            self.keep(Prepared(folded, rows, None))

    async def note_failure(self, conn: Connection, entry: Entry, problem: str) -> None:
        """Note that events up to this one are on record and could not be folded."""
        facts = {"stream": entry.members["stream"], "seq": entry.seq}
        query = statement("projections", "note_failure")
        await conn.execute(query, {**facts, "problem": problem})


def named(error: Exception) -> str:
    """Say in one line what kept events from being folded."""
    return f"{type(error).__name__}: {error}"[:500]


async def _content(
    conn: Connection, digest: str, batch: Batch | None
) -> Method | Calendar:
    if batch is not None and digest in batch.contents:
        kind, body = batch.contents[digest]
    else:
        query = statement("projections", "content")
        row = await (await conn.execute(query, {"sha256": digest})).fetchone()
        if row is None:
            raise UnknownContent(f"no method or calendar {digest} is on record")
        kind, body = row
    return _MODELS[kind].model_validate_json(body)


def _remember(shelf: OrderedDict[str, T], key: str, value: T, most: int) -> None:
    shelf[key] = value
    shelf.move_to_end(key)
    while len(shelf) > most:
        shelf.popitem(last=False)
