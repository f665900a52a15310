"""Who asks too much at a time is told how long to wait, and others go on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from api.app import make_app
from api.settings import Settings
from tests.api.conftest import OTHER, Api
from tests.desk.town_hall import ORGANISATION, TownHall

_EMPTY: dict[str, Any] = {"kind": "note_signal", "command": {}}
"""A command that lacks what it needs."""


@pytest.fixture
async def narrow(settings: Settings) -> AsyncGenerator[httpx.AsyncClient]:
    """Give an API that takes three requests of one caller, and then one in 20 s."""
    made = make_app(settings.model_copy(update={"limit_rate": 0.05, "limit_burst": 3}))
    transport = httpx.ASGITransport(app=made, raise_app_exceptions=False)
    async with (
        made.router.lifespan_context(made),
        httpx.AsyncClient(transport=transport, base_url="http://polder") as client,
    ):
        yield client


async def test_one_caller_waits_and_another_does_not(
    narrow: httpx.AsyncClient, api: Api
) -> None:
    """A problem with the seconds to wait; the next caller is not kept waiting."""
    mine = await api.bearer("director")
    found = [await narrow.get("/v1/methods", headers=mine) for _ in range(4)]
    assert [each.status_code for each in found] == [200, 200, 200, 429]
    last = found[-1]
    assert last.headers["content-type"] == "application/problem+json"
    assert last.json()["error"] == "TooManyRequests"
    assert 1 <= int(last.headers["retry-after"]) <= 20
    for headers in (
        await api.bearer("auditor"),
        await api.bearer("director", organisation=OTHER),
    ):
        assert (await narrow.get("/v1/methods", headers=headers)).status_code == 200


async def test_who_guesses_is_slowed_and_who_has_a_token_is_not(
    narrow: httpx.AsyncClient, api: Api
) -> None:
    """Many bad tokens from one network end in 429; a good one from there comes in."""
    bad = {"Authorization": "Bearer pld_" + "A" * 43}
    told: list[int] = []
    # While it waits a slow machine gives them some more.
    while 429 not in told and len(told) < 200:
        told.append((await narrow.get("/v1/methods", headers=bad)).status_code)
    assert told[:50] == [401] * 50
    assert told[-1] == 429
    mine = await api.bearer("member", actor="p-9")
    assert (await narrow.get("/v1/methods", headers=mine)).status_code == 200
    assert (await narrow.get("/health")).status_code != 429


async def test_who_may_not_know_a_dialogue_uses_nothing_of_it_up(
    narrow: httpx.AsyncClient, api: Api, hall: TownHall
) -> None:
    """A token for one dialogue that hammers at another keeps nobody from it."""
    mine, theirs = [await hall.dialogue() for _ in range(2)]
    slug = mine.removeprefix(f"{ORGANISATION}:")
    path = f"/v1/dialogues/{theirs}/commands"
    for actor in ("a-1", "a-2", "a-3", "a-4"):
        stranger = await api.bearer("member", actor=actor, dialogue=slug)
        for _ in range(3):
            answer = await narrow.post(path, json=_EMPTY, headers=stranger)
            assert answer.status_code == 404
    known = await api.bearer("member", actor="b-1")
    answer = await narrow.post(path, json=_EMPTY, headers=known)
    assert answer.status_code == 400


async def test_one_caller_keeps_no_other_from_a_dialogue(
    narrow: httpx.AsyncClient, api: Api, hall: TownHall
) -> None:
    """Whoever writes to it as fast as they may leaves room for others."""
    path = f"/v1/dialogues/{await hall.dialogue()}/commands"
    hasty = await api.bearer("member", actor="c-1")
    found = [await narrow.post(path, json=_EMPTY, headers=hasty) for _ in range(4)]
    assert [each.status_code for each in found] == [400, 400, 400, 429]
    calm = await api.bearer("member", actor="c-2")
    assert (await narrow.post(path, json=_EMPTY, headers=calm)).status_code == 400


async def test_those_who_only_respond_keep_nobody_out(
    narrow: httpx.AsyncClient, api: Api, hall: TownHall
) -> None:
    """Participants in haste wait for each other, in their dialogue alone."""
    mine, other = [await hall.dialogue() for _ in range(2)]
    told: list[int] = []
    for actor in ("r-1", "r-2", "r-3", "r-4"):
        slug = mine.partition(":")[2]
        guest = await api.bearer("participant", actor=actor, dialogue=slug)
        for _ in range(3):
            answer = await narrow.get(f"/v1/dialogues/{mine}/windows", headers=guest)
            told.append(answer.status_code)
    assert 429 not in told[:9]
    assert told[9:] == [429] * 3
    slug = other.partition(":")[2]
    neighbour = await api.bearer("participant", actor="r-5", dialogue=slug)
    answer = await narrow.get(f"/v1/dialogues/{other}/windows", headers=neighbour)
    assert answer.status_code != 429
    staff = await api.bearer("member", actor="d-1")
    path = f"/v1/dialogues/{mine}/commands"
    answer = await narrow.post(path, json=_EMPTY, headers=staff)
    assert answer.status_code == 400


async def test_a_method_that_is_all_wrong_keeps_nobody_waiting(api: Api) -> None:
    """It is read apart, others are answered meanwhile, and what is told has an end."""
    parts = "- id: a\n  steps: [b, c]\n" * 3_000
    text = f"id: x\nversion: 1.0.0\nphases:\n{parts}"
    headers = await api.bearer("operator") | {"Content-Type": "application/yaml"}
    sent = asyncio.create_task(
        api.client.post("/v1/methods", content=text, headers=headers)
    )
    others = 0
    while not sent.done():
        await asyncio.sleep(0.01)
        await api.client.get("/v1/audit/tree/tile/0/000")
        others += 1
    answer = await sent
    assert answer.status_code == 400
    assert len(answer.json()["errors"]) == 100
    assert others > 5
