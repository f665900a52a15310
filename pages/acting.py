"""A form becomes a command, and what became of that is told on a page.

Sent twice it is done once: its id was made with the form. Who decided on what they saw
says so, and is told if that is no longer so. What was typed is never lost: what is
refused comes back as it was sent.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from structlog.contextvars import bind_contextvars

from api.knocking import gate_of
from api.refusals import status_of
from api.security import Visit
from desk.accepting import Accepted, command
from desk.access.acting_as import allow_command, as_sender
from desk.answer import Answer
from desk.beginning import begin as at_desk
from desk.desk import Sender, Wish, fresh_id
from desk.errors import DeskError, NotFound, Refused
from domain.facts import Mandate
from language import mark, translator
from pages.said import LATER
from pages.typing_in import Form
from pages.wording import in_words

T = TypeVar("T")

_STALE: Final = "VersionConflict"
_UNAVAILABLE: Final = 503
_OK: Final = 200
_ACCEPTED: Final = 202
_KEPT: Final = mark(
    "{problem} What you typed is still here. Press the button again in a moment: what "
    "was done once is not done twice."
)
_MOVED_ON: Final = mark(
    "Somebody else changed this while you were looking. What you typed is still here; "
    "what stands around it is how things are now. Look at it again before you go on."
)


@dataclass(frozen=True)
class Outcome:
    """What became of what somebody asked for.

    ``id`` is what the form is shown with again: the same one while nobody knows whether
    it was done. ``name`` is that of the refusal, as ``StepNotReady``.
    """

    status: int = _OK
    problem: str | None = None
    name: str = ""
    id: str = ""
    version: int | None = None
    events: tuple[Mapping[str, Any], ...] = ()
    field: str | None = None
    """The id of the field that it is about, for the link to it."""
    made: Any = None
    """What `attempt` was given, when it went well."""

    @property
    def done(self) -> bool:
        """Whether it was done, and is on record."""
        return self.status == _OK

    @property
    def later(self) -> bool:
        """Whether it was taken in, and is being carried out."""
        return self.status == _ACCEPTED

    @property
    def taken(self) -> bool:
        """Whether it need not be asked again: it was done, or is being carried out."""
        return self.done or self.later

    @property
    def stale(self) -> bool:
        """Whether somebody else was first."""
        return self.name == _STALE


async def act(  # noqa: PLR0913 (the contract of all forms)
    visit: Visit,
    request: Request,
    stream: str,
    kind: str,
    body: Mapping[str, Any],
    form: Form,
    *,
    role: str | None = None,
    mandate: Mandate | None = None,
    field: str | None = None,
    command_id: str | None = None,
    version: int | None = None,
) -> Outcome:
    """Send a command in somebody's name; ``body`` has the domain's names.

    ``field`` is what a refusal is about, where it does not say so itself; ``version``
    the one it is for, where the form does not say which. Raises
    `NotFound`, `NotAllowed` and the problem 429, for which there is no page to come
    back to.
    """
    with visit.asking():
        allow_command(visit.caller, stream, kind, body)
    gate_of(visit.service).write(request, visit.caller, stream)
    name = command_id or form.id or fresh_id()
    bind_contextvars(dialogue=stream, command=name)

    async def sent() -> Answer | Accepted:
        sender = await as_sender(visit.desk, visit.caller, stream, role, via="http")
        seen = form.version if version is None else version
        wish = Wish(stream, kind, body, sender, name, mandate, seen)
        return await command(visit.desk, wish, visit.service.settings.answer_within)

    return _of(await attempt(visit, sent(), id=name, field=field))


async def begin(
    visit: Visit, stream: str, body: Mapping[str, Any], form: Form
) -> Outcome:
    """Start a dialogue in somebody's name. Raises `NotFound` and `NotAllowed`."""
    visit.allow("act", stream)
    name = form.id or fresh_id()
    sender = Sender(visit.caller.actor, via="http")
    day = visit.service.settings.day
    started = at_desk(visit.desk, stream, body, sender, command_id=name, day=day)
    return _of(await attempt(visit, started, id=name))


async def attempt(
    visit: Visit, asked: Awaitable[T], *, id: str = "", field: str | None = None
) -> Outcome:
    """Do something of the desk; what it refuses is an outcome, to be told on a page.

    Raises `NotFound`, for which there is no page to come back to.
    """
    try:
        return Outcome(id=id, made=await asked)
    except NotFound:
        raise
    except DeskError as error:
        return refused(visit, error, id=id, field=field)


def refused(
    visit: Visit, error: DeskError, *, id: str = "", field: str | None = None
) -> Outcome:
    """Give the outcome that a refusal is."""
    name = error.name if isinstance(error, Refused) else type(error).__name__
    status = status_of(name)
    problem = in_words(error, visit.lang)
    _ = translator(visit.lang)
    if status == _UNAVAILABLE:
        problem = _(_KEPT).format(problem=problem)
    elif name == _STALE:
        problem = _(_MOVED_ON)
    return Outcome(
        status,
        problem,
        name,
        id if status == _UNAVAILABLE else fresh_id(),
        field=field or _field_of(error),
    )


def unfit(visit: Visit, problem: str, field: str, **facts: str | int) -> Outcome:
    """Give the outcome of a form that is not whole: a marked text, and its field."""
    words = translator(visit.lang)(problem)
    told = words.format(**facts) if facts else words
    return Outcome(400, told, "Unfit", fresh_id(), field=field)


def go_on(
    address: str, key: str | None = None, outcome: Outcome | None = None
) -> Response:
    """Send somebody on after their act (Post/Redirect/Get); ``key`` says what was done.

    What was taken in and is not on record yet says so instead.
    """
    told = LATER if outcome is not None and outcome.later else key
    path, hash_, part = address.partition("#")
    if told:
        path += ("&" if "?" in path else "?") + urlencode({"said": told})
    return RedirectResponse(path + hash_ + part, 303)


def _of(outcome: Outcome) -> Outcome:
    """Give the outcome of a command from what the desk answered."""
    found = outcome.made
    if isinstance(found, Accepted):
        return Outcome(_ACCEPTED, id=outcome.id)
    if not isinstance(found, Answer):
        return outcome
    status = _OK if found.recorded else _ACCEPTED
    return Outcome(
        status, id=outcome.id, version=found.version, events=(*found.events,)
    )


def _field_of(error: DeskError) -> str | None:
    """Say which field a refusal is about, where it names a member of the command."""
    if isinstance(error, Refused) and error.name == "ReasonMissing":
        return "reason"
    problem = str(error.facts.get("problem", ""))
    found = re.match(r"(?:command\.)?([a-z_]+)(?:\.\d+)*: ", problem)
    return found[1] if found else None
