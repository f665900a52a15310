"""What responses and answers are called on these pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from desk.in_words.mood import Mood
from language import mark
from pages.said import says

STANDING: Final[Mapping[str, tuple[str, Mood]]] = {
    "adopted": (mark("adopted"), "good"),
    "partly": (mark("partly adopted"), "good"),
    "not": (mark("not adopted"), "plain"),
    "left": (mark("no answer"), "quiet"),
    "waiting": (mark("waits for an answer"), "alarm"),
}
"""What became of a response, and how it looks."""

SORTS: Final[Mapping[str, str]] = {
    "waiting": mark("waits for an answer"),
    "all": mark("all responses"),
    "late": mark("too late"),
    "adopted": mark("adopted"),
    "partly": mark("partly adopted"),
    "not": mark("not adopted"),
    "left": mark("no answer"),
    "untold": mark("answer not arrived"),
    "earlier": mark("of an earlier round"),
}
"""What can be looked for, in the order of the list."""

OUTCOMES: Final[Mapping[str, tuple[str, str]]] = {
    "adopted": (mark("Adopted"), mark("We do what this response asks.")),
    "partly": (mark("Partly adopted"), mark("We do a part of it.")),
    "not": (mark("Not adopted"), mark("We do not do it.")),
}
"""What may be done with a response, each with what that means."""

BECAUSE: Final[Mapping[str, str]] = {
    "identical": mark("they say the same"),
    "theme": mark("they are about the same"),
}

ANSWERED: Final = says(
    "responses-answered", mark("The answer is on record, and is on its way.")
)
NEXT: Final = says(
    "responses-next", mark("The answer is on record. This is the next response.")
)
GROUPED: Final = says("responses-grouped", mark("The responses are a group now."))
UNGROUPED: Final = says("responses-ungrouped", mark("That is no group any more."))
LEFT: Final = says(
    "responses-left",
    mark("It is on record that these responses get no answer, and why."),
)
CARRIED: Final = says(
    "responses-carried", mark("These responses count in this round as well.")
)
AGAIN: Final = says("responses-again", mark("The answers are sent once more."))
