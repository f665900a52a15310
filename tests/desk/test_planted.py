"""What people say goes to the vault and nowhere else; from there it can be erased."""

from __future__ import annotations

import re
from typing import Any

import pytest

from desk.desk import Sender
from desk.erasing import decide, request
from desk.errors import Refused
from desk.executing import execute
from domain.commands import COMMANDS
from domain.messages import private_fields
from storage.vault import openings
from tests.desk.town_hall import DIRECTOR, GRANTED, OFFICER, ORGANISATION, TownHall
from tests.services import url_of
from tests.workflows.test_secrets import everything

MARK = "Vossenstaart"
"""In every text that is planted; never in a name or an id."""

WINDOW = "belangen.klopt-het-beeld"
FIRST = ["tijd-nemen", "open-agenda", "rollen-team"]
ITEMS = [f"kennismaken.{item}" for item in FIRST]
WEEK = {"working_days": 5}
LATER = {"working_days": 9}

EVENING = {"begins": "2031-01-06T18:00:00Z", "ends": "2031-01-06T20:00:00Z"}
HELD = {"begins": "2026-01-06T18:00:00Z", "ends": "2026-01-06T20:00:00Z"}
GATE = {
    "gate": "steun",
    "step": "kennismaken",
    "title": "Steun",
    "kind": "consent",
    "threshold": {"percent": 50},
    "counts": {"in_favour": 3, "against": 1, "entitled": 5},
}
EXTRA = {"id": "extra", "title": {"nl": "Extra", "en": "Extra"}}
AMENDED = {"change": "add_item", "step": "samen-bepalen", "item": EXTRA}

