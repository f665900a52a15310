"""What a participant began to write, kept for them alone until they send it.

A draft is no contribution: it reaches no dialogue, no history and no reader. It is
taken while its window is open, and goes when it is sent, thrown away, or when the
window closes. See docs/decisions/2026-11-22-drafts.md.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from desk.desk import Desk
from desk.errors import Refused
from desk.private import check_length
from evidence.errors import NotCanonical
from language import mark
from storage import drafts
from storage.drafts import Draft, Place

__all__ = ["Draft", "drop", "keep", "kept"]

_CLOSED: Final = mark(
    "This feedback window is not open, so what you write can't be kept for later."
)
_SENT: Final = mark(
    "You sent a response since. What you wrote after that can be added to it."
)
_SIGN: Final = mark("This text has a sign in it that can't be kept.")


async def keep(
    desk: Desk,
    stream: str,
    window: str,
    subject: str,
    text: str,
    *,
    after: int | None = None,
) -> datetime | None:
    """Keep what somebody wrote so far; return when. An empty text is none.

    ``after`` is the last event by which they said something themselves in the window
    when they were given the form; what they sent since, this must not bring back.
    Raises `Refused` then, where the window is not open or the text is too long, and
    `NotFound`.
    """
    check_length(text)
    place = Place(stream, window, subject)
    if not text.strip():
        await drafts.drop(desk.pool, place)
        return None
    state = await desk.dialogue(stream)
    if window not in state.open_windows():
        raise Refused("WindowNotOpen", _CLOSED, {}, template=_CLOSED)
    try:
        at = await drafts.put(desk.pool, desk.keys, place, text, after)
    except NotCanonical as error:
        raise Refused("NotCanonical", _SIGN, {}, template=_SIGN) from error
    if at is None:
        raise Refused("SentSince", _SENT, {}, template=_SENT)
    return at


async def kept(desk: Desk, stream: str, subject: str) -> dict[str, Draft]:
    """Give what somebody began to write in a dialogue, by window."""
    found = await drafts.of(desk.pool, desk.keys, stream, subject)
    return {draft.window: draft for draft in found}


async def drop(desk: Desk, stream: str, window: str, subject: str) -> bool:
    """Throw a draft away; False where there was none."""
    return await drafts.drop(desk.pool, Place(stream, window, subject))
