"""A fault as a page: what is the matter, and what would help, in the reader's language.

Nothing of what went wrong inside is told: that is in the log, under the number that the
page shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from api.knocking import knocked, slow_down
from api.problems import Problem, lang_of, route_template, trace_of
from api.refusals import RETRY_SECONDS, status_of
from api.security import Visit, service_of
from desk.errors import DeskError, Refused
from language import mark, translator
from pages.holding import Held, held_of, typed_here
from pages.overtaken import overtaken
from pages.rendering import page
from pages.wording import in_words

log = structlog.get_logger()

_UNKNOWN: Final = 401
_NOT_FOUND: Final = 404
_TOO_MANY: Final = 429
_UNAVAILABLE: Final = 503
_NO_HEADERS: Final[Mapping[str, str]] = {}


class Elsewhere(Exception):
    """There is nothing to show here: somebody is sent on."""

    def __init__(self, response: Response) -> None:
        """Keep what sends them on."""
        super().__init__()
        self.response = response


class Words(NamedTuple):
    """What a page of a fault says: a title, and what would help."""

    title: str
    help: str


_WORDS: Final[Mapping[int, Words]] = {
    400: Words(
        mark("This address can't be read"),
        mark(
            "Something in the address or the form is not as it should be. Go back, and "
            "try it again from the page that you came from."
        ),
    ),
    401: Words(
        mark("You are not in any more"),
        mark(
            "You were away for a while, or your session was ended. Log in again in "
            "another window; after that, come back here and press the button."
        ),
    ),
    403: Words(
        mark("You may not do this"),
        mark(
            "Your role does not go with it. If you should be able to, ask whoever "
            "gives out roles in your organisation."
        ),
    ),
    404: Words(
        mark("This page does not exist"),
        mark(
            "The address may be wrong, what you look for may be gone, or it is not for "
            "you to see. Start from the first page."
        ),
    ),
    405: Words(
        mark("That can't be done here"),
        mark("This page can be looked at. Go back to what you were doing."),
    ),
    409: Words(
        mark("That can't be done now"),
        mark("Look at how things are now, and try it again if it still makes sense."),
    ),
    412: Words(
        mark("Somebody was before you"),
        mark("Look at how things are now, and try it again if it still makes sense."),
    ),
    413: Words(
        mark("That is too large"),
        mark("Go back, and send less at a time."),
    ),
    429: Words(
        mark("That was too much at a time"),
        mark("Wait a moment, and try it again."),
    ),
    500: Words(
        mark("Something went wrong"),
        mark(
            "That is our fault. Try it again; if it stays like this, tell whoever runs "
            "Polder, and name the number below."
        ),
    ),
    503: Words(
        mark("Polder can't get at this now"),
        mark(
            "A server does not answer. Nothing that was on record is lost. Wait a "
            "moment, and try it again."
        ),
    ),
}
"""By status; another one has the words of 409 below 500, and of 500 from there."""

_GUEST_OUT: Final = Words(
    mark("You are not in any more"),
    mark(
        "Ask whoever sent you your personal link for a new one, and open that in "
        "another window. After that, come back here and press the button."
    ),
)
"""What a participant is told, whose door is another one."""


async def tell(request: Request, error: Exception) -> HTMLResponse:
    """Give the page of a fault that was foreseen."""
    status, detail, headers = _told(request, _slowed(request, error))
    held = await held_of(request, status, _visit(request))
    if status == _NOT_FOUND:
        late = await overtaken(request, _visit(request), held)
        if late is not None:
            return late
    return _page(request, status, held, detail, headers)


def _slowed(request: Request, error: Exception) -> Exception:
    """Give the problem 429 instead, for who is not known and sends many forms.

    What they send is read and shown again, which is not for nothing.
    """
    met = knocked(request) or (isinstance(error, Problem) and error.status == _TOO_MANY)
    if met or _visit(request) is not None or not typed_here(request):
        return error
    try:
        slow_down(request, service_of(request))
    except Problem as slow:
        return slow
    return error


def _visit(request: Request) -> Visit | None:
    visit = getattr(request.state, "visit", None)
    return visit if isinstance(visit, Visit) else None


async def tell_unforeseen(request: Request, error: Exception) -> HTMLResponse:
    """Give the page of a fault of ours, which is logged and not told."""
    log.error("unforeseen", exc_info=error, path=route_template(request))
    held = await held_of(request, 500, _visit(request))
    return _page(request, 500, held)


def _told(request: Request, error: Exception) -> tuple[int, str, Mapping[str, str]]:
    lang = lang_of(request)
    if isinstance(error, DeskError):
        name = error.name if isinstance(error, Refused) else type(error).__name__
        return status_of(name), in_words(error, lang), {}
    if isinstance(error, Problem):
        words = translator(lang)(error.template)
        detail = words.format(**error.facts) if error.facts else words
        return error.status, detail, error.headers
    if isinstance(error, RequestValidationError):
        in_path = any(each["loc"][:1] == ("path",) for each in error.errors())
        return (_NOT_FOUND if in_path else 400), "", {}
    assert isinstance(error, HTTPException)  # noqa: S101
    return error.status_code, "", error.headers or {}


def _page(
    request: Request,
    status: int,
    held: Held | None,
    detail: str = "",
    headers: Mapping[str, str] = _NO_HEADERS,
) -> HTMLResponse:
    guest = request.url.path.startswith("/mine")
    if status == _UNAVAILABLE:
        headers = {"Retry-After": str(RETRY_SECONDS), **headers}
    return page(
        request,
        _visit(request),
        "frame/problem.html",
        status=status,
        headers=headers,
        words=_words(status, guest=guest),
        # What these say of themselves helps nobody who looks at a page.
        detail="" if status in {_UNKNOWN, _NOT_FOUND} else detail,
        held=held,
        door=status == _UNKNOWN and not guest,
        trace=trace_of(request),
    )


def _words(status: int, *, guest: bool) -> Words:
    if guest and status == _UNKNOWN:
        return _GUEST_OUT
    return _WORDS.get(status, _WORDS[409 if status < 500 else 500])  # noqa: PLR2004
