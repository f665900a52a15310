"""Who calls: every route but the public ones begins with a visit.

``visit`` says whose desk this is, behind the wall of their organisation. What may be
done is asked with `Visit.allow`, in each route, before anything is looked up.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import Depends, Request

from api.cookies import SAFE_METHODS, fetched_elsewhere, from_here, name_of
from api.knocking import gate_of, note_denial, slow_down
from api.problems import Problem
from api.service import Service
from desk.access import caller as access
from desk.access.caller import Caller, NotAllowed
from desk.access.links import close_session, recognise
from desk.access.roles import Scope
from desk.access.tokens import authenticate
from desk.desk import Desk, Sender
from desk.errors import NotFound
from language import mark

UNAUTHENTICATED: Final = mark(
    "This needs a token that is valid: Authorization: Bearer pld_…. Who runs this "
    "server makes one."
)
FOREIGN: Final = mark(
    "A page of another site may not do this in your name: use a page of Polder itself."
)
BY_PASSWORD: Final = frozenset({"/v1/agenda.ics"})
"""Where a token may come as a password too: calendars send nothing else."""

_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="polder"'}


Reads = Callable[[Desk, str], Awaitable[Caller | None]]


@dataclass(frozen=True)
class Visit:
    """One request of somebody who is known: their desk, and who they are."""

    service: Service
    desk: Desk
    caller: Caller
    lang: str
    denied: list[str] = field(default_factory=list[str])
    """Why this visit was denied something; noted when the answer is there."""
    by_itself: bool = False
    """Whether a page asks for itself anew and nobody asked it to: nothing is read."""

    def allow(self, scope: Scope, stream: str | None = None) -> None:
        """Raise `NotFound` or `NotAllowed` unless the caller may do this here."""
        with self.asking():
            access.allow(self.caller, scope, stream)

    @contextmanager
    def asking(self) -> Generator[None]:
        """Have noted what is denied in this block."""
        try:
            yield
        except NotFound:
            self.denied.append("not_theirs")
            raise
        except NotAllowed:
            self.denied.append("not_allowed")
            raise

    def sender(self, role: str | None = None) -> Sender:
        """Give the caller as who sends a command; the desk finds the role if none."""
        return Sender(self.caller.actor, role, via="http")


def service_of(request: Request) -> Service:
    """Give what the app of a request has open."""
    service = request.app.state.service
    assert isinstance(service, Service)  # noqa: S101  (set when the app starts)
    return service


async def by_token(desk: Desk, secret: str) -> Caller | None:
    """Say whose a bearer token is."""
    return await authenticate(desk.pool, secret)


async def admit(request: Request, reads: Reads = by_token) -> Visit:
    """Say who calls. Raises the problem 401 alike for whatever is wrong with it.

    ``reads`` says of what comes after ``Bearer`` whose it is.
    """
    service = service_of(request)
    known = await _caller(request, service, reads)
    gate_of(service).admit(request, known)
    return Visit(service, service.desk_of(known), known, request.state.lang)


async def admit_again(request: Request) -> Visit:
    """Say whether who was let in may still be here; it is no new request.

    For an answer that goes on. Raises the problem 401.
    """
    service = service_of(request)
    known = await _caller(request, service, by_token)
    return Visit(service, service.desk_of(known), known, request.state.lang)


async def _caller(request: Request, service: Service, reads: Reads) -> Caller:
    told = request.headers.get("authorization")
    cookie = request.cookies.get(name_of(service.settings))
    if told is None and cookie is not None:
        return await _by_cookie(request, service, cookie)
    return await _by_header(request, service, told or "", reads)


async def _by_header(
    request: Request, service: Service, told: str, reads: Reads
) -> Caller:
    scheme, _, secret = told.partition(" ")
    known: Caller | None = None
    if scheme.lower() == "basic" and request.url.path in BY_PASSWORD:
        scheme, secret = "bearer", _password(secret)
    if scheme.lower() == "bearer":
        known = await reads(service.desk, secret.strip())
    if known is None:
        raise await unknown(request, service, tried=bool(told))
    return known


async def _by_cookie(request: Request, service: Service, cookie: str) -> Caller:
    """Say whose session it is; what changes or notes something comes from our pages."""
    known = await recognise(service.desk.pool, cookie)
    if known is None:
        raise await unknown(request, service, tried=True)
    if (
        fetched_elsewhere(request)
        if request.method in SAFE_METHODS
        else not from_here(request, service.settings)
    ):
        await note_denial(request, service, "foreign_page", known)
        raise foreign()
    return known


async def end_before(request: Request, service: Service) -> None:
    """End the session that a browser has, when it is given another (ASVS 7.2.4).

    At this point the other one has begun. If we crash here the old one goes on until
    its hours are over, and no browser has its cookie.
    """
    before = request.cookies.get(name_of(service.settings))
    if before is not None:
        await close_session(service.desk.pool, before)


async def unknown(request: Request, service: Service, *, tried: bool) -> Problem:
    """Give the problem of a caller whom nobody knows; who tried is noted, and slowed.

    May raise the problem 429 instead.
    """
    if tried:
        slow_down(request, service)
        await note_denial(request, service, "unknown")
    asked = _CHALLENGE
    if request.url.path in BY_PASSWORD:
        asked = {"WWW-Authenticate": 'Basic realm="polder", charset="UTF-8"'}
    return Problem(401, "Unauthenticated", UNAUTHENTICATED, headers=asked)


def _password(told: str) -> str:
    """Give the password of ``Authorization: Basic`` (RFC 7617); empty for nonsense."""
    try:
        return b64decode(told.strip(), validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def foreign() -> Problem:
    """Give the problem of a request that a page of somebody else made."""
    return Problem(403, "ForeignPage", FOREIGN)


async def visit(request: Request) -> Visit:
    """Give the visit that `api.routing.Route` admitted before it read anything."""
    found = request.state.visit
    assert isinstance(found, Visit)  # noqa: S101  (the route saw to it)
    return found


Visiting = Annotated[Visit, Depends(visit)]
"""Type of the parameter of every route that is not public."""


async def _service(request: Request) -> Service:
    # Asynchronous, for else FastAPI would call it in a thread.
    return service_of(request)


Serving = Annotated[Service, Depends(_service)]
"""Type of the parameter of a public route that needs what the app has open."""
