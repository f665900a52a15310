"""What meetings and how they stand are called on these pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from desk.in_words.mood import Mood
from language import mark

STANDINGS: Final[Mapping[str, tuple[str, Mood]]] = {
    "to_come": (mark("to come"), "open"),
    "under_way": (mark("under way"), "good"),
    "over": (mark("over, not recorded yet"), "alarm"),
    "held": (mark("held"), "good"),
    "cancelled": (mark("cancelled"), "quiet"),
    "voided": (mark("no longer holds"), "quiet"),
}
"""What it is called how a meeting stands, and how it looks."""

WORDS: Final[Mapping[str, str]] = {
    "place": mark("Where"),
    "online": mark("Online"),
    "programme": mark("Programme"),
    "message": mark("Told to those invited"),
    "reason": mark("Why"),
    "minutes": mark("Minutes"),
}
"""What the private texts of a meeting are called."""

SORTS: Final[Mapping[str, str]] = {
    "": mark("all meetings"),
    "ahead": mark("to come"),
    "unrecorded": mark("over, not recorded yet"),
    "past": mark("held"),
    "off": mark("called off"),
}
"""What can be looked for."""

OF_SORT: Final[Mapping[str, frozenset[str]]] = {
    "ahead": frozenset({"to_come", "under_way"}),
    "unrecorded": frozenset({"over"}),
    "past": frozenset({"held"}),
    "off": frozenset({"cancelled", "voided"}),
}
"""How meetings of a sort stand."""
