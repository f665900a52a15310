"""An example of a schema is made of the examples of its parts, so that it fits.

What a schema says is taken first: its example, its constant, its default, the first of
what it may be. Whatever is left gets the plainest value of its type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

_REF: Final = "#/components/schemas/"
_PLAIN: Final[Mapping[str, Any]] = {
    "string": "tekst",
    "integer": 1,
    "number": 1,
    "boolean": True,
    "array": [],
    "object": {},
}
_FORMATS: Final[Mapping[str, str]] = {
    "date": "2026-12-18",
    "date-time": "2026-11-21T16:20:00.123456Z",
    "uri": "https://zaaksysteem.example.org/zaken/1",
    "uuid": "0b9e7a3e-3a3b-4d1c-9a57-1d2f6a0c9b11",
}
_PATTERNS: Final[Mapping[str, str]] = {
    "^[0-9a-f]{64}$": "9f86d081884c7d65" * 4,
    "^[0-9a-f]{16}$": "9f86d081884c7d65",
}
_DEEPEST: Final = 12

Schema = Mapping[str, Any]


def example_of(schema: Schema, schemas: Mapping[str, Schema], depth: int = 0) -> Any:  # noqa: ANN401
    """Give an example that fits a schema, which may refer to ``schemas`` by name."""
    found = _resolved(schema, schemas)
    told = list(_told(found))
    if told:
        return told[0]
    for choice in ("anyOf", "oneOf"):
        if found.get(choice):
            return example_of(found[choice][0], schemas, depth + 1)
    if found.get("allOf"):
        return _merged(found["allOf"], schemas, depth)
    return _plain(found) if depth >= _DEEPEST else _made(found, schemas, depth)


def _told(schema: Schema) -> Iterator[Any]:
    """Give what a schema itself says that it may be."""
    for name in ("example", "const", "default"):
        if schema.get(name) is not None:
            yield schema[name]
    yield from schema.get("examples") or schema.get("enum") or ()


def _made(schema: Schema, schemas: Mapping[str, Schema], depth: int) -> Any:  # noqa: ANN401
    if schema.get("type") == "object":
        return _object(schema, schemas, depth)
    if schema.get("type") == "array" and "items" in schema:
        return [example_of(schema["items"], schemas, depth + 1)]
    return _plain(schema)


def _resolved(schema: Schema, schemas: Mapping[str, Schema]) -> Schema:
    """Give a schema with what it refers to; what stands beside the reference wins."""
    ref = schema.get("$ref")
    if not isinstance(ref, str) or not ref.startswith(_REF):
        return schema
    beside = {name: value for name, value in schema.items() if name != "$ref"}
    return {**_resolved(schemas[ref.removeprefix(_REF)], schemas), **beside}


def _merged(
    parts: list[Schema], schemas: Mapping[str, Schema], depth: int
) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for part in parts:
        made |= cast("dict[str, Any]", example_of(part, schemas, depth + 1))
    return made


def _object(
    schema: Schema, schemas: Mapping[str, Schema], depth: int
) -> dict[str, Any]:
    """Give an object with what it needs, and with what has an example of its own."""
    needed = set(schema.get("required", ()))
    made: dict[str, Any] = {}
    for name, part in schema.get("properties", {}).items():
        found = _resolved(part, schemas)
        if name in needed or found.get("examples") or "example" in found:
            made[name] = example_of(part, schemas, depth + 1)
    return made


def _plain(schema: Schema) -> Any:  # noqa: ANN401
    kind = schema.get("type", "object")
    if kind == "string":
        for known, value in ((_PATTERNS, "pattern"), (_FORMATS, "format")):
            if schema.get(value) in known:
                return known[schema[value]]
    if kind in {"integer", "number"}:
        return schema.get("minimum", 1)
    return _PLAIN.get(str(kind))
