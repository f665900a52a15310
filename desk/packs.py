"""A pack is made on the spot: a fresh census, a checkpoint over it, all of a stream.

Whoever makes one holds the log's key, because the log vouches for every pack. Asked
for in nobody's name it has every text that the vault still holds, but those of
confidential steps; asked for in somebody's name, what that person may read.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from desk import reads
from desk.desk import Desk, Sender
from desk.errors import DeskError, NotFound, Refused, Unreachable
from desk.gone import NO_DIALOGUE
from desk.publishing import cosigned, vouchers
from desk.reachable import one_line, reaching
from desk.withholding import EVERYTHING, withheld_from
from domain.facts import written
from evidence import verify
from evidence.checkpoint import parse_checkpoint
from evidence.errors import EvidenceError
from evidence.note import parse_note
from evidence.pack import Contents, write_pack
from language import mark
from storage import logkey, packing, proofs, rotation, sealing
from storage.destroying import destroyed
from storage.errors import (
    BadLogKey,
    LogDamaged,
    MayNotSeal,
    NoLogKey,
    UnknownStream,
)
from storage.logkey import LogKey
from storage.pool import connect, connection
from storage.record import head

_LONG: Final = 3_600
"""Seconds that sealing may take where nobody sealed for long."""

NO_LOG_KEY: Final = mark(
    "The log's key is not here: {path}. Do this where polder up runs, or set "
    "POLDER_LOG_KEY."
)
_BAD_KEY: Final = mark("The log's key can't be used: {problem}.")
NOT_IN_LOG: Final = mark(
    "{stream} is not in the log: what is on record of it does not fit together. See "
    "polder audit verify --all."
)
_GONE: Final = mark(
    "{stream} was destroyed at the end of its term: its organisation's stream says so, "
    "and the log keeps its hashes."
)
NONE_PUBLISHED: Final = mark(
    "No checkpoint was published yet: polder audit checkpoint --publish."
)
NOT_CONTINUED: Final = mark(
    "Nothing is signed, because the log does not continue what was signed: {problem}. "
    "See polder audit verify --all."
)
NO_PACK: Final = mark("No pack can be made: {problem}. See polder audit verify --all.")
_MAY_NOT: Final = mark("This login may not seal the log: {problem}.")


class Packed(NamedTuple):
    """A pack that was made."""

    content: bytes
    """The ZIP file."""
    document: dict[str, Any]
    """What it holds, as JSON; ``sound`` is what its own verifier says of it."""
    barred: bool
    """Whether all private texts are withheld because of who reads."""


class Point(NamedTuple):
    """A published checkpoint."""

    note: bytes
    document: dict[str, Any]


async def make_pack(
    desk: Desk,
    database: str,
    log_key: Path,
    stream: str,
    *,
    created_by: str,
    reader: Sender | None = None,
    withhold: Sequence[str] = (),
    witnesses: int = 0,
) -> Packed:
    """Make a pack of a stream as it is now.

    ``reader`` is for whom it is made; without one nothing is kept back but what was
    said in confidential steps and what ``withhold`` names, as
    `storage.packing.Withheld.read` takes it. ``witnesses`` is
    how many have to cosign the checkpoint first. That it was made is in the log of
    reads, in the name of ``created_by``. Raises `NotFound`, `Refused`, `Unreachable`,
    and `NoSuchPath`.
    """
    withheld = await withheld_from(desk, stream, reader, withhold)
    barred = reader is not None and withheld is EVERYTHING
    with _in_words(log_key):
        key = logkey.read(log_key)
        sealed = await _publish(database, key)
        await cosigned(desk, sealed.size, witnesses)
        async with connection(desk.pool) as conn:
            try:
                contents = await packing.contents(
                    conn,
                    desk.keys,
                    stream,
                    sealed.size,
                    key.vkey,
                    created_by=created_by,
                    withheld=withheld,
                    left_out=any(fault.stream == stream for fault in sealed.left_out),
                )
            except UnknownStream as error:
                raise await _why_not(desk, stream) from error
            except EvidenceError as error:
                raise _refused("LogDamaged", NO_PACK, error) from error
        await _note_read(desk, created_by, contents, withhold)
    pack = write_pack(contents, key.private)
    document = _document(
        pack, contents, packing.confidential(contents.bodies, withheld)
    )
    return Packed(pack, document, barred and bool(contents.withheld))


async def _note_read(
    desk: Desk, by: str, contents: Contents, withhold: Sequence[str]
) -> None:
    """Put on record that a pack was made: who has it, has read all that is in it."""
    await reads.note(
        desk,
        by,
        "pack",
        contents.stream,
        {"withhold": [*withhold]} if withhold else {},
        rows=len(contents.bodies),
        size=contents.checkpoint.size,
        opened=bool(contents.openings),
    )


async def publish_checkpoint(database: str, log_key: Path) -> None:
    """Take a census and sign a checkpoint. Raises `Refused` and `Unreachable`."""
    with _in_words(log_key):
        await _publish(database, logkey.read(log_key))


async def newest_checkpoint(desk: Desk) -> Point:
    """Give the newest published checkpoint, cosignatures and all, with timestamps.

    Raises `NotFound` where none was published yet.
    """
    async with connection(desk.pool) as conn:
        stored = await proofs.newest(conn, published=True)
        if stored is None:
            raise NotFound(NONE_PUBLISHED)
        note = await proofs.checkpoint_note(conn, stored.size)
    document = {
        **_point(note),
        "at": written(stored.at),
        "note": note.decode(),
        **await vouchers(desk, stored.size),
    }
    return Point(note, document)


def log_keys(log_key: Path) -> dict[str, Any]:
    """Give the log's verifier keys, oldest first. Raises `Unreachable`."""
    with _in_words(log_key):
        return _keys(logkey.read(log_key))


