"""A pack is put together in one snapshot, as the record stood at one checkpoint.

Nothing is judged here: what the record says goes in, right or wrong, so that whoever
verifies the pack sees it. The same checkpoint gives the same bytes, because all that
could vary is taken from the log: the moment of the pack is that of its census.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple, Self

from domain.confidential import Readable
from domain.erasures import ERASED
from evidence.canonical import JsonValue, parse
from evidence.checkpoint import parse_checkpoint, worth_proving
from evidence.errors import EvidenceError, OutsideTree
from evidence.event import parse_instant
from evidence.note import VerifierKey, parse_note
from evidence.pack import Census, Contents, Field, Inclusion, Opening
from storage import proofs, vault
from storage.errors import UnknownStream
from storage.keeping import kept_under
from storage.keys import Keys
from storage.pool import Connection
from storage.statements import statement
from storage.verify import snapshot

_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ONE: Final = re.compile(r"([1-9][0-9]{0,15}):(/.*)", re.ASCII | re.DOTALL)


class Withheld(NamedTuple):
    """Which private fields a reader does not get to see.

    Those of confidential steps stay closed unless the reader holds one of the
    ``roles`` that read them. ``steers`` says whether the reader sees the others.
    """

    everything: bool = False
    paths: frozenset[str] = frozenset()
    """JSON pointers, in whatever event."""
    fields: frozenset[Field] = frozenset()
    """Fields of one event."""
    roles: frozenset[str] = frozenset()
    steers: bool = True

    @classmethod
    def read(cls, told: Sequence[str]) -> Self:
        """Read ``all``, ``/reason`` (in every event) and ``12:/reason`` (in one).

        Raises ``ValueError``, whose text is what could not be read.
        """
        paths: set[str] = set()
        fields: set[Field] = set()
        for one in told:
            if found := _ONE.fullmatch(one):
                fields.add((int(found[1]), found[2]))
            elif one.startswith("/"):
                paths.add(one)
            elif one != "all":
                raise ValueError(one)
        return cls("all" in told, frozenset(paths), frozenset(fields))

    def covers(self, field: Field) -> bool:
        """Tell whether a field is kept from the reader."""
        return self.everything or field[1] in self.paths or field in self.fields


async def contents(
    conn: Connection,
    keys: Keys,
    stream: str,
    size: int,
    key: VerifierKey,
    *,
    created_by: str,
    withheld: Withheld,
    left_out: bool = False,
) -> Contents:
    """Gather what goes into a pack of ``stream`` at a published checkpoint.

    ``size`` is the checkpoint's, ``key`` the log's key that signed it. ``left_out``
    says that the sealer left the stream out: then all that is on record goes in, so
    that the census contradicts it. ``conn`` must
    not be in a transaction, and may look into the vault, whose keys are ``keys``.
    Raises ``UnknownStream`` where the checkpoint covers no event of this stream, or
    none is on record any more.
    """
    async with snapshot(conn):
        census = await _census(conn, stream, size)
        head = census.head.head.seq
        events = await _bodies(conn, stream, None if left_out else head)
        if not events:
            message = f"not one event of {stream} is on record"
            raise UnknownStream(message)
        note = await proofs.checkpoint_note(conn, size)
        fields = _Fields([body for _, body in events])
        hidden = {f for f in fields.open() if withheld.covers(f)}
        kept = confidential([body for _, body in events], withheld)
        hidden |= fields.open() & kept.keys()
        hidden |= fields.open() & await _going(conn, stream, head)
        return Contents(
            stream=stream,
            bodies=[body for _, body in events],
            places=await _places(conn, stream, size, [seq for seq, _ in events]),
            checkpoint=parse_checkpoint(parse_note(note).text),
            checkpoint_note=note,
            key=key,
            census=census,
            consistency=await _consistency(conn, size),
            openings=await _openings(conn, keys, stream, fields, hidden),
            withheld=hidden,
            created_at=_moment(census.body),
            created_by=created_by,
        )


async def _census(conn: Connection, stream: str, size: int) -> Census:
    """Show the last leaf of a checkpoint, and the head it gives the stream."""
    index = size - 1
    where = {"leaf_index": index}
    row = await (await conn.execute(statement("packing", "census"), where)).fetchone()
    try:
        head = await proofs.prove_head(conn, index, stream)
    except OutsideTree as error:
        message = f"the log has no event of {stream}"
        raise UnknownStream(message) from error
    path = await proofs.inclusion(conn, [index], size)
    body = b"{}" if row is None else bytes(row[0])
    return Census(body, Inclusion(index, path[index]), head)


async def _bodies(
    conn: Connection, stream: str, head: int | None
) -> list[tuple[int, bytes]]:
    where = {"stream": stream, "head": head}
    cursor = await conn.execute(statement("packing", "bodies"), where)
    return [(seq, bytes(body)) for seq, body in await cursor.fetchall()]


async def _places(
    conn: Connection, stream: str, size: int, seqs: Sequence[int]
) -> list[Inclusion]:
    """Show each event's place in the log.

    An event without a leaf gets a place that proves nothing, for the verifier to find.
    """
    indexes = dict(enumerate(await proofs.leaf_indexes(conn, stream), 1))
    known = [indexes[seq] for seq in seqs if indexes.get(seq, size) < size]
    paths = await proofs.inclusion(conn, known, size)
    places: list[Inclusion] = []
    after = 0
    for seq in seqs:
        index = indexes.get(seq, after)
        places.append(Inclusion(index, paths.get(index, ())))
        after = index + 1
    return places


async def _consistency(conn: Connection, size: int) -> dict[int, tuple[bytes, ...]]:
    published = await proofs.published(conn)
    earlier = [(old, at) for old, at in published if old < size]
    return await proofs.consistencies(conn, worth_proving(earlier), size)


async def _openings(
    conn: Connection, keys: Keys, stream: str, fields: _Fields, hidden: set[Field]
) -> list[Opening]:
    if fields.open() <= hidden:
        return []  # nobody needs the vault then, or its keys
    held = await vault.openings(conn, keys, stream, skip_unreadable=True)
    return fields.opened(held, hidden)


async def _going(conn: Connection, stream: str, head: int) -> set[Field]:
    """Return what was erased after this head, or is about to be.

    No event of the pack says so yet, and nobody is to see it any more.
    """
    where = {"stream": stream, "head": head}
    later = await conn.execute(statement("packing", "erased_since"), where)
    named = {f for (body,) in await later.fetchall() for f in _named(bytes(body))}
    soon = await conn.execute(statement("packing", "erasing"), where)
    return named | {(int(seq), str(path)) for seq, path in await soon.fetchall()}


class _Fields:
    """The private fields of a stream: what was committed to, and what was erased.

    Events are numbered as they come, as the reader of the pack will.
    """

    def __init__(self, bodies: Sequence[bytes]) -> None:
        self._committed: dict[Field, tuple[str, str, str]] = {}
        self._erased: set[Field] = set()
        for seq, body in enumerate(bodies, 1):
            for cause, path, commitment in _commitments(body):
                self._committed[seq, path] = cause, path, commitment
            self._erased.update(_named(body))

    def open(self) -> set[Field]:
        """Return the fields that no event says were erased."""
        return self._committed.keys() - self._erased

    def opened(
        self, held: Sequence[vault.Opening], hidden: set[Field]
    ) -> list[Opening]:
        """Open what is held in the vault under its very command, path and commitment.

        What is not there stays unopened: that is for the verifier to find.
        """
        by_place = {(row.command_id, row.path, row.commitment): row for row in held}
        return [
            opening
            for field in sorted(self.open() - hidden)
            if (row := by_place.get(self._committed[field])) is not None
            for opening in _opening(field, row)
        ]


def confidential(bodies: Sequence[bytes], withheld: Withheld) -> dict[Field, str]:
    """Return the fields that are closed to a reader, with the step because of which.

    It is read off the events themselves, so that no mark comes between. A field that
    is closed because the reader does not steer has no step.
    """
    readable = Readable()
    for seq, body in enumerate(bodies, 1):
        event = _members(body)
        pointers = _object(event.get("private"))
        kind, data = str(event.get("type")), _object(event.get("data"))
        readable.sees(seq, kind, data, pointers)
    return readable.closed(withheld.roles, steers=withheld.steers)


def _opening(field: Field, row: vault.Opening) -> Iterator[Opening]:
    try:
        value = row.value
    except EvidenceError:
        return  # somebody changed the row into what is no value at all
    yield Opening(*field, row.salt, row.subject, value)


def _commitments(body: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield what it is kept under, path and commitment of each private field."""
    event = _members(body)
    if isinstance(event.get("cause"), str):
        cause = kept_under({**event, "data": _object(event.get("data"))})
        for path, commitment in _object(event.get("private")).items():
            if isinstance(commitment, str):
                yield cause, path, commitment


def _named(body: bytes) -> Iterator[Field]:
    """Yield the fields that an event says were erased."""
    event = _members(body)
    if event.get("type") != ERASED:
        return
    paths = _object(event.get("data")).get("paths")
    for named in paths if isinstance(paths, Sequence) else ():
        match named:
            case [int(seq), str(path)]:
                yield seq, path
            case _:
                pass


def _members(body: bytes) -> Mapping[str, JsonValue]:
    """Return what an event says; nothing where it can't be read."""
    try:
        return _object(parse(body))
    except EvidenceError:
        return {}


def _object(value: JsonValue) -> Mapping[str, JsonValue]:
    return value if isinstance(value, Mapping) else {}


def _moment(census: bytes) -> datetime:
    """Return when a census was taken."""
    at = _members(census).get("at")
    try:
        return parse_instant(str(at))
    except EvidenceError:
        return _NEVER
