"""Methods: which there are, what one says, and publishing one of your own."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Path, Query, Request, Response

from api.conditions import IfNoneMatch, is_same
from api.mistakes import Mistake
from api.models.methods import MethodPublished, MethodQuery, MethodSummary
from api.negotiation import JSON, is_json, media_type
from api.paging import Listed, Paging, linked, next_page, place_of
from api.problems import Problem, bad_input
from api.routing import NOT_JSON, router
from api.security import Visiting
from desk.mandates import ROLE
from desk.methods import MethodInvalid, method, methods, publish_text, put_in_force
from domain.facts import PartId
from language import mark

ROUTE = router("Methoden")

YAML: Final = frozenset({"application/yaml", "application/x-yaml", "text/yaml"})
_MOST: Final = 100
"""Of what is wrong with a method so much is told at once."""

_NOT_TEXT: Final = mark("it is no text in UTF-8")
_TEXT: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "Het bestand van de methode, als YAML of als JSON.",
        "content": {
            "application/yaml": {
                "schema": {"type": "string"},
                "example": "id: onze-aanpak\nversion: 1.0.0\n",
            },
            JSON: {
                "schema": {"type": "object"},
                "example": {"id": "onze-aanpak", "version": "1.0.0"},
            },
        },
    }
}
_WHOLE: Final[dict[str, Any]] = {
    "description": "De gecompileerde vorm, in canonieke JSON (RFC 8785): de SHA-256 "
    "van deze bytes is de hash.",
    "headers": {
        "ETag": {
            "description": "De hash van de methode.",
            "schema": {"type": "string"},
        }
    },
    "content": {
        JSON: {
            "schema": {
                "type": "object",
                "description": "Fasen met stappen, aandachtspunten en termijnen.",
                "additionalProperties": True,
            },
            "example": {"id": "stakeholderdialoog", "version": "1.0.0", "phases": []},
        }
    },
}


@ROUTE.get("/methods", operation_id="listMethods", summary="Methoden")
async def list_methods(
    visit: Visiting, request: Request, response: Response, page: Paging
) -> Listed[MethodSummary]:
    """Geeft de methoden waarmee een dialoog kan beginnen."""
    visit.allow("read")
    after = place_of(page.cursor, str)
    found = [
        each
        for each in await methods(visit.desk)
        if after is None or each.method.id > after[0]
    ]
    here = found[: page.limit]
    more = (here[-1].method.id,) if len(found) > len(here) else None
    following = next_page(request, more)
    response.headers.update(linked(following))
    items = [MethodSummary.of(each, visit.lang) for each in here]
    return Listed(items=items, next=following)


@ROUTE.get(
    "/methods/{method}",
    operation_id="getMethod",
    summary="Eén methode",
    response_class=Response,
    responses={200: _WHOLE, 304: {"description": "U hebt deze versie al."}},
)
async def get_method(
    visit: Visiting,
    name: Annotated[
        PartId,
        Path(alias="method", description="De methode.", examples=["imvo-dialoog"]),
    ],
    asked: Annotated[MethodQuery, Query()],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Geeft een methode in haar gecompileerde vorm, die een dialoog meekrijgt."""
    visit.allow("read")
    found = await method(visit.desk, f"{name}@{asked.hash}" if asked.hash else name)
    headers = {"ETag": f'"{found.hash}"', "Cache-Control": "private, no-cache"}
    if is_same(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(found.canonical, headers=headers, media_type=JSON)


@ROUTE.post(
    "/methods",
    operation_id="publishMethod",
    summary="Een methode publiceren",
    status_code=201,
    openapi_extra=_TEXT,
    responses={200: {"model": MethodPublished, "description": "Zij was er al zo."}},
)
async def publish_method(
    visit: Visiting, request: Request, response: Response
) -> MethodPublished:
    """Publiceert een methode van uw organisatie, zodat dialogen ermee kunnen beginnen.

    Een versie die gepubliceerd is blijft; verander het bestand onder een nieuwe versie.
    """
    visit.allow("administer")
    text = await _text_of(request)
    caller = visit.caller
    try:
        found, new = await publish_text(
            visit.desk, caller.organisation, text, caller.actor
        )
    except MethodInvalid as error:
        raise bad_input(*map(_mistake, error.problems[:_MOST])) from error
    await put_in_force(visit.desk, caller.organisation, found, visit.sender(ROLE))
    response.status_code = 201 if new else 200
    response.headers["Location"] = f"/v1/methods/{found.method.id}"
    return MethodPublished(
        id=found.method.id, version=found.method.version, hash=found.hash, new=new
    )


async def _text_of(request: Request) -> str:
    kind = request.headers.get("content-type")
    if not is_json(kind) and media_type(kind) not in YAML:
        raise Problem(415, "UnsupportedMediaType", NOT_JSON)
    try:
        return (await request.body()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise bad_input(Mistake("body", "", _NOT_TEXT, "encoding")) from error


def _mistake(problem: Any) -> Mistake:  # noqa: ANN401  (methods are the desk's)
    where = f"{problem.line}:{problem.column} {problem.path}".strip()
    return Mistake("body", where, f"{problem.message}. {problem.remedy}", code="method")
