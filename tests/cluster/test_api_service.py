"""The API as docker-compose.yml runs it: its logins, its command, its health check.

Record and keys are on two servers, as there. Temporal is away.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from api.settings import PORT
from cluster.schema import Store
from servers import PostgresServer
from servers.ports import LOOPBACK, free_port
from storage.errors import SchemaMismatch, Unavailable
from storage.keys import Keys, beside
from storage.login import LOGIN
from storage.pool import Role, connect
from tests.cluster.compose import PASSWORDS, REQUIRED, ROOT, load
from tests.cluster.scripts import compose_script
from tests.services import create_database, postgres_running, until

SERVICES: dict[str, Any] = load(REQUIRED)["services"]
NAME = "polder_own"


class Places(NamedTuple):
    """Where record and keys are, for their owner, on a server each."""

    record: str
    keys: str
    record_server: PostgresServer

    def of(self, user: str, record: str, keys: str) -> tuple[str, str]:
        """Both addresses for a login with its two passwords."""
        return (
            make_conninfo(self.record, user=user, password=record),
            make_conninfo(self.keys, user=user, password=keys),
        )


API = PASSWORDS["POLDER_API_PASSWORD"], PASSWORDS["POLDER_API_KEYS_PASSWORD"]


@pytest.fixture(scope="module")
async def places(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Places]:
    """Two servers on which the services that make logins have run."""
    homes = tmp_path_factory.mktemp("places")
    async with (
        postgres_running(homes / "record") as record,
        postgres_running(homes / "keys") as keys,
    ):
        one = await create_database(record.address, NAME)
        other = beside(await create_database(keys.address, NAME))
        found = Places(one, other, record)
        await asyncio.to_thread(make_logins, found)
        yield found


def make_logins(places: Places, **settings: str) -> None:
    """Run the scripts of `record-roles` and `keys-roles`, with other settings."""
    for service, url in (("record-roles", places.record), ("keys-roles", places.keys)):
        store = Store.from_url(url)
        done = compose_script(
            service,
            PGHOST=store.host,
            PGPORT=str(store.port),
            PGPASSWORD=store.password,
            PGDATABASE=url.rpartition("/")[2],
            **settings,
        )
        assert done.returncode == 0, done.stdout


def as_there(places: Places, service: str, home: Path) -> dict[str, str]:
    """A service's environment, with the places that are other here."""
    given: dict[str, str] = SERVICES[service]["environment"]
    moved = {
        name: given[name].partition("@")[0] + "@" + url.partition("@")[2]
        for name, url in (
            ("DATABASE_URL", places.record),
            ("KEYS_DATABASE_URL", places.keys),
        )
    }
    return {
        **given,
        **moved,
        "TEMPORAL_ADDRESS": f"{LOOPBACK}:{free_port()}",
        "POLDER_DESK_KEY": str(home / "desk-key" / "desk.key"),
        "POLDER_HOME": str(home / "home"),
        "PATH": os.defpath,
    }


