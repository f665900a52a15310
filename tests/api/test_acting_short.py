"""A short form says in which role one acts, and by which mandate, as a command does."""

from __future__ import annotations

import pytest

from tests.api.conftest import Api
from tests.api.filling import SHORT

MANDATE = {"stream": "org:gemeente-waterdam", "seq": 999, "hash": "ab" * 32}


@pytest.mark.parametrize("name", ["interests", "stakeholders"])
async def test_the_role_is_the_one_that_was_named(api: Api, name: str) -> None:
    """It stands in the event; one that is not theirs is refused."""
    stream = await api.hall.dialogue(words=False)
    await api.hall.does(stream, "register_stakeholder", stakeholder="anna")
    where = f"/v1/dialogues/{stream}"
    body = {**SHORT[name], "stakeholder": "bram" if name == "stakeholders" else "anna"}
    if name == "stakeholders":
        body["mandate"] = "Namens de buurtvereniging"
    sent = await api.post(f"{where}/{name}", {**body, "role": "process_director"})
    assert sent.status_code == 200, sent.text
    listed = await api.get(f"{where}/commands?limit=200")
    [done] = [e for e in listed.json()["items"] if e["id"] == sent.json()["id"]]
    assert done["actor"]["role"] == "process_director"
    refused = await api.post(f"{where}/{name}", {**body, "role": "system"})
    assert refused.status_code == 403, refused.text
    assert refused.json()["error"] == "NotHolder"


async def test_a_mandate_is_asked_of_the_record_as_of_a_command(api: Api) -> None:
    """The same refusal as on the route for commands, by the same members."""
    stream = await api.hall.dialogue(words=False)
    await api.hall.does(stream, "register_stakeholder", stakeholder="anna")
    where = f"/v1/dialogues/{stream}"
    short = {**SHORT["interests"], "mandate": MANDATE}
    command = {k: v for k, v in SHORT["interests"].items() if k != "interest"}
    whole = {
        "kind": "record_interest",
        "command": {**command, "interest": "i-2"},
        "mandate": MANDATE,
    }
    one = await api.post(f"{where}/interests", short)
    other = await api.post(f"{where}/commands", whole)
    assert one.status_code == other.status_code
    assert one.json().get("error") == other.json().get("error")
    events = (await api.get(f"{where}/audit/state")).json()["state"]
    assert (one.status_code == 200) == ("i-1" in events["interests"])
    if one.status_code == 200:
        await api.hall.seals()
        found = (await api.get(f"{where}/events?type=interest_recorded")).json()
        told = [each["event"]["mandate"] for each in found["items"]]
        assert told == [MANDATE, MANDATE]
    person = {**SHORT["stakeholders"], "stakeholder": "cor", "byMandate": MANDATE}
    third = await api.post(f"{where}/stakeholders", person)
    assert third.status_code == one.status_code
