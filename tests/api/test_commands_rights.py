"""Who may send what over HTTP, and what becomes of the texts that they send."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desk.errors import NotFound
from storage.pool import connect
from storage.queries import events
from tests.api.conftest import OTHER, Api

PAUSE: dict[str, Any] = {
    "kind": "pause_dialogue",
    "command": {"reason": "even rust"},
}


async def test_private_text_goes_to_the_vault(api: Api) -> None:
    """A text in a private member is nowhere in the events, nor in a refusal."""
    stream = await api.hall.dialogue(words=False)
    path = f"/v1/dialogues/{stream}/commands"
    secret = "Omdat mevrouw De Vries ziek is"
    body = {"kind": "pause_dialogue", "command": {"reason": secret}}
    assert (await api.post(path, body)).status_code == 200
    again = await api.post(path, body)
    assert again.status_code == 409
    assert secret not in again.text
    on_record = await events(api.hall.desk.pool, stream)
    assert all(secret.encode() not in each.body for each in on_record)
    assert "reason" in str(on_record[-1].members["private"])


async def test_members_are_taken_in_camel_case(api: Api) -> None:
    """A command's members may be as JSON has them, in parts of it too."""
    stream = await api.hall.dialogue(words=False)
    path = f"/v1/dialogues/{stream}/commands"
    body = {
        "kind": "move_deadline",
        "command": {
            "title": "Raad",
            "duration": {"workingDays": 3},
            "reason": "de raad schuift op",
        },
    }
    refused = await api.post(path, body)
    assert refused.status_code == 400, refused.text
    assert refused.json()["error"] == "UnknownDeadline"
    strange = {**body, "command": {**PAUSE["command"], "vreemd": 1}}
    told = (await api.post(path, strange)).json()
    assert told["error"] == "MalformedCommand"
    assert [each["pointer"] for each in told["errors"]] == ["/command/vreemd"]
    assert "title" in told["detail"], "it says what the command takes"


@pytest.mark.parametrize(
    ("role", "actor", "status", "name"),
    [
        ("director", "p-1", 200, None),
        ("director", "p-9", 403, "NotHolder"),
        ("integrator", "zaaksysteem-1", 200, None),
        ("member", "p-1", 200, None),
        ("member", "niemand", 403, "NotEntitled"),
        ("participant", "anna", 403, "NotAllowed"),
        ("auditor", "controleur", 403, "NotAllowed"),
        ("operator", "beheer-1", 403, "NotAllowed"),
    ],
)
async def test_a_command_is_sent_in_a_role_that_is_the_callers(
    api: Api, role: str, actor: str, status: int, name: str | None
) -> None:
    """Tokens that may act do so in a role of the method that their actor has."""
    stream = await api.hall.dialogue(words=False)
    headers = await api.bearer(role, actor=actor)
    path = f"/v1/dialogues/{stream}/commands"
    found = await api.client.post(path, json=PAUSE, headers=headers)
    assert found.status_code == status, found.text
    assert found.json().get("error") == name
    claimed = {**PAUSE, "role": "system"}
    if role != "integrator":
        told = await api.client.post(path, json=claimed, headers=headers)
        assert told.status_code == 403


async def test_another_organisation_can_do_nothing(api: Api) -> None:
    """With a token of another organisation a dialogue and all of it are not there."""
    stream = await api.hall.dialogue(words=False)
    headers = await api.bearer(organisation=OTHER)
    path = f"/v1/dialogues/{stream}"
    started = {"id": stream, "method": "belangen-op-tafel", "title": "Gekaapt"}
    answers = [
        await api.client.post(f"{path}/commands", json=PAUSE, headers=headers),
        await api.client.get(f"{path}/commands", headers=headers),
        await api.client.get(f"{path}/commands/c-1", headers=headers),
        await api.client.post("/v1/dialogues", json=started, headers=headers),
    ]
    assert [each.status_code for each in answers] == [404] * 4
    assert {each.json()["error"] for each in answers} == {NotFound.__name__}
    claimed = {**started, "id": f"{OTHER}:eigen", "role": "system"}
    refused = await api.client.post("/v1/dialogues", json=claimed, headers=headers)
    assert (refused.status_code, refused.json()["error"]) == (403, "NotHolder")
    listed = await api.client.get("/v1/dialogues?limit=200", headers=headers)
    assert listed.json()["items"] == []


