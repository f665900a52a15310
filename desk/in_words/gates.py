"""A gate in words: what it takes, what was counted, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from desk.in_words.mood import Mood
from language import mark
from language.speaking import _

if TYPE_CHECKING:
    from desk.measures import Counts, Threshold

GATE: Final[Mapping[str, tuple[str, Mood]]] = {
    "not_held": (mark("not held yet"), "open"),
    "failed": (mark("not passed"), "alarm"),
    "passed": (mark("passed"), "good"),
    "in_doubt": (mark("in doubt: its counts were corrected"), "alarm"),
}
GATE_KINDS: Final[Mapping[str, str]] = {
    "consent": mark("consent"),
    "signatures": mark("signatures"),
    "approval": mark("approval"),
}
BASES: Final[Mapping[str, str]] = {
    "entitled": mark("of all who may speak"),
    "cast": mark("of all who spoke"),
    "for_and_against": mark("of those for or against"),
}
COUNTS: Final[Mapping[str, str]] = {
    "in_favour": mark("{n} in favour"),
    "valid": mark("{n} of those valid"),
    "against": mark("{n} against"),
    "abstained": mark("{n} abstained"),
    "entitled": mark("{n} may speak"),
}


def takes(threshold: Threshold) -> str:
    """Say what it takes to pass."""
    amount = str(threshold.count)
    if threshold.percent is not None:
        amount = f"{threshold.percent}%"
    elif threshold.share is not None:
        amount = threshold.share
    text = _("more than {amount}") if threshold.more_than else _("at least {amount}")
    told = text.format(amount=amount)
    return told if threshold.count else f"{told} {_(BASES[threshold.of])}"


def counted(counts: Counts) -> str:
    """Say what was counted."""
    found = counts.model_dump(exclude_none=True)
    return ", ".join(_(t).format(n=found[n]) for n, t in COUNTS.items() if n in found)
