"""The plan, windows and responses over HTTP, and what was done with what was said."""

from __future__ import annotations

import pytest

from desk.entries import bearing_on, some
from tests.api.conftest import Api
from tests.api.filling import PLAIN, WINDOW, as_participant, asking, given, send


@pytest.fixture(scope="module")
async def asked(api: Api) -> str:
    """Give the address of a dialogue in which the public is asked something."""
    return await asking(api)


async def test_the_plan_shows_what_was_added(api: Api, asked: str) -> None:
    """The plan has its phases, steps and windows, with what was changed and by whom."""
    plan = await given(api, f"{asked}/plan")
    steps = {step["id"]: step for phase in plan["phases"] for step in phase["steps"]}
    assert steps["kennismaken"]["status"] == "started"
    [window] = [w for w in steps["kennismaken"]["windows"] if w["id"] == WINDOW]
    assert (window["audience"], window["status"]) == ("public", "open")
    assert window["title"] == "Wat vindt u?"
    assert [change["type"] for change in plan["amendments"]] == ["plan_amended"]
    english = await api.get(f"{asked}/plan", Accept_Language="en")
    assert "What do you think?" in english.text


async def test_a_window_shows_each_opening(api: Api, asked: str) -> None:
    """A window is listed once it opened, with how it stands and each opening."""
    listed = (await given(api, f"{asked}/windows"))["items"]
    assert [window["id"] for window in listed] == [WINDOW]
    alone = await given(api, f"{asked}/windows/{WINDOW}")
    assert alone["status"] == "open"
    assert [each["run"] for each in alone["openings"]] == [1]
    never = await api.get(f"{asked}/windows/kennismaken.nooit")
    assert never.status_code == 404


async def test_responses_and_what_was_done_with_them(api: Api, asked: str) -> None:
    """Somebody responds for themselves, gets an answer, and sees both and no others."""
    where = f"{asked}/windows/{WINDOW}/responses"
    for who in ("buur-1", "buur-2"):
        headers = await api.bearer("participant", actor=who)
        body = {"response": f"{PLAIN}, zegt {who}"}
        sent = await api.client.post(where, json=body, headers=headers)
        assert sent.status_code == 200, sent.text
    answered = {
        "kind": "answer_response",
        "command": {
            "window": WINDOW,
            "numbers": "1",
            "outcome": "adopted",
            "reason": "Er komt licht",
        },
    }
    await send(api, f"{asked}/commands", answered)
    every = (await given(api, f"{where}?private=true"))["items"]
    assert [one["respondent"] for one in every] == ["buur-1", "buur-2"]
    assert [one["standing"] for one in every] == ["adopted", "waiting"]
    mine = (await as_participant(api, f"{where}?private=true", "buur-1"))["items"]
    [one] = mine
    assert one["text"] == f"{PLAIN}, zegt buur-1"
    [answer] = one["answers"]
    assert (answer["outcome"], answer["reason"]) == ("adopted", "Er komt licht")
    assert "by" not in answer
    [closed] = (await as_participant(api, where, "buur-2"))["items"]
    assert closed["withheld"] == ["text"]
    others = await api.client.get(
        f"{where}/1", headers=await api.bearer("participant", actor="buur-2")
    )
    assert others.status_code == 404


