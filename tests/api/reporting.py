"""A case system that reports, and the dialogues about its cases."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey

from desk.access import clients, tokens
from desk.access.clients import Client
from desk.history import whole_history
from tests.api.conftest import OPERATOR, Api
from tests.desk.town_hall import ORGANISATION

WHERE = "/v1/zgw/notifications"
TEST: dict[str, Any] = {
    "kanaal": "test",
    "hoofdObject": "http://some.hoofdobject.nl/",
    "resource": "some_resource",
    "resourceUrl": "http://some.resource.nl/",
    "actie": "create",
    "aanmaakdatum": "2019-01-01T12:00:00Z",
    "kenmerken": {},
}
"""What Open Notificaties sends to see whether a subscriber is there."""

_numbers = count(1)


def case() -> str:
    """Give the address of a case of its own."""
    return f"https://zaken.example.org/zaken/api/v1/zaken/{next(_numbers)}"


def notification(of: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Give a notification about a case."""
    said = {
        "kanaal": "zaken",
        "hoofdObject": of,
        "resource": "status",
        "resourceUrl": f"{of}/statussen/1",
        "actie": "create",
        "aanmaakdatum": "2026-11-22T09:15:00Z",
        "kenmerken": {"bron": "082096752011"},
    }
    return said | more


async def linked(api: Api, of: str) -> str:
    """Start a dialogue about a case; give its stream."""
    stream = await api.hall.dialogue(words=False)
    answer = await api.post(f"/v1/dialogues/{stream}/cases", {"url": of}, "integrator")
    assert answer.status_code == 201, answer.text
    return stream


async def signals(api: Api, stream: str) -> list[dict[str, Any]]:
    """Give what a dialogue noted of other systems, events with all their members."""
    found = await whole_history(api.hall.desk, stream)
    return [one.members for one in found if one.members["type"] == "signal_noted"]


async def make(api: Api, organisation: str = ORGANISATION) -> Client:
    """Make a client: a token of an integrator, and what it signs with."""
    desk = api.hall.desk
    made = await tokens.create(
        desk, organisation, ["integrator"], OPERATOR, actor="zaaksysteem-1"
    )
    return await clients.client(desk, made.id, OPERATOR)


def signed(of: Client, **more: Any) -> str:  # noqa: ANN401
    """Give a JWT as ZGW systems make one for each message."""
    claims = {
        "iss": of.client_id,
        "iat": int(datetime.now(UTC).timestamp()),
        "client_id": of.client_id,
        "user_id": "j.jansen",
        "user_representation": "Jan Jansen",
    }
    return jwt.encode({"alg": "HS256"}, claims | more, OctKey.import_key(of.secret))


async def report(api: Api, bearer: str | None, said: object) -> httpx.Response:
    """Send a notification."""
    headers = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
    return await api.client.post(WHERE, json=said, headers=headers)
