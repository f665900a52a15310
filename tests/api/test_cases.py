"""Events in: a case system reports, and each dialogue about that case notes it once."""

from __future__ import annotations

import asyncio
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from desk.access import clients, tokens
from desk.access.clients import Client
from desk.errors import DeskError
from tests.api.conftest import OPERATOR, OTHER, Api
from tests.api.reporting import (
    TEST,
    WHERE,
    case,
    linked,
    make,
    notification,
    report,
    signals,
    signed,
)
from tests.desk.town_hall import ORGANISATION


@pytest.fixture(scope="module")
async def system(api: Api) -> Client:
    """Give a client of a case system."""
    return await make(api)


async def test_a_case_changes_and_the_dialogue_knows(api: Api, system: Client) -> None:
    """A notification becomes a signal on the dialogue about it, by who signed."""
    address = case()
    stream = await linked(api, address)
    answer = await report(api, signed(system), notification(address))
    assert (answer.status_code, answer.content) == (204, b"")
    [noted] = await signals(api, stream)
    assert noted["data"]["type"] == "zgw-zaken-status-create"
    assert noted["data"]["reference"] == f"{address}/statussen/1"
    assert noted["actor"]["id"] == noted["data"]["source"] == "zaaksysteem-1"
    assert noted["actor"]["role"] == "system"
    assert "Jansen" not in json.dumps(noted)


async def test_the_same_notification_is_once(api: Api, system: Client) -> None:
    """However often a notification comes, also at once, it is noted once."""
    address = case()
    stream = await linked(api, address)
    said = notification(address)
    sent = [report(api, signed(system), said) for _ in range(5)]
    answers = await asyncio.gather(*sent)
    again = await report(api, signed(system), {**said, "kenmerken": {}})
    assert {one.status_code for one in (*answers, again)} == {204}
    assert len(await signals(api, stream)) == 1
    await report(api, signed(system), notification(address, actie="update"))
    assert len(await signals(api, stream)) == 2


async def test_every_dialogue_about_a_case_hears(api: Api, system: Client) -> None:
    """Of two dialogues about a case both note it, also if one of them has ended."""
    address = case()
    streams = [await linked(api, address) for _ in range(3)]
    await api.hall.ends(streams[0])
    answer = await report(api, signed(system), notification(address))
    assert answer.status_code == 204
    found = [len(await signals(api, stream)) for stream in streams]
    assert found == [0, 1, 1]


async def test_what_no_dialogue_is_about(api: Api, system: Client) -> None:
    """A test of the connection, and a case nobody linked, are taken and no more."""
    for said in (TEST, notification(case())):
        assert (await report(api, signed(system), said)).status_code == 204
    assert (await report(api, None, TEST)).status_code == 401


async def test_a_token_does_too(api: Api) -> None:
    """A subscription whose `auth` never changes can have the token itself."""
    address = case()
    stream = await linked(api, address)
    headers = await api.bearer("integrator", actor="zaaksysteem-2")
    answer = await api.client.post(WHERE, json=notification(address), headers=headers)
    assert answer.status_code == 204
    [noted] = await signals(api, stream)
    assert noted["actor"]["id"] == "zaaksysteem-2"


async def test_people_do_not_report_as_a_system(api: Api) -> None:
    """Who may act is not thereby a case system: in its role they can't send either."""
    address = case()
    stream = await linked(api, address)
    for role in ("member", "director"):
        answer = await api.post(WHERE, notification(address), role)
        assert answer.status_code == 403
        assert answer.json()["error"] == "NotAllowed"
    assert await signals(api, stream) == []


async def test_another_organisation_s_case(api: Api) -> None:
    """A system of another organisation says nothing to ours, and learns nothing."""
    address = case()
    stream = await linked(api, address)
    theirs = await make(api, OTHER)
    answer = await report(api, signed(theirs), notification(address))
    assert answer.status_code == 204
    assert await signals(api, stream) == []


def _resigned(of: Client) -> str:
    other = OctKey.import_key("x" * 43)
    claims = {"client_id": of.client_id, "iat": int(datetime.now(UTC).timestamp())}
    return jwt.encode({"alg": "HS256"}, claims, other)


def _part(**members: Any) -> str:  # noqa: ANN401
    return urlsafe_b64encode(json.dumps(members).encode()).rstrip(b"=").decode()


