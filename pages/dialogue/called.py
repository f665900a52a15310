"""What people are called: opened for who may read it, once that read is on record."""

from __future__ import annotations

from api.looking import words
from api.security import Visit
from api.views import is_place, place_of
from desk.entries import EntryRow, entries
from pages.dialogue.head import Head


async def names_of_holders(visit: Visit, head: Head) -> dict[tuple[str, str], str]:
    """Give what holders are called, by role and id.

    Raises `NotAllowed` and `Refused`.
    """
    rows: list[EntryRow] = await entries(visit.desk, head.stream, "role")
    places = {
        (str(row.data["role"]), str(row.data["actor"])): place_of(row.data["name"])
        for row in rows
        if is_place(row.data.get("name"))
    }
    found = await words(visit, head.stream, head.state, places.values(), "roles")
    return {who: found[place] for who, place in places.items() if place in found}


async def names_of_people(visit: Visit, head: Head) -> dict[str, str]:
    """Give what people who hold a role are called, by their id. Raises the same."""
    found = await names_of_holders(visit, head)
    return {who: name for (_role, who), name in found.items()}
