"""What lies in a dialogue over HTTP: lists in pages, and commands in short form."""

from __future__ import annotations

import json
from itertools import count

import pytest

from desk import reading
from desk.history import whole_history
from domain.state import Dialogue
from storage.pool import Source
from tests.api.conftest import Api
from tests.api.filling import EVENTS, SHORT, filled, fresh, given, send
from tests.desk.town_hall import DIRECTOR

_numbers = count(1)


@pytest.fixture(scope="module")
async def full(api: Api) -> str:
    """Give the address of a dialogue with something in each list."""
    return await filled(api)


@pytest.mark.parametrize("name", SHORT)
async def test_a_short_form_is_its_command(api: Api, name: str) -> None:
    """What a short form puts on record is its command's event, and no private text."""
    where = await fresh(api, name)
    answer = await send(api, f"{where}/{name}", SHORT[name])
    [event] = [e for e in answer["events"] if e["type"] == EVENTS[name]]
    history = await whole_history(api.hall.desk, where.rpartition("/")[2])
    told = next(each for each in history if each.seq == event["seq"])
    assert told.hash == event["hash"]
    assert told.members["actor"]["id"] == "p-1"
    texts = [v for v in SHORT[name].values() if isinstance(v, str) and " " in v]
    public = {"Eerste avond"}
    assert not [t for t in texts if t in str(told.members) and t not in public]


