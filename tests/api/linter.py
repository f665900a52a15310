"""The linter of the NL API Design Rules, rule by rule, as checks over a document.

Each function is one rule of the standard's ``linter.yaml`` (Logius, CC-BY), under the
name it has there, and gives every place that breaks it. Rules about an OpenAPI document
as such are `openapi_spec_validator`'s, and those of examples are in the test itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, cast

Json = dict[str, Any]
Rule = Callable[[Json], Iterator[str]]

_METHODS: Final = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
_STANDARD: Final = frozenset({"get", "put", "post", "delete", "patch"})
_SEMVER: Final = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)([-+].+)?")
_CAMEL: Final = re.compile(r"\$?[a-z][a-z\d]*([A-Z][a-z\d]*)*")
_KEBAB: Final = re.compile(
    r"(/|(/_[a-z0-9]+|/(([a-z0-9\-]+|{[^}]+})(/([a-z0-9\-.]+|{[^}]+}))*)(/_[a-z]+)?)/?)"
)
_DATE: Final = re.compile(r"date|datum|.*((\w+D)|(_[dD]))(ate|atum).*")
_PROBLEMS: Final = {"application/problem+json", "application/problem+xml"}


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Give path, method and operation of each."""
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield path, method, item[method]


def resolved(document: Json, value: Json) -> Json:
    """Give what a reference inside the document stands for."""
    while "$ref" in value:
        found: Any = document
        for part in value["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        value = found
    return value


def responses(document: Json, low: int, high: int) -> Iterator[tuple[str, Json]]:
    """Give each response with a status in a range, with where it is."""
    for path, method, operation in operations(document):
        for status, response in operation["responses"].items():
            if low <= int(status) < high:
                yield f"{method} {path} {status}", resolved(document, response)


def walk(value: object, where: str = "") -> Iterator[tuple[str, Json]]:
    """Give every object in a document, with where it is."""
    if isinstance(value, list):
        for place, each in enumerate(cast("list[object]", value)):
            yield from walk(each, f"{where}/{place}")
    elif isinstance(value, dict):
        members = cast("Json", value)
        yield where, members
        for name, each in members.items():
            yield from walk(each, f"{where}/{name}")


def properties(value: object) -> Iterator[tuple[str, str, Json]]:
    """Give where, name and schema of each property in a document."""
    for where, members in walk(value):
        found = members.get("properties")
        if isinstance(found, dict) and not where.endswith("/properties"):
            for name, schema in cast("Json", found).items():
                yield f"{where}/{name}", name, schema


def openapi3(document: Json) -> Iterator[str]:
    """``nlgov:openapi3`` and ``nlgov:openapi-root-exists``."""
    if not re.fullmatch(r"3(.\d+){1,2}", document.get("openapi", "")):
        yield "openapi"


def version_header(document: Json) -> Iterator[str]:
    """``nlgov:missing-header`` and ``nlgov:missing-version-header``."""
    for where, response in responses(document, 200, 400):
        if "API-Version" not in response.get("headers", {}):
            yield where


def major_in_uri(document: Json) -> Iterator[str]:
    """``nlgov:include-major-version-in-uri`` and ``nlgov:servers-use-https``."""
    for server in document["servers"]:
        if not re.search(r"/v[\d+]", server["url"]) or "http://" in server["url"]:
            yield server["url"]


def no_trailing_slash(document: Json) -> Iterator[str]:
    """``nlgov:paths-no-trailing-slash`` and ``path-keys-no-trailing-slash``."""
    yield from (path for path in document["paths"] if path.endswith("/"))


def contact(document: Json) -> Iterator[str]:
    """``info-contact`` and ``nlgov:info-contact-fields-exist``."""
    told = document["info"].get("contact", {})
    yield from {"email", "name", "url"} - {name for name, text in told.items() if text}


def http_methods(document: Json) -> Iterator[str]:
    """``nlgov:http-methods``."""
    for path, method, _ in operations(document):
        if method not in _STANDARD:
            yield f"{method} {path}"


def kebab_case(document: Json) -> Iterator[str]:
    """``nlgov:paths-kebab-case``."""
    for path in document["paths"]:
        if not re.search(r"/openapi\.(json)|(yaml)", path) and not _KEBAB.fullmatch(
            path
        ):
            yield path


def query_camel_case(document: Json) -> Iterator[str]:
    """``nlgov:query-keys-camel-case``."""
    for path, method, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            found = resolved(document, parameter)
            if found["in"] == "query" and not _CAMEL.fullmatch(found["name"]):
                yield f"{method} {path} {found['name']}"


def schema_names(document: Json) -> Iterator[str]:
    """``nlgov:schema-camel-case``."""
    for name in document["components"]["schemas"]:
        if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name):
            yield name


