"""What the facts and the private texts of a message are called in it.

The names are those of `domain.notices.Told` and `Enclosed`. A value that is a code has
words of its own, under the name of its fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from activities.wordings_answers import ANSWER_CODES, ANSWER_LABELS
from activities.wordings_harvest import HARVEST_CODES, HARVEST_LABELS
from language import mark

LABELS: Final[Mapping[str, str]] = {
    "place": mark("Where"),
    "online": mark("Online"),
    "programme": mark("Programme"),
    "capacity": mark("Number of places"),
    "reason": mark("Reason"),
    "message": mark("Message from the organisation"),
    **ANSWER_LABELS,
    **HARVEST_LABELS,
}
"""Labels by name; a name without one stands for itself."""

CODES: Final[Mapping[str, Mapping[str, str]]] = {**ANSWER_CODES, **HARVEST_CODES}
"""Words for the values of a fact, by the name of the fact."""
