"""Which status an error of the desk or the domain is told with, by its name.

A refusal that is not named here says that the dialogue is not in the state for it:
409. Names and statuses are part of the contract; `docs/problems.md` lists them.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

REFUSED: Final = 409

_BAD_INPUT: Final = (
    "BadDay",
    "BadSubscription",
    "DeskError",
    "MalformedEnvelope",
    "MalformedCommand",
    "MethodUnfit",
    "NoMoment",
    "NoSuchPath",
    "NotLater",
    "NotEarlier",
    "PlainTextRefused",
    "ReasonMissing",
    "ReceivedInFuture",
    "ReservedId",
    "Unfit",
)
_NOT_ENTITLED: Final = (
    "BadSignature",
    "NotEntitled",
    "NotHolder",
    "NotInvited",
    "NotAllowed",
    "Unsigned",
)
_UNKNOWN: Final = "Unknown"
"""How the names begin of refusals of an id that stands for nothing: bad input."""

STATUS: Final = MappingProxyType(
    {
        **dict.fromkeys(_BAD_INPUT, 400),
        **dict.fromkeys(_NOT_ENTITLED, 403),
        "NotFound": 404,
        "VersionConflict": 412,
        "TooLarge": 413,
        "PackUnderWay": 429,
        "Fault": 500,
        "RecordContradicts": 503,
        "RecordFull": 503,
        "Unreachable": 503,
        "UnusableKey": 503,
    }
)
"""Statuses other than 409, by the error's name."""

RETRY_SECONDS: Final = 5
"""After how many seconds it makes sense to ask again, where nothing says more."""


def status_of(name: str) -> int:
    """Give the status with which an error is told."""
    return STATUS.get(name, 400 if name.startswith(_UNKNOWN) else REFUSED)


def kebab(name: str) -> str:
    """Give a name as a URI has it: ``StepNotReady`` as ``step-not-ready``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def words(name: str) -> str:
    """Give a name as a short English title: ``Step not ready``."""
    return kebab(name).replace("-", " ").capitalize()
