"""The JSON Schema of a method's file, by which an editor completes and checks it.

It describes the form in which a method is written, with its defaults left out. The
compiled form satisfies it too. Source: JSON Schema draft 2020-12.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, cast

from pydantic.json_schema import GenerateJsonSchema

from domain.method import Method

if TYPE_CHECKING:
    from evidence.canonical import JsonValue

SCHEMA_ID: Final = "urn:polder:schema:method:1"
"""The schema's name. It raises its number when a file of before is refused."""


@cache
def json_schema() -> dict[str, JsonValue]:
    """Give the schema as one JSON object, with `$id`, title and descriptions."""
    found = cast("dict[str, JsonValue]", Method.model_json_schema(mode="validation"))
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": SCHEMA_ID,
        **found,
        "title": "Polder method",
        "description": "A published process: phases, steps, items and windows.",
    }
