"""The log is believed because its root can be computed again, leaf by leaf.

Leaves, tiles, checkpoints and censuses are stored, and none of them is trusted: leaves
are held to the events, tiles and roots to the leaves, notes to roots and keys, and
each census to the heads of its moment. It runs beside `storage.verify`, which reads
the events' bytes, in the same snapshot: here the hash of an event as recorded will do.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

from evidence.canonical import parse_canonical
from evidence.chain import Finding
from evidence.checkpoint import Checkpoint, parse_checkpoint
from evidence.errors import BadSignature, EvidenceError
from evidence.note import VerifierKey, parse_note, signed_by
from evidence.verdict import check_older
from storage.log import Edge, leaf_of
from storage.pool import Connection
from storage.statements import statement
from storage.verify_heads import Heads

MAX_FINDINGS: Final = 1_000
"""How many findings a report lists; more are counted."""

_PAGE: Final = 2_000


class LogReport(NamedTuple):
    """What was looked at in the log, and what was found wrong."""

    leaves: int
    checkpoints: int
    unsealed: int
    """Events that wait for their leaf: a second's worth, while the sealer runs."""
    unsealed_since: datetime | None
    """When the oldest of them was recorded."""
    signatures_checked: bool
    """False where no key was given to check them by."""
    findings: tuple[Finding, ...]
    more: int
    """Findings beyond those listed."""


class _Signed(NamedTuple):
    """A row of audit.checkpoint."""

    size: int
    key_id: bytes
    root: bytes
    note: bytes
    published: bool


async def verify_log(
    conn: Connection,
    keys: Sequence[VerifierKey] = (),
    older: Checkpoint | None = None,
    destroyed: frozenset[str] = frozenset(),
) -> LogReport:
    """Check the log as this transaction sees it; ``conn`` is in one already.

    ``keys`` are those of the log, earlier ones too; without any, signatures are left
    unchecked. ``older`` is a checkpoint that somebody kept, verified by the caller.
    ``destroyed`` are streams whose events are gone by decision: their leaves stay.
    Memory is that of the heads of all streams.
    """
    log = _Log(keys, older, destroyed)
    await _follow(conn, log)
    async for row in _rows(conn, "tiles"):
        log.tile(*row)
    async for size, name, line, known in _rows(conn, "cosignatures"):
        log.cosignature(size, name, line, known=known)
    log.end()
    cursor = await conn.execute(statement("verify_log", "unsealed"))
    unsealed, since = await cursor.fetchone() or (0, None)
    return LogReport(
        leaves=log.tree.size,
        checkpoints=log.checkpoints,
        unsealed=unsealed,
        unsealed_since=since,
        signatures_checked=bool(keys),
        findings=tuple(log.findings),
        more=log.more,
    )


async def _follow(conn: Connection, log: _Log) -> None:
    """Read leaves and checkpoints side by side, each once, in order of size."""
    signed = _rows(conn, "checkpoints")
    ahead = await anext(signed, None)
    async for row in _rows(conn, "leaves"):
        while ahead is not None and ahead[0] <= log.tree.size:
            log.checkpoint(_Signed(*ahead))
            ahead = await anext(signed, None)
        log.leaf(*row)
    while ahead is not None:
        log.checkpoint(_Signed(*ahead))
        ahead = await anext(signed, None)


async def _rows(conn: Connection, name: str) -> AsyncIterator[tuple[Any, ...]]:
    # A server-side cursor: the server keeps the place, we keep a page.
    async with conn.cursor(f"verify_log_{name}") as cursor:
        cursor.itersize = _PAGE
        await cursor.execute(statement("verify_log", name))
        async for row in cursor:
            yield row