async def test_a_jwt_that_is_not_good(api: Api, system: Client) -> None:
    """What is forged, old, early, without moment or of no client is answered alike."""
    now = int(datetime.now(UTC).timestamp())
    head, claims, seal = signed(system).split(".")
    nobody = "0b7e8e5c-3f4e-4d0c-9a55-3b5d0f5b8a10"
    none = _part(alg="none", typ="JWT")
    bad = [
        _resigned(system),
        signed(system, iat=now - clients.FRESH - 60),
        signed(system, iat=now + 600),
        signed(system, exp=now - 1),
        signed(system, iat="gisteren"),
        signed(system, iat=None),
        signed(system, iat=True),
        signed(system, iat=10**400),
        signed(system, client_id=nobody),
        signed(system, client_id="x"),
        signed(system, client_id=["x"]),
        f"{head}.{_part(client_id=system.client_id, iat=now, x=1)}.{seal}",
        f"{none}.{claims}.",
        f"{none}.{claims}.{seal}",
        f"{head}.{claims}.",
        "a.b.c",
        "..",
        "." * 5000,
        f"{head}.{'[' * 3000}.{seal}",
    ]
    answers = [await report(api, one, TEST) for one in bad]
    assert {one.status_code for one in answers} == {401}
    told = {one.json()["detail"] for one in answers}
    assert len(told) == 1
    assert (await report(api, signed(system), TEST)).status_code == 204


async def test_a_client_ends_with_its_token(api: Api) -> None:
    """Once its token is revoked a client can sign what it likes."""
    theirs = await make(api)
    assert (await report(api, signed(theirs), TEST)).status_code == 204
    await tokens.revoke(api.hall.desk, theirs.client_id, OPERATOR)
    assert (await report(api, signed(theirs), TEST)).status_code == 401


async def test_a_client_has_one_secret(api: Api) -> None:
    """Asked once more it is the same; other clients have others, directors none."""
    desk = api.hall.desk
    one, other = await make(api), await make(api)
    assert await clients.client(desk, one.client_id, OPERATOR) == one
    assert one.secret != other.secret
    director = await tokens.create(desk, ORGANISATION, ["director"], OPERATOR)
    with pytest.raises(DeskError):
        await clients.client(desk, director.id, OPERATOR)


async def test_a_jwt_opens_nothing_else(api: Api, system: Client) -> None:
    """What a case system signs with is for its reports: other routes don't take it."""
    headers = {"Authorization": f"Bearer {signed(system)}"}
    answer = await api.client.get("/v1/dialogues", headers=headers)
    assert answer.status_code == 401


async def test_a_message_with_more_in_it(api: Api, system: Client) -> None:
    """Members of a later version of the standard are let pass; what lacks is named."""
    said = {**TEST, "nieuw": {"iets": 1}}
    assert (await report(api, signed(system), said)).status_code == 204
    answer = await report(api, signed(system), {"kanaal": "zaken", "actie": 7})
    assert answer.status_code == 400
    found = {error["pointer"] for error in answer.json()["errors"]}
    lacking = {"/hoofdObject", "/resource", "/resourceUrl", "/aanmaakdatum"}
    assert found == {*lacking, "/actie"}


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("hoofdObject", "https://zaken.example.org/\\u0000"),
        ("resourceUrl", "https://zaken.example.org/\\u0000"),
        ("resourceUrl", "https://zaken.example.org/ 1"),
        ("kanaal", "\\ud800"),
        ("kanaal", "\\u0000"),
        ("resource", "\\u202e"),
        ("actie", ""),
        ("aanmaakdatum", "x" * 41),
    ],
)
async def test_a_message_that_can_t_be_kept(
    api: Api, system: Client, member: str, value: str
) -> None:
    """What neither the record nor an address can hold is bad input, and named."""
    plain = json.dumps({**TEST, member: "WAARDE"}).replace("WAARDE", value)
    bearer = {"Authorization": f"Bearer {signed(system)}"}
    headers = {**bearer, "Content-Type": "application/json"}
    answer = await api.client.post(WHERE, content=plain, headers=headers)
    assert answer.status_code == 400, answer.text
    assert [e["pointer"] for e in answer.json()["errors"]] == [f"/{member}"]


@pytest.mark.parametrize("word", ["é €", "a" * 100, "\\\\", "-"])
async def test_whatever_a_channel_is_called(
    api: Api, system: Client, word: str
) -> None:
    """Any word makes a kind of signal that a dialogue takes."""
    address = case()
    stream = await linked(api, address)
    said = json.dumps(notification(address, kanaal="WOORD")).replace("WOORD", word)
    bearer = {"Authorization": f"Bearer {signed(system)}"}
    headers = {**bearer, "Content-Type": "application/json"}
    answer = await api.client.post(WHERE, content=said, headers=headers)
    assert answer.status_code == 204
    [noted] = await signals(api, stream)
    assert noted["data"]["type"].startswith("zgw-")


async def test_a_system_that_can_t_be_told(api: Api, system: Client) -> None:
    """Whoever names a role that is not an integrator's has nothing to report."""
    headers = await api.bearer("auditor")
    answer = await api.client.post(WHERE, json=TEST, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (403, "NotAllowed")
