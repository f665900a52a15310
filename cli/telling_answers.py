"""What happens to responses and answers, as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cli.speech import _
from language import mark

ANSWERS: Final[Mapping[str, str]] = {
    "responses_grouped": mark(
        "Responses {numbers} in window “{window}”: group {group}."
    ),
    "responses_ungrouped": mark("Responses {numbers} left the group {group}."),
    "response_answered": mark(
        "Responses {numbers} in window “{window}” were answered: {outcome}."
    ),
    "responses_left_unanswered": mark(
        "Responses {numbers} in window “{window}” get no answer."
    ),
    "responses_carried": mark(
        "Responses {numbers} in window “{window}” count in round {round} too, and wait"
        " for an answer."
    ),
}
"""A sentence for every type of event about answers."""

OUTCOMES: Final[Mapping[str, str]] = {
    "adopted": mark("adopted"),
    "partly": mark("partly adopted"),
    "not": mark("not adopted"),
}
"""What may become of a response, in words."""


def answer_facts(data: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a sentence needs of an answer: its outcome, and how many heard."""
    facts: dict[str, Any] = {}
    if data.get("outcome") in OUTCOMES:
        facts["outcome"] = _(OUTCOMES[data["outcome"]])
    if "answer" in data:
        facts["count"] = how_many(data.get("told"))
        facts["unreached"] = how_many(data.get("untold"))
    return facts


def how_many(numbers: str | None) -> int:
    """Count numbers that are written as ``1-40,52``."""
    if not numbers:
        return 0
    parts = (part.partition("-") for part in numbers.split(","))
    return sum(int(last or first) - int(first) + 1 for first, _dash, last in parts)