@pytest.mark.parametrize("name", SHORT)
async def test_a_short_form_counts_once(api: Api, name: str) -> None:
    """The same short form under the same key has one effect; another body is a 409."""
    where, key = f"{await fresh(api, name)}/{name}", f"k-{next(_numbers)}"
    first = await api.post(where, SHORT[name], Idempotency_Key=key)
    again = await api.post(where, SHORT[name], Idempotency_Key=key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json()["events"] == again.json()["events"] != []
    other = {**SHORT[name], next(iter(SHORT[name])): "anders"}
    differs = await api.post(where, other, Idempotency_Key=key)
    assert (differs.status_code, differs.json()["error"]) == (409, "IdReused")


@pytest.mark.parametrize("name", SHORT)
async def test_what_was_sent_is_in_the_list(api: Api, full: str, name: str) -> None:
    """What a short form sent stands in its list, and under an address of its own."""
    listed = await given(api, f"{full}/{name}?private=true")
    [item] = listed["items"]
    for member, value in SHORT[name].items():
        if member in item and member not in {"begins", "ends"}:
            assert item[member] == value
    alone = await given(api, f"{full}/{name}/{item['id']}?private=true")
    assert alone == item
    absent = await api.get(f"{full}/{name}/niemand")
    assert absent.status_code == 404


@pytest.mark.parametrize("name", SHORT)
async def test_texts_come_only_when_asked_for(api: Api, full: str, name: str) -> None:
    """Without being asked for no private text is shown; which there are is said."""
    [item] = (await given(api, f"{full}/{name}"))["items"]
    opened = (await given(api, f"{full}/{name}?private=true"))["items"][0]
    hidden = sorted(opened.keys() - item.keys())
    assert sorted(item.get("withheld", [])) == hidden
    assert "withheld" not in opened


@pytest.mark.parametrize("name", SHORT)
async def test_nulls_are_left_out(api: Api, full: str, name: str) -> None:
    """No answer holds a null, and every member is written in camelCase."""
    answer = await api.get(f"{full}/{name}?private=true")
    assert "null" not in answer.text
    [item] = answer.json()["items"]
    assert not [member for member in item if "_" in member]


@pytest.mark.parametrize("name", SHORT)
async def test_a_page_reads_rows_and_no_state(
    api: Api, full: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However large a dialogue is, a page of a list costs what is on that page."""
    read: list[str] = []
    whole = reading.find

    async def seen(source: Source, stream: str) -> Dialogue | None:
        read.append(stream)
        return await whole(source, stream)

    monkeypatch.setattr(reading, "find", seen)
    [item] = (await given(api, f"{full}/{name}"))["items"]
    assert await given(api, f"{full}/{name}/{item['id']}") == item
    assert read == []
    await given(api, f"{full}/{name}?private=true")
    assert read != [], "who may read which text follows from the state"


async def test_an_interest_is_shown_with_those_it_bears_on(api: Api) -> None:
    """Each of two that are related names the other; a third names nobody."""
    stream = await api.hall.dialogue(words=False)
    where = f"/v1/dialogues/{stream}"
    await send(api, f"{where}/stakeholders", {"stakeholder": "k-1"})
    for name in ("i-1", "i-2", "i-3"):
        body = {"interest": name, "stakeholder": "k-1", "text": f"Over {name}"}
        await send(api, f"{where}/interests", body)
    related = {"one": "i-2", "other": "i-1", "kind": "tension"}
    await api.hall.desk.send(stream, "relate_interests", related, DIRECTOR)
    listed = (await given(api, f"{where}/interests"))["items"]
    found = {each["id"]: each.get("relations") for each in listed}
    assert found == {
        "i-1": [{"interest": "i-2", "kind": "tension"}],
        "i-2": [{"interest": "i-1", "kind": "tension"}],
        "i-3": None,
    }


async def test_pages_hold_under_inserts(api: Api) -> None:
    """Page by page every row comes once, also when rows are added meanwhile."""
    stream = await api.hall.dialogue(words=False)
    where = f"/v1/dialogues/{stream}/stakeholders"
    for n in range(5):
        await send(api, where, {"stakeholder": f"k-{n}"})
    seen: list[str] = []
    address: str | None = f"{where}?limit=2"
    while address is not None:
        answer = await api.get(address)
        page = answer.json()
        seen += [item["id"] for item in page["items"]]
        if len(seen) == 2:
            await send(api, where, {"stakeholder": "k-late"})
        address = page.get("next")
        assert (address is None) == ("link" not in answer.headers)
        if address is not None:
            assert answer.headers["link"] == f'<{address}>; rel="next"'
    assert seen == ["k-0", "k-1", "k-2", "k-3", "k-4", "k-late"]


@pytest.mark.parametrize(
    "cursor", ["x", "e30", "WzFd", "WyJhIiwiYiJd", "WzEsIlx1MDAwMCJd"]
)
async def test_a_cursor_that_is_none(api: Api, full: str, cursor: str) -> None:
    """A cursor that this list did not give is bad input."""
    answer = await api.get(f"{full}/stakeholders?cursor={cursor}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["name"] == "cursor"


async def test_all_mistakes_at_once(api: Api, full: str) -> None:
    """Every member that is off is named, by its place, and none of what was sent."""
    body = {
        "meeting": "Avond 1",
        "title": "",
        "begins": "morgen",
        "place": 7,
        "begin_s": "x",
    }
    answer = await api.post(f"{full}/meetings", body)
    assert answer.status_code == 400
    found = {error["pointer"] for error in answer.json()["errors"]}
    wrong = {"/meeting", "/title", "/begins", "/ends", "/place", "/begin_s"}
    assert found == wrong
    assert "morgen" not in answer.text


NASTY = ["\\u0000", "\\ud800", "\\u202e", "x" * 30_000]


@pytest.mark.parametrize("name", SHORT)
async def test_what_the_record_can_t_hold(api: Api, full: str, name: str) -> None:
    """No text, however odd, in whatever member, is a fault: it is taken or refused."""
    headers = await api.bearer("director") | {"Content-Type": "application/json"}
    for member, value in SHORT[name].items():
        if not isinstance(value, str):
            continue
        for nasty in NASTY:
            plain = json.dumps({**SHORT[name], member: "WAARDE"})
            told = plain.replace("WAARDE", nasty)
            answer = await api.client.post(
                f"{full}/{name}", content=told, headers=headers
            )
            assert answer.status_code < 500, (member, nasty[:10], answer.text)
            if nasty != "\\u202e":
                assert answer.status_code >= 400, (member, nasty[:10])


async def test_the_domain_s_names_are_not_taken(api: Api, full: str) -> None:
    """Members are in camelCase, and the domain's own spelling is no second form."""
    body = {**SHORT["agreements"], "agreement": "a-2", "watched_by": "parties"}
    answer = await api.post(f"{full}/agreements", body)
    assert answer.status_code == 400
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/watched_by"]


async def test_a_refusal_of_the_dialogue(api: Api, full: str) -> None:
    """What the dialogue refuses is told under the refusal's own name."""
    body = {"interest": "i-2", "stakeholder": "wie-dan-ook", "text": "Iets"}
    answer = await api.post(f"{full}/interests", body)
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"] not in {"BadInput", "NotFound"}


async def test_a_version_that_was_passed(api: Api, full: str) -> None:
    """A short form with the ETag of an older version is refused."""
    answer = await api.post(
        f"{full}/stakeholders", {"stakeholder": "k-77"}, If_Match='"1"'
    )
    assert (answer.status_code, answer.json()["error"]) == (412, "VersionConflict")


async def test_how_far_somebody_is_engaged(api: Api) -> None:
    """In each phase somebody has a level of their own, or that of their kind."""
    stream = await api.hall.dialogue(words=False)
    kind = {"stakeholder": "k-1", "kind": "bewoners"}
    await send(api, f"/v1/dialogues/{stream}/stakeholders", kind)
    levels = {
        "bewoners": {"start": "inform", "bouw": "consult"},
        "k-1": {"bouw": "involve"},
    }
    await api.hall.does(
        stream, "plan_engagement", levels=levels, phases={"bouw": "De bouw"}
    )
    [item] = (await given(api, f"/v1/dialogues/{stream}/stakeholders"))["items"]
    assert item["levels"] == {"start": "inform", "bouw": "involve"}
