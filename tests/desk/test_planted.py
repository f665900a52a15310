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
from tests.storage.conftest import url_of
from tests.workflows.test_secrets import everything

MARK = "Vossenstaart"
"""In every text that is planted; never in a name or an id."""

WINDOW = "belangen.klopt-het-beeld"
FIRST = ["tijd-nemen", "open-agenda", "rollen-team"]
ITEMS = [f"kennismaken.{item}" for item in FIRST]
WEEK = {"working_days": 5}
LATER = {"working_days": 9}

ACTS: list[tuple[str, dict[str, Any]]] = [
    ("assign_role", {"role": "parties", "actor": "k-3"}),
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
    ("revisit_step", {"step": "kennismaken"}),
    ("reconfirm_items", {"items": ITEMS}),
    ("complete_step", {"step": "kennismaken"}),
    ("complete_items", {"items": ["belangen.prioriteiten"]}),
    ("carry_responses", {"window": WINDOW}),
    ("skip_step", {"step": "belangen"}),
    ("release_role", {"role": "parties", "actor": "k-3"}),
    ("retry_effect", {"effect": "e1"}),
    ("waive_effect", {"effect": "e1"}),
    ("waive_compensation", {"compensation": "c1-1"}),
    ("complete_dialogue", {}),
    ("cancel_dialogue", {}),
]
"""Each command that keeps something private, in an order in which most are obeyed."""


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
    stream = await hall.dialogue(words=False)
    obeyed = await everything_is_said(hall, stream)
    assert len(obeyed) >= len(ACTS) - 5, obeyed
    await hall.quiet(stream)
    found = await openings(hall.desk.pool, hall.desk.keys, stream)
    said = [str(opening.value) for opening in found]
    assert sum(MARK in text or MARK.lower() in text for text in said) >= len(obeyed)
    await nowhere(hall, stream, capfd, caplog)
    letters = re.findall(rf"{MARK} \w+ \w+", hall.letters())
    open_ = ("assign_role name", "answer_response reason")
    assert {*letters} == {f"{MARK} {words}" for words in open_}

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
    for number, (kind, body) in enumerate(ACTS):
        sender = DIRECTOR
        if kind == "record_response":
            sender = Sender("k-3", "parties")
        try:
            texts = planted(kind, number)
            await hall.desk.send(stream, kind, {**body, **texts}, sender)
            obeyed.append(kind)
        except Refused as refusal:
            told = f"{refusal} {refusal.facts}"
            assert MARK not in told
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
