"""What happened, as a list or as a stream: events in the log's own order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Final

from fastapi import Header, Query, Request
from fastapi.responses import Response

from api.knocking import whose
from api.mistakes import Mistake
from api.models import DialogueName
from api.models.events import AllEventsAsked, Event, EventsAsked
from api.negotiation import JSON, prefers
from api.paging import Listed, linked, next_page, place_of
from api.problems import Problem, bad_input
from api.routing import router
from api.security import Visit, Visiting, admit_again
from api.streaming import MEDIA_TYPE, stream, told
from desk import happening
from desk.desk import Desk
from desk.feed import FULL, Feed
from desk.happening import Wanted
from domain.events import EVENTS
from domain.nearest import nearest
from language import mark

ROUTE = router("Gebeurtenissen")

_BEYOND: Final = mark(
    "this is a place that the log does not have: begin again without it"
)

_NO_KIND: Final = mark("there is no event {kind}")
_NEAR: Final = mark("there is no event {kind}; there are {near}")
_EXAMPLE_STREAM: Final = (
    "retry: 2000\nid: 4710\n\nid: 4711\nevent: items_completed\ndata: {…}\n\n"
)
_FORMS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "De gebeurtenissen: als lijst, of met "
        "`Accept: text/event-stream` als stroom zonder einde (Server-Sent Events).",
        "content": {
            JSON: {},
            MEDIA_TYPE: {
                "schema": {
                    "type": "string",
                    "description": "Elke gebeurtenis als JSON.",
                },
                "example": _EXAMPLE_STREAM,
            },
        },
    }
}

LastId = Annotated[
    str | None,
    Header(
        alias="Last-Event-ID",
        description="Voor een stroom: de `id` van de laatste gebeurtenis die u had. De "
        "stroom gaat daarachter verder, zonder gat.",
        max_length=30,
    ),
]


@ROUTE.get(
    "/events",
    operation_id="listEvents",
    summary="Wat er in alle dialogen gebeurde",
    response_model=Listed[Event],
    responses=_FORMS,
)
async def list_events(
    request: Request,
    visit: Visiting,
    asked: Annotated[AllEventsAsked, Query()],
    last_event_id: LastId = None,
) -> Response:
    """Geeft de gebeurtenissen van alle dialogen van uw organisatie, op volgorde."""
    only = visit.caller.dialogue
    dialogue = asked.dialogue or (
        f"{visit.caller.organisation}:{only}" if only else None
    )
    return await _answer(request, visit, dialogue, asked, last_event_id)


@ROUTE.get(
    "/dialogues/{dialogue}/events",
    operation_id="listDialogueEvents",
    summary="Wat er in één dialoog gebeurde",
    response_model=Listed[Event],
    responses=_FORMS,
)
async def list_dialogue_events(
    request: Request,
    visit: Visiting,
    dialogue: DialogueName,
    asked: Annotated[EventsAsked, Query()],
    last_event_id: LastId = None,
) -> Response:
    """Geeft de gebeurtenissen van één dialoog, op volgorde."""
    return await _answer(request, visit, dialogue, asked, last_event_id)


async def _answer(
    request: Request,
    visit: Visit,
    dialogue: str | None,
    asked: EventsAsked,
    last: str | None,
) -> Response:
    visit.allow("read", dialogue)
    _check_kinds(asked.types)
    wanted = Wanted(visit.caller.organisation, dialogue, asked.types, asked.since)
    if prefers(request.headers.get("accept"), MEDIA_TYPE, JSON):
        return await _stream(request, visit, wanted, asked, last)
    return await _list(request, visit, wanted, asked)


def _check_kinds(kinds: Sequence[str]) -> None:
    """Raise the problem 400 for kinds of events that there are none of."""
    strange = [kind for kind in kinds if kind not in EVENTS]
    if strange:
        raise bad_input(*map(_no_kind, strange))


def _no_kind(kind: str) -> Mistake:
    near = ", ".join(nearest(kind, EVENTS))
    facts = {"kind": kind, "near": near}
    return Mistake("query", "type", _NEAR if near else _NO_KIND, "unknown", facts)


async def _list(
    request: Request, visit: Visit, wanted: Wanted, asked: EventsAsked
) -> Response:
    place = place_of(asked.cursor, int)
    after = place[0] - 1 if place else _or(asked.after, -1)
    found = await happening.page(visit.desk, wanted, after, asked.limit)
    following = next_page(request, [found.after + 1] if found.more else None)
    items = b",".join(map(told, found.events))
    after_that = b"" if following is None else b',"next":"%s"' % following.encode()
    body = b'{"items":[' + items + b"]" + after_that + b"}"
    return Response(body, media_type=JSON, headers=linked(following))


async def _stream(
    request: Request, visit: Visit, wanted: Wanted, asked: EventsAsked, last: str | None
) -> Response:
    await happening.check(visit.desk, wanted)
    after = _place(last) if last else asked.after
    if after is None and asked.since is not None:
        after = -1
    if after is not None and after >= await happening.size(visit.desk):
        # A backup was put in the place of the log: what was there is other now.
        raise bad_input(Mistake("header", "Last-Event-ID", _BEYOND, "place"))

    feed: Feed = visit.service.open["feed"]
    who = whose(visit.caller)
    if feed.full(wanted.organisation, who):
        raise Problem(429, "TooManyStreams", FULL, headers={"Retry-After": "30"})

    async def renew() -> Desk:
        again = await admit_again(request)
        again.allow("read", wanted.dialogue)
        return again.desk

    return stream(partial(feed.following, visit.desk, wanted, after, who), renew)


def _place(told: str) -> int:
    """Read the place that somebody had last. Raises the problem 400."""
    digits = told.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and int(told) >= -1):
        raise bad_input(Mistake("header", "Last-Event-ID", _BEYOND, "place"))
    return int(told)


def _or(value: int | None, other: int) -> int:
    return other if value is None else value
