"""A request as data: what to send, and how to read the answer.

`polder_client.client` sends it and waits, `polder_client.awaiting` awaits it: so each
resource is described once, for programs with and without an event loop.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar, cast

from polder_client.problems import PolderError, problem

T = TypeVar("T")


class Reply(NamedTuple):
    """An answer of the server; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        """The JSON object that it is. Raises `PolderError` where it is none."""
        try:
            found: object = json.loads(self.body)
        except ValueError as error:
            message = f"no JSON came, with status {self.status}"
            raise PolderError(message) from error
        if not isinstance(found, dict):
            message = "the JSON that came is no object"
            raise PolderError(message)
        return cast("dict[str, Any]", found)

    @property
    def text(self) -> str:
        """The text that it is."""
        return self.body.decode("utf-8")

    @property
    def next(self) -> str | None:
        """Where the next page is (RFC 8288, `rel="next"`); None on the last."""
        for link in self.headers.get("link", "").split(","):
            target, *parameters = (part.strip() for part in link.split(";"))
            if 'rel="next"' in parameters or "rel=next" in parameters:
                return target.removeprefix("<").removesuffix(">")
        return None


@dataclass(frozen=True)
class Ask(Generic[T]):
    """One request, and how its answer is read."""

    method: str
    path: str
    read: Callable[[Reply], T]
    query: Mapping[str, str | list[str]] = field(
        default_factory=dict[str, str | list[str]]
    )
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Mapping[str, Any] | None = None

    @property
    def content(self) -> bytes | None:
        """The body as it is sent; the same each time that it is tried."""
        if self.body is None:
            return None
        return json.dumps(self.body, ensure_ascii=False).encode("utf-8")

    def answered(self, reply: Reply) -> T:
        """Read an answer. Raises `Problem` where it is one."""
        if reply.status < 400:  # noqa: PLR2004  (RFC 9110, 15: where errors begin)
            return self.read(reply)
        try:
            document: object = json.loads(reply.body)
        except ValueError:
            document = None
        raise problem(reply.status, document, f"status {reply.status}, {self.path}")


def fresh_id() -> str:
    """Give a fresh command id."""
    return str(uuid.uuid4())
