"""What this API is: its description, for everybody and from everywhere."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from api.openapi import document
from api.routing import router

ROUTE = router("Over deze API")
OUTSIDE = router("Over deze API")
"""What lies outside ``/v1``."""

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
            }
        }
    },
)
async def get_openapi(request: Request) -> Response:
    """Geeft de beschrijving van deze API, in OpenAPI 3.1. Zonder token."""
    found: dict[str, Any] = document(request.app)
    return JSONResponse(found, headers=_OPEN)


@OUTSIDE.get("/doc/openapi.json", include_in_schema=False)
async def get_openapi_too(request: Request) -> Response:
    """Geeft dezelfde beschrijving waar Belgische afspraken haar zoeken."""
    return await get_openapi(request)