def property_names(document: Json) -> Iterator[str]:
    """``nlgov:property-casing``, for every property."""
    for where, name, _ in properties(document["components"]["schemas"]):
        if not _CAMEL.fullmatch(name):
            yield where


def problem_details(document: Json) -> Iterator[str]:
    """``nlgov:use-problem-schema`` and ``nlgov:problem-schema-members``."""
    for where, response in responses(document, 400, 600):
        content = response.get("content", {})
        if not content.keys() & _PROBLEMS:
            yield where
        for media in content.keys() & _PROBLEMS:
            schema = resolved(document, content[media]["schema"])
            if not {"status", "title", "detail"} <= schema["properties"].keys():
                yield where


def invalid_input(document: Json) -> Iterator[str]:
    """``nlgov:problem-invalid-input``, and that nothing answers 422."""
    for path, method, operation in operations(document):
        takes = method in {"put", "post", "patch"} or operation.get("parameters")
        if takes and "400" not in operation["responses"]:
            yield f"{method} {path}"
        if "422" in operation["responses"]:
            yield f"{method} {path} 422"


def times_with_zone(document: Json) -> Iterator[str]:
    """``nlgov:date-time-ensure-timezone`` and ``nlgov:time-without-timezone``."""
    for where, _, schema in properties(document):
        if schema.get("format") in {"date-time-local", "time"}:
            yield where


def dates_are_dates(document: Json) -> Iterator[str]:
    """``nlgov:specify-format-for-date-and-time``, ``…use-date-instead-of-datetime``."""
    for where, name, schema in properties(document):
        if _DATE.fullmatch(name) and schema.get("format") != "date":
            yield where


def semver(document: Json) -> Iterator[str]:
    """``nlgov:semver``."""
    if not _SEMVER.fullmatch(document["info"]["version"]):
        yield document["info"]["version"]


def unique_operations(document: Json) -> Iterator[str]:
    """``operation-operationId-unique``."""
    seen: set[str] = set()
    for path, method, operation in operations(document):
        name = str(operation.get("operationId", ""))
        if not name or name in seen:
            yield f"{method} {path}"
        seen.add(name)


def path_parameters(document: Json) -> Iterator[str]:
    """``path-params``: what is in a path is described, and the other way round."""
    for path, method, operation in operations(document):
        told = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"}
        if told != set(re.findall(r"{([^}]+)}", path)):
            yield f"{method} {path}"


def tags(document: Json) -> Iterator[str]:
    """``openapi-tags-uniqueness``, and that each tag that is used is described."""
    names = [tag["name"] for tag in document["tags"]]
    yield from {name for name in names if names.count(name) > 1}
    for path, method, operation in operations(document):
        if not operation.get("tags") or not set(operation["tags"]) <= set(names):
            yield f"{method} {path}"


RULES: Final[tuple[Rule, ...]] = (
    openapi3,
    version_header,
    major_in_uri,
    no_trailing_slash,
    contact,
    http_methods,
    kebab_case,
    query_camel_case,
    schema_names,
    property_names,
    problem_details,
    invalid_input,
    times_with_zone,
    dates_are_dates,
    semver,
    unique_operations,
    path_parameters,
    tags,
)
