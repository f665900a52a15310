"""Lists come in pages that hold under inserts: a cursor says where the next one begins.

A cursor is opaque to callers: what it holds is the place of the last row they got, in
the order of the list, and never a count.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Annotated, Any, Final, Generic, TypeVar, cast
from urllib.parse import urlencode

from fastapi import Query, Request
from pydantic import Field

from api.mistakes import Mistake
from api.models import Body, Shown
from api.problems import bad_input
from language import mark

MOST: Final = 200
USUAL: Final = 50
NO_CURSOR: Final = mark("this is no cursor of this list: begin without one")

Item = TypeVar("Item")


class Paged(Body):
    """Which page of a list is asked for; a route's own filters come beside it."""

    cursor: Annotated[
        str | None,
        Field(
            description="Waar de bladzijde begint: uit `next` van de vorige.",
            max_length=400,
        ),
    ] = None
    limit: Annotated[
        int,
        Field(
            description="Hoeveel er hoogstens op een bladzijde staan.", ge=1, le=MOST
        ),
    ] = USUAL


Paging = Annotated[Paged, Query()]
"""Type of the parameter of a route that gives a list and takes no filters."""


class Listed(Shown, Generic[Item]):
    """Een bladzijde van een lijst."""

    items: Annotated[list[Item], Field(description="Wat er op deze bladzijde staat.")]
    next: Annotated[
        str | None,
        Field(
            description="Adres van de volgende bladzijde; ontbreekt op de laatste. "
            "Ook in de header `Link`.",
            examples=["/v1/dialogues?cursor=WyJ4Il0&limit=50"],
        ),
    ] = None


def cursor_of(place: Sequence[int | str]) -> str:
    """Write a place in a list as a cursor."""
    text = json.dumps(list(place), separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def place_of(cursor: str | None, *kinds: type[int | str]) -> tuple[Any, ...] | None:
    """Read a cursor that has members of these kinds; None for the first page.

    Raises the problem 400 for what is no such cursor.
    """
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        found = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        found = None
    members = cast("list[object]", found) if isinstance(found, list) else []
    if len(members) != len(kinds) or not all(map(_is, members, kinds)):
        raise bad_input(Mistake("query", "cursor", NO_CURSOR, "cursor"))
    return tuple(members)


def _is(member: object, kind: type) -> bool:
    """Whether a member is of a kind, and of a size that a database takes."""
    if kind is int:
        return type(member) is int and 0 <= member < 2**63
    return isinstance(member, str) and "\x00" not in member


def next_page(request: Request, place: Sequence[int | str] | None) -> str | None:
    """Give the address of the page behind this place, with the same filters."""
    if place is None:
        return None
    asked = [(k, v) for k, v in request.query_params.multi_items() if k != "cursor"]
    query = urlencode([("cursor", cursor_of(place)), *asked])
    return f"{request.url.path}?{query}"


def linked(following: str | None) -> dict[str, str]:
    """Give the header ``Link`` (RFC 8288) to the next page, if there is one."""
    return {"Link": f'<{following}>; rel="next"'} if following else {}
