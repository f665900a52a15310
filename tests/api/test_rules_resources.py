"""The checklist for resources, rules 5, 10 to 13, 15 to 18 and 38: each by number."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.app import make_app
from api.conditions import needed_version
from api.openapi import document
from api.problems import Problem
from api.settings import Settings
from servers.ports import free_port
from tests.api.conftest import Api
from tests.api.linter import operations

PAUSE: dict[str, Any] = {
    "kind": "pause_dialogue",
    "command": {"reason": "even rust"},
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
ONE_WAY = {
    "/private",
    "/zgw/notifications",
    "/link/{secret}",
    "/session/end",
}
"""What is sent and has no history of its own to read here."""


async def test_rule_10_moments_are_utc_and_days_are_days(api: Api) -> None:
    """Any offset is taken, every moment is answered in UTC with Z, a day as a day."""
    body = {
        "id": "gemeente-waterdam:met-dag",
        "method": "belangen-op-tafel",
        "title": "Met een dag",
        "deadlines": [{"title": "Raad", "date": "2027-03-01"}],
    }
    started = await api.post("/v1/dialogues", body)
    assert started.status_code == 201, started.text
    shown = (await api.get(f"/v1/dialogues/{body['id']}")).json()
    assert MOMENT.fullmatch(shown["startedAt"])
    assert shown["deadlines"] == [{"title": "Raad", "date": "2027-03-01"}]
    wrong = {**body, "id": "gemeente-waterdam:geen-dag"}
    wrong["deadlines"] = [{"title": "Raad", "date": "2027-02-30"}]
    refused = await api.post("/v1/dialogues", wrong)
    assert refused.status_code == 400


async def test_rule_11_reading_has_no_effect(api: Api) -> None:
    """However often it is read, a dialogue stays what it was."""
    stream = await api.hall.dialogue()
    first = await api.get(f"/v1/dialogues/{stream}")
    for path in ("", "/commands", "/events", "/plan", "/windows"):
        for _ in range(2):
            found = await api.get(f"/v1/dialogues/{stream}{path}")
            assert found.status_code == 200, path
    again = await api.get(f"/v1/dialogues/{stream}")
    assert again.json() == first.json()


def test_rule_12_what_is_done_can_be_read_back(app: FastAPI) -> None:
    """Each address that takes a POST has a GET: acts are resources and not verbs."""
    described = document(app)
    methods: dict[str, set[str]] = {}
    for path, method, _ in operations(described):
        methods.setdefault(path, set()).add(method)
    lacking = {
        path
        for path, known in methods.items()
        if "post" in known and "get" not in known and path not in ONE_WAY
    }
    assert {p for p in lacking if not p.startswith("/subscriptions/")} == set()


def test_rule_13_no_address_holds_a_secret_or_a_person(app: FastAPI) -> None:
    """No query takes a token, a name or an address; in paths stand opaque names."""
    telling = re.compile("token|secret|password|key|mail|address|phone", re.IGNORECASE)
    for path, method, operation in operations(document(app)):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "query":
                assert not telling.search(parameter["name"]), f"{method} {path}"


async def test_rule_15_a_page_says_where_the_next_is(api: Api) -> None:
    """A list has items and next, also in Link, and an insert moves nothing twice."""
    for _ in range(3):
        await api.hall.dialogue(words=False)
    first = await api.get("/v1/dialogues?limit=2&sort=-id")
    found = first.json()
    assert len(found["items"]) == 2
    assert first.headers["link"] == f'<{found["next"]}>; rel="next"'
    await api.hall.dialogue(words=False)
    second = (await api.get(found["next"])).json()
    seen = [each["id"] for each in (*found["items"], *second["items"])]
    assert len(seen) == len(set(seen))
    assert seen == sorted(seen, reverse=True)


async def test_rule_16_a_version_is_an_entity_tag(api: Api) -> None:
    """Tags are strong; a stale, weak or made-up one in If-Match gives 412."""
    stream = await api.hall.dialogue()
    path = f"/v1/dialogues/{stream}"
    found = await api.get(path)
    version = found.json()["version"]
    assert found.headers["etag"] == f'"{version}"'
    for stale in (f'"{version - 1}"', f'W/"{version}"', '"x"'):
        refused = await api.post(f"{path}/commands", PAUSE, if_match=stale)
        assert refused.status_code == 412, stale
        assert refused.json()["error"] == "VersionConflict"
    for same in (f'"{version}"', f'"1", W/"{version}"', "*"):
        kept = await api.get(path, if_none_match=same)
        assert kept.status_code == 304, same
        assert kept.content == b""
    with pytest.raises(Problem) as missing:
        needed_version(None)
    assert missing.value.status == 428


async def test_rule_17_a_key_stands_for_one_command(api: Api) -> None:
    """At once or after each other, the same key and body give the same answer."""
    stream = await api.hall.dialogue()
    path = f"/v1/dialogues/{stream}/commands"
    at_once = await asyncio.gather(
        *(api.post(path, PAUSE, idempotency_key="k-1") for _ in range(4))
    )
    assert {each.status_code for each in at_once} == {200}
    assert len({str(each.json()["events"]) for each in at_once}) == 1
    other = {**PAUSE, "command": {"reason": "iets anders"}}
    refused = await api.post(path, other, idempotency_key="k-1")
    assert refused.status_code == 409
    assert refused.json()["error"] == "IdReused"
    named = await api.post(path, {**PAUSE, "id": "k-2"}, idempotency_key="k-3")
    assert named.status_code == 400


@asynccontextmanager
async def other_api(api: Api, settings: Settings) -> AsyncGenerator[Api]:
    """Give an API with other settings on the same record."""
    made = make_app(settings)
    async with made.router.lifespan_context(made):
        transport = httpx.ASGITransport(app=made, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://polder"
        ) as client:
            yield Api(client, api.hall)


async def test_rule_18_without_temporal_reading_goes_on(
    api: Api, settings: Settings
) -> None:
    """Commands give 503 with Retry-After, dialogues and events are read as ever."""
    stream = await api.hall.dialogue()
    nowhere = settings.model_copy(update={"temporal": f"127.0.0.1:{free_port()}"})
    async with other_api(api, nowhere) as cut_off:
        path = f"/v1/dialogues/{stream}"
        for read in (path, f"{path}/events", f"{path}/commands", "/v1/methods"):
            assert (await cut_off.get(read)).status_code == 200, read
        refused = await cut_off.post(f"{path}/commands", PAUSE)
        assert refused.status_code == 503, refused.text
        assert int(refused.headers["retry-after"]) > 0
        assert refused.json()["error"] == "Unreachable"
        health = await cut_off.client.get("/health")
        assert (health.status_code, health.json()) == (200, {"status": "DEGRADED"})


async def test_rule_38_without_the_record_health_is_a_problem(
    api: Api, settings: Settings
) -> None:
    """DOWN is 503 with Retry-After and a problem, and tells nothing of what it is."""
    port = free_port()
    nowhere = f"postgresql://polder@127.0.0.1:{port}/polder"
    down = settings.model_copy(update={"database": nowhere, "keys": nowhere})
    async with other_api(api, down) as cut_off:
        found = await cut_off.client.get("/health", headers={"Accept-Language": "en"})
        assert found.status_code == 503, found.text
        assert found.headers["content-type"] == "application/problem+json"
        assert int(found.headers["retry-after"]) > 0
        told = found.json()
        assert (told["type"], told["error"]) == ("/problems/down", "Down")
        assert told["status"] == 503
        assert "DOWN" in told["detail"]
        assert str(port) not in found.text
        dutch = await cut_off.client.get("/health", headers={"Accept-Language": "nl"})
        assert dutch.json()["detail"] != told["detail"]


async def test_rule_38_health_is_one_word(api: Api) -> None:
    """Where a command comes through, health is UP, and nothing else is told."""
    found = await api.client.get("/health")
    assert found.status_code == 200
    assert found.json().keys() == {"status"}
    assert found.json()["status"] in {"UP", "DEGRADED"}


async def test_rule_39_what_is_unknown_is_refused(api: Api) -> None:
    """Members and parameters that nobody knows give 400 and are named."""
    stream = await api.hall.dialogue(words=False)
    found = await api.post(
        f"/v1/dialogues/{stream}/commands", {**PAUSE, "extra": 1, "actor": "p-2"}
    )
    assert found.status_code == 400
    assert {e["pointer"] for e in found.json()["errors"]} == {"/extra", "/actor"}
    query = await api.get(f"/v1/dialogues/{stream}?kleur=rood")
    assert query.status_code == 400
    assert query.json()["errors"][0]["name"] == "kleur"
