"""The API on real servers, and a token for each role."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import httpx
import pytest
from fastapi import FastAPI
from temporalio.client import Client

from api.app import make_app
from api.settings import Settings
from desk.access import tokens
from desk.access.roles import ROLES
from desk.desk import Sender
from storage.login import see_to_login
from tests.desk.town_hall import ORGANISATION, TownHall, town_hall
from tests.services import own_namespace

OTHER = "provincie-elders"
OPERATOR = Sender("beheer-1", "system")
_logins = count(1)


@pytest.fixture(scope="session")
async def apispace(temporal_client: Client) -> Client:
    """Give a namespace for this suite."""
    return await own_namespace(temporal_client, "api")


@pytest.fixture(scope="module")
async def hall(
    apispace: Client, module_database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[TownHall]:
    """Give the servers with a desk and a worker; `hall.dialogue()` starts one."""
    home = tmp_path_factory.mktemp("api")
    async with town_hall(apispace, module_database, home) as opened:
        yield opened


@pytest.fixture(scope="module")
def settings(hall: TownHall) -> Settings:
    """Give the settings of an API on those servers, with a login as it has its own."""
    address = hall.client.service_client.config.target_host
    login = see_to_login(hall.database, name=f"http_{next(_logins)}")
    return Settings(
        database=login.database,
        keys=login.keys,
        temporal=address,
        namespace=hall.client.namespace,
        patience=timedelta(seconds=10),
        limit_rate=0,
    )


@pytest.fixture(scope="module")
async def app(settings: Settings) -> AsyncGenerator[FastAPI]:
    """Give an app that has started."""
    made = make_app(settings)
    async with made.router.lifespan_context(made):
        yield made


@dataclass
class Api:
    """Calls the API in this process, as ``httpx`` does over a wire.

    ``bearer(role)`` gives the header with a token for that role; its actor is ``p-1``,
    who directs the dialogues of `hall`, unless another is named.
    """

    client: httpx.AsyncClient
    hall: TownHall
    _made: dict[tuple[str, ...], str] = field(
        default_factory=dict[tuple[str, ...], str]
    )

    async def bearer(
        self,
        role: str = "director",
        *,
        actor: str = "p-1",
        organisation: str = ORGANISATION,
        dialogue: str | None = None,
    ) -> dict[str, str]:
        """Give the header that says who calls."""
        key = (role, actor, organisation, dialogue or "")
        if key not in self._made:
            made = await tokens.create(
                self.hall.desk,
                organisation,
                [role],
                OPERATOR,
                actor=actor,
                dialogue=dialogue,
            )
            self._made[key] = made.token
        return {"Authorization": f"Bearer {self._made[key]}"}

    async def get(
        self, path: str, role: str = "director", **more: str
    ) -> httpx.Response:
        """Ask for something as somebody with this role; ``more`` are headers."""
        headers = {**await self.bearer(role), **_dashed(more)}
        return await self.client.get(path, headers=headers)

    async def post(
        self, path: str, body: object, role: str = "director", **more: str
    ) -> httpx.Response:
        """Send something as somebody with this role; ``more`` are headers."""
        headers = {**await self.bearer(role), **_dashed(more)}
        return await self.client.post(path, json=body, headers=headers)


def _dashed(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture(scope="module")
async def api(app: FastAPI, hall: TownHall) -> AsyncGenerator[Api]:
    """Give a caller of that app."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://polder") as one:
        yield Api(one, hall)


@pytest.fixture(scope="module")
async def bearers(api: Api) -> dict[str, dict[str, str]]:
    """Give the header of a token for each role."""
    return {role: await api.bearer(role) for role in ROLES}
