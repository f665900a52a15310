"""What needs somebody comes in groups, in the order of urgency that the desk has.

A group is a run of kinds that follow one another there, so that a page can end within a
group and the next one goes on with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from desk.today import ORDER
from language import mark


class Group(NamedTuple):
    """A group of kinds: its name in addresses, its title, and what it is about."""

    name: str
    title: str
    about: str
    kinds: tuple[str, ...]

    def count(self, counts: Mapping[str, int]) -> int:
        """Say how much there is of it."""
        return sum(counts.get(kind, 0) for kind in self.kinds)


_BEGIN: Final = (
    (
        "unreadable",
        "failed",
        mark("Went wrong"),
        mark("Something was to happen by itself, and did not."),
    ),
    (
        "agreement_overdue",
        "late",
        mark("Too late"),
        mark("A date has passed, or a promise was to be kept by now."),
    ),
    (
        "deadline_soon",
        "week",
        mark("Within a week"),
        mark("A date, a meeting or the end of a window comes near."),
    ),
    (
        "nobody_invited",
        "unreached",
        mark("People who were not reached"),
        mark("They can't take part as long as this is so."),
    ),
    (
        "feedback_unanswered",
        "decision",
        mark("Waits for a decision"),
        mark("Somebody else can't go on before you have decided."),
    ),
    (
        "extra_attention",
        "silent",
        mark("Silent people and weak spots"),
        mark("Not urgent yet; a call now may save you much later."),
    ),
    (
        "paused",
        "still",
        mark("Stands still"),
        mark("No time runs here until somebody says so."),
    ),
    (
        "go_on",
        "on",
        mark("You can go on with"),
        mark("The first thing to do in each dialogue that waits for nothing else."),
    ),
)
"""With which kind each group begins."""


def _groups() -> tuple[Group, ...]:
    begins = [ORDER.index(first) for first, *_ in _BEGIN]
    ends = [*begins[1:], len(ORDER)]
    return tuple(
        Group(name, title, about, ORDER[begin:end])
        for (_, name, title, about), begin, end in zip(
            _BEGIN, begins, ends, strict=True
        )
    )


GROUPS: Final[Sequence[Group]] = _groups()
BY_NAME: Final[Mapping[str, Group]] = {group.name: group for group in GROUPS}
CALM: Final = frozenset({"on"})
"""Groups in which nothing is urgent."""


def group_of(kind: str) -> Group:
    """Give the group of a kind; one that is not known is where "" stands."""
    known = kind if kind in ORDER else ""
    return next(group for group in GROUPS if known in group.kinds)
