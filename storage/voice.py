"""What the log says of itself is on record and in the log in the same moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from evidence.canonical import JsonValue
from evidence.census import LOG_STREAM
from evidence.chain import Chain
from evidence.event import format_instant, seal
from storage.errors import NoCensus
from storage.log import Edge, Leaf, add_leaves
from storage.ownlog import MACHINE
from storage.pool import Connection
from storage.statements import statement


class Voice:
    """What the sealer says itself: on record and in the log in the same moment."""

    def __init__(
        self, conn: Connection, edge: Edge, chain: Chain, db_epoch: int
    ) -> None:
        """Go on after ``chain``, the end of the log's stream, whose lock is held."""
        self.conn = conn
        self._edge = edge
        self._chain = chain
        self._db_epoch = db_epoch

    async def say(self, kind: str, data: Mapping[str, JsonValue], cause: str) -> None:
        """Say one thing; raises ``NoCensus`` where the stream does not take it."""
        event = seal(
            stream=LOG_STREAM,
            seq=self._chain.seq + 1,
            prev=self._chain.head,
            cause=cause,
            position=0,
            type=kind,
            at=(at := datetime.now(UTC)),
            actor=MACHINE,
            mandate=None,
            data=data,
            private={},
        )
        told = {
            "after_seq": self._chain.seq,
            "after_hash": self._chain.head,
            "hash": event.hash,
            "id": event.id,
            "type": kind,
            "at": format_instant(at),
            "cause": cause,
            "actor": MACHINE["id"],
            "role": MACHINE["role"],
            "body": event.body,
        }
        query = statement("sealing", "append_to_log")
        row = await (await self.conn.execute(query, told)).fetchone()
        if row is None or row[0] != "appended":
            raise NoCensus(f"{LOG_STREAM} does not take {kind}: {row and row[0]}")
        self._chain.follow(event.body)
        digest = bytes.fromhex(event.hash)
        leaf = Leaf(LOG_STREAM, event.seq, digest, self._db_epoch)
        await add_leaves(self.conn, self._edge, [leaf])