ACTS: list[tuple[str, dict[str, Any]]] = [
    ("assign_role", {"role": "parties", "actor": "k-3"}),
    ("register_stakeholder", {"stakeholder": "s-1", "impact": 3, "influence": 1}),
    ("register_stakeholder", {"stakeholder": "s-2"}),
    ("change_stakeholder", {"stakeholder": "s-1", "reached": True}),
    ("record_interest", {"interest": "groen", "stakeholder": "s-1"}),
    ("record_interest", {"interest": "snel", "stakeholder": "s-2"}),
    ("relate_interests", {"one": "groen", "other": "snel", "kind": "tension"}),
    ("withdraw_interest", {"interest": "snel"}),
    ("schedule_meeting", {"meeting": "avond", "title": "Avond", **EVENING}),
    ("schedule_meeting", {"meeting": "eerder", "title": "Eerder", **HELD}),
    ("note_meeting_held", {"meeting": "ooit", "title": "Ooit", "held": "2017-10"}),
    ("record_minutes", {"meeting": "eerder", "reference": "zaak-1"}),
    ("invite", {"meeting": "avond", "who": ["k-3"]}),
    ("change_meeting", {"meeting": "avond", "title": "Avond in de kas"}),
    ("uninvite", {"meeting": "avond", "who": ["k-3"]}),
    ("cancel_meeting", {"meeting": "avond"}),
    ("make_agreement", {"agreement": "a-1", "who": "s-1", "duration": WEEK}),
    ("extend_agreement", {"agreement": "a-1", "duration": LATER}),
    ("settle_agreement", {"agreement": "a-1", "outcome": "kept"}),
    ("register_stakeholder", {"stakeholder": "s-3"}),
    ("brief_latecomer", {"stakeholder": "s-3"}),
    ("register_stakeholder", {"stakeholder": "s-4"}),
    ("waive_briefing", {"stakeholder": "s-4"}),
    ("decline_participation", {"who": "s-9"}),
    ("release_stakeholder", {"stakeholder": "s-2"}),
    ("record_conclusion", {"conclusion": "c-1", "unanimous": True}),
    (
        "record_decision",
        {
            "decision": "d-1",
            "title": "Besluit",
            "outcome": "approved",
            "decided_on": "2026-11",
        },
    ),
    ("annul_decision", {"decision": "d-1", "annulled_by": "Rechtbank"}),
    (
        "publish_report",
        {
            "report": "r-1",
            "status": "draft",
            "title": "Verslag",
            "reference": "zaak-2",
            "sha256": "0" * 64,
            "to": ["parties"],
        },
    ),
    ("retract_report", {"report": "r-1"}),
    ("communicate_results", {"communication": "m-1", "to": ["parties"]}),
    ("note_late_feedback", {"respondent": "k-3"}),
    ("answer_late_feedback", {"feedback": "", "outcome": "partly"}),
    ("record_gate", GATE),
    ("correct_fact", {"seq": 0, "pointer": "/counts/in_favour", "value": 4}),
    ("mark_confidential", {"step": "samen-bepalen", "readers": ["process_director"]}),
    ("lift_confidential", {"step": "samen-bepalen"}),
    ("amend_plan", {"changes": [AMENDED]}),
    ("open_track", {"track": "noord", "title": "Noord", "steps": ["samen-bepalen"]}),
    ("close_track", {"track": "noord"}),
    ("record_evaluation", {"by": "us", "goal_reached": "yes"}),
    ("record_self_assessment", {"scores": {"motivatie": 1}}),
    ("migrate_method", {"method": "nergens"}),
    ("move_deadline", {"title": "Raad", "duration": LATER}),
    ("distrust_desk_key", {"key": "0" * 16}),
    ("pause_dialogue", {}),
    ("resume_dialogue", {}),
    ("complete_items", {"items": ITEMS[:1]}),
    ("reopen_items", {"items": ITEMS[:1]}),
    ("complete_items", {"items": ITEMS}),
    ("complete_step", {"step": "kennismaken"}),
    ("waive_items", {"items": ["belangen.open-blik"]}),
    ("open_window", {"window": WINDOW, "duration": WEEK}),
    ("extend_window", {"window": WINDOW, "duration": LATER}),
    ("record_response", {"window": WINDOW, "respondent": "k-3"}),
    ("leave_unanswered", {"window": WINDOW}),
    ("answer_response", {"window": WINDOW, "numbers": "1", "outcome": "not"}),
    ("shorten_window", {"window": WINDOW, "duration": {"until": "2999-01-01"}}),
    ("close_window", {"window": WINDOW}),
    ("record_response", {"window": WINDOW, "respondent": "k-3"}),
    ("use_late_response", {"window": WINDOW, "number": 2}),
    ("reopen_window", {"window": WINDOW, "because": "faulty_publication"}),
    ("invite_to_window", {"window": WINDOW, "audience": "later", "who": ["k-1"]}),
    ("make_agreement", {"agreement": "a-2", "who": "s-1", "step": "kennismaken"}),
    (
        "record_decision",
        {
            "decision": "d-2",
            "title": "Besluit 2",
            "outcome": "approved",
            "decided_on": "2026",
            "step": "kennismaken",
        },
    ),
    ("revisit_step", {"step": "kennismaken"}),
    ("reconfirm_items", {"items": ITEMS}),
    ("reconfirm_decision", {"decision": "d-2"}),
    ("reconfirm_agreement", {"agreement": "a-2"}),
    ("celebrate", {}),
    ("complete_step", {"step": "kennismaken"}),
    ("complete_items", {"items": ["belangen.prioriteiten"]}),
    ("carry_responses", {"window": WINDOW}),
    ("skip_step", {"step": "belangen"}),
    ("hand_over_role", {"role": "parties", "actor": "k-3", "successor": "k-4"}),
    ("release_role", {"role": "parties", "actor": "k-4"}),
    ("retry_effect", {"effect": "e1"}),
    ("waive_effect", {"effect": "e1"}),
    ("waive_compensation", {"compensation": "c1-1"}),
    ("complete_dialogue", {}),
    ("withdraw_proposal", {"to": ["parties"]}),
    ("archive_dialogue", {}),
    ("cancel_dialogue", {}),
]
"""Each command that keeps something private, in an order in which most are obeyed.

An empty id or a place 0 stands for what only the dialogue can tell.
"""

REFUSED = {
    "distrust_desk_key",
    "record_self_assessment",
    "migrate_method",
    "shorten_window",
    "retry_effect",
    "waive_effect",
    "waive_compensation",
    "complete_dialogue",
    "archive_dialogue",
}
"""Those that a dialogue like this one has no occasion for."""

TOLD = {
    "assign_role name",
    "change_stakeholder name",
    "schedule_meeting place",
    "schedule_meeting online",
    "schedule_meeting programme",
    "change_meeting place",
    "change_meeting online",
    "change_meeting programme",
    "change_meeting message",
    "answer_response reason",
    "answer_late_feedback reason",
    "make_agreement what",
    "make_agreement how",
    "extend_agreement reason",
    "communicate_results note",
    "retract_report reason",
    "withdraw_proposal reason",
}
"""What letters say: the name of whoever gets one, and what is meant for them."""


