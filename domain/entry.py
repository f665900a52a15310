"""An entry is what people look up and no decision needs: one row of a dialogue's lists.

Each event may give patches to rows. So the state stays small, and whatever is only
shown lies in ``read.entry``, made from the events like all else there.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from domain.events import Event
from domain.messages import private_fields


class Entry(NamedTuple):
    """A patch to one row: its top-level members replace those of the row.

    ``data`` is plain JSON; None takes the row away. A patch to a row that is not there
    makes it, and the row keeps the seq of the event that did. ``kind`` and ``id`` are
    public, like everything in ``data``: of a private text there is only its place.
    """

    kind: str
    id: str
    data: dict[str, Any] | None


def said(event: Event, *fields: str) -> dict[str, Any]:
    """Give what an event says in these fields, or in all, as members for an entry.

    Fields that are None are left out, so that a change keeps what it does not name. A
    private field becomes its place (`place`).
    """
    private = private_fields(type(event.data))
    wanted = set(fields or type(event.data).model_fields)
    found = event.data.model_dump(mode="json", include=wanted, exclude_none=True)
    return {
        name: place(event, name) if name in private else found[name]
        for name in fields or found
        if name in found
    }


def place(event: Event, field: str) -> dict[str, Any]:
    """Give where a private text of this event is: its seq and its JSON pointer.

    ``desk.entries`` puts the text there for whoever may read it.
    """
    return {"private": f"/{field}", "seq": event.seq}
