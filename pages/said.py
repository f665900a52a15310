"""What a page says after something was done: known words alone, never an address's.

The page that somebody is sent on to has ``?said=<key>``; what no key is says nothing.
"""

from __future__ import annotations

from typing import Final

from language import mark

_SAID: Final[dict[str, str]] = {}


def says(key: str, text: str) -> str:
    """Make a key known with its marked text, and give the key back."""
    _SAID[key] = text
    return key


def text_of(key: str | None) -> str | None:
    """Give the text of a key, in English; None for what is none."""
    return _SAID.get(key or "")


LATER: Final = says(
    "later",
    mark(
        "What you asked for was taken in and is being carried out. You will see it "
        "here in a moment."
    ),
)
