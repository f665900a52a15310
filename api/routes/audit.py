"""The past of a dialogue, and what vouches for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import Path, Query, Request
from fastapi.responses import Response, StreamingResponse

from api.models import DialogueName, Shown
from api.models.audit import (
    AsOf,
    Change,
    Difference,
    DifferenceAsked,
    NewestCheckpoint,
    PackAsked,
    StateAsked,
    StateThen,
    members_of,
    without_nulls,
)
from api.negotiation import JSON, prefers
from api.problems import nothing_here
from api.routing import router
from api.security import Serving, Visit, Visiting
from desk import past, tiles
from desk.at_a_glance import glance
from desk.packs import newest_checkpoint
from desk.packs_apart import ask_pack
from domain.state import Dialogue

ROUTE = router("Verantwoording")

_ZIP: Final = "application/zip"
_TEXT: Final = "text/plain"
_BYTES: Final = "application/octet-stream"
_ANYBODY: Final = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_NONE_YET: Final[dict[int | str, dict[str, Any]]] = {
    404: {"description": "Er is nog geen checkpoint gepubliceerd."}
}
_FOR_EVER: Final = {
    **_ANYBODY,
    "Cache-Control": "public, max-age=31536000, immutable",
}


@ROUTE.get(
    "/dialogues/{dialogue}/audit/state",
    operation_id="getDialogueStateAt",
    summary="Een dialoog zoals zij was",
    response_model=StateThen,
)
async def get_state_at(
    visit: Visiting, dialogue: DialogueName, asked: Annotated[StateAsked, Query()]
) -> Response:
    """Geeft de toestand op een moment, opnieuw opgebouwd uit de gebeurtenissen.

    Met het checkpoint dat haar dekt. Dat u dit las komt in het leeslogboek. Zonder
    moment is het de toestand van nu, voor ieder die de dialoog mag lezen.
    """
    visit.allow("audit" if asked.at else "read", dialogue)
    if asked.at is None:
        return await _now(visit, dialogue)
    found = await past.as_of(visit.desk, dialogue, asked.at, by=visit.caller.actor)
    return await _written(lambda: _state(found.state, dialogue, **_then(found)))


@ROUTE.get(
    "/dialogues/{dialogue}/audit/diff",
    operation_id="getDialogueDifference",
    summary="Wat er verschilt tussen twee momenten",
    response_model=Difference,
)
async def get_difference(
    visit: Visiting, dialogue: DialogueName, asked: Annotated[DifferenceAsked, Query()]
) -> Response:
    """Geeft eigenschap voor eigenschap wat er verschilt; zonder tweede moment met nu.

    Dat u dit las komt in het leeslogboek.
    """
    visit.allow("audit", dialogue)
    by = visit.caller.actor
    found = await past.diff(visit.desk, dialogue, asked.from_, asked.to, by=by)
    return await _written(lambda: _difference(found, dialogue))


async def _written(made: Callable[[], Shown]) -> Response:
    """Make an answer that can be large, in a thread: nobody else waits for it."""

    def write() -> str:
        return made().model_dump_json(exclude_none=True)

    return Response(await asyncio.to_thread(write), media_type=JSON)


def _state(state: Dialogue, dialogue: str, **told: Any) -> StateThen:  # noqa: ANN401
    held = members_of(state, but={"handled"})
    return StateThen.model_validate({**told, "dialogue": dialogue, "state": held})


def _difference(found: past.Difference, dialogue: str) -> Difference:
    return Difference(
        dialogue=dialogue,
        before=AsOf.model_validate(_then(found.before)),
        after=AsOf.model_validate(_then(found.after)),
        changes=[
            Change.model_validate(without_nulls(each.document))
            for each in found.changes
        ],
    )


async def _now(visit: Visit, dialogue: str) -> Response:
    """Give the state as the record has it, which is what its events fold to."""
    found = await glance(visit.desk, dialogue)
    state = await visit.desk.dialogue(dialogue)
    while found.version != state.version:  # something was recorded in between
        found = await glance(visit.desk, dialogue)
        state = await visit.desk.dialogue(dialogue)
    seen = {"seq": state.version, "hash": found.head, "at": found.updated_at}
    return await _written(lambda: _state(state, dialogue, asked="now", **seen))


def _then(found: past.AsOf) -> dict[str, Any]:
    return {k: v for k, v in found.document.items() if k != "stream" and v is not None}


@ROUTE.get(
    "/dialogues/{dialogue}/audit/pack",
    operation_id="getDialoguePack",
    summary="Bewijspakket van een dialoog",
    response_class=Response,
    responses={
        200: {
            "description": "Een ZIP waarmee ieder de dialoog zelf kan nakijken.",
            "content": {_ZIP: {"schema": {"type": "string", "format": "binary"}}},
            "headers": {
                "Content-Disposition": {
                    "description": "Naam van het bestand.",
                    "schema": {"type": "string"},
                }
            },
        }
    },
)
async def get_pack(
    visit: Visiting, dialogue: DialogueName, asked: Annotated[PackAsked, Query()]
) -> Response:
    """Maakt een bewijspakket van de hele dialoog, met wat u ervan mag lezen.

    Wat u niet mag lezen is dicht en telt als niet nagekeken. Dat u het pakket kreeg
    komt in het leeslogboek.
    """
    visit.allow("audit", dialogue)
    size, parts = await ask_pack(visit.desk, visit.caller, dialogue, asked.withhold)
    name = f"{dialogue.replace(':', '-')}.zip"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(size),
    }
    return StreamingResponse(parts, media_type=_ZIP, headers=headers)


@ROUTE.get(
    "/audit/checkpoint",
    operation_id="getCheckpoint",
    summary="Het nieuwste gepubliceerde checkpoint",
    response_model=NewestCheckpoint,
    responses={
        200: {"content": {JSON: {}, _TEXT: {"schema": {"type": "string"}}}},
        **_NONE_YET,
    },
)
async def get_checkpoint(request: Request, service: Serving) -> Response:
    """Geeft de nieuwste gepubliceerde verklaring over het logboek; ook als tekst.

    Openbaar: bewaar het, en kijk later na of het logboek daar nog op aansluit.
    """
    found = await newest_checkpoint(service.desk)
    headers = {**_ANYBODY, "Cache-Control": "no-cache"}
    if prefers(request.headers.get("accept"), _TEXT, JSON):
        return Response(found.note, media_type=_TEXT, headers=headers)
    shown = NewestCheckpoint.model_validate(
        {name: found.document[name] for name in NewestCheckpoint.model_fields}
    )
    body = shown.model_dump_json(exclude_none=True)
    return Response(body, media_type=JSON, headers=headers)


@ROUTE.get(
    "/audit/tree/checkpoint",
    operation_id="getTreeCheckpoint",
    summary="Het checkpoint van de boom",
    response_class=Response,
    responses={200: {"content": {_TEXT: {"schema": {"type": "string"}}}}, **_NONE_YET},
)
async def get_tree_checkpoint(service: Serving) -> Response:
    """Geeft het checkpoint zoals C2SP tlog-tiles het adres ervan noemt. Openbaar."""
    found = await newest_checkpoint(service.desk)
    headers = {**_ANYBODY, "Cache-Control": "no-cache"}
    return Response(found.note, media_type=_TEXT, headers=headers)


@ROUTE.get(
    "/audit/tree/tile/{level}/{number:path}",
    operation_id="getTile",
    summary="Een tegel van de boom",
    response_class=Response,
    responses={
        200: {
            "description": "Hashes van 32 bytes, achter elkaar.",
            "content": {_BYTES: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def get_tile(
    service: Serving,
    level: Annotated[
        int, Path(description="Niveau: telkens acht lagen.", ge=0, le=7, examples=[0])
    ],
    number: Annotated[
        str,
        Path(
            description="Nummer, zoals `x001/x234/067`; met `.p/8` de eerste acht.",
            max_length=40,
            examples=["000.p/8"],
        ),
    ],
) -> Response:
    """Geeft hashes van het logboek (C2SP tlog-tiles). Openbaar; verandert nooit."""
    at = tiles.address(level, number)
    found = None if at is None else await tiles.hashes(service.desk, at)
    if found is None:
        raise nothing_here()
    return Response(found, media_type=_BYTES, headers=_FOR_EVER)