async def test_a_page_of_responses_reads_what_bears_on_them(
    api: Api, asked: str
) -> None:
    """Page by page they are the whole list, and of the answers only theirs are read."""
    stream = asked.rpartition("/")[2]
    where = f"{asked}/windows/{WINDOW}/responses"
    for who in ("buur-11", "buur-12", "buur-13"):
        headers = await api.bearer("participant", actor=who)
        sent = await api.client.post(where, json={"response": PLAIN}, headers=headers)
        assert sent.status_code == 200, sent.text
    whole = (await given(api, where))["items"]
    last = [each["number"] for each in whole[-3:]]
    for numbers in (str(last[0]), str(last[1]), f"{last[0]}-{last[2]}"):
        body = {"window": WINDOW, "numbers": numbers, "outcome": "not"}
        await api.hall.does(stream, "answer_response", **body, reason=f"Zie {numbers}")
    await api.hall.quiet(stream)
    whole = (await given(api, where))["items"]
    by_number = {each["number"]: len(each["answers"]) for each in whole}
    assert [by_number[number] for number in last] == [2, 2, 1]
    paged: list[object] = []
    address: str | None = f"{where}?limit=1"
    while address is not None:
        page = await given(api, address)
        paged += page["items"]
        address = page.get("next")
    assert paged == whole
    desk = api.hall.desk
    rows = await some(desk, stream, "response", ids=[f"{WINDOW}/{last[1]}"])
    found = await bearing_on(desk, stream, WINDOW, rows)
    numbers = {each.data["numbers"] for each in found["answer"]}
    assert numbers == {str(last[1]), f"{last[0]}-{last[2]}"}


async def test_own_words_in_a_confidential_step(api: Api, asked: str) -> None:
    """Of a confidential step only its readers see texts, whoever said them."""
    where = f"{asked}/windows/{WINDOW}/responses"
    headers = await api.bearer("participant", actor="buur-7")
    sent = await api.client.post(where, json={"response": PLAIN}, headers=headers)
    assert sent.status_code == 200, sent.text
    mark = {"step": "kennismaken", "readers": ["process_director"], "reason": "Zo"}
    stream = asked.rpartition("/")[2]
    await api.hall.does(stream, "mark_confidential", **mark)
    [mine] = (await as_participant(api, f"{where}?private=true", "buur-7"))["items"]
    assert (mine["withheld"], "text" in mine) == (["text"], False)
    every = (await given(api, f"{where}?private=true"))["items"]
    assert PLAIN in {one.get("text") for one in every}
    lift = {"step": "kennismaken", "reason": "Voorbij"}
    await api.hall.does(stream, "lift_confidential", **lift)
    [mine] = (await as_participant(api, f"{where}?private=true", "buur-7"))["items"]
    assert mine["text"] == PLAIN


async def test_nobody_responds_for_another(api: Api, asked: str) -> None:
    """A participant who names another respondent is refused, and nothing is kept."""
    where = f"{asked}/windows/{WINDOW}/responses"
    headers = await api.bearer("participant", actor="buur-3")
    body = {"response": PLAIN, "respondent": "buur-4"}
    answer = await api.client.post(where, json=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (403, "NotAllowed")
    listed = await given(api, where)
    assert "buur-4" not in {one["respondent"] for one in listed["items"]}


async def test_windows_that_ask_somebody_by_name(api: Api) -> None:
    """A participant sees the windows that ask them, and no others."""
    stream = await api.hall.dialogue(words=False)
    where = f"/v1/dialogues/{stream}"
    window = {
        "id": "klopt-dit",
        "title": {"nl": "Klopt dit?", "en": "Is this right?"},
        "audience": "parties",
        "duration": {"workingDays": 5},
    }
    change = {"change": "add_window", "step": "kennismaken", "window": window}
    await send(api, f"{where}/plan", {"changes": [change], "reason": "Nagaan"})
    command = {"kind": "start_step", "command": {"step": "kennismaken"}}
    await send(api, f"{where}/commands", command)
    await send(api, f"{where}/windows", {"window": "kennismaken.klopt-dit"})
    [mine] = (await as_participant(api, f"{where}/windows", "anna"))["items"]
    assert mine["openings"][0]["asked"] is True
    assert mine["openings"][0]["responded"] is False
    assert "invited" not in mine["openings"][0]
    assert (await as_participant(api, f"{where}/windows", "buur-1"))["items"] == []
    hidden = await api.client.get(
        f"{where}/windows/kennismaken.klopt-dit/responses",
        headers=await api.bearer("participant", actor="buur-1"),
    )
    assert hidden.status_code == 404
