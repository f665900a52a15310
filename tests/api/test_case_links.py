"""Which cases a dialogue is about: linked, listed, and taken away again."""

from __future__ import annotations

import pytest

from desk.access.clients import Client
from storage.pool import connect
from tests.api.conftest import Api
from tests.api.reporting import (
    case,
    linked,
    make,
    notification,
    report,
    signals,
    signed,
)


@pytest.fixture(scope="module")
async def system(api: Api) -> Client:
    """Give a client of a case system."""
    return await make(api)


async def test_links_are_listed_and_taken_away(api: Api, system: Client) -> None:
    """A link shows in its list; linked again it is the same; gone, nothing comes in."""
    address = case()
    stream = await linked(api, address)
    where = f"/v1/dialogues/{stream}/cases"
    again = await api.post(where, {"url": address})
    [one] = (await api.get(where)).json()["items"]
    assert again.json() == one
    assert (one["url"], one["linkedBy"]) == (address, "p-1")
    headers = await api.bearer("director")
    away = await api.client.delete(f"{where}/{one['id']}", headers=headers)
    assert (away.status_code, away.content) == (204, b"")
    twice = await api.client.delete(f"{where}/{one['id']}", headers=headers)
    assert twice.status_code == 404
    await report(api, signed(system), notification(address))
    assert await signals(api, stream) == []
    new = (await api.post(where, {"url": address})).json()
    assert new["id"] != one["id"]
    query = "SELECT linked_by, unlinked_by FROM delivery.case_link WHERE stream = %s"
    async with await connect(api.hall.database) as conn:
        kept = await (await conn.execute(query, [stream])).fetchall()
    assert sorted(kept, key=str) == [("p-1", "p-1"), ("p-1", None)]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://zaken.example.org/1",
        "https://",
        "https://jan:geheim@zaken.example.org/1",
        "https://zaken.example.org/" + "x" * 500,
        "https://zaken.example.org/één",
        "https://[/1",
        "zaak-1",
        "",
    ],
)
async def test_what_is_no_address_of_a_case(api: Api, url: str) -> None:
    """What can't be a case's address, or has a password in it, is bad input."""
    stream = await api.hall.dialogue(words=False)
    answer = await api.post(f"/v1/dialogues/{stream}/cases", {"url": url})
    assert answer.status_code == 400, answer.text
    assert "geheim" not in answer.text


@pytest.mark.parametrize(
    ("role", "actor", "error"),
    [
        ("director", "p-1", None),
        ("director", "p-9", "NotHolder"),
        ("integrator", "zaaksysteem-1", None),
        ("member", "p-1", None),
        ("member", "niemand", "NotEntitled"),
        ("participant", "anna", "NotAllowed"),
    ],
)
async def test_who_may_note_a_signal_may_link(
    api: Api, role: str, actor: str, error: str | None
) -> None:
    """A link has signals noted, so it takes the role that noting one takes."""
    stream = await api.hall.dialogue(words=False)
    where = f"/v1/dialogues/{stream}/cases"
    made = (await api.post(where, {"url": case()})).json()
    headers = await api.bearer(role, actor=actor)
    for answer in (
        await api.client.post(where, json={"url": case()}, headers=headers),
        await api.client.delete(f"{where}/{made['id']}", headers=headers),
    ):
        if error is None:
            assert answer.is_success, answer.text
        else:
            assert (answer.status_code, answer.json()["error"]) == (403, error)
    left = [each["id"] for each in (await api.get(where)).json()["items"]]
    assert (made["id"] in left) is (error is not None)
