"""Dialogues: which there are, where one stands, and how one begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import Query, Request, Response

from api.conditions import (
    TAGGED,
    IdempotencyKey,
    Prefer,
    tag,
    wants_no_waiting,
)
from api.models.commands import CommandAnswer
from api.models.dialogues import DialogueFilters, DialogueSummary, StartBody
from api.paging import Listed, linked, next_page, place_of
from api.routing import router
from api.security import Visiting
from api.sending import ANSWERED, NO_WAITING, told
from desk.answer import Accepted
from desk.at_a_glance import Sorted, Wanted, glances
from desk.beginning import begin_within
from desk.desk import Sender, Wish, fresh_id
from desk.errors import Refused
from domain.errors import NotHolder
from domain.method import SYSTEM

ROUTE = router("Dialogen")

_LINKED: Final = {
    "Link": {
        "description": "De volgende bladzijde (RFC 8288).",
        "schema": {"type": "string"},
    }
}
_BEGUN: Final = {
    "Location": {
        "description": "Het adres van de nieuwe dialoog.",
        "schema": {"type": "string", "format": "uri-reference"},
    }
}


@ROUTE.get(
    "/dialogues",
    operation_id="listDialogues",
    summary="Dialogen",
    responses={200: {"headers": _LINKED}},
)
async def list_dialogues(
    visit: Visiting,
    request: Request,
    response: Response,
    filters: Annotated[DialogueFilters, Query()],
) -> Listed[DialogueSummary]:
    """Geeft de dialogen van uw organisatie, met waar elk staat."""
    visit.allow("read")
    caller = visit.caller
    only = f"{caller.organisation}:{caller.dialogue}" if caller.dialogue else None
    after = place_of(filters.cursor, str, str)
    wanted = Wanted(
        organisation=caller.organisation,
        status=filters.status,
        method=filters.method,
        attention=filters.attention,
        actor=filters.actor,
        only=only,
        sort=filters.sort.removeprefix("-"),  # pyright: ignore[reportArgumentType]
        down=filters.sort.startswith("-"),
        after=None if after is None else (after[0], after[1]),
    )
    rows = await glances(visit.desk, wanted, filters.limit + 1)
    following = next_page(request, _last(rows, filters.limit))
    response.headers.update(linked(following))
    items = [DialogueSummary.of(row) for row in rows[: filters.limit]]
    return Listed(items=items, next=following)


def _last(rows: Sequence[Sorted], limit: int) -> tuple[str, str] | None:
    """Give the place of the last row of a page, if there are more behind it."""
    if len(rows) <= limit:
        return None
    return rows[limit - 1].key, rows[limit - 1].stream


@ROUTE.post(
    "/dialogues",
    operation_id="startDialogue",
    summary="Een dialoog beginnen",
    status_code=201,
    responses={201: {"headers": {**_BEGUN, **TAGGED}}, 202: ANSWERED[202]},
    response_model=CommandAnswer,
)
async def start_dialogue(
    visit: Visiting,
    response: Response,
    body: StartBody,
    idempotency_key: IdempotencyKey = None,
    prefer: Prefer = None,
) -> CommandAnswer | Response:
    """Begint een dialoog met een methode.

    Antwoordt zodra dat op schrift staat. Met dezelfde `Idempotency-Key` nog eens
    gestuurd is het antwoord hetzelfde. Duurt het lang, of vraagt u daarom met
    `Prefer: respond-async`, dan is het antwoord 202 zodra het begin vastligt.
    """
    visit.allow("act", body.id)
    name = idempotency_key or fresh_id()
    settings = visit.service.settings
    answer = await begin_within(
        visit.desk,
        Wish(
            body.id,
            "start_dialogue",
            body.command(),
            _starter(visit, body.role),
            name,
        ),
        settings.day,
        NO_WAITING if wants_no_waiting(prefer) else settings.answer_within,
    )
    if isinstance(answer, Accepted):
        return told(response, body.id, name, answer)
    response.headers["Location"] = f"/v1/dialogues/{body.id}"
    response.headers["ETag"] = tag(answer.version)
    return CommandAnswer.of(name, answer)


def _starter(visit: Visiting, role: str | None) -> Sender:
    """Give the caller as who begins: a case system as such, unless it names a role.

    Raises `Refused` for others who pass for one.
    """
    system = "integrator" in visit.caller.roles
    if role == SYSTEM and not system:
        raise Refused.of(NotHolder(role=SYSTEM))
    return visit.sender(SYSTEM if system and role is None else role)
