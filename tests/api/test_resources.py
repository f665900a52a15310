"""What lies in a dialogue over HTTP: lists in pages, short forms, texts by right."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from desk.history import whole_history
from desk.reads import reads
from tests.api.conftest import OTHER, Api

WINDOW = "kennismaken.vraag"
_SOON = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
PLAIN = "Het plein is te donker"
MEETING = {
    "meeting": "avond-1",
    "title": "Eerste avond",
    "begins": f"{_SOON}T19:30:00+01:00",
    "ends": f"{_SOON}T21:30:00+01:00",
    "place": "Buurthuis De Kade",
    "guests": ["anna", "bram"],
}
SHORT: dict[str, dict[str, Any]] = {
    "stakeholders": {"stakeholder": "anna", "impact": 3, "name": "Anna de Wit"},
    "interests": {
        "interest": "i-1",
        "stakeholder": "anna",
        "text": "Een veilige route",
        "level": "personal",
        "priority": 1,
    },
    "meetings": MEETING,
    "reports": {
        "report": "concept",
        "status": "draft",
        "title": "Verslag",
        "reference": "DMS-1",
        "sha256": "ab" * 32,
        "to": ["parties"],
    },
    "agreements": {
        "agreement": "bankjes",
        "what": "Twee bankjes plaatsen",
        "who": "anna",
        "others": ["bram"],
        "duration": {"workingDays": 10},
    },
    "evaluations": {"by": "us", "goalReached": "partly", "gainedUs": "Een beter plan"},
}
"""For each list something that goes into it, in short form."""

EVENTS = {
    "stakeholders": "stakeholder_registered",
    "interests": "interest_recorded",
    "meetings": "meeting_scheduled",
    "reports": "report_published",
    "agreements": "agreement_made",
    "evaluations": "evaluation_recorded",
}

_numbers = count(1)


async def send(api: Api, path: str, body: object, role: str = "director") -> Any:  # noqa: ANN401
    """Send something that is to be taken; give what is answered."""
    answer = await api.post(path, body, role)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def given(api: Api, path: str, role: str = "director") -> Any:  # noqa: ANN401
    """Ask for something that is to be there; give it."""
    answer = await api.get(path, role)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def as_participant(api: Api, path: str, actor: str) -> Any:  # noqa: ANN401
    """Ask for something as a participant of the dialogue."""
    headers = await api.bearer("participant", actor=actor)
    answer = await api.client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def fresh(api: Api, name: str) -> str:
    """Give the address of a new dialogue that is ready for this short form."""
    stream = await api.hall.dialogue(words=False)
    if name != "stakeholders":
        await api.hall.does(stream, "register_stakeholder", stakeholder="anna")
    return f"/v1/dialogues/{stream}"


@pytest.fixture(scope="module")
async def full(api: Api) -> str:
    """Give the address of a dialogue with something in each list."""
    stream = await api.hall.dialogue(words=False)
    where = f"/v1/dialogues/{stream}"
    for name, body in SHORT.items():
        await send(api, f"{where}/{name}", body)
    return where


@pytest.fixture(scope="module")
async def asked(api: Api) -> str:
    """Give the address of a dialogue in which the public is asked something."""
    stream = await api.hall.dialogue(words=False)
    where = f"/v1/dialogues/{stream}"
    window = {
        "id": "vraag",
        "title": {"nl": "Wat vindt u?", "en": "What do you think?"},
        "audience": "public",
        "duration": {"workingDays": 10},
        "mayCloseEarly": True,
    }
    change = {"change": "add_window", "step": "kennismaken", "window": window}
    await send(api, f"{where}/plan", {"changes": [change], "reason": "Meer horen"})
    command = {"kind": "start_step", "command": {"step": "kennismaken"}}
    await send(api, f"{where}/commands", command)
    await send(api, f"{where}/windows", {"window": WINDOW})
    return where


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


async def test_reading_texts_is_on_record(api: Api, full: str) -> None:
    """Who asks for private texts is in the log of reads; who does not, is not."""
    stream = full.rpartition("/")[2]
    await given(api, f"{full}/interests", "member")
    before = await reads(api.hall.desk, target=stream)
    await given(api, f"{full}/interests?private=true")
    after = await reads(api.hall.desk, target=stream)
    assert len(after) == len(before) + 1
    assert (after[0].who, after[0].what, after[0].opened) == ("p-1", "list", True)
    assert after[0].filters == {"list": "interests"}


@pytest.mark.parametrize("role", ["integrator", "auditor", "operator"])
async def test_texts_need_the_scope(api: Api, full: str, role: str) -> None:
    """A token without the scope `private` reads lists, and no texts."""
    await given(api, f"{full}/interests", role)
    refused = await api.get(f"{full}/interests?private=true", role)
    assert (refused.status_code, refused.json()["error"]) == (403, "NotAllowed")


async def test_texts_need_the_dialogue_s_leave(api: Api, full: str) -> None:
    """A token with the scope opens nothing to somebody whom the dialogue does not."""
    headers = await api.bearer("member", actor="vreemde-1")
    answer = await api.client.get(f"{full}/interests?private=true", headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (403, "NotEntitled")


@pytest.mark.parametrize("name", [*SHORT, "windows", "plan", "cases"])
async def test_another_organisation_sees_nothing(
    api: Api, full: str, name: str
) -> None:
    """What is another organisation's is answered like what does not exist."""
    headers = await api.bearer("director", organisation=OTHER)
    theirs = await api.client.get(f"{full}/{name}", headers=headers)
    gone = full.rpartition(":")[0] + ":bestaat-niet"
    nothing = await api.client.get(f"{gone}/{name}", headers=headers)
    assert theirs.status_code == nothing.status_code == 404
    assert theirs.json()["error"] == nothing.json()["error"]


async def test_a_participant_sees_what_concerns_them(api: Api, full: str) -> None:
    """A participant sees their own rows and texts, and nothing of others."""
    for name in ("stakeholders", "interests"):
        mine = await as_participant(api, f"{full}/{name}?private=true", "anna")
        assert len(mine["items"]) == 1, name
        others = await as_participant(api, f"{full}/{name}", "bram")
        assert others["items"] == [], name
    [meeting] = (await as_participant(api, f"{full}/meetings?private=true", "bram"))[
        "items"
    ]
    assert meeting["invited"] == ["bram"]
    assert meeting["place"] == MEETING["place"]
    [promise] = (await as_participant(api, f"{full}/agreements", "bram"))["items"]
    assert (promise["who"], "others" in promise) == ("bram", True)
    assert promise["others"] == ["bram"]
    for name in ("agreements", "evaluations", "meetings"):
        assert not (await as_participant(api, f"{full}/{name}", "k-9"))["items"]
    plan = await api.client.get(
        f"{full}/plan", headers=await api.bearer("participant", actor="anna")
    )
    assert plan.status_code == 403


async def test_a_participant_can_t_read_around_it(api: Api, full: str) -> None:
    """What does not concern a participant is not there under its own address either."""
    headers = await api.bearer("participant", actor="bram")
    for address in ("stakeholders/anna", "interests/i-1", "evaluations/1"):
        answer = await api.client.get(f"{full}/{address}", headers=headers)
        assert answer.status_code == 404, address


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
