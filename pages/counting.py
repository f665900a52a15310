"""Things counted in words: one is said otherwise than many."""

from __future__ import annotations

from collections.abc import Iterable

from language import mark
from language.speaking import _

Counted = tuple[str, str]
"""The words for one, and for many with ``{n}`` in it; both marked."""

STEPS: Counted = mark("1 step"), mark("{n} steps")
ITEMS: Counted = mark("1 item"), mark("{n} items")
ITEMS_AGAIN: Counted = (
    mark("1 item to confirm again"),
    mark("{n} items to confirm again"),
)
WINDOWS: Counted = mark("1 feedback window"), mark("{n} feedback windows")
REPORTS: Counted = mark("1 report"), mark("{n} reports")
MEETINGS: Counted = mark("1 meeting"), mark("{n} meetings")
AGREEMENTS: Counted = mark("1 agreement"), mark("{n} agreements")
DECISIONS: Counted = mark("1 decision"), mark("{n} decisions")
PEOPLE: Counted = mark("1 person"), mark("{n} people")
RESPONSES: Counted = mark("1 response"), mark("{n} responses")


def counted(number: int, words: Counted) -> str:
    """Say how many of something there are."""
    one, many = words
    return _(one) if number == 1 else _(many).format(n=number)


def all_counted(found: Iterable[tuple[int, Counted]]) -> tuple[str, ...]:
    """Say how many there are of each thing of which there is one at all."""
    return tuple(counted(number, words) for number, words in found if number)


def listed(parts: Iterable[str]) -> str:
    """Write a few things as people do: the last one after “and”."""
    *first, last = [*parts] or [""]
    return (
        _("{first} and {last}").format(first=", ".join(first), last=last)
        if first
        else last
    )
