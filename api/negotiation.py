"""What a caller reads and writes: the language, the form of an answer and of a body."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from email.message import Message
from typing import Final

from language import languages, spoken

USUAL: Final = "nl"
"""In which whoever names no language is answered."""

JSON: Final = "application/json"
HTML: Final = "text/html"


def chosen_language(accepted: str | None) -> str:
    """Choose the language of an answer from an ``Accept-Language``.

    The best of those that there is a catalogue for; Dutch for whoever asks for none,
    English for whoever asks for others.
    """
    wanted = list(_ranked(accepted or ""))
    if not wanted or wanted == ["*"]:
        return USUAL
    for tag in wanted:
        first = tag.partition("-")[0]
        if first in languages() or first == "en":
            return first
    return USUAL if "*" in wanted else spoken(wanted[0])


def acceptable(accepted: str | None, produced: Collection[str]) -> bool:
    """Whether an ``Accept`` takes one of the media types that there are."""
    if not accepted:
        return True
    wanted = list(_ranked(accepted))
    return any(_fits(one, each) for one in wanted for each in produced)


def prefers(accepted: str | None, one: str, other: str) -> bool:
    """Whether an ``Accept`` asks for ``one`` rather than for ``other``."""
    for wanted in _ranked(accepted or ""):
        if _fits(wanted, other):
            return False
        if _fits(wanted, one):
            return True
    return False


def media_type(content_type: str | None) -> str:
    """Give the media type of a ``Content-Type``, in small letters."""
    message = Message()
    message["content-type"] = content_type or "-"
    return message.get_content_type()


def is_json(content_type: str | None) -> bool:
    """Whether a ``Content-Type`` is JSON, in UTF-8."""
    if not content_type:
        return False
    message = Message()
    message["content-type"] = content_type
    kind = message.get_content_type()
    charset = message.get_content_charset("utf-8")
    return (kind == JSON or kind.endswith("+json")) and charset in {"utf-8", "us-ascii"}


def _ranked(header: str) -> Iterator[str]:
    """Give what a header accepts, best first, without what it refuses (``q=0``)."""
    found: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")):
        value, *parameters = (each.strip().lower() for each in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, told = parameter.partition("=")
            if name.strip() == "q":
                quality = _number(told)
        if value and quality > 0:
            found.append((-quality, place, value))
    for _, _, value in sorted(found):
        yield value


def _number(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 1.0


def _fits(wanted: str, media: str) -> bool:
    if wanted in {"*", "*/*", media}:
        return True
    return wanted.endswith("/*") and media.startswith(wanted[:-1])
