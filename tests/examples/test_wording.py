"""The report says the same in both languages."""

from __future__ import annotations

import string

import pytest

from examples.wording import WIDTH, Words, folded, table

FORMATTER = string.Formatter()


def gaps(text: str) -> set[str]:
    """Give the names of what is filled in."""
    return {name for _, name, _, _ in FORMATTER.parse(text) if name}


@pytest.mark.parametrize("key", table())
def test_a_text_has_the_same_gaps_in_both_languages(key: str) -> None:
    """What is filled in in Dutch is filled in in English."""
    text = table()[key]
    assert text.nl.strip()
    assert gaps(text.nl) == gaps(text.en)


def test_one_is_told_in_the_singular() -> None:
    """A count of one takes the form for one, where there is such a form."""
    words = Words("nl")
    assert words("letters", n=1, notice="gesloten") == "Verstuurd: 1 brief (gesloten)."
    assert "brieven" in words("letters", n=2, notice="gesloten")


def test_a_fact_that_is_not_known_is_a_question_mark() -> None:
    """A check that broke off can still be told."""
    assert "?" in Words("en")("check_sound")


def test_lines_are_folded_at_words() -> None:
    """No line is wider than the report, and nothing is lost."""
    text = "een woord en nog een lang-samengesteld woord " * 9
    told = folded(text, first="ma  1 jan 2020   ")
    assert all(len(line) <= WIDTH for line in told.splitlines())
    assert told.split()[4:] == text.split()
