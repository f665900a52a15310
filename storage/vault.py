"""The vault keeps what people may ask to have destroyed; the record keeps commitments.

The desk puts a value in before it sends the command that commits to it, so that no
plain text ever travels through the process. A retry finds the same salt and so the
same commitment. A value is pending until its event is on record; what never gets
there is destroyed. Every value is encrypted with the key of the person it is about,
which lies elsewhere (`storage.keys`).
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final, NamedTuple

from psycopg.rows import class_row

from evidence.canonical import JsonValue, canonical, parse
from evidence.event import SALT_BYTES, commitment
from storage.cipher import Spot, decrypt, encrypt
from storage.errors import (
    KeyMissing,
    PrivateValueDiffers,
    SchemaMismatch,
    Unreadable,
)
from storage.keys import Key, Keys, organisation_of
from storage.pool import Pool, Source, connection
from storage.statements import statement

PENDING_FOR: Final = timedelta(days=1)
"""How long a value may wait for its event."""


class PrivateField(NamedTuple):
    """A private field of a command: where it stands, whom it is about, what it says."""

    path: str
    """JSON pointer in the event's data, such as ``/reason``."""
    subject: str
    """Opaque id of the person it is about, or from whom it comes."""
    value: JsonValue


class Opening(NamedTuple):
    """What opens a commitment: with it anyone can check what was said."""

    stream: str
    command_id: str
    path: str
    subject: str
    salt: bytes
    canonical: bytes
    """The canonical bytes of the value."""
    commitment: str
    seq: int
    """The event that first committed to it."""

    @property
    def value(self) -> JsonValue:
        """What was said."""
        return parse(self.canonical)


class Overdue(NamedTuple):
    """A stream with values that wait for an event too long."""

    stream: str
    lives: bool
    """Whether the record knows it as a dialogue that was not archived."""


class Contact(NamedTuple):
    """Name and address of a person, as last recorded; None where there is none."""

    subject: str
    name: str | None
    address: str | None


async def put(
    source: Source,
    keys: Keys,
    stream: str,
    command_id: str,
    fields: Sequence[PrivateField],
) -> dict[str, str]:
    """Keep the private fields of one command; return a commitment for each path.

    A repeated call gives the same commitments. Raises ``PrivateValueDiffers`` where
    the same command put another value or subject in the same place before, and
    ``NotCanonical`` for a value that has no canonical form. All or nothing: without
    the keys nothing is written (``KeysUnavailable``), and without the record
    (``Unavailable``) at most a key is made that encrypts nothing yet.
    """
    made = [_commit(stream, command_id, field) for field in fields]
    key_of = keys.held(organisation_of(stream), (one.spot.subject for one in made))
    async with key_of as held_keys:
        rows = [one.row(held_keys[one.spot.subject]) for one in made]
        async with connection(source) as conn, conn.transaction():
            async with conn.cursor(row_factory=class_row(_Row)) as cursor:
                await cursor.executemany(statement("vault", "put"), rows)
                key = {"stream": stream, "command_id": command_id}
                await cursor.execute(statement("vault", "of_command"), key)
                held = {row.path: row for row in await cursor.fetchall()}
            secret = {key.id: key.secret for key in held_keys.values()}
            for one in made:
                _check_same(held[one.spot.path], one, secret)
    return {field.path: held[field.path].commitment for field in fields}


class _Made(NamedTuple):
    """A value that is about to go in, and the commitment to it."""

    spot: Spot
    plain: bytes
    salt: bytes
    commitment: str

    def row(self, key: Key) -> dict[str, object]:
        """Give the row of the vault, encrypted with ``key``."""
        nonce, value = encrypt(key.secret, self.spot, self.plain)
        return {
            **self.spot._asdict(),
            "salt": self.salt,
            "value": value,
            "key_id": key.id,
            "nonce": nonce,
            "commitment": bytes.fromhex(self.commitment),
        }


def _commit(stream: str, command_id: str, field: PrivateField) -> _Made:
    salt = secrets.token_bytes(SALT_BYTES)
    made = commitment(
        salt=salt, stream=stream, subject=field.subject, value=field.value
    )
    spot = Spot(stream, command_id, field.path, field.subject)
    return _Made(spot, canonical(field.value), salt, made)


class _Row(NamedTuple):
    """A value as it lies in the vault."""

    stream: str
    command_id: str
    path: str
    subject: str
    salt: bytes
    value: bytes
    commitment: str
    seq: int | None
    key_id: uuid.UUID | None
    nonce: bytes | None

    def opened(self, secret: Mapping[uuid.UUID, bytes]) -> bytes:
        """Return the plain bytes. Raises ``KeyMissing`` and ``Unreadable``."""
        return opened(Spot(*self[:4]), self.value, self.key_id, self.nonce, secret)


def opened(
    spot: Spot,
    value: bytes,
    key_id: uuid.UUID | None,
    nonce: bytes | None,
    secret: Mapping[uuid.UUID, bytes],
) -> bytes:
    """Return the canonical bytes of a value, with the keys that there are.

    Raises ``KeyMissing`` where its key is not among them, and ``Unreadable`` where it
    does not open.
    """
    if key_id is None or nonce is None:
        message = "a value in the vault is not encrypted yet: run polder db migrate"
        raise SchemaMismatch(message)
    if key_id not in secret:
        raise KeyMissing(
            f"the key of the value at {spot.path} of {spot.stream} is gone"
        )
    return decrypt(secret[key_id], spot, nonce, value)


