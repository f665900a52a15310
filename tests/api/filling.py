"""Dialogues with something in each list, and how they are filled and read over HTTP."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from tests.api.conftest import Api

WINDOW = "kennismaken.vraag"
_SOON = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
PLAIN = "Het plein is te donker"
MEETING = {
    "meeting": "avond-1",
    "title": "Eerste avond",
    "begins": f"{_SOON}T19:30:00+01:00",
    "ends": f"{_SOON}T21:30:00+01:00",
    "place": "Buurthuis De Kade",
    "guests": ["anna", "bram"],
}
SHORT: dict[str, dict[str, Any]] = {
    "stakeholders": {"stakeholder": "anna", "impact": 3, "name": "Anna de Wit"},
    "interests": {
        "interest": "i-1",
        "stakeholder": "anna",
        "text": "Een veilige route",
        "level": "personal",
        "priority": 1,
    },
    "meetings": MEETING,
    "reports": {
        "report": "concept",
        "status": "draft",
        "title": "Verslag",
        "reference": "DMS-1",
        "sha256": "ab" * 32,
        "to": ["parties"],
    },
    "agreements": {
        "agreement": "bankjes",
        "what": "Twee bankjes plaatsen",
        "who": "anna",
        "others": ["bram"],
        "duration": {"workingDays": 10},
    },
    "evaluations": {"by": "us", "goalReached": "partly", "gainedUs": "Een beter plan"},
}
"""For each list something that goes into it, in short form."""

EVENTS = {
    "stakeholders": "stakeholder_registered",
    "interests": "interest_recorded",
    "meetings": "meeting_scheduled",
    "reports": "report_published",
    "agreements": "agreement_made",
    "evaluations": "evaluation_recorded",
}


@asynccontextmanager
async def nothing_recorded(api: Api) -> AsyncGenerator[None]:
    """Have the record take nothing new as long as the block lasts; it can be read."""
    async with await psycopg.AsyncConnection.connect(api.hall.database) as held:
        await held.execute("LOCK TABLE audit.event IN SHARE MODE")
        yield


async def send(api: Api, path: str, body: object, role: str = "director") -> Any:  # noqa: ANN401
    """Send something that is to be taken; give what is answered."""
    answer = await api.post(path, body, role)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def given(api: Api, path: str, role: str = "director") -> Any:  # noqa: ANN401
    """Ask for something that is to be there; give it."""
    answer = await api.get(path, role)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def as_participant(api: Api, path: str, actor: str) -> Any:  # noqa: ANN401
    """Ask for something as a participant of the dialogue."""
    headers = await api.bearer("participant", actor=actor)
    answer = await api.client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def fresh(api: Api, name: str) -> str:
    """Give the address of a new dialogue that is ready for this short form."""
    stream = await api.hall.dialogue(words=False)
    if name != "stakeholders":
        await api.hall.does(stream, "register_stakeholder", stakeholder="anna")
    return f"/v1/dialogues/{stream}"


async def filled(api: Api) -> str:
    """Start a dialogue with something in each list; give its address."""
    stream = await api.hall.dialogue(words=False)
    where = f"/v1/dialogues/{stream}"
    for name, body in SHORT.items():
        await send(api, f"{where}/{name}", body)
    return where


async def asking(api: Api) -> str:
    """Start a dialogue in which the public is asked something; give its address."""
    stream = await api.hall.dialogue(words=False)
    where = f"/v1/dialogues/{stream}"
    window = {
        "id": "vraag",
        "title": {"nl": "Wat vindt u?", "en": "What do you think?"},
        "audience": "public",
        "duration": {"workingDays": 10},
        "mayCloseEarly": True,
    }
    change = {"change": "add_window", "step": "kennismaken", "window": window}
    await send(api, f"{where}/plan", {"changes": [change], "reason": "Meer horen"})
    command = {"kind": "start_step", "command": {"step": "kennismaken"}}
    await send(api, f"{where}/commands", command)
    await send(api, f"{where}/windows", {"window": WINDOW})
    return where
