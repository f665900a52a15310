"""The API's own description: OpenAPI 3.1 by the NL API Design Rules and Belgif's guide.

FastAPI makes the first form of it. Here it gets what every operation has, so that no
route can forget it: problems, headers, who may call, examples. Bad input is 400.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple, cast

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from api.examples import example_of
from api.openapi_parts import (
    HEADERS,
    INFO,
    NO_BODY,
    PROBLEM,
    PROBLEMS,
    SECURITY,
    TAGS,
    VERSION_HEADER,
)
from api.routing import Route
from api.version import VERSION

_METHOD: Final = re.compile("put|post|patch")
_BASE: Final = "/v1"
_METHODS: Final = ("get", "put", "post", "delete", "patch")
_SCHEMAS: Final = "#/components/schemas/"
_WRITING: Final = frozenset({"put", "post", "delete", "patch"})

Json = dict[str, Any]


def document(app: FastAPI) -> Json:
    """Give the description of an app; it is made once."""
    known = getattr(app.state, "openapi", None)
    if known is None:
        known = app.state.openapi = _made(app)
    return cast("Json", known)


class Written(NamedTuple):
    """The description as it is sent, and the entity tag of these bytes."""

    body: bytes
    tag: str


def written(app: FastAPI) -> Written:
    """Give the bytes of an app's description; they are made once."""
    known = getattr(app.state, "openapi_written", None)
    if known is None:
        body = json.dumps(
            document(app), ensure_ascii=False, separators=(",", ":")
        ).encode()
        known = Written(body, f'"{sha256(body).hexdigest()}"')
        app.state.openapi_written = known
    return cast("Written", known)


def _made(app: FastAPI) -> Json:
    found = get_openapi(
        title="Polder",
        version=VERSION,
        openapi_version="3.1.0",
        routes=app.routes,
        tags=TAGS,
    )
    found["info"] = {**found["info"], **INFO}
    found["servers"] = [{"url": _BASE, "description": "Deze server."}]
    components = found.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM
    components["headers"] = HEADERS
    components["responses"] = PROBLEMS
    session = {**SECURITY["session"], "name": app.state.cookie}
    components["securitySchemes"] = {**SECURITY, "session": session}
    without_null(schemas)
    _rename(found)
    secured = {
        (each.path_format, method.lower()): route.secured
        for each in iter_route_contexts(app.routes)
        if isinstance(route := each.original_route, Route)
        for method in each.methods or ()
    }
    for path, item in found["paths"].items():
        for method, operation in _operations(item):
            _finish(operation, method, secured=secured[path, method])
            _exemplify(operation, schemas)
    found["paths"] = {
        k: v for path, item in found["paths"].items() for k, v in _placed(path, item)
    }
    used = {
        tag
        for _, item in found["paths"].items()
        for _, op in _operations(item)
        for tag in op.get("tags", ())
    }
    found["tags"] = [tag for tag in TAGS if tag["name"] in used]
    return found


def _rename(found: Json) -> None:
    """Give lists names that a generated client can use: ``DialogueSummaryList``."""
    schemas: Json = found["components"]["schemas"]
    names = {
        name: f"{part.strip('_').replace('_', '')}List"
        for name in schemas
        for listed, _, part in (name.partition("_"),)
        if listed == "Listed" and part
    }
    for old, new in names.items():
        schemas[new] = {**schemas.pop(old), "title": new}
    _repoint(
        found, {f"{_SCHEMAS}{old}": f"{_SCHEMAS}{new}" for old, new in names.items()}
    )


def _repoint(value: Any, refs: Mapping[str, str]) -> None:  # noqa: ANN401
    if isinstance(value, list):
        for each in cast("list[Any]", value):
            _repoint(each, refs)
    if isinstance(value, dict):
        members = cast("Json", value)
        if members.get("$ref") in refs:
            members["$ref"] = refs[members["$ref"]]
        for each in members.values():
            _repoint(each, refs)


def _placed(path: str, item: Json) -> Iterator[tuple[str, Json]]:
    """Give a path as it stands under the server's address, or beside it.

    The rule for kebab-case takes a dot from a path's second part on.
    """
    within = path.removeprefix(_BASE)
    dotted = "." in within.split("/")[1] and not within.startswith("/openapi.")
    if path.startswith(f"{_BASE}/") and not dotted:
        yield within, item
    else:
        yield path, {**item, "servers": [{"url": "/", "description": "De server."}]}


def _operations(item: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    for method in _METHODS:
        if method in item:
            yield method, item[method]


def _finish(operation: Json, method: str, *, secured: bool) -> None:
    """Give an operation what every one has."""
    responses: Json = operation["responses"]
    responses.pop("422", None)
    for parameter in operation.get("parameters", ()):
        without_null(parameter)
        parameter.get("schema", {}).pop("title", None)
    for status, response in responses.items():
        if status[0] in "23":
            headers = response.setdefault("headers", {})
            headers["API-Version"] = VERSION_HEADER
            without_null(response)
        if status in NO_BODY:
            response.pop("content", None)
    for status, name in _problems(operation, method, secured=secured):
        if "content" not in responses.get(status, {}):
            responses[status] = {"$ref": f"#/components/responses/{name}"}
    operation["responses"] = dict(sorted(responses.items()))
    operation["security"] = [{"bearer": []}, {"session": []}] if secured else []


def _problems(
    operation: Json, method: str, *, secured: bool
) -> Iterator[tuple[str, str]]:
    """Give the problems that an operation can answer with, by status."""
    yield "400", "BadInput"
    yield "406", "NotAcceptable"
    yield "429", "TooManyRequests"
    yield "500", "Unforeseen"
    yield "503", "Unavailable"
    if secured:
        yield "401", "Unauthenticated"
        yield "403", "NotAllowed"
    named = any(p["in"] == "path" for p in operation.get("parameters", ()))
    if secured or named or "404" in operation["responses"]:
        yield "404", "NotFound"
    if method in _WRITING:
        yield "409", "Refused"
        yield "412", "VersionConflict"
    if method in _WRITING and "requestBody" in operation:
        yield "413", "TooLarge"
        yield "415", "UnsupportedMediaType"


def _exemplify(operation: Json, schemas: Json) -> None:
    """Give each body an example, where it has none."""
    bodies: list[Json] = [operation.get("requestBody", {})]
    bodies += [r for s, r in operation["responses"].items() if s.startswith("2")]
    for body in bodies:
        for content in body.get("content", {}).values():
            if "schema" in content and not {"example", "examples"} & content.keys():
                content["example"] = _plainly(example_of(content["schema"], schemas))


def _plainly(example: Any) -> Any:  # noqa: ANN401
    """Leave out what the linter of the design rules takes for an operation.

    To it every member below ``paths`` whose name has put, post or patch in it is one.
    """
    if not isinstance(example, dict):
        return example
    members = cast("Json", example)
    return {name: each for name, each in members.items() if not _METHOD.search(name)}


def without_null(value: Any) -> None:  # noqa: ANN401  (JSON is anything)
    """Take away, in place, that something can be null: it is left out instead."""
    if isinstance(value, list):
        for each in cast("list[Any]", value):
            without_null(each)
    if not isinstance(value, dict):
        return
    members = cast("Json", value)
    choices = members.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        left = [
            each for each in cast("list[Json]", choices) if each != {"type": "null"}
        ]
        del members["anyOf"]
        members.update({**left[0], **members} if len(left) == 1 else {"anyOf": left})
    if "default" in members and members["default"] is None:
        del members["default"]
    for each in members.values():
        without_null(each)
