"""What is said of an act outside its mandate, or of a mandate that gives nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from language import mark, translator

NO_PAST: Final = mark("its period is over already")

REASONS: Final[Mapping[str, str]] = {
    "missing": mark("the event that it names as its mandate is not on record"),
    "not_a_mandate": mark("the event that it names is no mandate"),
    "other_organisation": mark("the mandate is of another organisation"),
    "not_grantee": mark("the mandate was given to somebody else"),
    "not_yet": mark("the mandate was not valid yet"),
    "no_longer": mark("the mandate was not valid any more"),
    "revoked": mark("the mandate had been revoked"),
    "command": mark("the mandate is not for this kind of command"),
    "dialogue": mark("the mandate is not for this dialogue"),
    "step": mark("the mandate is not for this step"),
    "too_often": mark("the mandate was used more often than it allows"),
    "chain_broken": mark("the mandate that it was passed on from is not on record"),
    "not_delegable": mark("the mandate that it comes from may not be passed on"),
    "not_delegator": mark("it was passed on by somebody who did not have it"),
    "too_wide": mark("it reaches further than the mandate that it comes from"),
    "delegator_lost": mark("the mandate that it comes from did not hold any more"),
}
"""What is wrong with an act, or with a mandate, by reason."""


def in_words(reason: str, lang: str) -> str:
    """Say what is wrong in a language, as a clause without a full stop."""
    return translator(lang)(REASONS[reason])