def planted(kind: str, number: int) -> dict[str, str]:
    """Give a marked text for each private field; an address is one."""
    return {
        name: f"{MARK}-{kind}-{number}@{MARK.lower()}.example"
        if name == "address"
        else f"{MARK} {kind} {name} {number}"
        for name in private_fields(COMMANDS[kind])
    }


def test_every_command_with_something_private_is_sent() -> None:
    """A command that gets a private field has to be sent here as well."""
    keeping = {kind for kind, model in COMMANDS.items() if private_fields(model)}
    assert keeping <= {kind for kind, _ in ACTS}


async def test_what_is_said_is_nowhere_but_in_the_vault(
    hall: TownHall, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """No table, key, history, attribute, log or refusal has it; letters have names."""
    caplog.set_level("DEBUG")
    council = {"title": "Raad", "date": "2031-01-06"}
    stream = await hall.dialogue(words=False, deadlines=[council])
    obeyed = await everything_is_said(hall, stream)
    assert {kind for kind, _ in ACTS} - {*obeyed} == REFUSED
    assert len(obeyed) == len(ACTS) - len(REFUSED)
    await hall.quiet(stream)
    found = await openings(hall.desk.pool, hall.desk.keys, stream)
    said = [str(opening.value) for opening in found]
    assert sum(MARK in text or MARK.lower() in text for text in said) >= len(obeyed)
    await nowhere(hall, stream, capfd, caplog)
    letters = re.findall(rf"{MARK} \w+ \w+", hall.letters())
    assert {*letters} == {f"{MARK} {words}" for words in TOLD}

    for subject in sorted({opening.subject for opening in found} | {"k-3"}):
        name = f"planted-{subject}"
        await request(hall.desk, ORGANISATION, subject, OFFICER, erasure=name)
        await decide(hall.desk, ORGANISATION, name, OFFICER, GRANTED)
        done = await execute(hall.desk, ORGANISATION, name, OFFICER)
        assert done.proof is not None
        assert done.proof.nothing_left, done.proof
    assert await openings(hall.desk.pool, hall.desk.keys, stream) == ()
    await nowhere(hall, stream, capfd, caplog)
    assert await hall.findings() == []


async def everything_is_said(hall: TownHall, stream: str) -> list[str]:
    """Send each command with its texts; give those that were obeyed."""
    obeyed: list[str] = []
    gate = 0
    for number, (kind, body) in enumerate(ACTS):
        sender = DIRECTOR
        if kind == "record_response":
            sender = Sender("k-3", "parties")
        told = {**body, **planted(kind, number)}
        if kind == "correct_fact":
            told["seq"] = gate
        if kind == "answer_late_feedback":
            state = await hall.desk.dialogue(stream)
            told["feedback"] = next(iter(state.harvest.feedback))
        try:
            answer = await hall.desk.send(stream, kind, told, sender)
        except Refused as refusal:
            said = f"{refusal} {refusal.facts}"
            assert MARK not in said
            continue
        obeyed.append(kind)
        if answer is not None and kind == "record_gate":
            gate = answer.events[-1]["seq"]
    return obeyed


async def nowhere(
    hall: TownHall,
    stream: str,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Look for the mark in all that we keep and say, as text and as bytes."""
    keys = url_of(hall.database, f"{hall.database.rpartition('/')[2]}_keys")
    for database in (hall.database, keys):
        rows = (await everything(database)).lower()
        assert len(rows) > 100
        assert MARK.lower() not in rows
        assert MARK.encode().hex() not in rows
    run_id: str | None = ""
    while run_id is not None:
        handle = hall.client.get_workflow_handle(stream, run_id=run_id or None)
        described = await handle.describe()
        assert MARK.lower() not in str(described.raw_description).lower()
        history = await handle.fetch_history()
        for event in history.events:
            data = event.SerializeToString()
            assert MARK.lower().encode() not in data.lower()
        started = history.events[0].workflow_execution_started_event_attributes
        run_id = started.continued_execution_run_id or None
    logged = "".join([*capfd.readouterr(), caplog.text])
    assert MARK.lower() not in logged.lower()
