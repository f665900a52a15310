"""Which known names come nearest to one that is none, at little cost.

Comparing two texts sign by sign takes as long as both are, times each other, and a
dialogue may know thousands of names of 200 signs. Whoever names something unknown must
not be able to hold up all others by it; so only a few likely names are compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from heapq import nlargest
from itertools import islice
from typing import Final

NEAR_ENOUGH: Final = 0.6
"""How much of two names has to be the same, as `difflib` counts."""

_LONGEST: Final = 80
"""Signs in a name that is compared: nobody mistypes one that is longer."""

_MOST_LOOKED_AT: Final = 200
_MOST_COMPARED: Final = 10


def nearest(named: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Give up to so many known names that ``named`` may have meant, the nearest first.

    Names that begin alike are looked at first, and not all of very many.
    """
    if len(named) > _LONGEST:
        return []
    fitting = (name for name in known if len(name) <= _LONGEST)
    likely = sorted(fitting, key=lambda name: name[:2] != named[:2])
    matcher = SequenceMatcher(b=named)
    rough: list[tuple[float, str]] = []
    for name in islice(likely, _MOST_LOOKED_AT):
        matcher.set_seq1(name)
        if matcher.real_quick_ratio() >= NEAR_ENOUGH <= (same := matcher.quick_ratio()):
            rough.append((same, name))
    exact: list[tuple[float, str]] = []
    for _, name in nlargest(_MOST_COMPARED, rough):
        matcher.set_seq1(name)
        if (same := matcher.ratio()) >= NEAR_ENOUGH:
            exact.append((same, name))
    return [name for _, name in nlargest(most, exact)]
