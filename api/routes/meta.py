"""What this API is: its description, for everybody and from everywhere."""

from __future__ import annotations

from fastapi import Request, Response

from api.conditions import IfNoneMatch, is_same
from api.negotiation import JSON
from api.openapi import written
from api.routing import router

ROUTE = router("Over deze API")
OUTSIDE = router("Over deze API")
"""What lies outside ``/v1``."""

_TAGGED = {
    "ETag": {
        "description": "De versie van de beschrijving.",
        "schema": {"type": "string"},
    }
}
_OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "public, max-age=300",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@ROUTE.get(
    "/openapi.json",
    operation_id="getOpenapi",
    summary="Deze beschrijving",
    response_class=Response,
    responses={
        200: {
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "description": "OpenAPI 3.1.",
                        "additionalProperties": True,
                    },
                    "example": {"openapi": "3.1.0"},
                }
            },
            "headers": _TAGGED,
        },
        304: {"description": "U hebt deze versie al.", "headers": _TAGGED},
    },
)
async def get_openapi(request: Request, if_none_match: IfNoneMatch = None) -> Response:
    """Geeft de beschrijving van deze API, in OpenAPI 3.1. Zonder token."""
    found = written(request.app)
    headers = {**_OPEN, "ETag": found.tag}
    if is_same(if_none_match, found.tag):
        return Response(status_code=304, headers=headers)
    return Response(found.body, headers=headers, media_type=JSON)


@OUTSIDE.get("/doc/openapi.json", include_in_schema=False)
async def get_openapi_too(
    request: Request, if_none_match: IfNoneMatch = None
) -> Response:
    """Geeft dezelfde beschrijving waar Belgische afspraken haar zoeken."""
    return await get_openapi(request, if_none_match)
