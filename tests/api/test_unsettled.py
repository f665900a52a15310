"""A command that got no answer is never told to be one that did not come."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import psycopg
from temporalio.client import Client

from activities.contracts import TASK_QUEUE
from api.app import make_app
from api.settings import Settings
from tests.api.conftest import Api
from tests.api.filling import asking, nothing_recorded
from tests.desk.town_hall import METHOD, ORGANISATION
from tests.services import own_namespace, until

PAUSE = {
    "kind": "pause_dialogue",
    "command": {"reason": "even rust"},
    "role": "process_director",
}


@asynccontextmanager
async def another(api: Api, settings: Settings, **more: Any) -> AsyncGenerator[Api]:  # noqa: ANN401
    """Give a caller of an API of its own."""
    made = make_app(settings.model_copy(update=more))
    async with made.router.lifespan_context(made):
        transport = httpx.ASGITransport(app=made, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://p") as one:
            await api.bearer()
            yield replace(api, client=one)


async def test_what_got_no_answer_is_under_way_or_unknown_and_never_404(
    api: Api, settings: Settings, temporal_client: Client
) -> None:
    """By its id alone: 202, with what to do; only what nobody sent is 404."""
    stream = await api.hall.dialogue()
    path = f"/v1/dialogues/{stream}/commands"
    idle = await own_namespace(temporal_client, "idle")
    handle = await idle.start_workflow("Dialogue", {}, id=stream, task_queue=TASK_QUEUE)
    more = {"namespace": idle.namespace, "patience": timedelta(seconds=1)}
    async with another(api, settings, **more) as there:
        silent = await there.post(path, PAUSE, idempotency_key="stil-1")
        assert silent.status_code == 503, silent.text
        told = await there.get(f"{path}/stil-1")
        assert told.status_code == 202, told.text
        assert told.json() == {"id": "stil-1", "status": "unknown"}
        await handle.terminate()
        lost = await there.get(f"{path}/stil-1")
        assert lost.status_code == 202, lost.text
        assert lost.json() == {"id": "stil-1", "status": "unknown"}
        assert lost.headers["retry-after"]
        never = await there.get(f"{path}/stil-2")
    assert never.status_code == 404
    assert "nog eens" in never.json()["detail"]
    again = await api.post(path, PAUSE, idempotency_key="stil-1")
    assert again.status_code == 200, again.text
    assert (await api.get(f"{path}/stil-1")).json()["recorded"]


async def test_what_was_accepted_can_be_asked_after_without_its_location(
    api: Api, settings: Settings
) -> None:
    """Whoever lost the answer asks by the id alone."""
    stream = await api.hall.dialogue()
    path = f"/v1/dialogues/{stream}/commands"
    soon = {"answer_within": timedelta(milliseconds=50)}
    async with another(api, settings, **soon) as hurried, nothing_recorded(api):
        taken = await hurried.post(path, PAUSE, idempotency_key="kwijt-1")
        assert taken.status_code == 202, taken.text
        waiting = await api.get(f"{path}/kwijt-1")
        assert waiting.status_code == 202, waiting.text
        assert waiting.json()["status"] == "accepted"

    async def done() -> bool:
        return (await api.get(f"{path}/kwijt-1")).status_code == 200

    await until(done)


async def test_what_was_accepted_and_then_refused_says_why(
    api: Api, settings: Settings
) -> None:
    """202 first; where it was told to look, the problem of the refusal, with 200."""
    stream = f"{ORGANISATION}:traag-begin"
    path = f"/v1/dialogues/{stream}/commands"
    command: dict[str, Any] = {"method": METHOD, "title": "Traag", "roles": {}}
    actor = {"id": "p-1", "role": "process_director", "via": "http"}
    envelope = {"id": "s-traag", "actor": actor, "command": command}
    again: dict[str, Any] = {
        "kind": "resume_dialogue",
        "command": {},
        "role": "process_director",
    }
    async with await psycopg.AsyncConnection.connect(api.hall.database) as held:
        await held.execute("LOCK TABLE library.method IN ACCESS EXCLUSIVE MODE")
        await api.hall.client.start_workflow(
            "Dialogue", envelope, id=stream, task_queue=TASK_QUEUE
        )
        more = {"answer_within": timedelta(milliseconds=300)}
        async with another(api, settings, **more) as there:
            taken = await there.post(path, again, idempotency_key="r-1")
            assert taken.status_code == 202, taken.text
            starting = await there.get(f"{path}/s-traag")
            assert starting.status_code == 202, starting.text
            assert (await there.get(f"{path}/s-ander")).status_code == 404
    location = taken.headers["location"]

    async def told() -> bool:
        return (await api.get(location)).status_code == 200

    await until(told)
    refused = (await api.get(location)).json()
    assert refused["status"] == "refused"
    assert refused["problem"]["status"] == 409
    assert refused["problem"]["error"] == "DialogueNotPaused"


async def test_who_does_not_wait_for_a_start_is_told_where_to_look(
    api: Api, settings: Settings
) -> None:
    """202 with where its outcome will be, also of one that is refused afterwards."""
    body = {"id": f"{ORGANISATION}:later", "method": METHOD, "title": "Later"}
    soon = {"answer_within": timedelta(milliseconds=50)}
    async with another(api, settings, **soon) as hurried, nothing_recorded(api):
        taken = await hurried.post("/v1/dialogues", body, idempotency_key="b-1")
        assert taken.status_code == 202, taken.text
        waiting = await api.get(taken.headers["location"])
        assert waiting.status_code == 202, waiting.text
    assert taken.json() == {"id": "b-1", "status": "accepted"}
    location = taken.headers["location"]

    async def begun() -> bool:
        found = await api.get(location)
        assert found.status_code in {200, 202}, found.text
        return found.status_code == 200

    await until(begun)
    assert (await api.get(location)).json()["events"][0]["type"] == "dialogue_started"
    again = await api.post(
        "/v1/dialogues", body, idempotency_key="b-1", prefer="respond-async"
    )
    assert again.status_code == 201, again.text
    wrong = {**body, "id": f"{ORGANISATION}:later-niet", "roles": {"koning": ["k-1"]}}
    taken = await api.post(
        "/v1/dialogues", wrong, idempotency_key="b-2", prefer="respond-async"
    )
    if taken.status_code == 202:
        location = taken.headers["location"]
        await until(begun)
        assert (await api.get(location)).json()["problem"]["error"] == "UnknownRole"


async def test_a_participant_asks_after_their_own_commands_alone(
    api: Api, settings: Settings
) -> None:
    """Where a 202 sends them they may look; what others sent is not there for them."""
    where = await asking(api)
    stream = where.removeprefix("/v1/dialogues/")
    anna = await api.bearer("participant", actor="anna")
    bram = await api.bearer("participant", actor="bram")
    sent = await api.client.post(
        f"{where}/windows/kennismaken.vraag/responses",
        json={"response": "Meer licht"},
        headers={**anna, "Idempotency-Key": "anna-1"},
    )
    assert sent.status_code == 200, sent.text
    path = f"/v1/dialogues/{stream}/commands/anna-1"
    own = await api.client.get(path, headers=anna)
    assert own.status_code == 200, own.text
    assert own.json()["events"] == sent.json()["events"]
    assert (await api.get(path)).json()["events"] == sent.json()["events"]
    other = await api.client.get(path, headers=bram)
    assert other.status_code == 404
    paused = await api.post(f"{where}/commands", PAUSE, idempotency_key="p-rust")
    assert paused.status_code == 200
    theirs = await api.client.get(f"{where}/commands/p-rust", headers=anna)
    assert theirs.status_code == 404
