"""Whom an answer reached: the record says it by the numbers of their responses."""

from __future__ import annotations

from collections.abc import Iterable

from desk.history import Past
from domain.response_numbers import bits_of, each


def respondents(events: Iterable[Past], window: str, numbers: str | None) -> list[str]:
    """Give who gave these responses to a window, each once, in order."""
    given = [
        event.members["data"]
        for event in events
        if event.members["type"] == "response_recorded"
    ]
    by_number = {
        data["number"]: data["respondent"] for data in given if data["window"] == window
    }
    wanted = each(bits_of(numbers)) if numbers else ()
    return list(dict.fromkeys(by_number[number] for number in wanted))
