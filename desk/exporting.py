"""Taking sealed events out of the record: chosen, checked, counted and vouched for.

Only what a checkpoint covers is given out, and each read is on record before its
answer is there.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import AsyncIterator, Generator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from desk import reads
from desk.desk import Desk
from desk.disclosing import Disclosure, Opener
from desk.errors import DeskError, NotFound
from desk.past import known_checkpoint
from desk.questions import Question
from domain.facts import written
from exports.formats import FORMATS, Format, Manner, Writer, writer
from exports.provenance import SIDECAR, Asked, Tally, vouch
from exports.rows import Row, columns
from exports.sheets import TooManyRows
from language import mark
from storage.past import Checkpoint, checkpoint, drawn, gone, selected

__all__ = ["FORMATS", "Exported", "Format", "Row", "Sampled", "columns", "export"]

_NOTHING_SEALED: Final = mark(
    "Nothing is sealed yet, so there is nothing to give out. A worker that has the "
    "log's key seals every second."
)
_TOO_MANY: Final = mark("{problem}: choose fewer events, or another format.")
_CANT_WRITE: Final = mark("{path} can't be written: {problem}.")


class Exported(NamedTuple):
    """What was written, and what vouches for it."""

    path: Path
    sidecar: Path
    block: dict[str, Any]


class Sampled(NamedTuple):
    """A sample, in the order in which it was drawn, each event with its rank in hex."""

    checkpoint: Checkpoint
    rows: list[tuple[str, Row]]
    command: str
    """What draws it again."""
    gone: int
    """How many sealed events are no longer on record, and can't be drawn."""


async def export(
    desk: Desk,
    question: Question,
    form: Format,
    out: str,
    *,
    source: str | None = None,
    words: Mapping[str, str] | None = None,
) -> Exported:
    """Write the chosen events to the file ``out``, and their provenance beside it.

    ``source`` names organisation and system in CloudEvents, ``words`` the headings of
    a spreadsheet. The file appears whole or not at all, after the read was logged.
    Raises `NotFound`, `Refused`, or `DeskError` where it can't be written.
    """
    at = await _checkpoint(desk, question)
    if question.opened:
        await Opener(desk, question.by).check(question.scope)
    manner = Manner(at.at, source or at.origin, words or {}, question.opened)
    with _Part(out).kept() as part:
        to = writer(form, part.path, manner)
        try:
            tally = await _write(to, rows(desk, question, at))
            missing = await gone(desk.pool, at.size, question.scope)
            block = tally.block(_asked(question, at, form, missing))
            to.finish(block)
        finally:
            to.close()
        about = {**question.told, "format": form}
        await _note(desk, "export", question, at, about=about, number=block["rows"])
        part.appear(block)
    return Exported(part.wanted, part.sidecar, block)


async def _write(out: Writer, chosen: AsyncIterator[Row]) -> Tally:
    tally = Tally()
    async for row in chosen:
        out.add(row)
        tally.add(row)
    return tally


async def sample(desk: Desk, question: Question, number: int) -> Sampled:
    """Draw ``number`` of the chosen events by the checkpoint's root.

    The rank of an event is SHA-256(root ‖ leaf hash): the lowest are drawn. Raises as
    `export` does.
    """
    at = await _checkpoint(desk, question)
    disclosure = await Disclosure.of(desk, question, at)
    found = await drawn(desk.pool, at, question.scope, disclosure.filters, number)
    made = [(rank(at.root, one.hash), await disclosure.row(one)) for one in found]
    about = {**question.told, "size": number}
    await _note(desk, "sample", question, at, about=about, number=len(made))
    command = question.command("sample", at.size, "--size", str(number))
    missing = await gone(desk.pool, at.size, question.scope)
    return Sampled(at, made, command, missing)


def rank(root: bytes, digest: str) -> str:
    """Give an event's rank under a root: SHA-256(root ‖ leaf hash), in hex."""
    leaf = sha256(b"\x00" + bytes.fromhex(digest)).digest()
    return sha256(root + leaf).hexdigest()


async def rows(desk: Desk, question: Question, at: Checkpoint) -> AsyncIterator[Row]:
    """Give the chosen events within a checkpoint, in the order of the log.

    Raises `Refused` at an event that is not what was sealed.
    """
    disclosure = await Disclosure.of(desk, question, at)
    scope, filters = question.scope, disclosure.filters
    after = -1
    while page := await selected(desk.pool, at.size, scope, filters, after=after):
        for event in page:
            yield await disclosure.row(event)
        after = page[-1].leaf_index


async def _checkpoint(desk: Desk, question: Question) -> Checkpoint:
    if question.size is not None:
        return await known_checkpoint(desk, question.size)
    newest = await checkpoint(desk.pool)
    if newest is None:
        raise NotFound(_NOTHING_SEALED)
    return newest


def _asked(question: Question, at: Checkpoint, form: Format, missing: int) -> Asked:
    return Asked(
        query=question.command("export", at.size, "--format", form),
        filters=question.told,
        by=question.by.id,
        origin=at.origin,
        size=at.size,
        root=b64encode(at.root).decode(),
        at=written(at.at),
        opened=question.opened,
        gone=missing,
    )


async def _note(
    desk: Desk,
    what: str,
    question: Question,
    at: Checkpoint,
    *,
    about: Mapping[str, Any],
    number: int,
) -> None:
    by, target = question.by.id, question.target
    opened = question.opened
    await reads.note(
        desk, by, what, target, about, rows=number, size=at.size, opened=opened
    )


class _Part:
    """A file that is being written beside its place, under a name of its own."""

    def __init__(self, out: str) -> None:
        self.wanted = path = Path(out).absolute()
        self.path = path.with_name(f".{path.name}.{os.getpid()}.part")
        self.sidecar = path.with_name(path.name + SIDECAR)

    @contextmanager
    def kept(self) -> Generator[_Part]:
        """Leave nothing behind, whatever happens; trouble with files is a DeskError."""
        try:
            self.path.unlink(missing_ok=True)
            yield self
        except TooManyRows as error:
            raise DeskError(_TOO_MANY, problem=str(error)) from error
        except OSError as error:
            problem = error.strerror or str(error)
            path = str(self.wanted)
            raise DeskError(_CANT_WRITE, path=path, problem=problem) from error
        finally:
            self.path.unlink(missing_ok=True)

    def appear(self, block: Mapping[str, Any]) -> None:
        """Put the file in its place, after what vouches for it."""
        self.sidecar.write_bytes(vouch(self.path, self.wanted.name, block))
        self.path.replace(self.wanted)
