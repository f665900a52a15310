"""Conditional requests (RFC 9110, 13): a dialogue's version is its entity tag."""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import Header
from pydantic import BeforeValidator

from api.mistakes import Mistake
from api.problems import Problem, bad_input
from domain.facts import OpaqueId
from language import mark

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=200,
        description="De ETag waarbij u de dialoog zag: is zij verder, dan 412.",
        examples=['"14"'],
    ),
]
IfNoneMatch = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        max_length=1000,
        description="De ETag die u al hebt: is zij nog zo, dan 304 zonder inhoud.",
        examples=['"14"'],
    ),
]


def _unquoted(told: object) -> object:
    """Take a key in quotation marks as well: a string of RFC 9651 (structured fields).

    What may stand in a key needs no escaping there.
    """
    if isinstance(told, str) and len(told) > 1 and told[0] == told[-1] == '"':
        return told[1:-1]
    return told


IdempotencyKey = Annotated[
    OpaqueId | None,
    BeforeValidator(_unquoted),
    Header(
        alias="Idempotency-Key",
        description="De naam van de opdracht, naar keuze: nog eens gestuurd heeft zij "
        "geen tweede effect, en met een andere inhoud wordt zij geweigerd (409). Ook "
        "tussen aanhalingstekens, zoals het concept van de IETF wil.",
        examples=["zaak-2026-0815-1"],
    ),
]
Prefer = Annotated[
    str | None,
    Header(
        alias="Prefer",
        max_length=200,
        description="`respond-async`: antwoord zodra de opdracht vastligt (RFC 7240).",
        examples=["respond-async"],
    ),
]

TAGGED: Final = {
    "ETag": {
        "description": "De versie van de dialoog.",
        "schema": {"type": "string", "examples": ['"14"']},
    }
}
"""The header of an answer about one version of a dialogue, for OpenAPI."""

_VERSION: Final = re.compile(r'"([1-9][0-9]{0,15})"')
_TAG: Final = re.compile(r'(?:W/)?"[^"]*"')
_MOVED_ON: Final = mark(
    "If-Match names no version of this dialogue: it takes an ETag as it was given, "
    'such as "14".'
)
_NEEDED: Final = mark(
    "This changes what somebody else may have changed: send If-Match with the ETag "
    "that you saw."
)
_TWO_VERSIONS: Final = mark("If-Match names another version")


def tag(version: int) -> str:
    """Give the entity tag of a version."""
    return f'"{version}"'


def is_known(if_none_match: str | None, version: int) -> bool:
    """Whether a caller has this version already."""
    return is_same(if_none_match, tag(version))


def is_same(if_none_match: str | None, now: str) -> bool:
    """Whether a caller has what has this entity tag already."""
    if if_none_match is None:
        return False
    if if_none_match.strip() == "*":
        return True
    # Weak comparison (RFC 9110, 13.1.2).
    known = {each.removeprefix("W/") for each in _TAG.findall(if_none_match)}
    return now in known


def version_of(if_match: str | None, told: int | None = None) -> int | None:
    """Give the version that a caller saw, None where they name none.

    ``told`` is what a body says of it. Raises the problem 412 for a tag that no
    version has: a weak one never matches.
    """
    if if_match is None or if_match.strip() == "*":
        return told
    found = _VERSION.fullmatch(if_match.strip())
    if found is None:
        raise Problem(412, "VersionConflict", _MOVED_ON)
    version = int(found[1])
    if told is not None and told != version:
        raise bad_input(Mistake("body", "/ifVersion", _TWO_VERSIONS, "conflict"))
    return version


def needed_version(if_match: str | None) -> int:
    """Give the version that a caller saw. Raises the problem 428 where none is named.

    For PATCH, which overwrites what somebody else may have written meanwhile.
    """
    version = version_of(if_match)
    if version is None:
        raise Problem(428, "PreconditionRequired", _NEEDED)
    return version


def wants_no_waiting(prefer: str | None) -> bool:
    """Whether a caller prefers to be answered at once (RFC 7240)."""
    asked = (each.strip().lower() for each in (prefer or "").split(","))
    return "respond-async" in asked
