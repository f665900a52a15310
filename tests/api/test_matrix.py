"""Every route, and everybody who may not come in there: a table that must be whole.

A route that is added fails here until it has a row that says whose it is.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from api.app import make_app
from api.openapi import document
from api.routing import Route
from api.settings import Settings
from desk.access import tokens
from desk.access.roles import ROLES, Scope
from tests.api.conftest import OPERATOR, OTHER, Api
from tests.desk.town_hall import METHOD, ORGANISATION, TownHall

Roles = frozenset[str]
_GONE: Final = f"{ORGANISATION}:bestaat-niet"


def having(*scopes: Scope) -> Roles:
    """Give the roles that have one of these scopes."""
    return frozenset(role for role, held in ROLES.items() if held & {*scopes})


READ, ACT, AUDIT = having("read"), having("act"), having("audit")
CONCERNED = having("read", "respond")
SUBSCRIBE, ADMINISTER = having("subscribe"), having("administer")


class Row(NamedTuple):
    """Whose a route is: ``roles`` may use it; ``query`` and ``body`` make it whole.

    A body that is not told is the example of the API's own description. ``slow``: to do
    it takes what is not here, so that it is tried by those who may not alone.
    """

    roles: Roles
    query: str = ""
    body: object = None
    slow: bool = False


_WINDOW = "/v1/dialogues/{dialogue}/windows/{window}"
_RESPONSE = {"response": "Er is te weinig licht", "respondent": "{actor}"}
TABLE: Final[Mapping[str, Row]] = {
    "GET /v1/dialogues": Row(READ),
    "POST /v1/dialogues": Row(
        ACT, body={"id": "{dialogue}", "method": METHOD, "title": "Plein"}
    ),
    "GET /v1/dialogues/{dialogue}": Row(READ),
    "POST /v1/dialogues/{dialogue}/commands": Row(
        ACT, body={"kind": "complete_items", "command": {"items": ["x"]}}
    ),
    "GET /v1/dialogues/{dialogue}/commands": Row(READ),
    "GET /v1/dialogues/{dialogue}/commands/{command}": Row(CONCERNED),
    "POST /v1/private": Row(
        ACT,
        body={
            "dialogue": "{dialogue}",
            "kind": "waive_items",
            "member": "reason",
            "text": "omdat",
        },
    ),
    "GET /v1/methods": Row(READ),
    "GET /v1/methods/{method}": Row(READ),
    "POST /v1/methods": Row(ADMINISTER),
    "GET /v1/events": Row(READ),
    "GET /v1/dialogues/{dialogue}/events": Row(READ),
    "GET /v1/dialogues/{dialogue}/audit/state": Row(AUDIT, "?at=1"),
    "GET /v1/dialogues/{dialogue}/audit/diff": Row(AUDIT, "?from=1&to=2"),
    "GET /v1/dialogues/{dialogue}/audit/pack": Row(AUDIT, slow=True),
    "GET /v1/portfolio": Row(READ),
    "GET /v1/agenda.ics": Row(READ),
    "GET /v1/tasks": Row(READ),
    "GET /v1/dialogues/{dialogue}/revisit-preview": Row(READ, "?step=opdracht"),
    "GET /v1/dialogues/{dialogue}/plan": Row(READ),
    "POST /v1/dialogues/{dialogue}/plan": Row(ACT),
    "GET /v1/dialogues/{dialogue}/windows": Row(CONCERNED),
    "POST /v1/dialogues/{dialogue}/windows": Row(ACT),
    f"GET {_WINDOW}": Row(CONCERNED),
    f"GET {_WINDOW}/responses": Row(CONCERNED),
    f"GET {_WINDOW}/responses/{{number}}": Row(CONCERNED),
    f"POST {_WINDOW}/responses": Row(having("respond"), body=_RESPONSE),
    "GET /v1/dialogues/{dialogue}/cases": Row(READ),
    "POST /v1/dialogues/{dialogue}/cases": Row(ACT),
    "DELETE /v1/dialogues/{dialogue}/cases/{link}": Row(ACT),
    "POST /v1/zgw/notifications": Row(frozenset({"integrator"})),
    **{
        f"{method} /v1/dialogues/{{dialogue}}/{name}{one}": Row(roles)
        for name in (
            "stakeholders",
            "interests",
            "meetings",
            "reports",
            "agreements",
            "evaluations",
        )
        for method, one, roles in (
            ("GET", "", CONCERNED),
            ("GET", "/{name}", CONCERNED),
            ("POST", "", ACT),
        )
    },
    **{
        route: Row(SUBSCRIBE)
        for route in (
            "GET /v1/subscriptions",
            "POST /v1/subscriptions",
            "GET /v1/subscriptions/{subscription}",
            "DELETE /v1/subscriptions/{subscription}",
            "POST /v1/subscriptions/{subscription}/secrets",
            "GET /v1/subscriptions/{subscription}/secrets",
            "GET /v1/subscriptions/{subscription}/switches",
            "POST /v1/subscriptions/{subscription}/switches",
            "GET /v1/subscriptions/{subscription}/deliveries",
            "GET /v1/subscriptions/{subscription}/deliveries/{delivery}/replays",
            "POST /v1/subscriptions/{subscription}/deliveries/{delivery}/replays",
            "GET /v1/subscriptions/{subscription}/replays",
            "POST /v1/subscriptions/{subscription}/replays",
            "GET /v1/subscriptions/{subscription}/dead-letters",
            "GET /v1/subscriptions/{subscription}/tests",
            "POST /v1/subscriptions/{subscription}/tests",
        )
    },
}
PUBLIC: Final[Mapping[str, str]] = {
    "GET /health": "whether it runs, and no detail",
    "GET /v1/openapi.json": "the description of the API",
    "GET /doc/openapi.json": "the same, where others look for it",
    "GET /v1/audit/checkpoint": "what the log publishes of itself",
    "GET /v1/audit/tree/checkpoint": "the same, as a log does",
    "GET /v1/audit/tree/tile/{level}/{number:path}": "hashes of the log",
    "GET /link/{secret}": "who has the link",
    "POST /link/{secret}": "who has the link",
    "POST /leave": "who has the cookie",
}
"""Routes that ask nobody who they are, and for whom they are."""


def routes() -> dict[str, bool]:
    """Give every route of the app, and whether it asks who calls."""
    app = make_app(Settings(database="none"))
    return {
        f"{method} {each.path}": route.secured
        for each in iter_route_contexts(app.routes)
        if isinstance(route := each.original_route, Route)
        for method in each.methods or ()
    }


def test_every_route_has_a_row() -> None:
    """A route without a row is a route that nobody thought about."""
    found = routes()
    assert {route for route, secured in found.items() if secured} == set(TABLE)
    assert {route for route, secured in found.items() if not secured} == set(PUBLIC)


@dataclass
class Doors:
    """Requests to every route, by whoever is asked for."""

    api: Api
    dialogue: str
    subscription: str
    bodies: Mapping[str, object]
    headers: dict[str, dict[str, str]] = field(
        default_factory=dict[str, dict[str, str]]
    )

    async def knock(
        self,
        route: str,
        headers: Mapping[str, str],
        *,
        dialogue: str | None = None,
        subscription: str | None = None,
        actor: str = "p-1",
    ) -> httpx.Response:
        """Ask for something that is there, unless another name is given."""
        method, path = route.split()
        row = TABLE[route]
        names = {
            "dialogue": dialogue or self.dialogue,
            "subscription": subscription or self.subscription,
            "delivery": "1",
            "method": METHOD,
            "number": "1",
            "link": str(uuid.UUID(int=0)),
        }
        filled = re.sub(r"\{(\w+)\}", lambda m: names.get(m[1], "x"), path)
        body = row.body if row.body is not None else self.bodies.get(route)
        content = None
        if method == "POST" and body is not None:
            content = json.dumps(body).replace("{dialogue}", names["dialogue"])
            content = content.replace("{actor}", actor)
        told = {"Content-Type": "application/json"} if content else {}
        return await self.api.client.request(
            method, f"{filled}{row.query}", content=content, headers=told | {**headers}
        )


@pytest.fixture(scope="module")
async def doors(api: Api, app: FastAPI, hall: TownHall) -> Doors:
    """Give a dialogue and a subscription that are there, and bodies that fit."""
    described: dict[str, Any] = document(app)
    bodies: dict[str, object] = {}
    for path, item in described["paths"].items():
        content = item.get("post", {}).get("requestBody", {}).get("content", {})
        told = content.get("application/json", {})
        examples = [each["value"] for each in told.get("examples", {}).values()]
        bodies[f"POST /v1{path}"] = told.get("example", examples[0] if examples else {})
    dialogue = await hall.dialogue()
    made = await api.post("/v1/subscriptions", bodies["POST /v1/subscriptions"])
    assert made.status_code == 201, made.text
    return Doors(api, dialogue, made.json()["id"], bodies)


def told(answer: httpx.Response) -> dict[str, Any]:
    """Give a problem without what differs from one request to the next."""
    problem: dict[str, Any] = answer.json()
    problem.pop("instance")
    return problem


@pytest.fixture(scope="module")
async def strangers(hall: TownHall) -> dict[str, dict[str, str]]:
    """Give the headers of everybody whom nobody knows."""
    revoked = await tokens.create(hall.desk, ORGANISATION, ["director"], OPERATOR)
    expired = await tokens.create(hall.desk, ORGANISATION, ["director"], OPERATOR)
    await tokens.revoke(hall.desk, revoked.id, OPERATOR)
    async with await psycopg.AsyncConnection.connect(hall.database) as conn:
        await conn.execute(
            "UPDATE access.token SET expires_at = now() WHERE id = %s", [expired.id]
        )
    said = {"revoked": revoked.token, "expired": expired.token, "unknown": "pld_x"}
    return {
        "no token": {},
        **{name: {"Authorization": f"Bearer {text}"} for name, text in said.items()},
        "no session": {"Cookie": "polder_session=pls_x"},
    }


@pytest.mark.parametrize("route", TABLE)
async def test_whom_nobody_knows_learns_nothing(
    doors: Doors, strangers: Mapping[str, dict[str, str]], route: str
) -> None:
    """No token, a revoked, an expired and an unknown one: 401, word for word alike."""
    found = [await doors.knock(route, headers) for headers in strangers.values()]
    assert [each.status_code for each in found] == [401] * len(strangers)
    assert len({json.dumps(told(each)) for each in found}) == 1
    assert all("www-authenticate" in each.headers for each in found)


_BY_NAME: Final = [
    route
    for route, row in TABLE.items()
    if "{dialogue}" in f"{route}{row.body}" or "{subscription}" in route
]
_REST: Final = [route for route in TABLE if route not in _BY_NAME]


@pytest.mark.parametrize("route", _BY_NAME)
async def test_another_organisation_is_told_what_is_told_of_nothing(
    doors: Doors, api: Api, route: str
) -> None:
    """What is there and what is not there give the same answer, to the letter."""
    role = "operator" if TABLE[route].roles == ADMINISTER else "director"
    headers = await api.bearer(role, organisation=OTHER)
    nothing = str(uuid.UUID(int=7))
    there = await doors.knock(route, headers)
    gone = await doors.knock(route, headers, dialogue=_GONE, subscription=nothing)
    assert (there.status_code, there.json()["error"]) == (404, "NotFound"), there.text
    worded = json.dumps(told(there)).replace(doors.dialogue, _GONE)
    assert worded.replace(doors.subscription, nothing) == json.dumps(told(gone))


@pytest.mark.parametrize("route", _BY_NAME)
async def test_a_token_for_one_dialogue_knows_of_no_other(
    doors: Doors, api: Api, route: str
) -> None:
    """It gets the answer that is given for what is not there; or may not do this."""
    headers = await api.bearer("director", dialogue="een-andere")
    answer = await doors.knock(route, headers)
    gone = await doors.knock(
        route, headers, dialogue=_GONE, subscription=str(uuid.UUID(int=7))
    )
    assert answer.status_code == gone.status_code in {403, 404}, answer.text
    worded = json.dumps(told(answer)).replace(doors.dialogue, _GONE)
    worded = worded.replace(doors.subscription, str(uuid.UUID(int=7)))
    assert worded == json.dumps(told(gone))


@pytest.mark.parametrize("route", _REST)
@pytest.mark.parametrize("whose", [OTHER, "een-andere"])
async def test_lists_have_nothing_of_somebody_else(
    doors: Doors, api: Api, route: str, whose: str
) -> None:
    """Of no other organisation, and of no other dialogue than the token is for."""
    role = "operator" if TABLE[route].roles == ADMINISTER else "director"
    headers = (
        await api.bearer(role, organisation=OTHER)
        if whose == OTHER
        else await api.bearer(role, dialogue=whose)
    )
    answer = await doors.knock(route, headers)
    assert answer.status_code != 401
    assert doors.dialogue not in answer.text
    assert doors.subscription not in answer.text
    assert "Parkzicht" not in answer.text


@pytest.mark.parametrize("route", TABLE)
async def test_a_role_opens_what_it_is_for_and_no_more(
    doors: Doors, api: Api, route: str
) -> None:
    """Who lacks the scope is told so; who has it is not kept out by their token."""
    nothing = str(uuid.UUID(int=7))
    for role in ROLES:
        headers = await api.bearer(role, actor=f"{role}-1")
        if role not in TABLE[route].roles:
            answer = await doors.knock(route, headers)
            refused = answer.status_code, answer.json().get("error")
            assert refused == (403, "NotAllowed"), (role, answer.text)
            continue
        if TABLE[route].slow:
            continue
        # Nothing is changed where somebody may: of what is not there.
        names = {"subscription": nothing, "actor": f"{role}-1"}
        if not route.startswith("GET"):
            names["dialogue"] = f"{ORGANISATION}:nieuw-{role}"
        answer = await doors.knock(route, headers, **names)
        assert answer.status_code not in {401, 500}, (role, answer.text)
        if answer.status_code == 403:
            assert answer.json()["error"] != "NotAllowed", (role, answer.text)


async def test_a_participant_sees_only_what_concerns_them(
    doors: Doors, api: Api
) -> None:
    """Of the lists they may open, nothing of anybody else comes along."""
    headers = await api.bearer("participant", actor="vreemde-1")
    for route, row in TABLE.items():
        if "participant" in row.roles and route.startswith("GET"):
            answer = await doors.knock(route, headers)
            assert "anna" not in answer.text, route
            assert "bram" not in answer.text, route
