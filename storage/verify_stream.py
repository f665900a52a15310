"""One stream is checked in one pass: event by event, then as a whole."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import timedelta
from typing import Any, Final, NamedTuple

import psycopg
from psycopg.rows import dict_row

from domain.clock import REAL_DAY_MS
from evidence.chain import Chain, Finding
from evidence.event import event_id, parse_instant
from storage.errors import UnknownContent
from storage.keys import Keys
from storage.lists import Lists
from storage.pool import Connection
from storage.projecting import Projections
from storage.projection import Folded, fold, hashes_in, is_dialogue, lay_out
from storage.rebuild import differences
from storage.statements import statement
from storage.verify_openings import ERASED, Openings
from storage.verify_quickly import Row, members_of

_MARGIN: Final = timedelta(seconds=10)
"""By how much two servers' clocks, or a share's start, may be apart."""

AFTER_THE_END: Final = frozenset(
    {"command_refused", "dialogue_restored", "personal_data_erased"}
)
"""What may still happen in a dialogue that was archived."""

_LIFE: Final = frozenset({"dialogue_archived", "dialogue_restored"})


class Head(NamedTuple):
    """A row of audit.stream: what is said to be the last event of a stream."""

    stream: str
    seq: int
    head: str
    epoch: int
    token: bytes | None


class StreamCheck:
    """The check of one stream. Bytes first; what repeats them is compared with them."""

    def __init__(
        self,
        stream: str,
        shelf: Projections,
        keys: Keys | None,
        *,
        projections: bool = True,
    ) -> None:
        """Begin before the first event. ``keys``: those of the vault, to look there."""
        self.stream = stream
        self.drift = timedelta()
        self._shelf = shelf
        self._keys = keys
        self._chain = Chain(stream)
        self._positions: dict[str, int] = {}
        self._private = Openings(stream)
        self._folded: Folded | None = None
        self._lists = Lists()
        self.foldable = projections and is_dialogue(stream)
        """Whether what was followed last is to be folded as well."""
        self._demo_clock = False
        self._archived = False
        self._restored: set[int] = set()

    def follow(self, row: Row) -> list[Finding]:
        """Check the next row of audit.event; return what is wrong with it."""
        cause = row.cause
        position = self._positions.get(cause, 0)
        members = None
        if row.seq == self._chain.seq + 1 and row.stream == self.stream:
            members = members_of(row, self._chain.head, position)
        if members is None:
            return self._carefully(row)
        self._positions[cause] = position + 1
        self._chain.take(row.body, members)
        found = [] if self._chain.head == row.hash.hex() else [self._other_hash()]
        return found + self._notes(row, members)

    def _carefully(self, row: Row) -> list[Finding]:
        chain = self._chain
        found = [] if row.seq == chain.seq + 1 else [self._gap(row.seq)]
        found += chain.follow(row.body)
        if chain.head != row.hash.hex():
            found.append(self._other_hash())
        if chain.members is None:
            self.foldable = False
            return found
        found += self._columns(row, chain.members)
        found += self._identity(chain.members)
        found += self._notes(row, chain.members)
        return found

    async def finish(self, conn: Connection, head: Head | None) -> list[Finding]:
        """Check what concerns the whole stream: its head, vault and projection."""
        found = list(self._compare_head(head))
        if self._keys is not None:
            found += await self._openings(conn, self._keys)
        if self.foldable and self._folded is not None:
            found += await self._projection(conn, self._folded)
        return found

    async def _projection(self, conn: Connection, folded: Folded) -> list[Finding]:
        try:
            _, rows = lay_out(folded, self._lists)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            detail = f"could not be laid out: {type(error).__name__}"
            return [self._finding("fold", detail)]
        return [
            Finding(
                self.stream,
                None,
                "projection",
                f"{name} is not what the events make it",
            )
            for name in await differences(conn, self.stream, rows)
        ]

    def _finding(self, check: str, detail: str) -> Finding:
        return Finding(self.stream, self._chain.seq, check, detail)

    def _other_hash(self) -> Finding:
        return self._finding("hash", "the column is not the bytes' hash")

    def _gap(self, seq: int) -> Finding:
        expected = self._chain.seq + 1
        self._chain.seq = seq - 1
        self.foldable = False
        detail = f"events {expected} to {seq - 1} are missing"
        return Finding(self.stream, expected, "gap", detail)

    def _columns(self, row: Row, members: Mapping[str, Any]) -> Iterator[Finding]:
        said = {
            "event_id": members["id"],
            "prev": bytes.fromhex(members["prev"]),
            "type": members["type"],
            "at": parse_instant(members["at"]),
            "cause": members["cause"],
            "actor_id": members["actor"]["id"],
            "actor_role": members["actor"]["role"],
        }
        for name, value in said.items():
            if getattr(row, name) != value:
                yield self._finding("column", f"{name} is not what the bytes say")

    def _identity(self, members: Mapping[str, Any]) -> Iterator[Finding]:
        cause = members["cause"]
        position = self._positions.get(cause, 0)
        if members["id"] != event_id(self.stream, cause, position):
            yield self._finding("id", "the id does not follow from the cause")
        self._positions[cause] = position + 1

    def _notes(self, row: Row, members: Mapping[str, Any]) -> list[Finding]:
        kind = members["type"]
        try:
            if members["private"] or kind == ERASED:
                self._private.note(members)
            self._note_drift(row, members)
            if self._archived or kind in _LIFE:
                return list(self._life(members))
        except (LookupError, TypeError, ValueError, AttributeError):
            return [self._finding("fold", "its data is not what its type asks for")]
        return []

    def _note_drift(self, row: Row, members: Mapping[str, Any]) -> None:
        if members["type"] == "dialogue_started":
            clock = members["data"]["clock"]
            real = (clock["real_start"], REAL_DAY_MS)
            self._demo_clock = (clock["start"], clock["day_ms"]) != real
        if not self._demo_clock:
            late = row.recorded_at - parse_instant(members["at"])
            self.drift = max(self.drift, late)

    async def fold(self, conn: Connection) -> list[Finding]:
        """Take what was followed last into the projection."""
        members = self._chain.members
        if members is None:
            return []
        try:
            contents = await self._shelf.load(conn, set(hashes_in([members])))
            entry = (members, self._chain.head)
            self._folded = fold(
                self.stream, self._folded, [entry], contents, self._lists
            )
        except UnknownContent as error:
            self.foldable = False
            return [self._finding("content", str(error))]
        except psycopg.Error:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            self.foldable = False
            detail = f"could not be folded: {type(error).__name__}"
            return [self._finding("fold", detail)]
        return []

    def _compare_head(self, said: Head | None) -> Iterator[Finding]:
        if said is None:
            detail = "the stream is not in audit.stream"
            yield Finding(self.stream, None, "head", detail)
            return
        if (said.seq, said.head) != (self._chain.seq, self._chain.head):
            yield self._finding(
                "head", f"the head is said to be event {said.seq}, {said.head[:12]}…"
            )
        # The first epoch is 1. A restore that still has to append says nothing yet.
        epoch, waits = said.epoch, said.token is not None
        if epoch > 1 and not waits and epoch not in self._restored:
            yield self._finding("epoch", f"no event says that a restore began {epoch}")

    def _life(self, members: Mapping[str, Any]) -> Iterator[Finding]:
        kind = members["type"]
        if self._archived and kind not in AFTER_THE_END:
            yield self._finding("archived", f"{kind} after the dialogue was archived")
        self._archived |= kind == "dialogue_archived"
        if kind == "dialogue_restored":
            self._restored.add(members["data"]["epoch"])

    async def _openings(self, conn: Connection, keys: Keys) -> list[Finding]:
        async with conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(statement("verify", "vault"), {"stream": self.stream})
            rows = await cursor.fetchall()
        ids = {row["key_id"] for row in rows if row["key_id"] is not None}
        secret = await keys.get(ids)
        lately = await _destroyed_meanwhile(conn, keys, ids - secret.keys())
        return list(self._private.check(rows, secret, lately))


async def _destroyed_meanwhile(
    conn: Connection, keys: Keys, missing: AbstractSet[uuid.UUID]
) -> AbstractSet[uuid.UUID]:
    """Give the keys that went since this snapshot was taken.

    Their values went before them: the snapshot alone still has those.
    """
    if not missing:
        return missing
    row = await (await conn.execute(statement("verify", "age"))).fetchone()
    age: timedelta = row[0] if row else timedelta()
    return await keys.gone(missing, age + _MARGIN)
