"""Sending a command over HTTP: the same for every route that sends one.

``sending: Sending`` as a parameter reads the headers that say how; `Sender.send` sends
and gives the answer of the route.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import Depends, Response
from structlog.contextvars import bind_contextvars

from api.conditions import (
    TAGGED,
    IdempotencyKey,
    IfMatch,
    Prefer,
    tag,
    version_of,
    wants_no_waiting,
)
from api.mistakes import Mistake
from api.models.commands import CommandAccepted, CommandAnswer
from api.problems import Problem, bad_input
from api.security import Visit, Visiting
from desk.accepting import command
from desk.access.acting_as import allow_command, as_sender
from desk.answer import Accepted, Answer
from desk.desk import Wish, fresh_id
from domain.facts import Mandate
from language import mark

_TWO_NAMES: Final = mark("the header Idempotency-Key names it otherwise")
_NOT_HERE: Final = mark(
    "A dialogue is started with POST /v1/dialogues, not with a command."
)
NO_WAITING: Final = timedelta()
_LOCATED: Final = {
    "Location": {
        "description": "Waar te zien zal zijn wat ervan werd.",
        "schema": {"type": "string", "format": "uri-reference"},
    }
}

ANSWERED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Uitgevoerd; de gebeurtenissen staan op schrift.",
        "headers": TAGGED,
    },
    202: {
        "description": "Aangenomen: vastgelegd, en nog niet op schrift.",
        "model": CommandAccepted | CommandAnswer,
        "headers": _LOCATED,
    },
}
"""The ``responses`` of a route that sends a command; its model is `CommandAnswer`."""


class Sender:
    """How one request wants its command sent."""

    def __init__(
        self, visit: Visit, key: str | None, if_match: str | None, prefer: str | None
    ) -> None:
        """Take what the headers say."""
        self._visit = visit
        self._key = key
        self._if_match = if_match
        self._at_once = wants_no_waiting(prefer)

    async def send(
        self,
        response: Response,
        stream: str,
        kind: str,
        body: Mapping[str, Any],
        *,
        role: str | None = None,
        id: str | None = None,
        if_version: int | None = None,
        mandate: Mandate | None = None,
    ) -> CommandAnswer | Response:
        """Send a command and give the answer of the route; rights are asked first.

        ``body`` has the domain's names. Raises what `desk.accepting.command` raises,
        and `NotFound`, `NotAllowed`, `Problem`.
        """
        visit = self._visit
        with visit.asking():
            allow_command(visit.caller, stream, kind, body)
        if kind == "start_dialogue":
            raise Problem(400, "BadInput", _NOT_HERE)
        name = self._name(id)
        wish = Wish(
            stream=stream,
            kind=kind,
            body=body,
            sender=await as_sender(visit.desk, visit.caller, stream, role, via="http"),
            id=name,
            mandate=mandate,
            if_version=version_of(self._if_match, if_version),
        )
        within = NO_WAITING if self._at_once else visit.service.settings.answer_within
        # Every line of the log about this request says so from here on.
        bind_contextvars(dialogue=stream, command=name)
        found = await command(visit.desk, wish, within)
        return told(response, stream, name, found)

    def _name(self, told: str | None) -> str:
        """Give the command's id: the header's, else the body's, else a fresh one."""
        if told is not None and self._key is not None and told != self._key:
            raise bad_input(Mistake("body", "/id", _TWO_NAMES, "conflict"))
        return self._key or told or fresh_id()


async def _sender(
    visit: Visiting,
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
    prefer: Prefer = None,
) -> Sender:
    # Asynchronous, for else FastAPI would call it in a thread.
    return Sender(visit, idempotency_key, if_match, prefer)


Sending = Annotated[Sender, Depends(_sender)]
"""Type of the parameter of every route that sends a command."""


def told(
    response: Response, stream: str, name: str, found: Answer | Accepted
) -> CommandAnswer | Response:
    """Tell what the desk says of a command: done, or 202 with where to look."""
    if isinstance(found, Accepted):
        status = "accepted" if found.sure else "unknown"
        shown = CommandAccepted(id=name, status=status)
        return _accepted(stream, name, found.digest, shown)
    answer = CommandAnswer.of(name, found)
    if not found.recorded:
        return _accepted(stream, name, None, answer)
    response.headers["ETag"] = tag(found.version)
    return answer


def _accepted(
    stream: str,
    name: str,
    digest: str | None,
    shown: CommandAccepted | CommandAnswer,
) -> Response:
    query = f"?body={digest}" if digest else ""
    where = f"/v1/dialogues/{stream}/commands/{name}{query}"
    return Response(
        shown.model_dump_json(exclude_none=True),
        202,
        {"Location": where, "Retry-After": "1"},
        media_type="application/json",
    )
