"""A form is of whom its page was made for: it is done in nobody else's name.

Where people share a browser, somebody may be in who did not open the page that is still
there. Each form says for whom it was made, and what was made for another is refused
before anything is done. One that does not say it, such as a program's, is its sender's.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from fastapi import Request

from api.problems import Problem
from api.security import Visit
from language import mark

FIELD: Final = "as"
"""The name of the field in which a form says it."""

_OTHERWISE_IN: Final = mark(
    "With this browser somebody else is in now, who can't do this. Log in again as "
    "yourself, in another window."
)
_HERE: ContextVar[str] = ContextVar("whose", default="")


@contextmanager
def made_for(visit: Visit | None) -> Generator[None]:
    """Have the forms that are made in this block be of this visitor."""
    token = _HERE.set("" if visit is None else _name(visit))
    try:
        yield
    finally:
        _HERE.reset(token)


def whose() -> str:
    """Name whom the forms are for that are made here; empty for nobody known."""
    return _HERE.get()


def see_that_it_is_theirs(request: Request, form: Mapping[str, str]) -> None:
    """Raise the problem 403 for a form that was made for another than who is in."""
    visit = getattr(request.state, "visit", None)
    told = form.get(FIELD)
    if told and isinstance(visit, Visit) and told != _name(visit):
        raise otherwise_in()


def otherwise_in() -> Problem:
    """Give the problem of a form that somebody else was given than who is in now."""
    return Problem(403, "OtherwiseIn", _OTHERWISE_IN)


def _name(visit: Visit) -> str:
    caller = visit.caller
    return f"{caller.organisation}:{caller.dialogue or ''}/{caller.actor}"
