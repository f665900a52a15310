"""Acts that fill every field of every command with hostile text, in one dialogue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.pages.hostile import LEFT, fields, filled, text_of
from tests.pages.house import Site

_TITLE: Final = next(text_of(f) for f in fields() if f.tag == "move_deadline.title")
WINDOW: Final = "opdracht.vraag"
SHA256: Final = "5a" * 32
Acts = list[tuple[str, dict[str, Any]]]


def _in_days(days: int, hours: int = 0) -> str:
    moment = datetime.now(UTC).replace(microsecond=0)
    return (moment + timedelta(days=days, hours=hours)).isoformat()


def _days(number: int) -> dict[str, int]:
    return {"calendar_days": number}


def _asked() -> Acts:
    """Ask something, and have it answered."""
    titles = {"nl": _TITLE, "en": _TITLE}
    window = {"id": "vraag", "title": titles, "audience": "participants"}
    window |= {"duration": {"working_days": 10}, "may_close_early": True}
    added = {"change": "add_window", "step": "opdracht", "window": window}
    last = {"window": WINDOW, "numbers": "3"}
    return [
        ("amend_plan", {"changes": [added]}),
        ("note_signal", {"type": "zaak-gewijzigd", "source": "zaaksysteem-1"}),
        ("complete_items", {"items": ["opdracht.aanleiding", "opdracht.scope"]}),
        ("waive_items", {"items": ["opdracht.budget"]}),
        ("reopen_items", {"items": ["opdracht.scope"]}),
        ("open_window", {"window": WINDOW, "duration": {"working_days": 12}}),
        ("extend_window", {"window": WINDOW, "duration": {"working_days": 5}}),
        ("shorten_window", {"window": WINDOW, "duration": {"until": _day(14)}}),
        *(
            ("record_response", {"window": WINDOW, "respondent": who})
            for who in ("d-1", "d-2", "d-3")
        ),
        ("invite_to_window", {"window": WINDOW, "audience": "meer", "who": ["d-4"]}),
        ("group_responses", _group()),
        ("answer_response", {"group": "groen", "outcome": "partly"}),
        ("leave_unanswered", last),
        ("close_window", {"window": WINDOW, "audience": "participants"}),
        ("use_late_response", {"window": WINDOW, "respondent": "d-5"}),
        ("reopen_window", _again()),
        ("close_window", {"window": WINDOW, "audience": "meer"}),
        ("close_window", {"window": WINDOW, "audience": "participants"}),
    ]


def _again() -> dict[str, Any]:
    return {"window": WINDOW, "audience": "participants", "because": "other"}


def _day(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def _group() -> dict[str, Any]:
    return {"group": "groen", "window": WINDOW, "numbers": "1-2", "because": "theme"}


def _people() -> Acts:
    """Register people, plan with them, and let them go."""
    far = {"impact": 3, "influence": 1}
    levels = {"buren": {"vooraf": "consult"}}
    return [
        ("register_stakeholder", {"stakeholder": "buren", **far}),
        ("register_stakeholder", {"stakeholder": "winkels", **far}),
        ("change_stakeholder", {"stakeholder": "buren", "influence": 2}),
        ("plan_engagement", {"levels": levels, "phases": {"eigen": _TITLE}}),
        ("hand_over_role", _handed()),
        ("decline_participation", {"who": "x-1"}),
        *(
            ("record_interest", {"interest": name, "stakeholder": "buren"})
            for name in ("b-1", "b-2", "b-3")
        ),
        ("relate_interests", {"one": "b-1", "other": "b-2", "kind": "tension"}),
        ("withdraw_interest", {"interest": "b-3"}),
        ("release_stakeholder", {"stakeholder": "winkels"}),
        ("release_role", {"role": "participants", "actor": "d-4"}),
    ]


def _handed() -> dict[str, Any]:
    return {"role": "facilitator", "actor": "f-1", "successor": "f-2"}


def _harvest() -> Acts:
    """Report, decide, agree and meet."""
    decided = {"outcome": "adopted", "decided_on": {"date": "2026-11-20"}}
    report = {"status": "draft", "sha256": SHA256}
    meets = {"begins": _in_days(9), "ends": _in_days(9, 2), "guests": ["d-1", "d-2"]}
    return [
        ("publish_report", {"report": "r-1", **report}),
        ("publish_report", {"report": "r-2", **report}),
        ("retract_report", {"report": "r-1"}),
        ("communicate_results", {"communication": "c-1", "to": ["participants"]}),
        ("note_late_feedback", {"respondent": "d-1"}),
        ("record_conclusion", {"conclusion": "k-1", "unanimous": True}),
        ("record_decision", {"decision": "raad", **decided}),
        ("annul_decision", {"decision": "raad"}),
        ("celebrate", {}),
        ("withdraw_proposal", {}),
        ("make_agreement", {"agreement": "a-1", "who": "f-2", "duration": _days(9)}),
        ("make_agreement", {"agreement": "a-2", "who": "f-2", "step": "opdracht"}),
        ("extend_agreement", {"agreement": "a-1", "duration": _days(3)}),
        ("schedule_meeting", {"meeting": "m-1", **meets}),
        ("change_meeting", {"meeting": "m-1"}),
        ("uninvite", {"meeting": "m-1", "who": ["d-2"]}),
        ("schedule_meeting", {"meeting": "m-2", **meets}),
        ("cancel_meeting", {"meeting": "m-2"}),
        ("note_meeting_held", {"meeting": "m-3", "held": {"date": "2026-10"}}),
        ("record_minutes", {"meeting": "m-3", "sha256": SHA256}),
    ]


def _besides() -> Acts:
    """Note, gauge, keep apart, and go back."""
    fact = {"type": "buiten-besloten", "happened": {"date": "2026-10"}}
    return [
        ("record_gate", {"gate": "peiling", "counts": _votes(), **_gate()}),
        ("note_fact", fact),
        ("mark_confidential", {"step": "context", "readers": ["process_director"]}),
        ("lift_confidential", {"step": "context"}),
        ("record_evaluation", {"by": "d-1", "goal_reached": "partly"}),
        ("open_track", {"track": "noord", "steps": ["spelregels"]}),
        ("close_track", {"track": "noord"}),
        ("complete_items", {"step": "opdracht"}),
        ("complete_step", {"step": "opdracht"}),
        ("register_stakeholder", {"stakeholder": "laat-1", "impact": 3}),
        ("register_stakeholder", {"stakeholder": "laat-2", "impact": 3}),
        ("brief_latecomer", {"stakeholder": "laat-1"}),
        ("waive_briefing", {"stakeholder": "laat-2"}),
        ("skip_step", {"step": "context"}),
        ("revisit_step", {"step": "opdracht"}),
        ("reconfirm_items", {"items": ["opdracht.aanleiding"]}),
        ("reconfirm_agreement", {"agreement": "a-2"}),
        ("carry_responses", {"window": WINDOW}),
        ("settle_agreement", {"agreement": "a-1", "outcome": "broken"}),
        ("pause_dialogue", {}),
        ("resume_dialogue", {}),
    ]


def _gate() -> dict[str, Any]:
    return {"kind": "consent", "step": "opdracht", "threshold": {"percent": 70}}


def _votes() -> dict[str, int]:
    return {"in_favour": 12, "against": 3, "entitled": 15}


async def played(site: Site) -> str:
    """Start a dialogue, do all of it, and give its name."""
    start = filled("start_dialogue", {})
    title = start.pop("title")
    dates = [{"title": _TITLE, "date": _day(30)}]
    stream = await site.dialogue(title=title, language="nl", deadlines=dates, **start)
    for who in ("d-1", "d-2", "d-3", "d-4", "d-5", "f-1"):
        role = "facilitator" if who == "f-1" else "participants"
        told = {"role": role, "actor": who, "address": f"{who}@voorbeeld.example"}
        await site.send(stream, "assign_role", filled("assign_role", told))
    moved = {"title": _TITLE, "duration": _days(3)}
    acts = [("move_deadline", moved), *_asked(), *_people(), *_harvest(), *_besides()]
    seqs: dict[str, int] = {}
    for kind, body in acts:
        answer = await site.send(stream, kind, filled(kind, body))
        seqs |= {each["type"]: each["seq"] for each in answer.events}
    for kind, body in _after(seqs):
        await site.send(stream, kind, filled(kind, body))
    return stream


def _after(seqs: Mapping[str, int]) -> Acts:
    """Do what names an event by its number."""
    wrong = {"seq": seqs["gate_passed"], "pointer": "counts.in_favour", "value": 11}
    feedback = f"f{seqs['late_feedback_noted']}"
    return [
        ("correct_fact", wrong),
        ("answer_late_feedback", {"feedback": feedback, "outcome": "not"}),
    ]


def done() -> set[str]:
    """Give the fields that these acts fill, by their names."""
    acts = (*_asked(), *_people(), *_harvest(), *_besides())
    kinds = {kind for kind, _ in acts} | {"start_dialogue", "assign_role"}
    kinds |= {"move_deadline", "correct_fact", "answer_late_feedback"}
    return {f.tag for f in fields() if f.kind in kinds and f.tag not in LEFT}
