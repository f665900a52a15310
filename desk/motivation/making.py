"""Makes the document from a record on a server, and puts it in a file.

The chain of the events is followed first, so that no sentence rests on an event that is
not what was recorded; the read is logged.
"""

from __future__ import annotations

import os
import shlex
from base64 import b64encode
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from desk import reads
from desk.desk import Desk, Sender
from desk.errors import DeskError
from desk.history import Past, opened, whole_history
from desk.motivation.compose import Making, Seal, compose
from desk.motivation.document import Motivation
from desk.motivation.markdown import markdown
from desk.motivation.page import page
from desk.motivation.record import Known, Place, Record, known
from desk.past import AsOf, as_it_is, as_of
from domain.events import AnyEvent, PersonalDataErased
from language import mark

FORMS: Final = {".md": markdown, ".html": page}
"""How a file is written, by how its name ends."""

_CANT_WRITE: Final = mark("{path} can't be written: {problem}.")


class Asked(NamedTuple):
    """What document is asked for: of which moment, in which language, for whom."""

    stream: str
    lang: str
    by: Sender
    out: str
    moment: str | None = None
    """As `desk.moments` reads it; None: now."""
    private: bool = False

    def command(self, seq: int) -> str:
        """Give the command that makes it again, with the events up to ``seq``."""
        words = ["polder", "dialogue", "motivation", self.stream, "--seq", str(seq)]
        words += ["--lang", self.lang]
        if self.private:
            role = f"/{self.by.role}" if self.by.role else ""
            words += ["--private", "--as", f"{self.by.id}{role}"]
        return shlex.join([*words, "--out", Path(self.out).name])


async def motivation(
    desk: Desk, asked: Asked, made: datetime | None = None
) -> Motivation:
    """Make the document. Raises `NotFound`, and `Refused` where texts were asked for.

    ``made`` is when; default: now.
    """
    # The state first: of what is recorded meanwhile the document knows nothing.
    state = await desk.dialogue(asked.stream)
    every = await whole_history(desk, asked.stream)
    if asked.moment:
        found = await as_of(desk, asked.stream, asked.moment, by=asked.by.id)
    else:
        found = await as_it_is(desk, asked.stream, state, every, by=asked.by.id)
    record = await _record(desk, asked, found, every)
    document = compose(record, asked.lang, _making(asked, found, made))
    what = {"moment": found.asked.told, "lang": asked.lang}
    size = found.covered.checkpoint.size if found.covered else None
    await reads.note(
        desk,
        asked.by.id,
        "motivation",
        asked.stream,
        what,
        rows=found.seq,
        size=size,
        opened=asked.private,
    )
    return document


async def _record(desk: Desk, asked: Asked, found: AsOf, every: list[Past]) -> Record:
    events = [known(each.members, each.hash) for each in every]
    past = tuple(each for each in events if each.seq <= found.seq)
    later = [each for each in events if each.seq > found.seq]
    record = Record(asked.stream, found.state, past, gone=_erased(later))
    if not asked.private:
        return record
    now = await desk.dialogue(asked.stream)
    read = await opened(desk, asked.stream, now, asked.by, every)
    return Record(
        asked.stream,
        found.state,
        past,
        asked=True,
        texts=read.words,
        kept=read.kept,
        gone=record.gone,
    )


def _erased(events: list[Known[AnyEvent]]) -> frozenset[Place]:
    return frozenset(
        (seq, pointer)
        for event in events
        if isinstance(event.fact, PersonalDataErased)
        for seq, pointer in event.fact.paths
    )


def _making(asked: Asked, found: AsOf, made: datetime | None) -> Making:
    covered = found.covered
    seal = covered and Seal(
        covered.checkpoint.origin,
        covered.checkpoint.size,
        b64encode(covered.checkpoint.root).decode(),
        covered.checkpoint.at,
    )
    return Making(
        asked.command(found.seq),
        made or datetime.now(UTC),
        asked.by.id if asked.private else None,
        seal,
    )


def write(document: Motivation, out: str) -> Path:
    """Write the document to the file ``out``, whole or not at all.

    Its name ends in one of `FORMS`. Raises `DeskError` where it can't be written.
    """
    path = Path(out).absolute()
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(FORMS[path.suffix](document), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        problem = error.strerror or str(error)
        raise DeskError(_CANT_WRITE, path=str(path), problem=problem) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return path


def told(document: Motivation) -> dict[str, Any]:
    """Give the document as JSON: every sentence with its events."""
    return {
        "lang": document.lang,
        "title": document.title,
        "sections": [
            {
                "id": section.id,
                "title": section.title,
                "sentences": [
                    {"text": each.text, "events": list(each.events)}
                    for part in section.parts
                    for each in (*part.sentences, *part.points)
                ],
            }
            for section in document.sections
        ],
        "provenance": dict(document.provenance),
        "events": [each._asdict() for each in document.cited],
    }
