"""Every request that there is, as data. Paths are those of the API's version 1."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, cast
from urllib.parse import parse_qsl, quote, urlsplit

from pydantic.alias_generators import to_camel

from polder_client.answers import (
    Answer,
    Checkpoint,
    Dialogue,
    Subscription,
    Summary,
)
from polder_client.asking import Ask, Reply, fresh_id
from polder_client.problems import problem

PARTS: Final = (
    "windows",
    "stakeholders",
    "interests",
    "meetings",
    "reports",
    "agreements",
    "evaluations",
)
"""Lists of a dialogue, each under its own address."""


_REFUSED: Final = 409


class Page(NamedTuple):
    """A page of a list, and what to ask the next one with; None after the last."""

    items: tuple[dict[str, Any], ...]
    next: Mapping[str, str] | None


class Tasks(NamedTuple):
    """A page of tasks, how many there are of each kind, and what to go on after.

    ``subscriptions`` are those that do not get their events, for who looks after them:
    with the first page of all kinds. ``requests`` are those to erase that wait for a
    decision, for who takes it or carries it out: there as well.
    """

    items: tuple[dict[str, Any], ...]
    counts: Mapping[str, int]
    after: str | None
    subscriptions: tuple[Subscription, ...] = ()
    requests: tuple[dict[str, Any], ...] = ()


class Accepted(NamedTuple):
    """A command that was accepted: where its outcome will be."""

    id: str
    location: str


def dialogue_path(name: str, *rest: str) -> str:
    """Give the address of a dialogue, or of something of it."""
    parts = (quote(name, safe=":"), *(quote(part, safe=":") for part in rest))
    return "/v1/dialogues/" + "/".join(parts)


# Reading.


def document(path: str, query: Mapping[str, Any] | None = None) -> Ask[dict[str, Any]]:
    """Ask for a JSON document."""
    return Ask("GET", path, lambda reply: reply.document, _query(query))


def dialogue(name: str) -> Ask[Dialogue]:
    """Ask for a dialogue."""
    read: Callable[[Reply], Dialogue] = lambda reply: Dialogue.model_validate(  # noqa: E731
        reply.document
    )
    return Ask("GET", dialogue_path(name), read)


def page(path: str, query: Mapping[str, Any] | None = None) -> Ask[Page]:
    """Ask for a page of a list."""
    return Ask("GET", path, _page, _query(query))


def tasks(kinds: Sequence[str], limit: int, after: str | None) -> Ask[Tasks]:
    """Ask for a page of what needs somebody."""
    query = {"kind": ",".join(kinds) or None, "limit": limit, "cursor": after}
    return Ask("GET", "/v1/tasks", _tasks, _query(query))


def checkpoint() -> Ask[Checkpoint]:
    """Ask for the newest published checkpoint."""
    read: Callable[[Reply], Checkpoint] = lambda r: Checkpoint.model_validate(  # noqa: E731
        r.document
    )
    return Ask("GET", "/v1/audit/checkpoint", read)


def text(path: str) -> Ask[str]:
    """Ask for a text, such as a calendar."""
    return Ask("GET", path, lambda reply: reply.text, headers={"Accept": "*/*"})


def content(path: str, query: Mapping[str, Any] | None = None) -> Ask[bytes]:
    """Ask for a file, such as an evidence pack."""
    read: Callable[[Reply], bytes] = lambda reply: reply.body  # noqa: E731
    return Ask("GET", path, read, _query(query), {"Accept": "*/*"})


# Acting.


class Wish(NamedTuple):
    """A command to a dialogue; private texts stand in it as they are.

    Without a role the server finds the one that its actor has.
    """

    dialogue: str
    kind: str
    command: Mapping[str, Any]
    id: str
    role: str | None = None
    if_version: int | None = None
    mandate: Mapping[str, Any] | None = None


def send(wish: Wish, *, wait: bool = True) -> Ask[Answer | Accepted]:
    """Send a command. The same id again has no second effect."""
    body: dict[str, Any] = {"kind": wish.kind, "command": dict(wish.command)}
    body |= {"role": wish.role} if wish.role is not None else {}
    body |= {"mandate": dict(wish.mandate)} if wish.mandate is not None else {}
    headers = {"Idempotency-Key": wish.id}
    if wish.if_version is not None:
        headers["If-Match"] = f'"{wish.if_version}"'
    if not wait:
        headers["Prefer"] = "respond-async"
    path = dialogue_path(wish.dialogue, "commands")
    return Ask("POST", path, _outcome(wish.id), {}, headers, body)


def outcome(location: str, command_id: str) -> Ask[Answer | Accepted]:
    """Ask what became of a command that was accepted."""
    found = urlsplit(location)
    return Ask("GET", found.path, _outcome(command_id), dict(parse_qsl(found.query)))


def start(
    name: str, body: Mapping[str, Any], command_id: str | None = None
) -> Ask[Answer | Accepted]:
    """Start a dialogue. The same id again has no second effect."""
    made = command_id or fresh_id()
    headers = {"Idempotency-Key": made}
    named = {to_camel(n): v for n, v in body.items() if v is not None}
    told = {"id": name, **named}
    return Ask("POST", "/v1/dialogues", _outcome(made), {}, headers, told)


def post(path: str, body: Mapping[str, Any]) -> Ask[Reply]:
    """Ask for something to be made or done; tried again, it is once."""
    headers = {"Idempotency-Key": fresh_id()}
    named = {to_camel(n): v for n, v in body.items() if v is not None}
    return Ask("POST", path, lambda reply: reply, {}, headers, named)


def subscribe(body: Mapping[str, Any]) -> Ask[Subscription]:
    """Ask for a subscription."""
    return _subscription(post("/v1/subscriptions", body))


def subscription(name: str) -> Ask[Subscription]:
    """Ask how a subscription goes."""
    path = f"/v1/subscriptions/{quote(name)}"
    return _subscription(Ask("GET", path, lambda reply: reply))


def replay(name: str, body: Mapping[str, Any]) -> Ask[Subscription]:
    """Ask for events to be sent once more."""
    return _subscription(post(f"/v1/subscriptions/{quote(name)}/replays", body))


def _subscription(ask: Ask[Reply]) -> Ask[Subscription]:
    return Ask(
        ask.method,
        ask.path,
        lambda reply: Subscription.model_validate(ask.read(reply).document),
        ask.query,
        ask.headers,
        ask.body,
    )


def delete(path: str) -> Ask[None]:
    """Take something away; it may be gone already."""
    return Ask("DELETE", path, lambda _reply: None)


# How answers are read.


def summary(item: Mapping[str, Any]) -> Summary:
    """Read a dialogue of a list."""
    return Summary.model_validate(item)


def _outcome(command_id: str) -> Callable[[Reply], Answer | Accepted]:
    def read(reply: Reply) -> Answer | Accepted:
        found = reply.document
        if found.get("status") == "refused":
            told: Any = found.get("problem") or {}
            raise problem(int(told.get("status") or _REFUSED), told)
        if "version" in found:
            return Answer.model_validate({"id": command_id, **found})
        return Accepted(command_id, reply.headers.get("location", ""))

    return read


def _page(reply: Reply) -> Page:
    items = cast("list[dict[str, Any]]", reply.document.get("items") or [])
    ahead = reply.next
    # Only what to ask, never where: an address in an answer gets no token of ours.
    query = dict(parse_qsl(urlsplit(ahead).query)) if ahead else None
    return Page(tuple(items), query)


def _tasks(reply: Reply) -> Tasks:
    found = _page(reply)
    after = found.next.get("cursor") if found.next else None
    told = reply.document
    silent = map(Subscription.model_validate, told.get("subscriptions", ()))
    asked = tuple(told.get("requests", ()))
    return Tasks(found.items, told.get("counts", {}), after, tuple(silent), asked)


def _query(query: Mapping[str, Any] | None) -> dict[str, str | list[str]]:
    return {n: _written(v) for n, v in (query or {}).items() if v is not None}


def _written(value: object) -> str | list[str]:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return [str(each) for each in cast("Sequence[object]", value)]
    return str(value)
