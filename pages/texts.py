"""Private texts in the lists of a dialogue, for who may read them.

They are opened once it is on record that they were read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from api.looking import words
from api.security import Visit
from api.views import is_place, place_of
from desk.desk import Sender
from desk.entries import EntryRow
from desk.errors import Refused
from desk.readers import may
from desk.texts_at import places_in
from domain.facts import Place
from domain.state import Dialogue


def may_read(visit: Visit, state: Dialogue) -> bool:
    """Whether any private text of this dialogue is for this reader."""
    if "private" not in visit.caller.scopes:
        return False
    try:
        may(state, Sender(visit.caller.actor))
    except Refused:
        return False
    return True


async def opened(
    visit: Visit, stream: str, state: Dialogue, rows: Sequence[EntryRow], what: str
) -> list[EntryRow]:
    """Give these rows with texts in their places; for who may not, as they are.

    What was erased, or is kept from this reader, stays a place. ``what`` is what the
    list is called in the log of reads.
    """
    wanted = [place for row in rows for place in places_in(row.data)]
    if not wanted or not may_read(visit, state):
        return [*rows]
    found = await words(visit, stream, state, wanted, what)
    return [row._replace(data=_with(row.data, found)) for row in rows]


def text_of(value: object) -> str | None:
    """Give a private text if it was opened."""
    return value if isinstance(value, str) else None


def _with(value: Any, found: Mapping[Place, str]) -> Any:  # noqa: ANN401 (JSON)
    if isinstance(value, list):
        return [_with(each, found) for each in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    members = cast("dict[str, Any]", value)
    if is_place(members):
        return found.get(place_of(members), members)
    return {name: _with(each, found) for name, each in members.items()}
