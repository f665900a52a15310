"""How soon a subscriber has an event, and whether a long replay leaves anything out.

The worker is a process of its own, as it runs: it seals, and it delivers. Whoever
receives is this process. What an event took is from ``recorded_at`` until its request
was read here, signature and all. Then everything that a long log holds is sent once
more from its first event on, while ten events a second go on being recorded.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from statistics import median
from typing import Final

import psycopg
from aiohttp import web
from google.protobuf.duration_pb2 import Duration
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError

from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.made import database, fill
from benchmarks.script import Script
from benchmarks.sizes import Sizes
from desk import subscribing
from desk.desk import Desk, Sender, open_desk
from desk.subscription_wish import Wish
from desk.upkeep import register_search_attributes
from polder_client.webhooks import verified
from servers.worker import WorkerProcess
from storage.logkey import create
from storage.pool import make_pool
from storage.projecting import Projections
from storage.record import append

RATE: Final = 10
"""Events a second."""

_DIALOGUES: Final = 10
_BY: Final = Sender("benchmark", "system")
_QUIET: Final = 120.0
"""Seconds without anything after which what is missing is taken for lost."""


class _Receiver:
    """Takes everything, and keeps what it needs of it."""

    def __init__(self) -> None:
        self.secret = ""
        self.numbers: dict[str, list[int]] = {}
        self.took: list[float] = []
        self.last = time.monotonic()

    @property
    def count(self) -> int:
        """How many came."""
        return sum(map(len, self.numbers.values()))

    async def post(self, request: web.Request) -> web.Response:
        """Take one."""
        body = await request.read()
        event = verified(self.secret, request.headers, body)
        self.last, now = time.monotonic(), time.time()
        self.took.append(now - datetime.fromisoformat(event["time"]).timestamp())
        number = int(event["sequence"])
        self.numbers.setdefault(event["subject"], []).append(number)
        return web.Response(status=204)

    async def options(self, _: web.Request) -> web.Response:
        """Agree."""
        return web.Response(headers={"WebHook-Allowed-Origin": "*"})

    def wrong(self, expected: dict[str, int]) -> int:
        """How many dialogues have a gap, lack something, or are out of order."""
        first = {s: list(dict.fromkeys(n)) for s, n in self.numbers.items()}
        return sum(
            first.get(stream, []) != [*range(1, last + 1)]
            for stream, last in expected.items()
        )


async def delivery(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Deliver as it happens, then everything; on given servers nothing is measured."""
    if not ground.embedded:
        return []
    async with _worker(ground) as (url, namespace):
        soon = await _soon(ground, sizes, url, namespace)
    async with _worker(ground) as (url, namespace):
        return soon + await _replayed(ground, sizes, url, namespace)


@asynccontextmanager
async def _worker(ground: Ground) -> AsyncGenerator[tuple[str, str]]:
    """Run a worker on a record and in a namespace of its own."""
    name = f"delivery-{secrets.token_hex(4)}"
    await _namespace(ground, name)
    key = ground.directory / "keys" / f"{name}.key"
    create(key, "benchmark")
    async with database(ground) as url:
        told = {
            "DATABASE_URL": url,
            "TEMPORAL_ADDRESS": ground.temporal,
            "TEMPORAL_NAMESPACE": name,
            "POLDER_LOG_KEY": str(key),
            "POLDER_ALLOW_PRIVATE_TARGETS": "127.0.0.1",
        }
        async with WorkerProcess(ground.directory / name, told):
            yield url, name


async def _namespace(ground: Ground, name: str) -> None:
    asked = RegisterNamespaceRequest(
        namespace=name, workflow_execution_retention_period=Duration(seconds=86_400)
    )
    await ground.client.workflow_service.register_namespace(asked)
    own = await Client.connect(
        ground.temporal, namespace=name, data_converter=pydantic_data_converter
    )
    for _ in range(100):
        try:
            await register_search_attributes(own)
        except RPCError:
            await asyncio.sleep(0.1)
        else:
            return


@asynccontextmanager
async def _receiving(receiver: _Receiver) -> AsyncGenerator[str]:
    app = web.Application()
    app.router.add_post("/", receiver.post)
    app.router.add_route("OPTIONS", "/", receiver.options)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


async def _subscribe(desk: Desk, organisation: str, to: _Receiver, url: str) -> None:
    receiver_secret = to.secret = subscribing.fresh_secret()
    wish = Wish(url, secret=receiver_secret, from_leaf=0)
    made = await subscribing.create(desk, organisation, wish, _BY, private="127.0.0.1")
    found = made.subscription
    while found.status == "pending":
        await asyncio.sleep(0.1)
        found = await subscribing.find(desk, found.id)
    assert found.status == "active", found.problem


