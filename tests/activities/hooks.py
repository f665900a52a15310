"""A town with dialogues whose events go out, and receivers with moods of their own."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from temporalio.client import Client

from activities.deliver import Delivering
from activities.ourselves import Ourselves
from activities.outward import Outward
from activities.reach import Reach
from activities.turn import Times
from activities.waking import waking
from evidence.event import Sealed
from storage.keys import Keys
from storage.logkey import LogKey, create
from storage.pool import Pool
from storage.record import append
from storage.sealing import seal
from storage.subscriptions import (
    NewSubscription,
    Secrets,
    Subscription,
    add,
    ring,
    subscriptions,
)
from tests.services import until as until_within
from tests.storage.streams import batch, events
from workers.delivering import make_deliverer

ORGANISATION = "gemeente-waterdam"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
QUICK = Times(
    first=timedelta(milliseconds=50),
    longest=timedelta(milliseconds=400),
    patience=timedelta(seconds=3),
    linger=timedelta(milliseconds=500),
)
"""Seconds for hours, and so the same story."""

OURSELVES = Ourselves(
    "https://polder.waterdam.nl", {ORGANISATION: "00000001823288444000"}
)


@dataclass
class Town:
    """Dialogues that go on, and are sealed."""

    pool: Pool
    keys: Keys
    key: LogKey
    dialogues: dict[str, list[Sealed]] = field(default_factory=dict[str, list[Sealed]])

    async def grow(self, number: int, *slugs: str, seals: bool = True) -> None:
        """Record so many events in each of these dialogues, one after the other."""
        for _ in range(number):
            for slug in slugs:
                name = slug if ":" in slug else f"{ORGANISATION}:{slug}"
                known = self.dialogues.setdefault(name, [])
                new = events(1, stream=name, after=known)
                await append(self.pool, batch(new, known[-1] if known else None))
                known += new
        if seals:
            await self.seal()

    async def seal(self) -> None:
        """Give what is recorded its place in the log."""
        await seal(self.pool, self.key)

    async def subscribe(
        self,
        target: str,
        secrets: Secrets | None = None,
        **more: Any,  # noqa: ANN401 (what a subscription has)
    ) -> str:
        """Subscribe to everything from the first event on; gives the id."""
        told: dict[str, Any] = {
            "organisation": ORGANISATION,
            "format": "event",
            "authorisation": "none",
            "types": None,
            "dialogues": None,
            "handshake": True,
            "cursor": 0,
            "created_by": "p-1",
        }
        id = str(uuid.uuid4())
        new = NewSubscription(id=id, target=target, **{**told, **more})
        assert await add(self.pool, self.keys, new, secrets or Secrets(SECRET))
        await ring(self.pool)
        return id

    async def now(self, id: str) -> Subscription:
        """How a subscription stands."""
        [found] = await subscriptions(self.pool, id=id)
        return found

    def delivering(self, times: Times = QUICK, seconds: float = 2) -> Delivering:
        """What delivers, to this machine as well."""
        outward = Outward(Reach.read("127.0.0.1"), seconds=seconds, most=65_536)
        return Delivering(self.pool, self.keys, outward, OURSELVES, times)


@pytest.fixture
async def town(pool: Pool, keys: Keys, tmp_path: Path) -> Town:
    """A town in which nothing happened yet."""
    return Town(pool, keys, create(tmp_path / "keys" / "log.key", "test"))


@asynccontextmanager
async def served(
    client: Client, delivering: Delivering, every: float = 30
) -> AsyncGenerator[None]:
    """Run the root's own worker for subscriptions, and what wakes them."""
    async with make_deliverer(client, delivering), waking(client, delivering, every):
        yield


@dataclass
class Got:
    """What a receiver got."""

    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        """The CloudEvent."""
        return json.loads(self.body)


Mood = Callable[[Got, int], int | web.Response]
"""What comes, and the how-manieth time this event came → what it is answered with."""


@dataclass
class Hook:
    """A receiver that takes what its mood lets it take."""

    mood: Mood = lambda _got, _time: 204
    seconds: float = 0.0
    allows: str | None = "*"
    tried: list[Got] = field(default_factory=list[Got])
    taken: list[Got] = field(default_factory=list[Got])
    asked: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Take it, or not."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        got = Got(headers, await request.read())
        self.tried.append(got)
        if self.seconds:
            await asyncio.sleep(self.seconds)
        again = sum(one.event["id"] == got.event["id"] for one in self.tried)
        said = self.mood(got, again)
        answer = said if isinstance(said, web.Response) else web.Response(status=said)
        if 200 <= answer.status < 300:
            self.taken.append(got)
        return answer

    async def options(self, request: web.Request) -> web.Response:
        """Agree, or not."""
        self.asked.append({n.lower(): value for n, value in request.headers.items()})
        allow = {"WebHook-Allowed-Origin": self.allows} if self.allows else {}
        return web.Response(status=200, headers=allow)

    def numbers(self, got: Sequence[Got] | None = None) -> dict[str, list[int]]:
        """Dialogue → the numbers of its events, in the order in which they came."""
        found: dict[str, list[int]] = {}
        for one in self.taken if got is None else got:
            event = one.event
            if "sequence" in event:
                number = int(event["sequence"])
                found.setdefault(event["subject"], []).append(number)
        return found

    def has(self, number: int) -> Callable[[], Any]:
        """Whether so many came."""

        async def look() -> bool:
            return len(self.taken) >= number

        return look


@asynccontextmanager
async def hooked(hook: Hook, port: int = 0) -> AsyncGenerator[str]:
    """Receive; gives the URL."""
    app = web.Application()
    app.router.add_post("/{any:.*}", hook.post)
    app.router.add_route("OPTIONS", "/{any:.*}", hook.options)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port, reuse_address=True)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def until(holds: Callable[[], Any], within: float = 30) -> None:
    """Wait until something holds."""
    await until_within(holds, within=within)
