"""Ids of people: opaque, as the record takes them."""

from __future__ import annotations

from typing import Final

from pydantic import TypeAdapter, ValidationError

from domain.facts import OpaqueId

_ID: Final = TypeAdapter[str](OpaqueId)


def is_id(text: str) -> bool:
    """Tell whether this can be the id of an actor: opaque, as the record takes it."""
    try:
        _ID.validate_python(text)
    except ValidationError:
        return False
    return True
