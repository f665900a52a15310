"""What two readers could read in two ways is not taken."""

from __future__ import annotations

import pytest

from tests.api.conftest import Api
from tests.api.test_commands import PAUSE


async def raw(api: Api, path: str, body: str) -> tuple[int, list[dict[str, str]]]:
    """Send a body as it is written; give the status and what is wrong with it."""
    headers = {**await api.bearer(), "Content-Type": "application/json"}
    answer = await api.client.post(path, content=body.encode(), headers=headers)
    return answer.status_code, answer.json().get("errors", [])


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ('{"kind": "pause_dialogue", "kind": "cancel_dialogue"}', ["/kind"]),
        (
            '{"kind": "pause_dialogue", "command": {"reason": "a", "reason": "b"}}',
            ["/command/reason"],
        ),
        (
            '{"command": {"a": [{}, {"b/c": 1, "b/c": 1}], "d": 1, "d": 2}}',
            ["/command/d", "/command/a/1/b~1c"],
        ),
        ('{"kind": "x", "\\u006bind": "y"}', ["/kind"]),
    ],
)
async def test_a_member_that_stands_twice_is_named(
    api: Api, body: str, places: list[str]
) -> None:
    """Wherever it stands, however it is escaped; nothing is carried out."""
    stream = await api.hall.dialogue(words=False)
    status, errors = await raw(api, f"/v1/dialogues/{stream}/commands", body)
    assert status == 400
    assert [each["pointer"] for each in errors] == places
    assert {each["code"] for each in errors} == {"duplicate"}
    assert "meer dan eens" in errors[0]["detail"]
    shown = await api.get(f"/v1/dialogues/{stream}")
    assert shown.json()["status"] == "running"


async def test_one_member_under_two_names_is_told_too(api: Api) -> None:
    """In camelCase and as the domain has it, it is one member."""
    stream = await api.hall.dialogue(words=False)
    command = {"agreement": "a-1", "watchedBy": "parties", "watched_by": "public"}
    body = {"kind": "make_agreement", "command": command}
    answer = await api.post(f"/v1/dialogues/{stream}/commands", body)
    assert answer.status_code == 400, answer.text
    [wrong] = answer.json()["errors"]
    assert (wrong["pointer"], wrong["code"]) == ("/command/watched_by", "duplicate")


async def test_what_is_no_json_is_told_as_before(api: Api) -> None:
    """Also what is too deep to read."""
    stream = await api.hall.dialogue(words=False)
    path = f"/v1/dialogues/{stream}/commands"
    for body in ("{", "[" * 100_000, '{"kind": "x", "command": '):
        status, _ = await raw(api, path, body)
        assert status == 400
    assert (await raw(api, path, "[]"))[0] == 400


async def test_null_in_a_map_is_not_lost(api: Api) -> None:
    """Where it says nothing it is refused, with its place."""
    body = {
        "id": "gemeente-waterdam:met-null",
        "method": "belangen-op-tafel",
        "title": "Null",
        "roles": {"parties": None},
    }
    told = await api.post("/v1/dialogues", body)
    assert told.status_code == 400
    assert told.json()["errors"][0]["pointer"] == "/roles/parties"
    stream = await api.hall.dialogue(words=False)
    path = f"/v1/dialogues/{stream}/commands"
    scores = {"kind": "record_self_assessment", "command": {"scores": {"a": None}}}
    assert (await api.post(path, scores)).status_code == 400
    both = await api.post(path, {**PAUSE, "mandate": None, "role": None})
    assert both.status_code == 200, "a member that is null is one that was left out"