class Api:
    """The service as a process, on a port of its own."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.port = free_port()
        self._log = log
        asked = [*SERVICES["api"]["command"], "--port", str(self.port)]
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cli", *asked],
                cwd=ROOT,
                env=environment,
                stdout=file,
                stderr=file,
            )

    async def well(self) -> bool:
        """What the service's health check says."""
        assert self.process.poll() is None, self._log.read_text("utf-8")[-4000:]
        how, interpreter, option, code = SERVICES["api"]["healthcheck"]["test"]
        assert (how, interpreter, option) == ("CMD", "python", "-c")
        assert str(PORT) in code
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", code.replace(str(PORT), str(self.port))],
            env={"PATH": os.defpath},
            capture_output=True,
            check=False,
        )
        return done.returncode == 0

    async def ill(self) -> bool:
        """The opposite."""
        return not await self.well()

    async def get(self, path: str, token: str = "") -> httpx.Response:
        """Ask for something."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with httpx.AsyncClient(timeout=15) as client:
            url = f"http://{LOOPBACK}:{self.port}{path}"
            return await client.get(url, headers=headers)


@contextmanager
def running(environment: dict[str, str], log: Path) -> Generator[Api]:
    """Run it; it is gone afterwards."""
    api = Api(environment, log)
    try:
        yield api
    finally:
        if api.process.poll() is None:
            api.process.kill()
        api.process.wait(10)


async def test_its_login_becomes_one_role_and_no_other(places: Places) -> None:
    """In the record and where the keys are; by itself it has no right at all."""
    record, keys = places.of(LOGIN, *API)
    members = (
        "SELECT r.rolname, m.inherit_option, m.set_option, m.admin_option"
        " FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid"
        " WHERE m.member = current_user::regrole"
    )
    powers = (
        "SELECT rolsuper OR rolinherit OR rolcreaterole OR rolcreatedb"
        " OR rolreplication OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    )
    for url, role in ((record, "polder_api"), (keys, "polder_keys")):
        async with await psycopg.AsyncConnection.connect(url) as bare:
            found = await (await bare.execute(members)).fetchall()
            assert found == [(role, False, True, False)]
            assert await (await bare.execute(powers)).fetchone() == (False,)
    async with await connect(record, role="polder_api"):
        pass
    shut: tuple[Role, ...] = ("polder_writer", "polder_reader", "polder_sealer")
    for role in shut:
        with pytest.raises(SchemaMismatch, match="permission denied"):
            await connect(record, role=role)
    async with Keys(keys) as opened, opened.held("waterdam", ["p-1"]) as held:
        assert await opened.get([held["p-1"].id])


async def test_a_new_password_takes_the_place_of_the_old(places: Places) -> None:
    """The set-up that runs at every start changes nothing else."""
    old, _ = places.of(LOGIN, *API)
    new, _ = places.of(LOGIN, "ano'ther", API[1])
    try:
        await asyncio.to_thread(make_logins, places, API_PASSWORD="ano'ther")
        async with await connect(new, role="polder_api"):
            pass
        with pytest.raises(Unavailable, match="password"):
            await connect(old, role="polder_api")
    finally:
        await asyncio.to_thread(make_logins, places)
    async with await connect(old, role="polder_api"):
        pass


async def test_it_serves_with_what_it_is_given(places: Places, tmp_path: Path) -> None:
    """A token of the command line lets one read; it is well until the record goes."""
    environment = as_there(places, "api", tmp_path)
    made = compose_script(
        "desk-key",
        POLDER_DESK_KEY=environment["POLDER_DESK_KEY"],
        PYTHONPATH=str(ROOT),
    )
    assert made.returncode == 0, made.stdout
    token = await asyncio.to_thread(token_of, places, tmp_path)
    with running(environment, tmp_path / "log") as api:
        await until(api.well, within=60, every=0.5)
        health = await api.get("/health")
        assert health.json() == {"status": "DEGRADED"}, "Temporal is away"
        listed = await api.get("/v1/dialogues", token)
        assert listed.status_code == 200, listed.text
        assert (await api.get("/v1/dialogues", "pld_no")).status_code == 401
        await pages_are_there(api, token)
        await places.record_server.stop()
        try:
            await until(api.ill, within=60, every=0.5)
            assert (await api.get("/health")).status_code == 503
        finally:
            await places.record_server.start()
        await until(api.well, within=60, every=0.5)
        api.process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(api.process.wait, 15) == 0


async def pages_are_there(api: Api, token: str) -> None:
    """People get in by a link alone, and see the pages with what belongs to them."""
    door = await api.get("/in?to=/portfolio")
    assert (door.status_code, "/in/oidc" in door.text) == (200, False)
    for address in re.findall(r'"(/assets/[^"]+)"', door.text):
        assert (await api.get(address)).status_code == 200
    listed = await api.get("/portfolio", token)
    assert (listed.status_code, "<h1" in listed.text) == (200, True)
    sent = await api.get("/portfolio")
    assert (sent.status_code, sent.headers["location"]) == (303, "/in?to=/portfolio")


async def test_people_are_sent_to_where_they_log_in(
    places: Places, tmp_path: Path
) -> None:
    """By what the compose file passes on; a provider that is away is told kindly."""
    files = {
        "CLIENT_SECRET_FILE": "of-this-client",
        "CLAIMS": json.dumps(
            {
                "organisation": {"always": "gemeente-waterdam"},
                "roles": {"values": {"polder-controle": ["auditor"]}},
            }
        ),
        "DOORKEEPERS_FILE": "pld_nobody",
    }
    issuer = f"http://{LOOPBACK}:{free_port()}"
    told = {"POLDER_OIDC_ISSUER": issuer, "POLDER_OIDC_CLIENT_ID": "polder"}
    for name, content in files.items():
        place = tmp_path / name.lower()
        place.write_text(content, encoding="utf-8")
        told[f"POLDER_OIDC_{name}"] = str(place)
    given = load(REQUIRED | told)["services"]["api"]["environment"]
    environment = as_there(places, "api", tmp_path) | {n: given[n] for n in told}
    del environment["POLDER_DESK_KEY"]
    with running(environment, tmp_path / "log") as api:
        await until(api.well, within=60, every=0.5)
        door = await api.get("/in?to=/portfolio")
        assert "/in/oidc?to=/portfolio" in door.text
        away = await api.get("/in/oidc?to=/portfolio")
        assert (away.status_code, "<h1" in away.text) == (503, True)


def token_of(places: Places, home: Path) -> str:
    """Make a token with `docker compose run --rm polder token create …`."""
    made = subprocess.run(
        [
            *(sys.executable, "-m", "cli", "token", "create", "--json"),
            *("--organisation", "gemeente-waterdam", "--role", "auditor"),
        ],
        cwd=ROOT,
        env=as_there(places, "polder", home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return str(json.loads(made.stdout)["token"])
