"""A Polder over HTTP, for programs with an event loop: what `client` has, awaited."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from itertools import count
from typing import Any, Self, TypeVar

import httpx

from polder_client import asks, following
from polder_client.answers import (
    Answer,
    Checkpoint,
    Delivery,
    Dialogue,
    Happened,
    Subscription,
    Summary,
)
from polder_client.asking import Ask, Reply, fresh_id
from polder_client.asks import Accepted, Tasks, Wish, dialogue_path
from polder_client.casework import AsyncCasework
from polder_client.patience import PATIENCE, grown, pause
from polder_client.problems import Unconfirmed, Unreachable
from polder_client.wire import open_client, reply_of

T = TypeVar("T")


class AsyncPolder(AsyncCasework):
    """A Polder at an address, as whoever a token says you are.

    Every method raises `polder_client.Problem` for what the server refused, and
    `Unreachable` where no answer came within ``patience`` seconds. What is tried again
    has the same id each time, so nothing is done twice.
    """

    def __init__(
        self,
        server: str,
        token: str | None = None,
        *,
        patience: float = PATIENCE,
        language: str | None = None,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        """``server`` is such as ``http://127.0.0.1:8080``; ``http`` replaces ours."""
        self.patience = patience
        self._http = http or open_client(httpx.AsyncClient, server, token, language)

    async def __aenter__(self) -> Self:
        """Use it and close it afterwards."""
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Close its connections."""
        await self.close()

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def ask(self, ask: Ask[T]) -> T:
        """Send a request until it is answered, or patience ends."""
        ends = time.monotonic() + self.patience
        for attempt in count():
            reply, failure = await self._once(ask)
            left = ends - time.monotonic()
            told = reply or Reply(0, {}, b"")
            wait = pause(attempt, left, told.status or None, told.headers)
            if wait is None:
                if reply is None:
                    raise Unreachable(str(failure)) from failure
                return ask.answered(reply)
            await asyncio.sleep(wait)
        raise AssertionError

    async def _once(self, ask: Ask[Any]) -> tuple[Reply | None, Exception | None]:
        try:
            answer = await self._http.request(
                ask.method,
                ask.path,
                params=dict(ask.query) or None,
                headers=dict(ask.headers),
                content=ask.content,
            )
        except httpx.TransportError as error:
            return None, error
        return reply_of(answer), None

    # Acting.

    async def start(
        self,
        dialogue: str,
        *,
        method: str,
        title: str,
        id: str | None = None,
        **more: Any,  # noqa: ANN401  (members of start_dialogue)
    ) -> Answer:
        """Start a dialogue, and wait until that is on record.

        ``more`` are the other members of a start, such as ``question`` and ``roles``.
        """
        body = {"method": method, "title": title, **more}
        return await self._settled(await self.ask(asks.start(dialogue, body, id)))

    async def send(
        self,
        dialogue: str,
        kind: str,
        command: Mapping[str, Any],
        *,
        id: str | None = None,
        role: str | None = None,
        if_version: int | None = None,
        mandate: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Send a command, and wait until its events are on record.

        Without a ``role`` of the method the server finds the one you have. Private
        members take plain text: the server puts it in the vault. Raises
        `Refused` with the refusal's name, and `Unconfirmed` where it was accepted and
        no outcome came in time.
        """
        name = id or fresh_id()
        wish = Wish(dialogue, kind, command, name, role, if_version, mandate)
        return await self._settled(await self.ask(asks.send(wish)))

    async def outcome(self, dialogue: str, id: str) -> Answer | None:
        """Give what became of a command; None while that is not known yet."""
        found = await self.ask(
            asks.outcome(dialogue_path(dialogue, "commands", id), id)
        )
        return found if isinstance(found, Answer) else None

    async def _settled(self, found: Answer | Accepted) -> Answer:
        ends = time.monotonic() + self.patience
        for attempt in count():
            if isinstance(found, Answer):
                return found
            if not found.location or time.monotonic() > ends:
                raise Unconfirmed(found.id, found.location)
            await asyncio.sleep(grown(attempt))
            found = await self.ask(asks.outcome(found.location, found.id))
        raise AssertionError

    # Reading.

    async def dialogues(self, **filters: object) -> AsyncGenerator[Summary]:
        """Give every dialogue that fits, page by page."""
        async for item in self.every("/v1/dialogues", **filters):
            yield asks.summary(item)

    async def dialogue(self, dialogue: str) -> Dialogue:
        """Give a dialogue: where it stands."""
        return await self.ask(asks.dialogue(dialogue))

    def part(
        self, dialogue: str, name: str, **filters: object
    ) -> AsyncGenerator[dict[str, Any]]:
        """Give a list of a dialogue: one of `polder_client.asks.PARTS`."""
        return self.every(dialogue_path(dialogue, name), **filters)

    async def state(self, dialogue: str, at: str | None = None) -> dict[str, Any]:
        """Give the whole state, of now or of an earlier moment."""
        path = dialogue_path(dialogue, "audit", "state")
        return await self.ask(asks.document(path, {"at": at}))

    async def preview_revisit(self, dialogue: str, step: str) -> dict[str, Any]:
        """Say what returning to a step would do."""
        path = dialogue_path(dialogue, "revisit-preview")
        return await self.ask(asks.document(path, {"step": step}))

    def methods(self) -> AsyncGenerator[dict[str, Any]]:
        """Give the methods that there are."""
        return self.every("/v1/methods")

    async def method(self, id: str) -> dict[str, Any]:
        """Give one method, compiled."""
        return await self.ask(asks.document(f"/v1/methods/{id}"))

    async def pack(self, dialogue: str, withhold: Sequence[str] = ()) -> bytes:
        """Give an evidence pack: a ZIP by which anybody can check the dialogue.

        ``withhold`` names private texts to leave out: ``all``, ``/name``, ``12:/name``.
        """
        path = dialogue_path(dialogue, "audit", "pack")
        options = {"withhold": list(withhold) or None}
        return await self.ask(asks.content(path, options))

    async def checkpoint(self) -> Checkpoint:
        """Give the newest published checkpoint of the log."""
        return await self.ask(asks.checkpoint())

    async def agenda(self) -> str:
        """Give the calendar of terms and meetings (RFC 5545)."""
        return await self.ask(asks.text("/v1/agenda.ics"))

    async def tasks(
        self, *, kinds: Sequence[str] = (), limit: int = 50, after: str | None = None
    ) -> Tasks:
        """Give a page of what needs you today, the most urgent first.

        ``after`` is that of the page before.
        """
        return await self.ask(asks.tasks(kinds, limit, after))

    async def health(self) -> dict[str, Any]:
        """Say whether the server is well."""
        return await self.ask(asks.document("/health"))

    async def every(self, path: str, **query: object) -> AsyncGenerator[dict[str, Any]]:
        """Give every item of a list, asking for the next page when it comes to that."""
        ahead: Mapping[str, Any] | None = query
        while ahead is not None:
            page = await self.ask(asks.page(path, ahead))
            for item in page.items:
                yield item
            ahead = page.next

    # Being told.

    async def subscribe(self, target: str, **more: Any) -> Subscription:  # noqa: ANN401
        """Have events sent to an address; the answer has the secret, this once.

        ``more`` are the other members, such as ``types`` and ``from_leaf``.
        """
        return await self.ask(asks.subscribe({"target": target, **more}))

    async def subscription(self, id: str) -> Subscription:
        """Say how a subscription goes."""
        return await self.ask(asks.subscription(id))

    async def replay(self, id: str, **what: Any) -> Subscription:  # noqa: ANN401
        """Have events sent once more: ``from_leaf``, ``since`` or ``dead_letters``."""
        return await self.ask(asks.replay(id, what))

    async def unsubscribe(self, id: str) -> None:
        """Take a subscription away."""
        await self.ask(asks.delete(f"/v1/subscriptions/{id}"))

    async def subscriptions(self) -> AsyncGenerator[Subscription]:
        """Give the subscriptions that there are."""
        async for each in self.every("/v1/subscriptions"):
            yield Subscription.model_validate(each)

    async def deliveries(self, id: str) -> AsyncGenerator[Delivery]:
        """Give what became of deliveries, the newest first."""
        async for each in self.every(f"/v1/subscriptions/{id}/deliveries"):
            yield Delivery.model_validate(each)

    # Hearing.

    async def events(
        self, dialogue: str | None = None, **filters: object
    ) -> AsyncGenerator[Happened]:
        """Give the events that are on record by now, oldest first."""
        async for item in self.every(following.path(dialogue), **filters):
            yield following.happened(item)

    async def follow(
        self,
        dialogue: str | None = None,
        *,
        after: int | None = None,
        types: Sequence[str] = (),
    ) -> AsyncGenerator[Happened]:
        """Give events as they are recorded, for as long as you read.

        ``after`` is the `leaf` of the event that you had last, -1 for all that there
        are; without it they come from now on. A connection that breaks
        is opened again behind the last event, so none is missed and none comes twice.
        Raises `Unreachable` when that does not succeed within ``patience`` seconds.
        """
        stream = following.Following(dialogue, after, types, self.patience)
        while stream.goes_on:
            try:
                async with self._http.stream("GET", **stream.request()) as answer:
                    if stream.opened(answer.status_code):
                        async for chunk in answer.aiter_bytes():
                            for happened in stream.read(chunk):
                                yield happened
                    else:
                        await answer.aread()
                        stream.refused(reply_of(answer))
            except httpx.TransportError as error:
                stream.failed(error)
            await asyncio.sleep(stream.pause())
