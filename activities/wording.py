"""What one kind of message says, in English; the catalogues have it in Dutch.

Short, friendly and plain. Why something is undone is said in general terms only: the
reason that somebody gave is private.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from language import mark

NO_REPLY_NEEDED: Final = mark(
    "You do not have to do anything now. Responses that you gave are kept. If we need"
    " you again, you will receive a new message."
)


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of one kind of message; ``deadline`` says until when, if it does.

    ``{heading}`` stands for what it is about. What a message lists beside that has its
    label in `activities.labels`.
    """

    subject: str
    opening: tuple[str, ...]
    meaning: tuple[str, ...] = (NO_REPLY_NEEDED,)
    deadline: str | None = None
