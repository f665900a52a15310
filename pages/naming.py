"""Ids that somebody would otherwise have to think up: the first one that is free."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from itertools import count
from typing import Final

from language import mark

NO_ID: Final = mark(
    "Write an id of letters, digits and . _ : - without spaces, such as k-12. No names."
)
NO_PART_ID: Final = mark(
    "Write an id of small letters, digits, - and _, such as evening-2. No names."
)
_WORD: Final = re.compile(r"[a-z0-9]+")
_OPAQUE: Final = re.compile(r"[A-Za-z0-9._:-]{1,200}")
_PART: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


def free(word: str, taken: Container[str]) -> str:
    """Give the first of word-1, word-2 … that nothing has yet."""
    return next(name for n in count(1) if (name := f"{word}-{n}") not in taken)


def slug(title: str, most: int) -> str:
    """Make a name of a title: ``cafe-aan-t-park`` of ``Café aan ’t Park``.

    Of at most so many letters; empty where the title has none that a name may have.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return "-".join(_WORD.findall(plain.lower()))[:most].strip("-")


def is_id(told: str | None) -> bool:
    """Whether a text can be the id of somebody, or of an interest."""
    return told is not None and _OPAQUE.fullmatch(told) is not None


def is_part_id(told: str | None) -> bool:
    """Whether a text can be the id of a meeting, an agreement or a report."""
    return told is not None and _PART.fullmatch(told) is not None


def ids_in(told: str) -> list[str]:
    """Give the ids in a text, between commas or spaces, each once."""
    return [*dict.fromkeys(told.replace(",", " ").split())]
