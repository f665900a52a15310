"""A Polder over HTTP, for programs that wait for an answer."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
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
from polder_client.casework import Casework
from polder_client.patience import PATIENCE, grown, pause
from polder_client.problems import Unconfirmed, Unreachable
from polder_client.wire import open_client, reply_of

T = TypeVar("T")


class Polder(Casework):
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
        http: httpx.Client | None = None,
    ) -> None:
        """``server`` is such as ``http://127.0.0.1:8080``; ``http`` replaces ours."""
        self.patience = patience
        self._http = http or open_client(httpx.Client, server, token, language)

    def __enter__(self) -> Self:
        """Use it and close it afterwards."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close its connections."""
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def ask(self, ask: Ask[T]) -> T:
        """Send a request until it is answered, or patience ends."""
        ends = time.monotonic() + self.patience
        for attempt in count():
            reply, failure = self._once(ask)
            left = ends - time.monotonic()
            told = reply or Reply(0, {}, b"")
            wait = pause(attempt, left, told.status or None, told.headers)
            if wait is None:
                if reply is None:
                    raise Unreachable(str(failure)) from failure
                return ask.answered(reply)
            time.sleep(wait)
        raise AssertionError

    def _once(self, ask: Ask[Any]) -> tuple[Reply | None, Exception | None]:
        try:
            answer = self._http.request(
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

    def start(
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
        return self._settled(self.ask(asks.start(dialogue, body, id)))

    def send(
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
        return self._settled(self.ask(asks.send(wish)))

    def outcome(self, dialogue: str, id: str) -> Answer | None:
        """Give what became of a command; None while that is not known yet."""
        path = dialogue_path(dialogue, "commands", id)
        found = self.ask(asks.outcome(path, id))
        return found if isinstance(found, Answer) else None

    def _settled(self, found: Answer | Accepted) -> Answer:
        ends = time.monotonic() + self.patience
        for attempt in count():
            if isinstance(found, Answer):
                return found
            if not found.location or time.monotonic() > ends:
                raise Unconfirmed(found.id, found.location)
            time.sleep(grown(attempt))
            found = self.ask(asks.outcome(found.location, found.id))
        raise AssertionError

    # Reading.

    def dialogues(self, **filters: object) -> Iterator[Summary]:
        """Give every dialogue that fits, page by page."""
        return map(asks.summary, self.every("/v1/dialogues", **filters))

    def dialogue(self, dialogue: str) -> Dialogue:
        """Give a dialogue: where it stands."""
        return self.ask(asks.dialogue(dialogue))

    def part(
        self, dialogue: str, name: str, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """Give a list of a dialogue: one of `polder_client.asks.PARTS`."""
        return self.every(dialogue_path(dialogue, name), **filters)

    def state(self, dialogue: str, at: str | None = None) -> dict[str, Any]:
        """Give the whole state, of now or of an earlier moment."""
        path = dialogue_path(dialogue, "audit", "state")
        return self.ask(asks.document(path, {"at": at}))

    def preview_revisit(self, dialogue: str, step: str) -> dict[str, Any]:
        """Say what returning to a step would do."""
        path = dialogue_path(dialogue, "revisit-preview")
        return self.ask(asks.document(path, {"step": step}))

    def methods(self) -> Iterator[dict[str, Any]]:
        """Give the methods that there are."""
        return self.every("/v1/methods")

    def method(self, id: str) -> dict[str, Any]:
        """Give one method, compiled."""
        return self.ask(asks.document(f"/v1/methods/{id}"))

    def pack(self, dialogue: str, withhold: Sequence[str] = ()) -> bytes:
        """Give an evidence pack: a ZIP by which anybody can check the dialogue.

        ``withhold`` names private texts to leave out: ``all``, ``/name``, ``12:/name``.
        """
        path = dialogue_path(dialogue, "audit", "pack")
        options = {"withhold": list(withhold) or None}
        return self.ask(asks.content(path, options))

    def checkpoint(self) -> Checkpoint:
        """Give the newest published checkpoint of the log."""
        return self.ask(asks.checkpoint())

    def agenda(self) -> str:
        """Give the calendar of terms and meetings (RFC 5545)."""
        return self.ask(asks.text("/v1/agenda.ics"))

    def tasks(
        self, *, kinds: Sequence[str] = (), limit: int = 50, after: str | None = None
    ) -> Tasks:
        """Give a page of what needs you today, the most urgent first.

        ``after`` is that of the page before.
        """
        return self.ask(asks.tasks(kinds, limit, after))

    def health(self) -> dict[str, Any]:
        """Say whether the server is well."""
        return self.ask(asks.document("/health"))

    def every(self, path: str, **query: object) -> Iterator[dict[str, Any]]:
        """Give every item of a list, asking for the next page when it comes to that."""
        ahead: Mapping[str, Any] | None = query
        while ahead is not None:
            page = self.ask(asks.page(path, ahead))
            yield from page.items
            ahead = page.next

    # Being told.

    def subscribe(self, target: str, **more: Any) -> Subscription:  # noqa: ANN401
        """Have events sent to an address; the answer has the secret, this once.

        ``more`` are the other members, such as ``types`` and ``from_leaf``.
        """
        return self.ask(asks.subscribe({"target": target, **more}))

    def subscription(self, id: str) -> Subscription:
        """Say how a subscription goes."""
        return self.ask(asks.subscription(id))

    def replay(self, id: str, **what: Any) -> Subscription:  # noqa: ANN401
        """Have events sent once more: ``from_leaf``, ``since`` or ``dead_letters``."""
        return self.ask(asks.replay(id, what))

    def unsubscribe(self, id: str) -> None:
        """Take a subscription away."""
        self.ask(asks.delete(f"/v1/subscriptions/{id}"))

    def subscriptions(self) -> Iterator[Subscription]:
        """Give the subscriptions that there are."""
        return map(Subscription.model_validate, self.every("/v1/subscriptions"))

    def deliveries(self, id: str) -> Iterator[Delivery]:
        """Give what became of deliveries, the newest first."""
        found = self.every(f"/v1/subscriptions/{id}/deliveries")
        return map(Delivery.model_validate, found)

    # Hearing.

    def events(
        self, dialogue: str | None = None, **filters: object
    ) -> Iterator[Happened]:
        """Give the events that are on record by now, oldest first."""
        return map(following.happened, self.every(following.path(dialogue), **filters))

    def follow(
        self,
        dialogue: str | None = None,
        *,
        after: int | None = None,
        types: Sequence[str] = (),
    ) -> Iterator[Happened]:
        """Give events as they are recorded, for as long as you read.

        ``after`` is the `leaf` of the event that you had last, -1 for all that there
        are; without it they come from now on. A connection that breaks
        is opened again behind the last event, so none is missed and none comes twice.
        Raises `Unreachable` when that does not succeed within ``patience`` seconds.
        """
        stream = following.Following(dialogue, after, types, self.patience)
        while stream.goes_on:
            try:
                with self._http.stream("GET", **stream.request()) as answer:
                    if stream.opened(answer.status_code):
                        for chunk in answer.iter_bytes():
                            yield from stream.read(chunk)
                    else:
                        answer.read()
                        stream.refused(reply_of(answer))
            except httpx.TransportError as error:
                stream.failed(error)
            time.sleep(stream.pause())
