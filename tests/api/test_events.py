"""What happened is listed in the log's own order, for who may know of it."""

from __future__ import annotations

import json

import pytest

from evidence.event import event_hash
from tests.api.conftest import Api
from tests.api.hearing import grown


async def test_a_dialogues_events_are_listed_as_they_were_hashed(api: Api) -> None:
    """Every one, in order; with its hash anybody can see that it is as recorded."""
    stream = await grown(api)
    found = await api.get(f"/v1/dialogues/{stream}/events")
    assert found.status_code == 200
    items = found.json()["items"]
    assert [one["seq"] for one in items] == [*range(1, len(items) + 1)]
    assert items[0]["type"] == "dialogue_started"
    assert "next" not in found.json()
    for one in items:
        text = json.dumps(
            one["event"], ensure_ascii=False, separators=(",", ":"), sort_keys=True
        )
        assert event_hash(text.encode()) == one["hash"]


async def test_pages_of_events_follow_each_other(api: Api) -> None:
    """By ``next``, by the header Link alike, or behind the last that one had."""
    stream = await grown(api)
    path = f"/v1/dialogues/{stream}/events"
    whole = (await api.get(path)).json()["items"]
    page = await api.get(f"{path}?limit=2")
    following = page.json()["next"]
    assert page.headers["link"] == f'<{following}>; rel="next"'
    items = page.json()["items"]
    while following:
        page = await api.get(following)
        items += page.json()["items"]
        following = page.json().get("next")
    assert items == whole
    behind = await api.get(f"{path}?after={whole[1]['leaf']}")
    assert behind.json()["items"] == whole[2:]


async def test_events_are_filtered(api: Api) -> None:
    """By kinds, by moment, and among all dialogues by one."""
    stream = await grown(api)
    await grown(api)
    path = f"/v1/events?dialogue={stream}"
    whole = (await api.get(path)).json()["items"]
    assert {one["dialogue"] for one in whole} == {stream}
    kinds = await api.get(f"{path}&type=role_assigned,role_released&limit=9")
    told = {one["type"] for one in kinds.json()["items"]}
    assert told == {"role_assigned"}
    since = await api.get(f"{path}&since={whole[2]['at']}")
    assert since.json()["items"] == [o for o in whole if o["at"] >= whole[2]["at"]]


@pytest.mark.parametrize(
    "query", ["after=-2", "after=x", "limit=0", "type=A", "since=2026", "colour=red"]
)
async def test_what_can_not_be_a_filter_is_told(api: Api, query: str) -> None:
    """As bad input, with the name of the parameter."""
    found = await api.get(f"/v1/events?{query}")
    assert found.status_code == 400
    assert found.json()["errors"][0]["name"] == query.split("=", maxsplit=1)[0]


@pytest.mark.parametrize("last", ["9223372036854775806", "x", "-2", "1.5"])
async def test_a_place_that_the_log_does_not_have_is_told(api: Api, last: str) -> None:
    """After a backup was put back, to go on behind it would hide what is new."""
    more = {"Accept": "text/event-stream", "Last-Event-ID": last}
    found = await api.get("/v1/events", **more)
    assert found.status_code == 400
    assert found.json()["errors"][0]["name"] == "Last-Event-ID"


async def test_a_token_for_one_dialogue_hears_that_one(api: Api) -> None:
    """Also where it asks for all of them."""
    stream = await grown(api)
    await grown(api)
    bearer = await api.bearer(dialogue=stream.split(":")[1])
    found = await api.client.get("/v1/events?limit=200", headers=bearer)
    assert {one["dialogue"] for one in found.json()["items"]} == {stream}


async def test_who_takes_part_hears_no_events(api: Api) -> None:
    """A participant sees what concerns them, elsewhere."""
    found = await api.get("/v1/events", "participant")
    assert found.status_code == 403


async def test_a_misspelt_kind_is_told_with_the_nearest_ones(api: Api) -> None:
    """An empty list would say that nothing happened."""
    path = "/v1/events?type=items_completed,window_close,xyzzy"
    found = await api.get(path, accept_language="en")
    assert found.status_code == 400, found.text
    [near, far] = found.json()["errors"]
    assert near["name"] == far["name"] == "type"
    assert "window_close; there are window_closed" in near["detail"]
    assert far["detail"] == "there is no event xyzzy"
    stream = await grown(api)
    there = await api.get(f"/v1/dialogues/{stream}/events?type=item_completed")
    assert there.status_code == 400
    assert "items_completed" in there.json()["errors"][0]["detail"]
    more = {"accept": "text/event-stream"}
    assert (await api.get("/v1/events?type=x", **more)).status_code == 400


async def test_a_page_with_a_next_one_is_never_the_last(api: Api) -> None:
    """Behind ``next`` there is more, also where the organisation's own log stands."""
    await grown(api)
    await api.hall.granted("leeg-1")
    stream = await grown(api)
    await api.hall.granted("leeg-2")
    await api.hall.granted("leeg-3")
    await api.hall.seals()
    whole = (await api.get(f"/v1/events?dialogue={stream}")).json()["items"]
    exact = await api.get(f"/v1/events?dialogue={stream}&limit={len(whole)}")
    assert len(exact.json()["items"]) == len(whole)
    assert "next" not in exact.json()
    path = f"/v1/events?after={whole[0]['leaf'] - 3}&limit=1"
    while path:
        page = (await api.get(path)).json()
        path = page.get("next")
        assert page["items"], "an empty page has nothing to go on to"
