"""The form of what comes in and goes out: camelCase, nothing unknown, no nulls out.

``Body`` is what callers send, ``Shown`` what they get. Write Python names in snake
case; JSON has them in camelCase. A member that has no value is left out of an answer:
give it the type ``X | None = None``. Each member has a description and, where it says
more than its type, an example, for OpenAPI.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer
from pydantic.alias_generators import to_camel

from domain.facts import written


class Body(BaseModel):
    """What somebody sends."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        validate_by_name=False,
        validate_by_alias=True,
        hide_input_in_errors=True,
    )


class Shown(BaseModel):
    """What somebody gets."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        frozen=True,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )


def _written(value: datetime | str) -> str:
    return value if isinstance(value, str) else written(value)


Moment = Annotated[
    datetime,
    PlainSerializer(_written, return_type=str),
    Field(
        json_schema_extra={"format": "date-time"},
        examples=["2026-11-21T16:20:00.123456Z"],
    ),
]
"""An instant in an answer: UTC, microseconds, ``Z``."""

DialogueName = Annotated[
    str,
    Path(
        description="De dialoog: organisatie en naam, met een dubbele punt ertussen.",
        pattern=r"^[a-z0-9][a-z0-9-]{1,62}:[a-z0-9][a-z0-9-]{1,62}$",
        examples=["gemeente-waterdam:parkzicht"],
    ),
]
"""The path parameter ``{dialogue}``; one that can't be a name is a 404."""

JsonObject = dict[str, Any]

EXAMPLE_STREAM: Final = "gemeente-waterdam:parkzicht"
"""The dialogue of the examples."""