async def test_a_private_text_can_go_ahead(api: Api) -> None:
    """A text put in the vault first is taken by its commitment, under the same id."""
    stream = await api.hall.dialogue(words=False)
    put = {
        "dialogue": stream,
        "kind": "pause_dialogue",
        "member": "reason",
        "text": "even rust",
    }
    kept = await api.post("/v1/private", put, idempotency_key="later-1")
    assert kept.status_code == 201, kept.text
    commitment = {"commitment": kept.json()["commitment"]}
    body = {"kind": "pause_dialogue", "command": {"reason": commitment}}
    path = f"/v1/dialogues/{stream}/commands"
    done = await api.post(path, body, idempotency_key="later-1")
    assert done.status_code == 200, done.text


async def test_a_refusal_takes_away_nothing_that_somebody_else_put(api: Api) -> None:
    """Under the id of another's command one's own texts go, and theirs stay."""
    stream = await api.hall.dialogue(words=False)
    path = f"/v1/dialogues/{stream}/commands"
    put = {
        "dialogue": stream,
        "kind": "pause_dialogue",
        "member": "reason",
        "text": "even rust",
    }
    kept = await api.post("/v1/private", put, idempotency_key="mine-1")
    other = await api.bearer("member", actor="niemand")
    tried = {
        "kind": "cancel_dialogue",
        "command": {"reason": "weg ermee"},
        "id": "mine-1",
    }
    named = {
        "kind": "register_stakeholder",
        "command": {"stakeholder": "s-1", "name": "Anna", "kind": "resident"},
        "id": "mine-1",
    }
    same = {"kind": "pause_dialogue", "command": {"reason": "x"}, "id": "mine-1"}
    by_hash = {**same, "command": {"reason": {"commitment": kept.json()["commitment"]}}}
    for body in (tried, named, same, by_hash):
        refused = await api.client.post(path, json=body, headers=other)
        assert refused.is_client_error, refused.text
    query = "SELECT path, put_by FROM vault.value WHERE stream = %s AND command_id = %s"
    async with await connect(api.hall.database) as conn:
        rows = await (await conn.execute(query, [stream, "mine-1"])).fetchall()
    assert rows == [("/reason", "p-1")]
    commitment = {"commitment": kept.json()["commitment"]}
    mine = {"kind": "pause_dialogue", "command": {"reason": commitment}}
    done = await api.post(path, mine, idempotency_key="mine-1")
    assert done.status_code == 200, done.text
    again = await api.post(path, PAUSE)
    assert again.status_code == 409
    async with await connect(api.hall.database) as conn:
        query = "SELECT status FROM vault.value WHERE stream = %s"
        rows = await (await conn.execute(query, [stream])).fetchall()
    assert set(rows) == {("recorded",)}, "one's own refused text is gone"


async def test_a_method_is_published_once_under_an_id_of_ones_own(api: Api) -> None:
    """A method's file is taken as text; what ships or is another's is refused."""
    file = Path(__file__).parents[1] / "acceptance" / "korte-aanpak.yaml"
    text = file.read_text("utf-8")
    yaml = {"Content-Type": "application/yaml"}
    operator = {**await api.bearer("operator", actor="beheer-1"), **yaml}
    first = await api.client.post("/v1/methods", content=text, headers=operator)
    assert first.status_code == 201, first.text
    again = await api.client.post("/v1/methods", content=text, headers=operator)
    assert (again.status_code, again.json()["new"]) == (200, False)
    whole = await api.get(first.headers["location"])
    assert whole.headers["etag"] == f'"{first.json()["hash"]}"'
    others = {**await api.bearer("operator", organisation=OTHER), **yaml}
    taken = await api.client.post("/v1/methods", content=text, headers=others)
    assert (taken.status_code, taken.json()["error"]) == (409, "MethodTaken")
    broken = await api.client.post("/v1/methods", content="id: x", headers=operator)
    assert broken.status_code == 400
    assert len(broken.json()["errors"]) > 1
    director = {**await api.bearer(), **yaml}
    denied = await api.client.post("/v1/methods", content=text, headers=director)
    assert denied.status_code == 403
