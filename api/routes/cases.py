"""Events in: dialogues are linked to cases, and case systems report what changes."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Request, Response

from api.models import DialogueName
from api.models.cases import CaseBody, CaseShown, NotificationBody
from api.paging import Listed
from api.routing import Route, router
from api.security import Visit, Visiting, admit, by_token
from desk import cases
from desk.access import clients
from desk.access.acting_as import as_sender
from desk.access.caller import Caller
from desk.desk import Desk
from domain.method import SYSTEM


class _Reported(Route):
    """A route that case systems call with a JWT of their own, or with a token."""

    @staticmethod
    async def admit(request: Request) -> Visit:
        """Say which system calls."""
        return await admit(request, _by_either)


async def _by_either(desk: Desk, secret: str) -> Caller | None:
    if "." in secret:
        return await clients.authenticate(desk, secret)
    return await by_token(desk, secret)


ROUTE = router("Zaken")
REPORTS = router("Zaken", kind=_Reported)


@ROUTE.get(
    "/dialogues/{dialogue}/cases",
    operation_id="listCases",
    summary="Gekoppelde zaken",
)
async def list_cases(visit: Visiting, dialogue: DialogueName) -> Listed[CaseShown]:
    """Geeft de zaken waar een dialoog over gaat."""
    visit.allow("read", dialogue)
    found = await cases.cases_of(visit.desk, dialogue)
    items = [CaseShown.model_validate(each._asdict()) for each in found]
    return Listed[CaseShown](items=items)


@ROUTE.post(
    "/dialogues/{dialogue}/cases",
    operation_id="linkCase",
    summary="Een zaak koppelen",
    status_code=201,
)
async def link_case(
    visit: Visiting, dialogue: DialogueName, body: CaseBody
) -> CaseShown:
    """Koppelt een dialoog aan een zaak in een ander systeem.

    Wat dat systeem van de zaak meldt wordt een `note_signal` in de dialoog: het mag wie
    dat zelf mag doen. Nog eens gekoppeld verandert er niets.
    """
    visit.allow("act", dialogue)
    sender = await as_sender(visit.desk, visit.caller, dialogue, via="http")
    made = await cases.link(visit.desk, dialogue, body.url, sender)
    return CaseShown.model_validate(made._asdict())


@ROUTE.delete(
    "/dialogues/{dialogue}/cases/{link}",
    operation_id="unlinkCase",
    summary="Een zaak loskoppelen",
    status_code=204,
)
async def unlink_case(
    visit: Visiting,
    dialogue: DialogueName,
    link: Annotated[
        str,
        Path(
            description="De koppeling.",
            pattern="^[0-9a-f-]{36}$",
            examples=["0b7e8e5c-3f4e-4d0c-9a55-3b5d0f5b8a10"],
        ),
    ],
) -> Response:
    """Koppelt een zaak los; wat al gemeld is blijft op schrift."""
    visit.allow("act", dialogue)
    sender = await as_sender(visit.desk, visit.caller, dialogue, via="http")
    await cases.unlink(visit.desk, dialogue, link, sender)
    return Response(status_code=204)


@REPORTS.post(
    "/zgw/notifications",
    operation_id="receiveNotification",
    summary="Een notificatie van een zaaksysteem",
    status_code=204,
)
async def receive_notification(visit: Visiting, body: NotificationBody) -> Response:
    """Neemt een bericht van de Notificaties API aan.

    Elke dialoog die aan de zaak is gekoppeld krijgt een `note_signal`; hetzelfde
    bericht nog eens telt niet mee. Een zaak waar geen dialoog over gaat is geen fout.
    Aanmelden kan met een JWT (HS256, met `client_id` en `iat`) of met het token zelf,
    zoals in het `auth` van een abonnement, dat niet verandert.
    """
    visit.allow("act")
    caller = visit.caller
    with visit.asking():
        clients.check_role(caller)
    said = cases.Notification(
        channel=body.kanaal,
        case=body.hoofd_object,
        resource=body.resource,
        address=body.resource_url,
        act=body.actie,
        at=body.aanmaakdatum,
    )
    only = f"{caller.organisation}:{caller.dialogue}" if caller.dialogue else None
    sender = visit.sender(SYSTEM)
    await cases.report(visit.desk, caller.organisation, said, sender, only=only)
    return Response(status_code=204)
