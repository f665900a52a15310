"""What the API adds: to a command beside the same update, to a GET beside a bare route.

Both servers are processes of their own and answer over the same kind of connection. The
bare route gives the very bytes that the dialogue's GET gave.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from statistics import median
from typing import Any, Final, NamedTuple

import httpx

from benchmarks.bare_http import PATH
from benchmarks.dialogues import DIRECTOR, Driven, all_of, start
from benchmarks.figures import Figure, compared
from benchmarks.ground import Ground
from benchmarks.measuring import Operation, Samples, in_rounds, ratio
from benchmarks.sizes import Sizes
from desk.access import tokens
from desk.desk import Desk, Sender, open_desk
from servers.api import ApiProcess

COMMAND: Final = "command over HTTP, answered on record"
ROLELESS: Final = "command over HTTP that names no role"
UPDATE: Final = "the same update by SDK"
GET: Final = "GET of a dialogue"
BARE: Final = "bare FastAPI route with the same bytes"
PAGE: Final = "GET of a page with 20 of 60 stakeholders"
UNCHANGED: Final = "GET of a dialogue that is known (304)"

COMMAND_BOUND: Final = 1.25
GET_BOUND: Final = 3.0

_STAKEHOLDERS: Final = 60


class BareProcess(ApiProcess):
    """The bare route as a process."""

    name = "Bare"
    module = "benchmarks.bare_http"


class _Caller(NamedTuple):
    """Two servers, and how they are called."""

    api: httpx.AsyncClient
    bare: httpx.AsyncClient

    async def completes(self, dialogue: Driven, role: str | None) -> httpx.Response:
        """Complete an item over HTTP."""
        body: dict[str, Any] = {"kind": "complete_items", "command": dialogue.taken()}
        body |= {"role": role} if role else {}
        path = f"/v1/dialogues/{dialogue.stream}/commands"
        return _good(await self.api.post(path, json=body))

    async def shows(self, stream: str, tag: str | None = None) -> httpx.Response:
        """Ask for a dialogue."""
        headers = {"If-None-Match": tag} if tag else {}
        return _good(await self.api.get(f"/v1/dialogues/{stream}", headers=headers))

    async def lists(self, stream: str) -> httpx.Response:
        """Ask for a page of a list."""
        path = f"/v1/dialogues/{stream}/stakeholders?limit=20"
        return _good(await self.api.get(path))


def _good(found: httpx.Response) -> httpx.Response:
    assert found.status_code in {200, 304}, found.text
    return found


async def http(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Compare the API with what is beneath it."""
    named, roleless, by_sdk, shown = await start(ground, 4)
    await all_of(each.stock(sizes.rounds * 2) for each in (named, roleless, by_sdk))
    for each in (named, roleless, by_sdk, shown):
        await each.ready()
    await _known(ground, shown.stream)
    async with _calling(ground, shown.stream) as caller:
        tag = (await caller.shows(shown.stream)).headers["etag"]
        samples = await in_rounds(
            {
                COMMAND: Operation(
                    lambda: caller.completes(named, DIRECTOR["role"]),
                    lambda _: named.reopens(),
                ),
                ROLELESS: Operation(
                    lambda: caller.completes(roleless, None),
                    lambda _: roleless.reopens(),
                ),
                UPDATE: Operation(by_sdk.completes, lambda _: by_sdk.reopens()),
                GET: Operation(lambda: caller.shows(shown.stream)),
                PAGE: Operation(lambda: caller.lists(shown.stream)),
                UNCHANGED: Operation(lambda: caller.shows(shown.stream, tag)),
                BARE: Operation(lambda: caller.bare.get(PATH)),
            },
            sizes.rounds,
        )
    return [
        _told(samples, COMMAND, UPDATE, COMMAND_BOUND),
        _told(samples, ROLELESS, UPDATE),
        _told(samples, GET, BARE, GET_BOUND),
        _told(samples, UNCHANGED, BARE),
        _told(samples, PAGE, GET),
    ]


async def _known(ground: Ground, stream: str) -> None:
    """Register stakeholders in a dialogue."""
    desk = Desk(ground.pool, ground.keys, ground.temporal)
    sender = Sender(DIRECTOR["id"], DIRECTOR["role"])
    for number in range(_STAKEHOLDERS):
        who = {"stakeholder": f"s-{number:03}", "kind": "bewoners"}
        await desk.send(stream, "register_stakeholder", who, sender)


def _told(samples: Samples, one: str, other: str, bound: float | None = None) -> Figure:
    above, below = (1_000 * median(samples[name]) for name in (one, other))
    note = f"{above:.1f} ms ÷ {below:.1f} ms"
    found = ratio(samples[one], samples[other])
    return compared("http", f"{one} ÷ {other}", found, bound=bound, note=note)


@asynccontextmanager
async def _calling(ground: Ground, stream: str) -> AsyncGenerator[_Caller]:
    """Start both servers, and give who calls them."""
    settings = {
        **os.environ,
        "DATABASE_URL": ground.database,
        "TEMPORAL_ADDRESS": ground.temporal,
        "TEMPORAL_NAMESPACE": ground.client.namespace,
        "POLDER_RATE": "0",
    }
    token = await _token(ground)
    async with AsyncExitStack() as stack:
        api = ApiProcess(ground.directory / "api", settings)
        await stack.enter_async_context(api)
        client = await stack.enter_async_context(_client(api.address, token))
        body = ground.directory / "body.json"
        shown = await client.get(f"/v1/dialogues/{stream}")
        body.write_bytes(_good(shown).content)
        told = {**os.environ, "BARE_BYTES": str(body)}
        bare = BareProcess(ground.directory / "bare-http", told)
        await stack.enter_async_context(bare)
        beside = await stack.enter_async_context(_client(bare.address, token))
        yield _Caller(client, beside)


def _client(address: str, token: str) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.AsyncClient(base_url=address, headers=headers, timeout=30)


async def _token(ground: Ground) -> str:
    async with open_desk(ground.database, ground.temporal) as desk:
        sender = Sender("benchmark", "system")
        made = await tokens.create(
            desk, ground.organisation, ["director"], sender, actor=DIRECTOR["id"]
        )
    return made.token
