"""The language that is spoken here and now: of a whole run, or of one request in it.

A command line speaks one language from start to end. A process that answers many people
at once speaks to each in their own, within `speaking`.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from language import translator

USUAL: Final = "nl"
"""Those who use Polder speak Dutch; a machine without a locale says nothing."""

_HERE: ContextVar[str | None] = ContextVar("language", default=None)


class Run:
    """What this whole run speaks, where nothing else was said."""

    lang = USUAL


@contextmanager
def speaking(lang: str) -> Generator[None]:
    """Speak this language in the block, to whoever the block is for."""
    token = _HERE.set(lang)
    try:
        yield
    finally:
        _HERE.reset(token)


def lang() -> str:
    """Return the language that is spoken here: `nl` or `en`."""
    return _HERE.get() or Run.lang


def _(text: str) -> str:
    """Return a text of the code in the language that is spoken here."""
    return translator(lang())(text)