class _Log:
    """The log as the leaves make it, and what contradicts it."""

    def __init__(
        self,
        keys: Sequence[VerifierKey],
        older: Checkpoint | None,
        destroyed: frozenset[str],
    ) -> None:
        self.tree = Edge()
        self.findings: list[Finding] = []
        self.more = 0
        self.checkpoints = 0
        self._keys = keys
        self._older = older
        self._older_root: bytes | None = None
        self._destroyed = destroyed
        self._heads = Heads()
        self._tiles: dict[tuple[int, int], bytes] = {}
        self._strangers: dict[bytes, list[int]] = {}
        self._census = False
        self._unpublished = False
        self._astray = False
        self._signed = 0
        self._note_older()

    def leaf(  # noqa: PLR0917 - the columns of one row
        self,
        index: int,
        stream: str,
        seq: int,
        hashed: bytes,
        recorded: bytes | None,
        census: bytes | None,
    ) -> None:
        """Take in the next row of audit.leaf."""
        self._all_published()
        if index != self.tree.size:
            self._find("leaf", f"leaves {self.tree.size} to {index - 1} are missing")
        known = self._heads.seq(stream)
        if seq != known + 1:
            detail = f"leaf {index} comes after that of event {known}"
            self._find("leaf", detail, stream, seq)
        if recorded is None and stream not in self._destroyed:
            self._find("leaf", f"leaf {index} is of no event", stream, seq)
        elif recorded is not None and recorded != hashed:
            self._find("leaf", f"leaf {index} is of another event", stream, seq)
        self._census = self._unpublished = census is not None
        if census is not None:
            self._check_census(census, index, seq)
        self._heads.note(stream, seq, hashed)
        self.tree.append(leaf_of(hashed))
        for tile in self.tree.take_full():
            made = sha256(tile.hashes + tile.root).digest()
            self._tiles[tile.level, tile.number] = made
        self._note_older()

    def checkpoint(self, row: _Signed) -> None:
        """Hold a stored checkpoint to the log; it is as large as the log so far.

        Or larger than the log will ever be, or smaller than a leaf that is missing.
        """
        self.checkpoints += 1
        size = row.size
        self._signed = max(self._signed, size)
        self._unpublished &= not (row.published and size == self.tree.size)
        try:
            note = parse_note(row.note)
            said = parse_checkpoint(note.text)
            self._check_signature(row)
        except EvidenceError as error:
            check = "signature" if isinstance(error, BadSignature) else "checkpoint"
            self._find(check, f"the checkpoint of {size} events: {error}")
            return
        if (said.size, said.root) != (row.size, row.root):
            self._find("checkpoint", f"the note of {size} events says something else")
        if size > self.tree.size:
            detail = f"a checkpoint has {size} events, the log {self.tree.size}"
            self._find("checkpoint", detail)
            return
        if said.root != self.tree.root() and not self._astray:
            # All that come after it differ as well: one finding is enough.
            self._astray = True
            detail = f"the first {size} events are not those of their checkpoint"
            self._find("checkpoint", detail)
        if row.published and not self._census:
            detail = f"the published checkpoint of {size} events ends with no census"
            self._find("census", detail)

    def tile(self, level: int, number: int, hashes: bytes, root: bytes) -> None:
        """Hold a stored tile to the leaves."""
        made = self._tiles.pop((level, number), None)
        if made is None:
            self._find("tile", f"tile {level}/{number} is of leaves that are not there")
        elif made != sha256(hashes + root).digest():
            self._find("tile", f"tile {level}/{number} is not what the leaves make it")

    def cosignature(self, size: int, name: str, line: str, *, known: bool) -> None:
        """Look whether a stored cosignature is one; whose key holds is for readers."""
        try:
            said = parse_note(b"\n\n" + line.rstrip("\n").encode() + b"\n").signatures
            sound = known and [one.name for one in said] == [name]
        except EvidenceError:
            sound = False
        if not sound:
            detail = f"what is stored of {name} under {size} events is no cosignature"
            self._find("witness", detail)

    def end(self) -> None:
        """Say what should have been there, and compare with the older checkpoint."""
        self._all_published()
        for key_id, sizes in self._strangers.items():
            count, first = len(sizes), sizes[0]
            detail = f"{count} checkpoints, the first of {first} events, are signed by"
            self._find(
                "signature", f"{detail} {key_id.hex()}, a key that was not given"
            )
        for level, number in self._tiles:
            self._find("tile", f"tile {level}/{number} is missing")
        if self._signed < self.tree.size:
            # Leaves and the checkpoint over them come in one transaction.
            detail = f"none has the leaves from {self._signed} on"
            self._find("checkpoint", detail)
        if self._older is not None:
            found = check_older(self._older, self.tree.size, self._older_root)
            self.findings += found

    def _find(
        self, check: str, detail: str, stream: str = "", seq: int | None = None
    ) -> None:
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(Finding(stream, seq, check, detail))
        else:
            self.more += 1

    def _all_published(self) -> None:
        # A census and the published checkpoint over it come in one transaction.
        if self._unpublished:
            size = self.tree.size
            self._find("checkpoint", f"the published one of {size} events is gone")
        self._unpublished = False

    def _note_older(self) -> None:
        if self._older is not None and self._older.size == self.tree.size:
            self._older_root = self.tree.root()

    def _check_signature(self, row: _Signed) -> None:
        if not self._keys:
            return
        note = parse_note(row.note)
        origin = parse_checkpoint(note.text).origin
        own = [k for k in self._keys if k.name == origin and k.id == bytes(row.key_id)]
        if not own:
            self._strangers.setdefault(bytes(row.key_id), []).append(row.size)
        elif not all([signed_by(note, key) for key in own]):  # noqa: C419 - each must hold
            message = "it is not signed by the key that is said to have signed it"
            raise BadSignature(message)

    def _check_census(self, body: bytes, index: int, seq: int) -> None:
        try:
            event = parse_canonical(body)
            data = event["data"] if isinstance(event, dict) else None
        except (EvidenceError, LookupError):
            data = None
        heads = {
            "events": index,
            "heads_root": self._heads.root().hex(),
            "streams": len(self._heads),
        }
        if data != heads:
            detail = f"leaf {index} does not count what is before it"
            self._find("census", detail, "polder:log", seq)
