"""Commands to a dialogue: sent once however often, and what became of each."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Request, Response

from api.looking import own_of
from api.models import DialogueName
from api.models.commands import CommandAnswer, CommandBody, CommandDone, CommandRefused
from api.models.naming import in_domain_names
from api.paging import Listed, Paging, linked, next_page, place_of
from api.problems import problem_of
from api.routing import router
from api.security import Visiting
from api.sending import ANSWERED, Sending, told
from api.strangers import strangers_named
from desk.accepting import outcome
from desk.at_a_glance import glance
from desk.commands_done import done
from desk.errors import Refused
from domain.facts import OpaqueId

ROUTE = router("Opdrachten")


@ROUTE.post(
    "/dialogues/{dialogue}/commands",
    operation_id="sendCommand",
    summary="Een opdracht geven",
    responses=ANSWERED,
    response_model=CommandAnswer,
)
async def send_command(
    sending: Sending,
    response: Response,
    dialogue: DialogueName,
    body: CommandBody,
) -> CommandAnswer | Response:
    """Stuurt een dialoog een opdracht en antwoordt zodra zij is uitgevoerd.

    Wat de dialoog weigert verandert niets; het antwoord zegt wat zou helpen. Duurt het
    lang, of vraagt u daarom met `Prefer: respond-async`, dan is het antwoord 202 zodra
    de opdracht vastligt, met in `Location` waar te zien zal zijn wat ervan werd.
    """
    with strangers_named(body.kind, body.command):
        return await sending.send(
            response,
            dialogue,
            body.kind,
            in_domain_names(body.kind, body.command),
            role=body.role,
            id=body.id,
            if_version=body.if_version,
            mandate=body.mandate.fact if body.mandate else None,
        )


@ROUTE.get(
    "/dialogues/{dialogue}/commands",
    operation_id="listCommands",
    summary="Gegeven opdrachten",
)
async def list_commands(
    visit: Visiting,
    request: Request,
    response: Response,
    dialogue: DialogueName,
    page: Paging,
) -> Listed[CommandDone]:
    """Geeft de opdrachten die zijn uitgevoerd, met wat eruit kwam, oudste eerst."""
    visit.allow("read", dialogue)
    await glance(visit.desk, dialogue)
    after = place_of(page.cursor, int)
    found, last = await done(
        visit.desk, dialogue, after=after[0] if after else 0, limit=page.limit
    )
    following = next_page(request, None if last is None else (last,))
    response.headers.update(linked(following))
    items = [CommandDone.model_validate(each._asdict()) for each in found]
    return Listed(items=items, next=following)


@ROUTE.get(
    "/dialogues/{dialogue}/commands/{command}",
    operation_id="getCommand",
    summary="Wat er van een opdracht werd",
    response_model=CommandAnswer | CommandRefused,
    responses={202: ANSWERED[202]},
)
async def get_command(
    *,
    visit: Visiting,
    request: Request,
    response: Response,
    dialogue: DialogueName,
    command: Annotated[
        OpaqueId,
        Path(description="De naam van de opdracht.", examples=["zaak-2026-0815-1"]),
    ],
    body: Annotated[
        str | None,
        Query(pattern="^[0-9a-f]{16}$", description="Zoals het in `Location` stond."),
    ] = None,
) -> CommandAnswer | CommandRefused | Response:
    """Zegt wat er van een opdracht werd: uitgevoerd, geweigerd, of onderweg (202).

    Kreeg zij geen antwoord, dan kan 202 ook zeggen dat onbekend is of zij aankwam
    (`unknown`): stuur dan dezelfde nog eens. Een deelnemer ziet dit van wat hij of zij
    zelf stuurde.
    """
    own = own_of(visit, dialogue)
    try:
        found = await outcome(visit.desk, dialogue, command, body, only_of=own)
    except Refused as refused:
        return CommandRefused(id=command, problem=problem_of(request, refused))
    return told(response, dialogue, command, found)
