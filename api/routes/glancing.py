"""One dialogue at a glance: what is asked most, so it is read with who asks."""

from __future__ import annotations

from fastapi import Request, Response

from api.conditions import TAGGED, IfNoneMatch, is_known, tag
from api.models import DialogueName
from api.models.dialogues import Dialogue
from api.routing import Route, router
from api.security import Visit, Visiting, admit
from desk.access.caller import Caller
from desk.access.glancing import authenticate_at
from desk.at_a_glance import Card, glance
from desk.desk import Desk


class _Glancing(Route):
    """A route that reads a dialogue in the step that says whose a token is.

    What came is kept with the request until the route has asked whether they may.
    """

    @staticmethod
    async def admit(request: Request) -> Visit:
        """Say who calls."""

        async def reads(desk: Desk, secret: str) -> Caller | None:
            stream = request.path_params["dialogue"]
            caller, request.state.card = await authenticate_at(desk, secret, stream)
            return caller

        return await admit(request, reads)


ROUTE = router("Dialogen", kind=_Glancing)


def read_already(request: Request) -> Card | None:
    """Give the dialogue that was read when it was asked who calls."""
    found = getattr(request.state, "card", None)
    return found if isinstance(found, Card) else None


@ROUTE.get(
    "/dialogues/{dialogue}",
    operation_id="getDialogue",
    summary="Eén dialoog",
    responses={
        200: {"headers": TAGGED},
        304: {"description": "U hebt deze versie al.", "headers": TAGGED},
    },
    response_model=Dialogue,
)
async def get_dialogue(
    visit: Visiting,
    request: Request,
    response: Response,
    dialogue: DialogueName,
    if_none_match: IfNoneMatch = None,
) -> Dialogue | Response:
    """Geeft waar een dialoog staat, zoals dat op schrift staat.

    Lezen gaat door als Temporal niet antwoordt.
    """
    visit.allow("read", dialogue)
    found = read_already(request) or await glance(visit.desk, dialogue)
    headers = {"ETag": tag(found.version), "Cache-Control": "private, no-cache"}
    if is_known(if_none_match, found.version):
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return Dialogue.of(found)
