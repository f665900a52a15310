"""What participants read, in plain language (Dutch at B1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from desk.in_words.mood import Mood
from language import mark
from pages.said import says

STANDING: Final[Mapping[str, tuple[str, Mood, str]]] = {
    "adopted": (
        mark("Adopted"),
        "good",
        mark("The organisation does what you ask."),
    ),
    "partly": (
        mark("Partly adopted"),
        "good",
        mark("The organisation does a part of what you ask."),
    ),
    "not": (
        mark("Not adopted"),
        "plain",
        mark("The organisation does not do what you ask."),
    ),
    "left": (mark("No answer"), "quiet", mark("Your response gets no answer.")),
    "waiting": (
        mark("No answer yet"),
        "open",
        mark("The organisation still has to answer. You can see the answer here."),
    ),
}
"""What became of a response: in short, how it looks, and in a sentence."""

MEETINGS: Final[Mapping[str, tuple[str, Mood]]] = {
    "planned": (mark("it goes on"), "good"),
    "held": (mark("it was held"), "quiet"),
    "cancelled": (mark("it does not go on"), "alarm"),
    "voided": (mark("it does not count any more"), "quiet"),
}

REQUESTS: Final[Mapping[str, str]] = {
    "requested": mark("asked; the organisation has to decide within one month"),
    "granted": mark("granted; it is being carried out"),
    "refused": mark("refused"),
    "executed": mark("granted, and carried out"),
}
"""How far a request to erase is (GDPR, art. 12(3): a decision within one month)."""

FIELDS: Final[Mapping[str, str]] = {
    "/name": mark("Your name"),
    "/address": mark("Your address"),
    "/organisation": mark("Your organisation"),
    "/constituency": mark("For whom you speak"),
    "/mandate": mark("What you may promise for them"),
    "/response": mark("What you said"),
    "/feedback": mark("What you said afterwards"),
    "/text": mark("Your interest"),
    "/what": mark("An agreement you are part of"),
    "/how": mark("How you keep an agreement"),
    "/gained_them": mark("What it brought you, as you said"),
    "/reason": mark("A reason that you gave, or that is about you"),
    "/note": mark("A note"),
    "/briefing": mark("What you were told when you joined"),
}
"""What private texts about a person are called; else their place in the event."""

SENT: Final = says("mine-sent", mark("Thank you. Your response has been received."))
SAVED: Final = says(
    "mine-saved",
    mark("It is kept. It has not been sent: the organisation can't read it yet."),
)
DROPPED: Final = says("mine-dropped", mark("What you had kept has been thrown away."))
ASKED: Final = says(
    "mine-asked",
    mark("Your request is on record. The organisation decides within one month."),
)
NOTHING: Final = says(
    "mine-nothing", mark("There is nothing private about you to erase.")
)
