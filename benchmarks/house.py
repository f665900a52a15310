"""A house in a town: pages, worker, sealer and mail as processes, and people with keys.

All that is on record is sealed before anybody looks. Beside the dialogues of the town,
in which nobody said anything in words, there is one in which people did
(``tests/pages/staged.py``): so every page has something to show.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from benchmarks.ground import Ground
from benchmarks.other import apart
from benchmarks.town import CITY, DIRECTOR
from desk.access import entering, links
from desk.desk import Desk, Sender
from servers import Home, MailServer
from servers.api import PagesProcess
from servers.worker import WorkerProcess
from storage.keys import Keys, beside
from storage.login import see_to_login
from storage.logkey import create
from storage.pool import make_pool
from tests.pages.staged import Stage
from tests.services import own_namespace

NEIGHBOUR: Final = "nm-bewoner-1"
"""Who takes part in the dialogue of words."""

_US: Final = Sender("benchmark", "system")


@dataclass
class House:
    """Where the pages are, a desk beside them, and what stands in addresses."""

    url: str
    desk: Desk
    client: httpx.AsyncClient
    facts: Mapping[str, str]
    _sessions: dict[str, str] = field(default_factory=dict[str, str])

    async def session(self, role: str) -> str:
        """Give the cookie of somebody of the city who directs all dialogues."""
        if role not in self._sessions:
            made = await entering.create(self.desk, CITY, DIRECTOR, _US, roles=[role])
            opened = await entering.open_session(self.desk.pool, made.secret)
            assert opened is not None
            self._sessions[role] = opened.secret
        return self._sessions[role]

    async def guest(self, stream: str, actor: str) -> str:
        """Give the cookie of somebody who takes part in one dialogue."""
        key = f"{stream} {actor}"
        if key not in self._sessions:
            made = await links.create(self.desk, stream, actor, _US)
            opened = await links.open_session(self.desk.pool, made.secret)
            assert opened is not None
            self._sessions[key] = opened.secret
        return self._sessions[key]

    async def get(self, address: str, session: str | None) -> httpx.Response:
        """Ask for a page as a browser does; None: as nobody."""
        cookie = {"Cookie": f"polder_session={session}"} if session else {}
        return await self.client.get(address, headers=cookie)


@asynccontextmanager
async def house(ground: Ground, url: str) -> AsyncGenerator[House]:
    """Open a house on this record; it is closed with the block."""
    key = await _sealed(ground, url)
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        mail = await enter(MailServer(Home(ground.directory / "house").mail))
        space = await own_namespace(ground.client, f"house-{secrets.token_hex(4)}")
        told = {
            **os.environ,
            "DATABASE_URL": url,
            "TEMPORAL_ADDRESS": ground.temporal,
            "TEMPORAL_NAMESPACE": space.namespace,
            "POLDER_LOG_KEY": str(key),
            "SMTP_URL": mail.address,
            "POLDER_RATE": "0",
        }
        told.pop("KEYS_DATABASE_URL", None)
        await enter(_running(WorkerProcess(ground.directory / "house-worker", told)))
        pool, keys = await enter(make_pool(url)), await enter(Keys(beside(url)))
        desk = Desk(pool, keys, ground.temporal, space.namespace)
        facts = await Stage(desk, CITY, f"-{secrets.token_hex(3)}").set_up()
        process = await _pages(ground.directory, url, told)
        await enter(_running(process))
        headers = {"Accept": "text/html", "Accept-Language": "nl"}
        client = await enter(
            httpx.AsyncClient(base_url=process.address, headers=headers, timeout=120)
        )
        yield House(process.address, desk, client, facts)


async def _sealed(ground: Ground, url: str) -> Path:
    """Seal what is on record, with the key that is named or one of our own."""
    named = os.environ.get("POLDER_LOG_KEY")
    key = Path(named) if named else ground.directory / "keys" / "house.key"
    if not key.exists():
        create(key, "benchmark")
    async with apart("once", url, key) as sealer:
        await sealer.told()
    return key


async def _pages(directory: Path, url: str, told: Mapping[str, str]) -> PagesProcess:
    login = await asyncio.to_thread(see_to_login, url, name="benchmark_pages")
    own = {"DATABASE_URL": login.database, "KEYS_DATABASE_URL": login.keys}
    return PagesProcess(directory / "pages", {**told, **own}, port=0)


@asynccontextmanager
async def _running(process: WorkerProcess) -> AsyncGenerator[None]:
    try:
        await process.start()
        yield
    finally:
        await process.stop()
