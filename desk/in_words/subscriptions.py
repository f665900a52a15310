"""How a subscription does, in words: what its receiver takes, and what it does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from desk.in_words.mood import Mood
from desk.remarks_deliveries import why as told
from desk.subscribing import Subscription
from language import mark
from language.speaking import _

ACTS: Final[Mapping[str, str]] = {
    "created": mark("subscribed"),
    "tested": mark("tried out"),
    "replayed": mark("sent again from a place on"),
    "repeated": mark("sent once more"),
    "rotated": mark("new secret taken"),
    "enabled": mark("enabled again"),
    "disabled": mark("disabled"),
    "deleted": mark("taken away"),
}
"""What somebody did with one."""


def why(problem: str | None, lang: str) -> str:
    """Say a problem in a language."""
    return told(problem or "?", lang)


def standing(found: Subscription) -> tuple[str, Mood]:
    """Say how it does."""
    if found.status == "disabled":
        return _("disabled"), "alarm"
    if found.failing_since is not None:
        since = f"{found.failing_since:%Y-%m-%d %H:%M}"
        return _("takes nothing since {since} UTC").format(since=since), "alarm"
    if found.status == "pending":
        return _("waits for the handshake"), "open"
    if found.held or found.dead:
        text = _("dialogues held: {held}, dead letters: {dead}")
        return text.format(held=found.held, dead=found.dead), "open"
    return _("active"), "good"


def lag(found: Subscription) -> str:
    """Say how far behind it is."""
    behind = max(found.log_size - found.undone_from, 0)
    if not behind:
        return _("up to date")
    return _("{number} places of the log to go").format(number=behind)