async def _soon(ground: Ground, sizes: Sizes, url: str, namespace: str) -> list[Figure]:
    receiver, organisation = _Receiver(), ground.organisation
    async with (
        _receiving(receiver) as target,
        open_desk(url, ground.temporal, namespace) as desk,
    ):
        await _subscribe(desk, organisation, receiver, target)
        expected = await _record(url, organisation, sizes.stream_seconds)
        await _until(receiver, sum(expected.values()))
    took = sorted(receiver.took)
    p50, p99 = median(took), took[len(took) * 99 // 100]
    return [
        Figure(
            name="delivery", what="recorded → received by a subscriber, p50", unit="s",
            value=p50, bound=0.3, note=f"{len(took)} events at {RATE} a second",
        ),
        Figure(
            name="delivery", what="recorded → received by a subscriber, p99", unit="s",
            value=p99, bound=2, note=f"longest {took[-1]:.2f} s",
        ),
        Figure(
            name="delivery", what="dialogues with a gap, or out of order", unit="",
            value=receiver.wrong(expected), bound=0,
        ),
    ]  # fmt: skip


async def _replayed(
    ground: Ground, sizes: Sizes, url: str, namespace: str
) -> list[Figure]:
    receiver, organisation = _Receiver(), ground.organisation
    each = sizes.replayed // _DIALOGUES
    await fill(url, organisation, _DIALOGUES, each, private=False)
    await _sealed(url)
    expected = await _lengths(url, organisation)
    count = sum(expected.values())
    async with (
        _receiving(receiver) as target,
        open_desk(url, ground.temporal, namespace) as desk,
    ):
        began = time.monotonic()
        await _subscribe(desk, organisation, receiver, target)
        goes_on = asyncio.create_task(_go_on(url, organisation))
        await _until(receiver, count)
        seconds = time.monotonic() - began
        goes_on.cancel()
        await asyncio.wait({goes_on})
        expected = await _lengths(url, organisation)
        await _until(receiver, sum(expected.values()))
    wrong = receiver.wrong(expected)
    twice = receiver.count - sum(expected.values())
    return [
        Figure(
            name="delivery", what=f"replay of {count} events: gaps, losses", unit="",
            value=wrong, bound=0,
            note=f"{count / seconds:.0f} events a second; {twice} came twice",
        ),
    ]  # fmt: skip


async def _record(url: str, organisation: str, seconds: int) -> dict[str, int]:
    """Record evenly, in some dialogues in turn; give how many events each has."""
    scripts = [Script(f"{organisation}:d{n}") for n in range(_DIALOGUES)]
    projections = {each.stream: Projections() for each in scripts}
    loop, found = asyncio.get_running_loop(), dict[str, int]()
    async with make_pool(url, max_size=2) as pool:
        began = loop.time()
        for number in range(seconds * RATE // 2):
            await asyncio.sleep(max(0, began + number * 2 / RATE - loop.time()))
            script = scripts[number % _DIALOGUES]
            begun = script.stream in found
            batch = script.next(2) if begun else script.start()
            await append(pool, batch, projections[script.stream])
            found[script.stream] = found.get(script.stream, 0) + len(batch.events)
    return found


async def _go_on(url: str, organisation: str) -> None:
    """Record another dialogue, until cancelled."""
    script = Script(f"{organisation}:goes-on")
    async with make_pool(url, max_size=2) as pool:
        await append(pool, script.start())
        while True:
            await asyncio.sleep(2 / RATE)
            await append(pool, script.next(2))


async def _sealed(url: str) -> None:
    """Wait until everything has its place in the log."""
    query = "SELECT count(*) FROM audit.event e WHERE stream <> 'polder:log'"
    sealed = "SELECT count(*) FROM audit.leaf WHERE stream <> 'polder:log'"
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
        while True:
            row = await (
                await conn.execute(f"SELECT ({query}) = ({sealed})")
            ).fetchone()
            if row and row[0]:
                return
            await asyncio.sleep(0.5)


async def _lengths(url: str, organisation: str) -> dict[str, int]:
    query = "SELECT stream, seq FROM audit.stream WHERE starts_with(stream, %s)"
    async with await psycopg.AsyncConnection.connect(url) as conn:
        rows = await conn.execute(query, [f"{organisation}:"])
        return dict(await rows.fetchall())


async def _until(receiver: _Receiver, count: int) -> None:
    """Wait until so many came, or nothing came for long."""
    receiver.last = time.monotonic()
    while receiver.count < count:
        if time.monotonic() - receiver.last > _QUIET:
            return
        await asyncio.sleep(0.05)
