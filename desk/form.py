"""What can't be written as strict JSON goes nowhere: not to the vault, not to Temporal.

A dialogue refuses it anyway; here it is refused before anything has been kept of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from desk.errors import Refused
from domain.errors import DomainError, MalformedEnvelope

if TYPE_CHECKING:
    from workflows.intake import Envelope

_MAX_WORDS: Final = 512 * 1024
"""Bytes of a command with its private texts, which don't travel with it."""


def check(stream: str, envelope: Mapping[str, Any]) -> None:
    """Check an envelope whose private texts are still in it. Raises `Refused`."""
    _refusing(stream, envelope, _MAX_WORDS)


def check_start(stream: str, envelope: Mapping[str, Any]) -> None:
    """Check an envelope that starts a dialogue, command and all. Raises `Refused`."""
    from workflows.beginning import START
    from workflows.intake import MAX_START_BYTES, read_command

    read = _refusing(stream, envelope, MAX_START_BYTES)
    try:
        read_command(START, read)
    except DomainError as error:
        raise Refused.of(error) from error


def check_size(kind: str, envelope: Mapping[str, Any]) -> None:
    """Check that an envelope is small enough to be carried. Raises `Refused`.

    Temporal can't even bring back the refusal of an update beyond its own limit.
    """
    from workflows.intake import most_bytes

    _refusing("", envelope, most_bytes(kind))


def _refusing(stream: str, envelope: Mapping[str, Any], limit: int) -> Envelope:
    from workflows.intake import read_envelope

    try:
        _read(stream, limit)
        return read_envelope(_read(envelope, limit))
    except DomainError as error:
        raise Refused.of(error) from error


def _read(value: object, limit: int) -> object:
    from temporalio.api.common.v1 import Payload

    from workflows.intake import read_json

    try:
        data = json.dumps(value, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise MalformedEnvelope(problem="it can't be written as JSON") from error
    return read_json(Payload(metadata={"encoding": b"json/plain"}, data=data), limit)
