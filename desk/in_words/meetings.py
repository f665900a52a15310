"""Events about meetings as sentences, with the titles that people know them by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from desk.in_words.harvest import happened
from desk.in_words.moments import moment_span
from language import mark
from language.speaking import _

if TYPE_CHECKING:
    from desk.overview import Overview

MEETING_SENTENCES: Final[Mapping[str, str]] = {
    "meeting_scheduled": mark("Meeting “{title}” planned: {span}; invited: {asked}."),
    "meeting_changed": mark("Meeting “{meeting}” changed: {changes}."),
    "meeting_cancelled": mark("Meeting “{meeting}” was called off."),
    "meeting_voided": mark("Meeting “{meeting}” no longer holds."),
    "people_invited": mark("Invited to meeting “{meeting}” as well: {asked}."),
    "people_uninvited": mark("Invitation to meeting “{meeting}” taken back: {asked}."),
    "attendance_recorded": mark("Came to meeting “{meeting}”: {came}."),
    "minutes_recorded": mark(
        "Minutes of meeting “{meeting}”, version {version}: {reference}"
    ),
    "meeting_noted": mark("Meeting “{title}” was held ({held}); noted afterwards."),
}
"""A sentence for every type of event about meetings."""

MEETING_WORDS: Final[Mapping[str, str]] = {
    "meeting_invited": mark("invitation to a meeting"),
    "meeting_changed": mark("meeting changed"),
    "meeting_cancelled": mark("meeting cancelled"),
    "meeting_uninvited": mark("invitation taken back"),
}
"""What messages about meetings are called."""

MEETING_PRIVATE: Final[Mapping[str, str]] = {
    "place": mark("where"),
    "online": mark("online"),
    "programme": mark("programme"),
    "message": mark("told to those invited"),
    "minutes": mark("minutes"),
}
"""What private texts of meetings are called."""

MEETING_NEEDS: Final[Mapping[str, str]] = {
    "meeting_soon": mark("Meeting “{title}” is soon"),
    "meeting_unreached": mark("Not everybody got the invitation to “{title}”"),
    "meeting_unrecorded": mark(
        "Meeting “{title}” is over: who came, and what was said?"
    ),
}
"""What meetings need of people."""

_PARTS: Final[Mapping[str, str]] = {
    "title": mark("the title"),
    "format": mark("the format"),
    "capacity": mark("the number of places"),
}
_TOLD: Final = mark("where it is, or what it is about")


def meeting_facts(view: Overview, data: Mapping[str, Any]) -> dict[str, Any]:
    """Give what sentences about a meeting ask for; nothing for other events."""
    if data.get("meeting") is None:
        return {}
    known = view.state.meetings.get(data["meeting"])
    asked = data.get("invited") or data.get("uninvited") or ()
    facts: dict[str, Any] = {
        "meeting": known.title if known else data["meeting"],
        "asked": len(asked),
        "came": len(data.get("present", ())) + data.get("others", 0),
        "changes": _changes(view, data),
    }
    if "held" in data:
        facts["held"] = happened(data["held"])
    if data.get("begins") and data.get("ends"):
        facts["span"] = _span(view, data["begins"], data["ends"])
    return facts


def _span(view: Overview, begins: str, ends: str) -> str:
    from desk.overview import local

    moments = (local(view.state, datetime.fromisoformat(m)) for m in (begins, ends))
    return moment_span(*moments)


def _changes(view: Overview, data: Mapping[str, Any]) -> str:
    changes = [_(word) for name, word in _PARTS.items() if data.get(name)]
    if was := data.get("was"):
        begins, ends = (data.get("begins") or was[0], data.get("ends") or was[1])
        changes.insert(0, _span(view, begins, ends))
    return ", ".join(changes) or _(_TOLD)
