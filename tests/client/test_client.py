"""Both clients are patient, do nothing twice, and miss no event.

Against a server on loopback that fails as it is told; the real one is in
`tests/client/test_real.py`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from typing import Any, TypeVar

import pytest

from polder_client import (
    AsyncPolder,
    NotFound,
    NothingToDo,
    Polder,
    Unavailable,
    Unreachable,
)
from tests.client.scripted import Answer, Scripted, scripted

T = TypeVar("T")
BUSY = Answer(503, b'{"error":"Unreachable"}', {"Retry-After": "0"})
CUT = Answer(body=b'{"versi', cut=True)
DONE = Answer(
    body=b'{"version":3,"recorded":true,"events":[{"seq":3,"type":"t","hash":"h"}]}'
)
TOKEN = "pld_geheim"


class Asking:
    """One client or the other, asked in the same way."""

    def __init__(self, client: Polder | AsyncPolder) -> None:
        """Use a client that is open."""
        self._client: Any = client
        self._waits = isinstance(client, Polder)

    async def do(self, name: str, *args: object, **more: object) -> Any:  # noqa: ANN401
        """Call a method that gives one answer."""
        method = getattr(self._client, name)
        if self._waits:
            return await asyncio.to_thread(method, *args, **more)
        return await method(*args, **more)

    async def take(
        self, number: int, name: str, *args: object, **more: object
    ) -> list[Any]:
        """Call a method that gives many; take so many of them at most."""
        many = getattr(self._client, name)(*args, **more)
        if self._waits:
            return await asyncio.to_thread(_first, many, number)
        async with aclosing(many):
            return [each async for each in _firsts(many, number)]


@asynccontextmanager
async def asking(way: str, url: str, patience: float = 10) -> AsyncGenerator[Asking]:
    """Open a client for a server; `way` says which."""
    if way == "waits":
        with Polder(url, TOKEN, patience=patience) as client:
            yield Asking(client)
    else:
        async with AsyncPolder(url, TOKEN, patience=patience) as client:
            yield Asking(client)


@asynccontextmanager
async def asked(way: str, *answers: Answer) -> AsyncGenerator[tuple[Scripted, Asking]]:
    """Run a server that answers so, and a client that asks it."""
    with scripted(*answers) as server:
        async with asking(way, server.url) as polder:
            yield server, polder


def _first(many: Iterator[T], number: int) -> list[T]:
    return [each for _, each in zip(range(number), many, strict=False)]


async def _firsts(many: AsyncIterator[T], number: int) -> AsyncIterator[T]:
    left = number
    async for each in many:
        yield each
        left -= 1
        if not left:
            return


both = pytest.mark.parametrize("way", ["waits", "awaits"])


@both
async def test_what_is_sent_again_is_the_same_command(way: str) -> None:
    """After a server that was away and a connection that broke: one id, one body."""
    async with asked(way, BUSY, CUT, DONE) as (server, polder):
        command = {"items": ["a.b"], "note": "één"}
        answer = await polder.do("send", "o:d", "complete_items", command, if_version=2)
    assert (answer.version, answer.recorded, answer.repeated) == (3, True, False)
    assert [fact.seq for fact in answer.events] == [3]
    first, second, third = server.asked
    assert first.path == "/v1/dialogues/o:d/commands"
    assert first.body == second.body == third.body
    keys = {each.headers["idempotency-key"] for each in server.asked}
    assert keys == {answer.id}
    assert first.headers["if-match"] == '"2"'
    assert first.headers["authorization"] == f"Bearer {TOKEN}"


@both
async def test_a_refusal_is_not_tried_again(way: str) -> None:
    """It is an exception of its name, at once."""
    body = b'{"error":"NothingToDo","detail":"Er is niets te doen."}'
    async with asked(way, Answer(409, body)) as (server, polder):
        with pytest.raises(NothingToDo, match="niets te doen"):
            await polder.do("send", "o:d", "archive_dialogue", {})
        assert len(server.asked) == 1


@both
async def test_patience_ends(way: str) -> None:
    """A server that stays away is told as it told us; none at all is unreachable."""
    late = Answer(503, b"{}", {"Retry-After": "60"})
    async with asked(way, late) as (server, polder):
        with pytest.raises(Unavailable):
            await polder.do("dialogue", "o:d")
    async with asking(way, server.url, 0.3) as polder:
        with pytest.raises(Unreachable):
            await polder.do("dialogue", "o:d")


@both
async def test_what_was_accepted_is_waited_for(way: str) -> None:
    """A 202 names where the outcome will be, and that is asked until it is known."""
    where = {"Location": "/v1/dialogues/o:d/commands/c-1"}
    pending = Answer(202, b'{"status":"pending"}', where)
    async with asked(way, pending, pending, DONE) as (server, polder):
        answer = await polder.do("send", "o:d", "start_step", {"step": "a"}, id="c-1")
    assert (answer.id, answer.version) == ("c-1", 3)
    paths = [(each.method, each.path) for each in server.asked]
    assert paths[1:] == [("GET", where["Location"])] * 2


@both
async def test_a_list_is_followed_to_its_end(way: str) -> None:
    """Page by page, by what its link asks, and always at the server we chose."""
    link = '<https://elsewhere.example/v1/methods?cursor=x%2B1&limit=1>; rel="next"'
    pages = [
        Answer(body=b'{"items":[{"id":"a"}]}', headers={"Link": link}),
        Answer(body=b'{"items":[{"id":"b"}]}'),
    ]
    async with asked(way, *pages) as (server, polder):
        found = await polder.take(9, "methods")
    assert [each["id"] for each in found] == ["a", "b"]
    assert [each.path for each in server.asked][1] == "/v1/methods?cursor=x%2B1&limit=1"


def _told(number: int) -> bytes:
    event: dict[str, Any] = {
        "leaf": number,
        "dialogue": "o:d",
        "seq": number,
        "type": "t",
        "hash": "h",
        "at": "2026-11-22T07:00:00Z",
        "event": {},
    }
    return f"id: {number}\nevent: t\ndata: {json.dumps(event)}\n\n".encode()


@both
async def test_a_stream_that_breaks_goes_on_where_it_was(way: str) -> None:
    """Half an event is read again, whole; none is missed and none comes twice."""
    kind = {"Content-Type": "text/event-stream"}
    first = b"retry: 10\n\n" + _told(1) + _told(2)[:20]
    answers = [
        Answer(body=first, headers=kind, cut=True),
        BUSY,
        Answer(body=_told(2), headers=kind),
        Answer(body=b": nothing yet\n\n" + _told(3), headers=kind),
    ]
    async with asked(way, *answers) as (server, polder):
        found = await polder.take(3, "follow", "o:d", after=0)
    assert [each.seq for each in found] == [1, 2, 3]
    last = [each.headers.get("last-event-id") for each in server.asked]
    assert last == ["0", "1", "1", "2"]


@both
async def test_a_stream_of_a_dialogue_that_is_not_ours_is_not_there(
    way: str,
) -> None:
    """What is refused is told at once."""
    body = b'{"error":"NotFound","detail":"Er is geen dialoog o:d."}'
    async with asked(way, Answer(404, body)) as (server, polder):
        with pytest.raises(NotFound, match="geen dialoog"):
            await polder.take(1, "follow", "o:d")
        assert len(server.asked) == 1