async def rotate_key(database: str, log_key: Path) -> dict[str, Any]:
    """Take a new key: the old one signs for it, then it signs itself.

    Gives the verifier keys, oldest first. Raises `Refused` and `Unreachable`.
    """
    with _in_words(log_key):
        conn = await connect(database, statement_seconds=_LONG)
        async with conn:
            key, _sealed = await rotation.rotate(conn, log_key)
    return _keys(key)


def _keys(key: LogKey) -> dict[str, Any]:
    return {
        "origin": key.vkey.name,
        "keys": [{"vkey": str(v), "signs": v == key.vkey} for v in key.vkeys],
    }


async def _publish(database: str, key: LogKey) -> sealing.Sealed:
    conn = await connect(database, role="polder_sealer", statement_seconds=_LONG)
    async with conn:
        sealed = await sealing.seal(conn, key, publish=True)
    assert sealed is not None  # noqa: S101  (a census is always something new)
    return sealed


async def _why_not(desk: Desk, stream: str) -> DeskError:
    """Say why there is no event of a stream to pack."""
    if await head(desk.pool, stream) is None:
        return NotFound(NO_DIALOGUE, stream=stream)
    gone = stream in await destroyed(desk.pool)
    name, template = ("Destroyed", _GONE) if gone else ("NotSealed", NOT_IN_LOG)
    facts = {"stream": stream}
    return Refused(name, template.format(**facts), facts, template=template)


def _document(
    pack: bytes, contents: Contents, kept: Mapping[tuple[int, str], str]
) -> dict[str, Any]:
    # The pack is judged at once, so that its maker is the first to know.
    report = verify.examine(pack, [str(contents.key)])
    seen = report.as_json()
    return {
        "stream": contents.stream,
        "events": len(contents.bodies),
        "checkpoint": _point(contents.checkpoint_note),
        "private": seen["private"],
        "confidential": sorted({step for step in kept.values() if step}),
        "sound": seen["sound"],
        "failures": seen["failures"],
        "key": str(contents.key),
        "bytes": len(pack),
        "sha256": sha256(pack).hexdigest(),
    }


def _point(note: bytes) -> dict[str, Any]:
    point = parse_checkpoint(parse_note(note).text)
    root = b64encode(point.root).decode()
    return {"origin": point.origin, "size": point.size, "root": root}


@contextmanager
def _in_words(log_key: Path) -> Generator[None]:
    """Let what storage answers leave as what the desk answers."""
    try:
        with reaching():
            yield
    except NoLogKey as error:
        raise Unreachable(NO_LOG_KEY, path=str(log_key)) from error
    except BadLogKey as error:
        raise Unreachable(_BAD_KEY, problem=one_line(error)) from error
    except (LogDamaged, MayNotSeal) as error:
        template = NOT_CONTINUED if isinstance(error, LogDamaged) else _MAY_NOT
        raise _refused(type(error).__name__, template, error) from error


def _refused(name: str, template: str, error: Exception) -> Refused:
    facts = {"problem": one_line(error)}
    return Refused(name, template.format(**facts), facts, template=template)
