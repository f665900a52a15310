"""One event with all that vouches for it: what the page shows, to be checked by others.

Nothing here says that it is so. Hashes are told as they are on record; whoever wants to
know computes them, in the browser or with `verify.py`.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple, cast

from starlette.datastructures import QueryParams

from desk.browsing import since_then
from desk.correcting import Correction
from desk.desk import Desk
from desk.in_words.dossier import corrected
from desk.overview import Overview
from desk.proof_files import Around
from language.speaking import speaking
from pages.history.lines import Line, field_name, line
from pages.typing_in import number_in
from pages.ways import dialogue_path

_SHORT: Final = 300


class Field(NamedTuple):
    """A private field: what it is called, what was committed to, and if it is gone."""

    name: str
    pointer: str
    commitment: str
    erased_by: int | None


class Seal(NamedTuple):
    """The place in the log, and the first checkpoint that covers it."""

    place: int
    size: int
    origin: str
    root: str
    at: datetime
    published: bool


class Truth(NamedTuple):
    """An event and what vouches for it."""

    line: Line
    members: Mapping[str, Any]
    body: str
    """The canonical bytes, as text."""
    hash: str
    recorded_at: datetime
    before: Line | None
    after: Line | None
    data: list[tuple[str, str]]
    fields: list[Field]
    seal: Seal | None
    mandate: str | None
    corrections: list[str]
    href: str

    @property
    def bytes(self) -> int:
        """How many bytes the event has."""
        return len(self.body.encode())


def since_of(query: QueryParams) -> tuple[int | None, tuple[int, ...]]:
    """Read which checkpoint is asked for, and from which older ones to go on."""
    size = number_in(query.get("checkpoint", "")) or None
    older = [number_in(each) for each in query.getlist("since")[:10]]
    return size, tuple(each for each in older if each)


async def truth(desk: Desk, view: Overview, found: Around, lang: str) -> Truth:
    """Give an event with what vouches for it, in words of a language."""
    event, members = found.event, found.event.members
    since = await since_then(desk, view.stream, event.seq)
    with speaking(lang):
        return Truth(
            line=line(view, event.seq, members, _place(found)),
            members=members,
            body=event.body.decode(),
            hash=event.hash,
            recorded_at=event.recorded_at,
            before=_neighbour(view, found.before),
            after=_neighbour(view, found.after),
            data=[
                (name, _short(value))
                for name, value in members["data"].items()
                if value is not None
            ],
            fields=[
                Field(field_name(path), path, committed, since.erased.get(path))
                for path, committed in members["private"].items()
            ],
            seal=_seal(found),
            mandate=_mandate(members["mandate"]),
            corrections=[_corrected(each) for each in since.corrections],
            href=dialogue_path(view.stream, "history", str(event.seq)),
        )


def _corrected(one: Correction) -> str:
    return corrected(one.by, one.pointer, one.was, one.value)


def _place(found: Around) -> int | None:
    return found.covered.leaf_index if found.covered else None


def _neighbour(view: Overview, event: Any) -> Line | None:  # noqa: ANN401 (recorded)
    return None if event is None else line(view, event.seq, event.members, None)


def _seal(found: Around) -> Seal | None:
    if found.covered is None:
        return None
    one = found.covered.checkpoint
    root = b64encode(one.root).decode()
    place = found.covered.leaf_index
    return Seal(place, one.size, one.origin, root, one.at, one.published)


def _short(value: Any) -> str:  # noqa: ANN401 (any JSON)
    several = cast("list[object]", value) if isinstance(value, list) else [None]
    if all(isinstance(each, str) for each in several):
        text = ", ".join(map(str, several))
    else:
        plain = isinstance(value, str)
        text = value if plain else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"


def _mandate(pin: Mapping[str, Any] | None) -> str | None:
    return None if pin is None else f"{pin['stream']}/{pin['seq']}"
