"""A house whose pages people visit: real servers, a real browser, a session of each.

``site.url`` is where it is. ``await site.dialogue("parkzicht")`` starts a dialogue
that ``p-1`` directs, and ``await site.send(stream, kind, body)`` does something in it,
as they would at a desk. A page is looked at as `looking` says.
"""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx
import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, Page, async_playwright

from api.settings import Settings
from desk.access import entering, links
from desk.answer import Answer
from desk.desk import Desk, Sender
from pages.entering.settings import Oidc
from pages.serving import make_app
from storage.login import see_to_login
from tests.desk.town_hall import DIRECTOR, ORGANISATION, TownHall
from tests.pages.looking import listened_to
from tests.services import until

METHOD: Final = "stakeholderdialoog"
NO_BROWSER: Final = (
    "no Chromium here: apt-get install --no-install-recommends "
    "chromium-headless-shell (or chromium)"
)

_WIDE: Final = {"width": 1280, "height": 900}
_logins = count(1)
_dialogues = count(1)


@dataclass
class Site:
    """API and pages on a port, a worker, and a desk beside them."""

    url: str
    hall: TownHall
    app: FastAPI
    settings: Settings
    _sessions: dict[tuple[str, str], str] = field(
        default_factory=dict[tuple[str, str], str]
    )

    @property
    def desk(self) -> Desk:
        """The desk at which things are done beside the pages."""
        return self.hall.desk

    async def dialogue(
        self,
        slug: str | None = None,
        *,
        method: str = METHOD,
        title: str = "Parkzicht",
        roles: Mapping[str, list[str]] | None = None,
        **more: Any,  # noqa: ANN401 (members of the command)
    ) -> str:
        """Start a dialogue that ``p-1`` directs, and give its name."""
        stream = f"{ORGANISATION}:{slug or f'dialoog-{next(_dialogues)}'}"
        held = {"process_director": ["p-1"], **(roles or {})}
        body = {"method": method, "title": title, "roles": held, **more}
        await self.desk.start(stream, body, DIRECTOR)
        return stream

    async def send(
        self,
        stream: str,
        kind: str,
        body: Mapping[str, Any] | None = None,
        sender: Sender = DIRECTOR,
    ) -> Answer:
        """Do something in a dialogue, as the process director unless told otherwise."""
        answer = await self.desk.send(stream, kind, body or {}, sender)
        assert answer is not None
        return answer

    async def session(self, role: str, actor: str = "p-1") -> str:
        """Give the secret of a session in a role: what the cookie holds."""
        key = role, actor
        if key not in self._sessions:
            sender = Sender("beheer-1", "system")
            made = await entering.create(
                self.desk, ORGANISATION, actor, sender, roles=[role]
            )
            opened = await entering.open_session(self.desk.pool, made.secret)
            assert opened is not None
            self._sessions[key] = opened.secret
        return self._sessions[key]

    async def guest(self, stream: str, actor: str) -> str:
        """Give the secret of a participant's session: of one person in one dialogue."""
        key = stream, actor
        if key not in self._sessions:
            made = await links.create(self.desk, stream, actor, DIRECTOR)
            opened = await links.open_session(self.desk.pool, made.secret)
            assert opened is not None
            self._sessions[key] = opened.secret
        return self._sessions[key]

    def caller(self, session: str, **more: Any) -> httpx.AsyncClient:  # noqa: ANN401
        """Give who asks for pages without a browser, by a session."""
        return httpx.AsyncClient(
            base_url=self.url, cookies={"polder_session": session}, timeout=20, **more
        )


@asynccontextmanager
async def house(
    hall: TownHall,
    theme: Path | None = None,
    provided: Oidc | None = None,
    **more: Any,  # noqa: ANN401
) -> AsyncGenerator[Site]:
    """Serve API and pages on a port; ``more`` are settings. It ends with the block.

    ``provided`` says where people log in.
    """
    login = await asyncio.to_thread(
        see_to_login, hall.database, name=f"pages_{next(_logins)}"
    )
    settings = Settings(
        database=login.database,
        keys=login.keys,
        temporal=hall.client.service_client.config.target_host,
        namespace=hall.client.namespace,
        patience=timedelta(seconds=10),
        limit_rate=0,
    )
    settings = settings.model_copy(update=more)
    app = make_app(settings, theme=theme, provided=provided)
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            app, log_level="warning", timeout_graceful_shutdown=2, server_header=False
        )
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve([port]))
        try:
            await until(_started(server))
            yield Site(f"http://127.0.0.1:{port.getsockname()[1]}", hall, app, settings)
        finally:
            app.state.service.stopping.set()
            server.should_exit = True
            await running


def _started(server: uvicorn.Server) -> Callable[[], Awaitable[bool]]:
    async def started() -> bool:
        return server.started

    return started


# In a browser.


def chromium() -> str | None:
    """Say where this machine's Chromium is; None where it has none.

    Debian's shell without a screen goes first: the same pages in a third of the work.
    """
    names = (
        "chromium-headless-shell",
        "chromium",
        "chromium-browser",
        "google-chrome",
    )
    return next((found for name in names if (found := shutil.which(name))), None)


@asynccontextmanager
async def browsing(program: str) -> AsyncGenerator[Browser]:
    """Open a browser; it ends with the block."""
    async with async_playwright() as playwright:
        # Root has no sandbox of its own; what is shown here is ours.
        browser = await playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        )
        try:
            yield browser
        finally:
            await browser.close()


async def visitor(
    browser: Browser,
    site: Site,
    role: str | None,
    *,
    script: bool = True,
    actor: str = "p-1",
    stream: str | None = None,
    **more: Any,  # noqa: ANN401 (of Playwright's contexts)
) -> Page:
    """Open a window of somebody who is in by a session in this role; None: of nobody.

    A participant is in one dialogue, ``stream``. They read Dutch. Addresses are
    relative to the house: ``page.goto("/today")``.
    """
    told: dict[str, Any] = {
        "base_url": site.url,
        "locale": "nl-NL",
        "timezone_id": "Europe/Amsterdam",
        "viewport": _WIDE,
        "java_script_enabled": script,
    }
    context = await browser.new_context(**(told | more))
    context.set_default_timeout(10_000)
    if role is not None:
        own = site.guest(stream, actor) if stream else site.session(role, actor)
        secret = await own
        await context.add_cookies(
            [
                {
                    "name": "polder_session",
                    "value": secret,
                    "url": site.url,
                    "httpOnly": True,
                    "sameSite": "Strict",
                }
            ]
        )
    return listened_to(await context.new_page())
