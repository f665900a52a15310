"""A page is plain where a program reads along, and one JSON document when asked."""

from __future__ import annotations

from datetime import date, datetime
from io import StringIO

import pytest

from cli import speech
from cli.page import Cell, Page, program, runnable, write_json
from desk.in_words.moments import days_away, due_in, last_moment, moment
from desk.overview import Due
from tests.cli.running import ROOT

FRIDAY_NIGHT = datetime(2026, 12, 5)  # noqa: DTZ001  (local wall clock)


@pytest.fixture
def english() -> object:
    """English for one test."""
    speech.choose(["--lang", "en"], {})
    yield
    speech.choose([], {})


def test_without_a_terminal_columns_are_aligned_and_nothing_is_coloured() -> None:
    """Each column is as wide as its widest text; moods leave no trace."""
    out = StringIO()
    page = Page(out)
    page.table([("a", Cell("done", "good"), "x"), ("bbb", "open", "")], ("1", "2", "3"))
    page.line("careful", "alarm", indent=2)
    page.command("polder today")
    assert out.getvalue() == (
        "1    2     3\na    done  x\nbbb  open\n  careful\n"
        f"  {runnable('polder today')}\n"
    )


def test_a_command_of_ours_is_written_as_it_can_be_copied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By our own script, where `polder` is not on the PATH; other text stays."""
    program.cache_clear()
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.chdir(ROOT)
    assert runnable("polder today") == "bin/polder today"
    assert runnable("export A=1") == "export A=1"
    program.cache_clear()


def test_json_is_one_line_with_the_letters_as_they_are() -> None:
    """No escapes for what UTF-8 can say."""
    out = StringIO()
    write_json({"dialogues": ["café"]}, out)
    assert out.getvalue() == '{"dialogues": ["café"]}\n'


def test_deadlines_are_told_in_working_days_and_to_the_end_of_the_day() -> None:
    """As a process director counts: up to and including Friday."""
    due = Due(FRIDAY_NIGHT, date(2026, 12, 4), 3)
    assert due_in(due) == "nog 3 werkdagen (t/m vr 4 dec 2026, 24.00 uur)"
    assert due_in(due._replace(working_days=1)).startswith("nog 1 werkdag (")
    assert due_in(due._replace(working_days=0)).startswith("laatste werkdag (")
    assert due_in(due._replace(working_days=-1)).startswith("de tijd is om (")
    odd = datetime(2026, 3, 4, 9, 5)  # noqa: DTZ001  (local wall clock)
    assert last_moment(odd) == "tot wo 4 mrt 2026 09.05 uur"
    assert moment(odd) == "wo 4 mrt 2026 09.05"
    told = [days_away(days) for days in (-2, -1, 0, 1, 9)]
    assert told == ["2 dagen geleden", "gisteren", "vandaag", "morgen", "over 9 dagen"]


def test_the_same_in_english(english: object) -> None:
    """English has its own order of words."""
    due = Due(FRIDAY_NIGHT, date(2026, 12, 4), 3)
    assert due_in(due) == "3 working days left (up to Fri 4 Dec 2026, 24:00)"


@pytest.mark.parametrize(
    ("arguments", "environment", "lang"),
    [
        ([], {}, "nl"),
        ([], {"LANG": "C.UTF-8"}, "nl"),
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "fr_FR.UTF-8"}, "nl"),
        ([], {"LANG": "en_US", "POLDER_LANG": "nl"}, "nl"),
        ([], {"LANG": "en_US", "LC_ALL": "nl_BE.UTF-8"}, "nl"),
        (["today", "--lang", "en"], {"POLDER_LANG": "nl"}, "en"),
        (["today", "--lang=en-GB"], {}, "en"),
        (["send", "--", "--lang", "en"], {}, "nl"),
    ],
)
def test_dutch_unless_another_language_is_asked_for(
    arguments: list[str], environment: dict[str, str], lang: str
) -> None:
    """The flag, then POLDER_LANG, then the locale; a language we lack is Dutch."""
    assert speech.choose(arguments, environment) == lang
    speech.choose([], {})
