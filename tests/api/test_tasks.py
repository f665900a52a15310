"""What needs the caller today, over HTTP."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Any

from desk.desk import Sender
from desk.erasing import Ruling, decide, request
from tests.api.conftest import OTHER, Api
from tests.desk.town_hall import OFFICER, ORGANISATION, TownHall


async def test_a_task_names_the_act_that_helps_whoever_may_do_it(
    api: Api, hall: TownHall
) -> None:
    """For the director, in their language; for a stranger there is nothing."""
    stream = await hall.dialogue(words=False)
    found = (await api.get("/v1/tasks?limit=200")).json()
    mine = [each for each in found["items"] if each["dialogue"] == stream]
    assert [each["kind"] for each in mine] == ["go_on"]
    assert mine[0]["advice"]["kind"] == "complete_items"
    assert found["counts"]["go_on"] >= 1
    header = await api.bearer("member", actor="x-1")
    nothing = await api.client.get("/v1/tasks", headers=header)
    assert nothing.json() == {"items": [], "counts": {}}
    everybody = await api.client.get("/v1/tasks?anybody=true", headers=header)
    assert stream in {each["dialogue"] for each in everybody.json()["items"]}


async def test_pages_of_tasks_follow_one_another(api: Api, hall: TownHall) -> None:
    """Each once, by the link of the page before; the counts are of all."""
    ours = {await hall.dialogue(words=False) for _ in range(3)}
    seen: list[str] = []
    total = 0
    ahead: str | None = "/v1/tasks?limit=1&kind=go_on"
    while ahead:
        answer = await api.get(ahead)
        page = answer.json()
        seen += [each["dialogue"] for each in page["items"]]
        total = page["counts"]["go_on"]
        ahead = page.get("next")
        assert (ahead is None) == ("link" not in answer.headers)
    assert ours <= set(seen)
    assert len(seen) == len(set(seen)) == total


async def test_a_subscription_in_trouble_is_told_to_who_looks_after_it(
    api: Api,
) -> None:
    """With the first page of everything, in their organisation, and to nobody else."""
    target = "https://zaken.example.org/polder"
    body = {"target": target, "dialogues": ["parkzicht"]}
    made = (await api.post("/v1/subscriptions", body, "integrator")).json()
    where = f"/v1/subscriptions/{made['id']}"

    async def told(role: str, query: str = "", **whose: str) -> set[str]:
        header = await api.bearer(role, **whose)
        found = await api.client.get(f"/v1/tasks{query}", headers=header)
        assert found.status_code == 200, found.text
        return {each["id"] for each in found.json().get("subscriptions", ())}

    assert made["id"] not in await told("director")
    stopped = await api.post(f"{where}/switches", {"enabled": False}, "integrator")
    assert stopped.status_code == 201, stopped.text
    for role in ("director", "integrator", "operator"):
        assert made["id"] in await told(role)
    assert made["id"] in await told("integrator", dialogue="parkzicht")
    for nobody in (
        await told("member"),
        await told("director", "?kind=go_on"),
        await told("integrator", dialogue="aardlaan"),
        await told("director", organisation=OTHER),
    ):
        assert made["id"] not in nobody
    await api.client.delete(where, headers=await api.bearer("integrator"))
    assert made["id"] not in await told("director")


async def test_requests_to_erase_are_told_to_whom_they_are_for(
    api: Api, hall: TownHall
) -> None:
    """Who decides on them or carries them out, of the organisation as a whole."""
    who = Sender("p-9", "participant")
    await request(hall.desk, ORGANISATION, "p-9", who, erasure="over-http")

    async def told(role: str, query: str = "", **whose: str) -> list[dict[str, Any]]:
        header = await api.bearer(role, **whose)
        found = await api.client.get(f"/v1/tasks{query}", headers=header)
        return found.json().get("requests", [])

    for role in ("director", "operator"):
        [one] = await told(role)
        assert (one["organisation"], one["erasure"]) == (ORGANISATION, "over-http")
        assert one["days"] > 0
    for nobody in (
        await told("member"),
        await told("director", "?kind=go_on"),
        await told("director", dialogue="aardlaan"),
        await told("director", organisation=OTHER),
    ):
        assert nobody == []
    refusal = Ruling(granted=False, ground="no_ground", authority="besluit 8")
    await decide(hall.desk, ORGANISATION, "over-http", OFFICER, refusal)
    assert await told("director") == []


async def test_what_is_no_kind_and_no_cursor_is_said(api: Api) -> None:
    """By the parameter that is wrong."""
    for query, name in (("kind=nergens", "kind"), ("cursor=%21", "cursor")):
        answer = await api.get(f"/v1/tasks?{query}")
        assert answer.status_code == 400
        assert [each["name"] for each in answer.json()["errors"]] == [name]


async def test_a_cursor_that_was_made_up_is_no_fault(api: Api) -> None:
    """What no page gave is bad input, and never a question to the database."""
    day = '"2026-11-22 00:00:00+00"'
    for made_up in (
        '[1,"gisteren","a:b",1,"x"]',
        '[1,20261122,"a:b",1,"x"]',
        f'[1,{day},"a:b",{10**30},"x"]',
        f'[70000,{day},"a:b",1,"x"]',
        f'[true,{day},"a:b",1,"x"]',
        f'[1,{day},"\\u0000",1,"x"]',
        f'[1,{day},["a"],1,"x"]',
        "[1]",
        "{}",
        "[" * 200,
    ):
        cursor = urlsafe_b64encode(made_up.encode()).decode().rstrip("=")
        answer = await api.get(f"/v1/tasks?cursor={cursor}")
        assert answer.status_code == 400, made_up
        assert answer.json()["error"] == "BadInput"


async def test_tasks_of_others_are_not_told(api: Api, hall: TownHall) -> None:
    """Another organisation, and a token for another dialogue."""
    stream = await hall.dialogue(words=False)
    other = await api.bearer(organisation=OTHER)
    told = await api.client.get("/v1/tasks?anybody=true", headers=other)
    assert told.json() == {"items": [], "counts": {}}
    one = await api.bearer(dialogue=stream.removeprefix(f"{ORGANISATION}:"))
    only = await api.client.get("/v1/tasks?limit=200", headers=one)
    assert {each["dialogue"] for each in only.json()["items"]} == {stream}


async def test_of_other_dialogues_not_even_the_number_is_told(
    api: Api, hall: TownHall
) -> None:
    """A token for one dialogue: no counts of others, no page that ends among them."""
    stream, _, _ = [await hall.dialogue(words=False) for _ in range(3)]
    one = await api.bearer(dialogue=stream.removeprefix(f"{ORGANISATION}:"))
    for more in ("", "&anybody=true"):
        path = f"/v1/tasks?limit=1&kind=go_on{more}"
        answer = await api.client.get(path, headers=one)
        told = answer.json()
        assert told["counts"] == {"go_on": 1}
        assert [each["dialogue"] for each in told["items"]] == [stream]
        assert "next" not in told
        assert "link" not in answer.headers
