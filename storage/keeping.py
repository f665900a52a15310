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


ABOUT: Final = {
    "agreement_made": "who",
    "briefing_waived": "stakeholder",
    "interest_changed": "stakeholder",
    "interest_recorded": "stakeholder",
    "late_feedback_noted": "respondent",
    "latecomer_briefed": "stakeholder",
    "participation_declined": "who",
    "response_recorded": "respondent",
    "role_assigned": "actor",
    "role_handed_over": "successor",
    "role_released": "actor",
    "stakeholder_changed": "stakeholder",
    "stakeholder_registered": "stakeholder",
    "stakeholder_released": "stakeholder",
}
"""Which member of an event's data names the person its private fields are about.

In other events they may be about anybody: the event does not say whom.
"""


def about(members: Mapping[str, Any]) -> str | None:
    """Give whom the private fields of an event are about, where it says so."""
    named = members["data"].get(ABOUT.get(str(members.get("type")), ""))
    return named if isinstance(named, str) else None
