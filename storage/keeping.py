"""Under what an event's texts lie in the vault: what their command put them there as.

Many responses come in one command, each with a submission of its own; its text lies
under that, since it was there before anybody knew which command would carry it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_RESPONSE: Final = "response_recorded"


def kept_under(members: Mapping[str, Any]) -> str:
    """Give the id that an event's private values have as ``command_id``."""
    if members.get("type") == _RESPONSE:
        submission = members["data"].get("submission")
        if isinstance(submission, str):
            return submission
    return str(members["cause"])
