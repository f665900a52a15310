"""A command over HTTP: once is once, refusals help, and nobody has to wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx

from api.app import make_app
from api.settings import Settings
from tests.api.conftest import Api
from tests.api.filling import nothing_recorded
from tests.services import until

PAUSE: dict[str, Any] = {
    "kind": "pause_dialogue",
    "command": {"reason": "even rust"},
}


async def test_a_command_is_recorded_once(api: Api) -> None:
    """The same key and body give the same events; another body is refused."""
    stream = await api.hall.dialogue()
    path = f"/v1/dialogues/{stream}/commands"
    command = {"role": "parties", "actor": "cor", "name": "Cor"}
    body = {"kind": "assign_role", "command": command}
    first = await api.post(path, body, idempotency_key="c-1")
    assert first.status_code == 200, first.text
    assert first.json()["recorded"]
    again = await api.post(path, body, idempotency_key="c-1")
    assert again.json()["events"] == first.json()["events"]
    other = {**body, "command": {**command, "actor": "dirk"}}
    refused = await api.post(path, other, idempotency_key="c-1")
    assert refused.status_code == 409
    assert refused.json()["error"] == "IdReused"


async def test_a_key_may_stand_in_quotation_marks(api: Api) -> None:
    """As the IETF's draft has it; it is the same key as without them."""
    stream = await api.hall.dialogue()
    path = f"/v1/dialogues/{stream}/commands"
    first = await api.post(path, PAUSE, idempotency_key='"q-1"')
    assert first.status_code == 200, first.text
    assert first.json()["id"] == "q-1"
    again = await api.post(path, PAUSE, idempotency_key="q-1")
    assert again.json()["events"] == first.json()["events"]
    for wrong in ('"q-1', '""', '"q"1"', "q 1"):
        refused = await api.post(path, PAUSE, idempotency_key=wrong)
        assert refused.status_code == 400, wrong


async def test_who_acts_is_whose_token_it_is(api: Api) -> None:
    """A body that says who acts is bad input, and the event has the token's actor."""
    stream = await api.hall.dialogue()
    path = f"/v1/dialogues/{stream}/commands"
    body = {"kind": "pause_dialogue", "command": {"reason": "even rust"}}
    claimed = await api.post(path, {**body, "actor": {"id": "p-9"}})
    assert claimed.status_code == 400
    assert claimed.json()["errors"][0]["pointer"] == "/actor"
    done = await api.post(path, body, idempotency_key="pause-1")
    assert done.status_code == 200, done.text
    history = await api.get(path)
    [last] = [each for each in history.json()["items"] if each["id"] == "pause-1"]
    assert last["actor"]["id"] == "p-1"
    assert last["actor"]["via"] == "http"


async def test_a_version_that_has_passed_is_refused(api: Api) -> None:
    """If-Match of an earlier version gives 412, of the present one it is done."""
    stream = await api.hall.dialogue()
    path = f"/v1/dialogues/{stream}/commands"
    found = await api.get(f"/v1/dialogues/{stream}")
    body = {"kind": "pause_dialogue", "command": {"reason": "even rust"}}
    stale = await api.post(path, body, if_match='"1"')
    assert stale.status_code == 412
    assert stale.json()["error"] == "VersionConflict"
    done = await api.post(path, body, if_match=found.headers["etag"])
    assert done.status_code == 200, done.text
    unchanged = await api.get(
        f"/v1/dialogues/{stream}", if_none_match=done.headers["etag"]
    )
    assert unchanged.status_code == 304


async def test_who_does_not_wait_finds_the_outcome(api: Api) -> None:
    """With respond-async a command is accepted, and its outcome is where it says."""
    stream = await api.hall.dialogue()
    path = f"/v1/dialogues/{stream}/commands"
    body = {"kind": "pause_dialogue", "command": {"reason": "even rust"}}
    taken = await api.post(path, body, prefer="respond-async", idempotency_key="p-1")
    assert taken.status_code in {200, 202}, taken.text
    if taken.status_code == 202:
        found = await api.get(taken.headers["location"])
        assert found.status_code in {200, 202}
    refused = await api.post(path, body, prefer="respond-async", idempotency_key="p-2")
    assert refused.status_code == 409
    assert refused.json()["error"] in {"NothingToDo", "DialoguePaused"}
    unknown = await api.get(f"{path}/p-3")
    assert unknown.status_code == 404


async def test_a_dialogue_is_started_once(api: Api) -> None:
    """POST starts a dialogue with 201 and its address; once more says the same."""
    body = {
        "id": "gemeente-waterdam:via-http",
        "method": "belangen-op-tafel",
        "title": "Via HTTP",
    }
    first = await api.post("/v1/dialogues", body, idempotency_key="s-1")
    assert first.status_code == 201, first.text
    assert first.headers["location"] == f"/v1/dialogues/{body['id']}"
    again = await api.post("/v1/dialogues", body, idempotency_key="s-1")
    assert again.status_code == 201
    assert again.json()["events"] == first.json()["events"]
    taken = await api.post("/v1/dialogues", body, idempotency_key="s-2")
    assert taken.status_code == 409
    assert taken.json()["error"] == "DialogueExists"
    shown = await api.get(first.headers["location"])
    assert shown.json()["method"]["id"] == "belangen-op-tafel"
    listed = await api.get("/v1/dialogues?limit=200")
    assert body["id"] in [each["id"] for each in listed.json()["items"]]


async def test_lists_come_in_pages_that_hold(api: Api) -> None:
    """Each dialogue is on one page, in the order that was asked for."""
    for _ in range(3):
        await api.hall.dialogue(words=False)
    for order in ("id", "-updatedAt", "nextDeadline", "-title", "startedAt"):
        seen: list[str] = []
        path = f"/v1/dialogues?limit=2&sort={order}"
        while path:
            page = await api.get(path)
            assert page.status_code == 200, page.text
            seen += [each["id"] for each in page.json()["items"]]
            path = page.json().get("next")
        every = await api.get(f"/v1/dialogues?limit=200&sort={order}")
        assert seen == [each["id"] for each in every.json()["items"]]
        assert len(seen) == len(set(seen)) >= 3


async def test_who_must_not_wait_is_answered_before_the_record(
    api: Api, settings: Settings
) -> None:
    """What takes longer than the API waits is accepted, and its outcome follows."""
    stream = await api.hall.dialogue()
    hurried = settings.model_copy(
        update={"answer_within": timedelta(milliseconds=50), "origins": ()}
    )
    made = make_app(hurried)
    async with made.router.lifespan_context(made):
        transport = httpx.ASGITransport(app=made)
        async with httpx.AsyncClient(transport=transport, base_url="http://p") as one:
            await api.bearer()
            quick = replace(api, client=one)
            path = f"/v1/dialogues/{stream}/commands"
            async with nothing_recorded(api):
                taken = await quick.post(path, PAUSE, idempotency_key="snel-1")
    assert taken.status_code == 202, taken.text
    assert taken.json() == {"id": "snel-1", "status": "accepted"}
    location = taken.headers["location"]
    assert location.startswith(f"{path}/snel-1?body=")

    async def done() -> bool:
        found = await api.get(location)
        assert found.status_code in {200, 202}
        return found.status_code == 200

    await until(done)
    told = (await api.get(f"{path}/snel-1")).json()
    assert told["recorded"]
    assert [each["type"] for each in told["events"]] == ["dialogue_paused"]
