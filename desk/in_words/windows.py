"""What happens to audiences, late responses, crowds and suspensions, as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from language import mark
from language.speaking import _

WINDOW_SENTENCES: Final[Mapping[str, str]] = {
    "window_reopened": mark(
        "Window “{window}” opened again for {audience} ({because}), {until}; what was"
        " received stays valid."
    ),
    "audience_invited": mark("Asked by name in window “{window}”: {people}."),
    "late_response_used": mark(
        "Late response {number} in window “{window}” is used all the same."
    ),
    "response_numbered": mark(
        "Response {number} in window “{window}”, of {respondent}."
    ),
    "response_late_numbered": mark(
        "Response {number} in window “{window}”, of {respondent}: too late."
    ),
    "response_supplement": mark(
        "Response {number} in window “{window}”, of {respondent}: adds to"
        " {supplements}."
    ),
    "responses_gathered": mark(
        "Responses recorded together in window “{window}”: {gathered}; refused:"
        " {turned_down}."
    ),
    "dialogue_suspended": mark(
        "The organisation suspended its windows [{suspension}]; they stand still."
    ),
    "suspension_lifted": mark(
        "The suspension ended here [{suspension}]; windows that run again: {running}."
    ),
}
"""A sentence for every type of event of this area, and for two special cases."""

BECAUSE: Final[Mapping[str, str]] = {
    "faulty_publication": mark("faulty publication"),
    "missing_documents": mark("documents were missing"),
    "changed_documents": mark("documents were changed"),
    "not_reached": mark("people were not reached"),
    "court": mark("by order of a court"),
    "other": mark("for another reason"),
}
"""Why a window opened again."""


def special(kind: str, data: Mapping[str, Any]) -> str:
    """Give the name of an event's sentence where its type alone does not say enough."""
    if kind == "window_opened" and data.get("because"):
        return "window_reopened"
    if kind == "response_recorded" and data.get("supplements"):
        return "response_supplement"
    if kind == "response_recorded" and data.get("number"):
        return "response_late_numbered" if data["late"] else "response_numbered"
    return kind


def window_facts(data: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the sentences of this area say."""
    facts: dict[str, Any] = {}
    if "because" in data:
        facts["because"] = _(BECAUSE.get(str(data["because"]), str(data["because"])))
    if data.get("audience") == "list":
        facts["audience"] = _("people on a list")
    if isinstance(data.get("who"), list):
        facts["people"] = ", ".join(map(str, data["who"]))
    if isinstance(data.get("refused"), list):
        facts |= {"gathered": data["count"], "turned_down": len(data["refused"])}
    if "suspension" in data:
        facts["running"] = len(data["windows"])
    return facts
