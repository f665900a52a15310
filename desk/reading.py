"""Reading a dialogue from its projection, with the contents it refers to."""

from __future__ import annotations

from typing import Final

from domain.calendar import Calendar
from domain.method import Method
from domain.state import Dialogue, Handled, thick
from storage.errors import SchemaMismatch, Unavailable, UnknownContent
from storage.folding import fold_stream
from storage.pool import Source
from storage.queries import DialogueRow, content, dialogue

_SHELF: Final[dict[str, Method | Calendar]] = {}
"""Compiled forms by hash: they never change, and there are few of them."""


async def find(source: Source, stream: str) -> Dialogue | None:
    """Give the state of a dialogue as its projection has it; none if there is none.

    The commands it handled are left out: only its workflow needs them.
    """
    row = await dialogue(source, stream)
    return None if row is None else await whole(source, row)


async def whole(source: Source, row: DialogueRow) -> Dialogue:
    """Give the state of a dialogue whose row is at hand.

    A row that another version of this program made, or that was changed, may not fit:
    then the events say how it is. Raises whatever the core raises for events that
    cannot be folded.
    """
    try:
        return await _from_row(source, row)
    except (Unavailable, SchemaMismatch):
        raise
    except Exception:  # noqa: BLE001 - whatever is wrong with the row
        moment = await fold_stream(source, row.stream)
        return moment.state.model_copy(update={"handled": Handled()})


async def calendar_of(source: Source, digest: str) -> Calendar:
    """Give a calendar by its hash. Raises `UnknownContent`."""
    found = await _content(source, digest, Calendar)
    assert isinstance(found, Calendar)  # noqa: S101  (the hash of a calendar)
    return found


async def method_of(source: Source, digest: str) -> Method:
    """Give a compiled method by its hash. Raises `UnknownContent`."""
    found = await _content(source, digest, Method)
    assert isinstance(found, Method)  # noqa: S101  (the hash of a method)
    return found


async def _from_row(source: Source, row: DialogueRow) -> Dialogue:
    plan = await method_of(source, row.method_hash)
    days = await calendar_of(source, row.calendar_hash)
    return thick(row.state, plan, days, Handled())


async def _content(
    source: Source, digest: str, kind: type[Method | Calendar]
) -> Method | Calendar:
    if digest not in _SHELF:
        body = await content(source, digest)
        if body is None:
            message = f"no content {digest} is on record"
            raise UnknownContent(message)
        _SHELF[digest] = kind.model_validate_json(body)
    return _SHELF[digest]
