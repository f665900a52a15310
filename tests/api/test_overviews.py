"""What is under way: in numbers, as a calendar, and what going back would do."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from language.icalendar import uid
from tests.api.conftest import OTHER, Api
from tests.desk.town_hall import ORGANISATION


def basic(secret: str) -> dict[str, str]:
    """Give the header with a token as a password."""
    told = b64encode(f"agenda:{secret}".encode()).decode()
    return {"Authorization": f"Basic {told}"}


async def met(api: Api, **more: str) -> str:
    """Give a dialogue with a meeting next week and an open date."""
    stream = await api.hall.dialogue()
    begins = datetime.now(UTC).replace(microsecond=0) + timedelta(days=7)
    told = {
        "meeting": "avond-1",
        "title": "Avond; over het plein, en meer",
        "begins": begins.isoformat(),
        "ends": (begins + timedelta(hours=2)).isoformat(),
        "place": "Buurthuis De Kade",
        **more,
    }
    await api.hall.does(stream, "schedule_meeting", **told)
    return stream


async def events(api: Api, headers: dict[str, str]) -> dict[str, dict[str, str]]:
    """Give what the calendar says of each UID, as another program reads it."""
    found = await api.client.get("/v1/agenda.ics", headers=headers)
    assert found.status_code == 200, found.text
    assert found.headers["content-type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(found.content)
    told = (
        {
            name: str(event[name])
            for name in ("UID", "SUMMARY", "STATUS")
            if name in event
        }
        for event in calendar.walk("VEVENT")
    )
    return {event["UID"]: event for event in told}


async def test_meetings_are_in_the_calendar_under_the_uid_of_their_invitation(
    api: Api,
) -> None:
    """So that who was invited sees it once; nothing private is in it."""
    stream = await met(api)
    headers = await api.bearer()
    event = (await events(api, headers))[uid(stream, "avond-1")]
    assert event["SUMMARY"] == "Avond; over het plein, en meer — Parkzicht"
    assert event["STATUS"] == "CONFIRMED"
    whole = await api.client.get("/v1/agenda.ics", headers=headers)
    assert "Kade" not in whole.text
    await api.hall.does(
        stream, "cancel_meeting", meeting="avond-1", reason="te weinig aanmeldingen"
    )
    event = (await events(api, headers))[uid(stream, "avond-1")]
    assert event["STATUS"] == "CANCELLED"
    assert event["SUMMARY"].startswith("Afgelast: ")


async def test_a_calendar_may_bring_its_token_as_a_password(api: Api) -> None:
    """There, and nowhere else; without one it is asked for so."""
    headers = await api.bearer()
    secret = headers["Authorization"].removeprefix("Bearer ")
    assert await events(api, basic(secret)) == await events(api, headers)
    elsewhere = await api.client.get("/v1/dialogues", headers=basic(secret))
    assert elsewhere.status_code == 401
    for told in ({}, basic("pld_" + "A" * 43), {"Authorization": "Basic ééé"}):
        sent = [(k.encode(), v.encode()) for k, v in told.items()]
        found = await api.client.get("/v1/agenda.ics", headers=sent)
        assert found.status_code == 401
        assert found.headers["www-authenticate"].startswith("Basic ")


async def test_another_organisation_has_another_calendar(api: Api) -> None:
    """And so has a token for one dialogue."""
    stream = await met(api)
    other = await events(api, await api.bearer(organisation=OTHER))
    assert other == {}
    await met(api)
    only = await events(api, await api.bearer(dialogue=stream.split(":")[1]))
    assert {*only} == {uid(stream, "avond-1")}


async def test_the_portfolio_counts_what_is_under_way(api: Api) -> None:
    """Over all dialogues of an organisation, and of no other."""
    before = (await api.get("/v1/portfolio")).json()
    await api.hall.dialogue()
    after = (await api.get("/v1/portfolio")).json()
    assert after["dialogues"] == before["dialogues"] + 1
    assert after["organisation"] == ORGANISATION
    assert sum(each["count"] for each in after["statuses"]) == after["dialogues"]
    assert sum(each["dialogues"] for each in after["standing"]) == after["dialogues"]
    assert any(each["count"] for each in after["tasks"])
    headers = await api.bearer(organisation=OTHER)
    other = (await api.client.get("/v1/portfolio", headers=headers)).json()
    assert other["dialogues"] == 0
    assert other["tasks"] == []


async def test_a_token_for_one_dialogue_counts_that_one(api: Api) -> None:
    """What there is beside it, it does not learn by counting."""
    stream = await api.hall.dialogue()
    await api.hall.dialogue()
    headers = await api.bearer(dialogue=stream.split(":")[1])
    found = (await api.client.get("/v1/portfolio", headers=headers)).json()
    assert found["dialogues"] == 1
    assert found["tasks"] == []


async def test_what_going_back_would_do_is_told_before(api: Api) -> None:
    """Or why it can't be; and nothing happens."""
    stream = await api.hall.dialogue()
    before = (await api.get(f"/v1/dialogues/{stream}")).json()
    path = f"/v1/dialogues/{stream}/revisit-preview"
    step = before["step"]
    found = await api.get(f"{path}?step={step}")
    assert found.status_code == 200, found.text
    told = found.json()
    assert told["step"] == step
    assert told["possible"] or told["because"]
    assert (await api.get(f"/v1/dialogues/{stream}")).json() == before


@pytest.mark.parametrize(("query", "status"), [("", 400), ("step=nergens", 400)])
async def test_no_step_is_bad_input(api: Api, query: str, status: int) -> None:
    """A step that the plan does not have is told as such."""
    stream = await api.hall.dialogue()
    found = await api.get(f"/v1/dialogues/{stream}/revisit-preview?{query}")
    assert found.status_code == status, found.text


@pytest.mark.parametrize("path", ["portfolio", "agenda.ics"])
async def test_what_is_under_way_is_not_for_who_takes_part(api: Api, path: str) -> None:
    """A participant sees what concerns them, elsewhere."""
    assert (await api.get(f"/v1/{path}", "participant")).status_code == 403
