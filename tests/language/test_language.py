"""Every text of the code is there in every language, and days have their names."""

from __future__ import annotations

import ast
import string
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from jinja2.ext import babel_extract

from calendars.compilation import UnknownZone
from domain.calendar import BeforeCalendar
from domain.decide import decide
from domain.errors import DomainError
from domain.terms import TermOver
from language import languages, parts, spoken, translator
from language.catalogue import entries
from language.dates import day, until

BROUGHT = (BeforeCalendar, TermOver, UnknownZone, decide)
"""Refusals that stand elsewhere than in domain/errors.py, so that they are known."""

ROOT = Path(__file__).parents[2]
PLACES = ("activities", "api", "cli", "desk", "language", "pages")


def marked() -> Iterator[tuple[str, str]]:
    """Every text in the code that is handed to `mark` or to a translator `_`.

    The docstrings of refusals are such texts as well, and what templates say.
    """
    for name, refusal in DomainError.kinds.items():
        yield name, refusal.template()
    for place in PLACES:
        for path in sorted((ROOT / place).rglob("*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            for node in ast.walk(tree):
                match node:
                    case ast.Call(
                        func=ast.Name(id="mark" | "_"),
                        args=[ast.Constant(value=str(text))],
                    ):
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", text
                    case _:
                        pass
    yield from in_templates()


def in_templates() -> Iterator[tuple[str, str]]:
    """Every text in a template that is handed to `_`."""
    for path in sorted((ROOT / "pages" / "templates").rglob("*.html")):
        with path.open("rb") as file:
            for line, _, text, _ in babel_extract(file, ("_",), (), {}):
                # One that is no text yet is marked where it is one.
                if isinstance(text, str):
                    yield f"{path.relative_to(ROOT)}:{line}", text


def dutch() -> dict[str, str]:
    """The Dutch catalogue by key, without its header."""
    found = entries("\n".join(parts("nl")))
    return {entry.key: entry.translation for entry in found if entry.key}


def fields(text: str) -> set[str | None]:
    """The names that a text leaves open."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_has_a_dutch_one() -> None:
    """No text that people read is left in English by accident."""
    found = dutch()
    assert [where for where, text in marked() if not found.get(text)] == []


def test_the_catalogue_has_no_text_that_nobody_uses() -> None:
    """A key that no longer stands in the code is a translation that went astray."""
    assert set(dutch()) - {text for _, text in marked()} == set()


def test_a_part_of_the_catalogue_adds_to_it_and_changes_nothing() -> None:
    """No text stands in two parts, and none but the first part has a header."""
    keys = [[entry.key for entry in entries(part)] for part in parts("nl")]
    found = Counter(key for part in keys for key in part)
    assert [key for key, times in found.items() if times > 1] == []
    assert [part.count("") for part in keys] == [1] + [0] * (len(keys) - 1)


def test_a_translation_leaves_the_same_names_open() -> None:
    """What is filled in in English is filled in in Dutch, and nothing else."""
    odd = [key for key, text in dutch().items() if fields(key) != fields(text)]
    assert odd == []


def test_a_language_that_lacks_a_catalogue_is_english() -> None:
    """Regions do not matter, and French readers get English for now."""
    assert languages() == {"en", "nl"}
    asked = ["nl", "nl-NL", "nl_BE", "en", "fr", "de", ""]
    assert [spoken(lang) for lang in asked] == ["nl"] * 3 + ["en"] * 4
    assert [translator(lang)("Step") for lang in ("nl-NL", "fr")] == ["Stap", "Step"]


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_header_of_a_catalogue_is_no_text(lang: str) -> None:
    """An empty text stays empty, and an unknown one stays itself."""
    assert translator(lang)("") == ""
    assert translator(lang)("nowhere in the code") == "nowhere in the code"


def test_a_window_that_closes_at_midnight_lasts_to_the_end_of_the_day_before() -> None:
    """The closing is exclusive, so Friday is the last day, and its end is 24:00."""
    closes = datetime(2026, 12, 5)  # noqa: DTZ001 (local wall clock)
    assert until("nl", closes) == "tot en met vrijdag 4 december 2026, 24.00 uur"
    assert until("en", closes) == "up to and including Friday 4 December 2026, 24:00"


def test_another_moment_is_told_to_the_minute_and_never_too_late() -> None:
    """The seconds after the last whole minute are left off."""
    closes = datetime(2027, 1, 1, 0, 5, 59, 999)  # noqa: DTZ001 (local wall clock)
    assert until("nl", closes) == "tot vrijdag 1 januari 2027, 00.05 uur"
    assert until("en", closes) == "until Friday 1 January 2027, 00:05"


def test_each_day_and_month_has_its_name() -> None:
    """A year's days are named as a calendar names them."""
    assert day("nl", date(2026, 3, 2)) == "maandag 2 maart 2026"
    assert day("nl", date(2026, 8, 30)) == "zondag 30 augustus 2026"
    assert day("en", date(2027, 5, 26)) == "Wednesday 26 May 2027"
