"""What happens to responses and answers, as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from language import mark
from language.speaking import _

ANSWERS: Final[Mapping[str, str]] = {
    "responses_grouped": mark(
        "Group {group}: responses {numbers} in window “{window}”."
    ),
    "responses_ungrouped": mark("Group {group}: without response {numbers} now."),
    "response_answered": mark(
        "Answer to response {numbers} in window “{window}”: {outcome}."
    ),
    "responses_left_unanswered": mark(
        "No answer to response {numbers} in window “{window}”."
    ),
    "responses_carried": mark(
        "Response {numbers} in window “{window}” counts in round {round} too, and waits"
        " for an answer."
    ),
    "answers_told_again": mark(
        "The answer to response {numbers} in window “{window}” is sent again."
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
