"""Who sees what lies in a dialogue over HTTP: texts by right, and what concerns one."""

from __future__ import annotations

import pytest

from desk.reads import reads
from tests.api.conftest import OTHER, Api
from tests.api.filling import MEETING, SHORT, as_participant, filled, given


@pytest.fixture(scope="module")
async def full(api: Api) -> str:
    """Give the address of a dialogue with something in each list."""
    return await filled(api)


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