def _check_same(held: _Row, wanted: _Made, secret: Mapping[uuid.UUID, bytes]) -> None:
    try:
        same = held.subject == wanted.spot.subject
        same = same and held.opened(secret) == wanted.plain
    except Unreadable:
        same = False
    if not same:
        raise PrivateValueDiffers(
            f"command {wanted.spot.command_id} of {wanted.spot.stream} already put"
            f" another value at {wanted.spot.path}: use a new command id"
        )


async def destroy(source: Source, stream: str, command_id: str) -> int:
    """Destroy the pending values of a command that was refused; return how many.

    What is on record stays: that is for an erasure.
    """
    async with connection(source) as conn:
        key = {"stream": stream, "command_id": command_id}
        return (await conn.execute(statement("vault", "destroy"), key)).rowcount


@asynccontextmanager
async def alone(pool: Pool) -> AsyncGenerator[bool]:
    """Tell whether we are the only ones to sweep, and hold others off meanwhile.

    Where the connection is lost the next one goes ahead: sweeping twice is no harm.
    """
    async with connection(pool) as conn:
        cursor = await conn.execute(statement("vault", "hold"))
        row = await cursor.fetchone()
        ours = row is not None and bool(row[0])
        try:
            yield ours
        finally:
            if ours:
                await conn.execute(statement("vault", "release"))


async def overdue(
    source: Source, older_than: timedelta = PENDING_FOR
) -> tuple[Overdue, ...]:
    """Return the streams with values that are pending for longer than this."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Overdue))
        await cursor.execute(statement("vault", "overdue"), {"older_than": older_than})
        return tuple(await cursor.fetchall())


async def sweep(
    source: Source, streams: Iterable[str], *, older_than: timedelta = PENDING_FOR
) -> int:
    """Destroy what is pending in these streams for longer; return how many values.

    It is for the caller to know that no event of these streams is still to come that
    commits to them: that their commands were refused, or never arrived.
    """
    async with connection(source) as conn:
        limits = {"older_than": older_than, "streams": list(streams)}
        return (await conn.execute(statement("vault", "sweep"), limits)).rowcount


async def openings(
    source: Source, keys: Keys, stream: str, *, skip_unreadable: bool = False
) -> tuple[Opening, ...]:
    """Return all recorded values of a stream, in order of event and path.

    Raises ``KeyMissing`` where a value has lost its key, and ``Unreadable`` where one
    was changed; with ``skip_unreadable`` such values are left out instead.
    """
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(_Row))
        await cursor.execute(statement("vault", "openings"), {"stream": stream})
        rows = await cursor.fetchall()
    secret = await keys.get(_key_ids(rows))
    with_plain = ((row, _plain(row, secret, skip=skip_unreadable)) for row in rows)
    return tuple(
        Opening(*row[:5], plain, row.commitment, row.seq or 0)
        for row, plain in with_plain
        if plain is not None
    )


def _key_ids(rows: Iterable[_Row]) -> set[uuid.UUID]:
    return {row.key_id for row in rows if row.key_id is not None}


def _plain(row: _Row, secret: Mapping[uuid.UUID, bytes], *, skip: bool) -> bytes | None:
    try:
        return row.opened(secret)
    except Unreadable:
        if skip:
            return None
        raise


async def contacts(
    source: Source, keys: Keys, stream: str, subjects: Iterable[str]
) -> dict[str, Contact]:
    """Return name and address of people in a dialogue, as recorded last.

    Whoever has neither is not in the answer; what was erased, or has lost its key, is
    as what never was there. Raises ``KeysUnavailable``.
    """
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(_Row))
        wanted = {"stream": stream, "subjects": list(subjects)}
        await cursor.execute(statement("vault", "contacts"), wanted)
        rows = await cursor.fetchall()
    secret = await keys.get(_key_ids(rows))
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        plain = _plain(row, secret, skip=True)
        value = None if plain is None else parse(plain)
        if isinstance(value, str):
            found.setdefault(row.subject, {})[row.path] = value
    return {
        subject: Contact(subject, paths.get("/name"), paths.get("/address"))
        for subject, paths in found.items()
    }


async def texts_at(
    source: Source, keys: Keys, stream: str, places: Sequence[tuple[int, str]]
) -> dict[tuple[int, str], str]:
    """Return the texts that events commit to at these places, by seq and pointer.

    What was erased, or has lost its key, is as what never was there. Raises
    ``KeysUnavailable``.
    """
    if not places:
        return {}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(_Row))
        seqs, paths = zip(*places, strict=True)
        wanted = {"stream": stream, "seqs": list(seqs), "paths": list(paths)}
        await cursor.execute(statement("vault", "at_places"), wanted)
        rows = await cursor.fetchall()
    secret = await keys.get(_key_ids(rows))
    found: dict[tuple[int, str], str] = {}
    for row in rows:
        plain = _plain(row, secret, skip=True)
        value = None if plain is None else parse(plain)
        if isinstance(value, str):
            found[row.seq or 0, row.path] = value
    return found


async def pending(source: Source) -> int:
    """Return how many values wait for their event."""
    async with connection(source) as conn:
        row = await (await conn.execute(statement("vault", "pending"))).fetchone()
    return 0 if row is None else int(row[0])
