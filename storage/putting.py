"""What comes together goes into the vault together: in one statement, and one commit.

Each value has its own salt and its own person's key, and whoever was first in a place
decided what lies there. So many commands can put theirs in at once, and what is wrong
with one is nothing to the others.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from psycopg.rows import class_row

from evidence.canonical import JsonValue, canonical
from evidence.event import SALT_BYTES, commitment
from storage.cipher import Spot, encrypt
from storage.errors import PrivateValueDiffers, Unreadable
from storage.keys import Key
from storage.pool import Connection
from storage.statements import statement
from storage.values import Row


class PrivateField(NamedTuple):
    """A private field of a command: where it stands, whom it is about, what it says."""

    path: str
    """JSON pointer in the event's data, such as ``/reason``."""
    subject: str
    """Opaque id of the person it is about, or from whom it comes."""
    value: JsonValue


class Made(NamedTuple):
    """A value that is about to go in, and the commitment to it."""

    spot: Spot
    plain: bytes
    salt: bytes
    commitment: str


def made(
    stream: str, command_id: str, fields: Iterable[PrivateField]
) -> tuple[Made, ...]:
    """Commit to the private fields of one command. Raises ``NotCanonical``."""
    return tuple(_commit(stream, command_id, field) for field in fields)


def _commit(stream: str, command_id: str, field: PrivateField) -> Made:
    salt = secrets.token_bytes(SALT_BYTES)
    to = commitment(salt=salt, stream=stream, subject=field.subject, value=field.value)
    spot = Spot(stream, command_id, field.path, field.subject)
    return Made(spot, canonical(field.value), salt, to)


async def put_together(
    conn: Connection,
    keys: Mapping[str, Key],
    stream: str,
    many: Sequence[Sequence[Made]],
    by: str | None = None,
) -> list[dict[str, str] | PrivateValueDiffers]:
    """Keep what many commands of a stream put in; for each its commitments, by path.

    Or why nothing is kept of it, which is nothing to the others. ``conn`` is in a
    transaction of the caller's, and ``keys`` are held until after that: of everybody
    whom the values are about. ``by`` is who puts them in.
    """
    values = [one for each in many for one in each]
    if not values:
        return [{} for _ in many]
    new = await _put(conn, keys, stream, values, by)
    others = {one.spot.command_id for one in values if one.commitment not in new}
    held = await _of_commands(conn, stream, others) if others else {}
    secret = {key.id: key.secret for key in keys.values()}
    found = [_kept(each, new, held, secret) for each in many]
    for each, kept in zip(many, found, strict=True):
        if isinstance(kept, PrivateValueDiffers):
            await take_back(conn, stream, [e for e in each if e.commitment in new])
    return found


async def take_back(conn: Connection, stream: str, values: Sequence[Made]) -> None:
    """Undo what was put in just now for one who is refused after all."""
    if values:
        await conn.execute(statement("vault", "take_back"), _places(stream, values))


async def _put(
    conn: Connection,
    keys: Mapping[str, Key],
    stream: str,
    values: Sequence[Made],
    by: str | None,
) -> set[str]:
    """Put in what is not there yet, in one statement; give the commitments to it.

    In one order, so that nobody who does the same at the same moment waits for us
    while we wait for them.
    """
    rows = sorted(values, key=lambda one: one.spot)
    encrypted = [encrypt(keys[r.spot.subject].secret, r.spot, r.plain) for r in rows]
    columns = {
        **_places(stream, rows),
        "put_by": by,
        "subjects": [one.spot.subject for one in rows],
        "salts": [one.salt for one in rows],
        "nonces": [nonce for nonce, _ in encrypted],
        "values": [value for _, value in encrypted],
        "key_ids": [keys[one.spot.subject].id for one in rows],
        "commitments": [bytes.fromhex(one.commitment) for one in rows],
    }
    cursor = await conn.execute(statement("vault", "put"), columns)
    return {row[0] for row in await cursor.fetchall()}


def _places(stream: str, values: Iterable[Made]) -> dict[str, object]:
    spots = [one.spot for one in values]
    return {
        "stream": stream,
        "command_ids": [spot.command_id for spot in spots],
        "paths": [spot.path for spot in spots],
    }


async def _of_commands(
    conn: Connection, stream: str, commands: Iterable[str]
) -> dict[tuple[str, str], Row]:
    async with conn.cursor(row_factory=class_row(Row)) as cursor:
        wanted = {"stream": stream, "command_ids": list(commands)}
        await cursor.execute(statement("vault", "of_commands"), wanted)
        return {(row.command_id, row.path): row for row in await cursor.fetchall()}


def _kept(
    values: Sequence[Made],
    new: Container[str],
    held: Mapping[tuple[str, str], Row],
    secret: Mapping[uuid.UUID, bytes],
) -> dict[str, str] | PrivateValueDiffers:
    """Give the commitments to one command's values, old or new."""
    kept: dict[str, str] = {}
    for one in values:
        _, command, path, _ = one.spot
        if one.commitment in new:
            kept[path] = one.commitment
        elif _is_same(held[command, path], one, secret):
            kept[path] = held[command, path].commitment
        else:
            return PrivateValueDiffers(
                f"command {command} of {one.spot.stream} already put another value at"
                f" {path}: use a new command id"
            )
    return kept


def _is_same(held: Row, wanted: Made, secret: Mapping[uuid.UUID, bytes]) -> bool:
    try:
        same = held.subject == wanted.spot.subject
        return same and held.opened(secret) == wanted.plain
    except Unreadable:
        return False
